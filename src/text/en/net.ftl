### The net area of the interface.

## Requests that cannot be made

net-bad-url = { $endpoint }: baseURL "{ $url }" is not a URL ({ $at }).
net-step-bad-url = Write it whole, as in https://api.example.com/v1.
net-insecure = { $endpoint }: a key or a prompt would go to { $host } over plain http ({ $at }).
net-step-insecure = Use https, or set allowInsecure: true on this endpoint if the network between is yours.
net-unset-variable = { $endpoint }: the variable { $name } is not set ({ $at }).
net-step-unset-variable = Set { $name } in the environment, or in the file that envFile names.
net-bad-header = { $endpoint }: header { $name } has a name or a value that HTTP does not allow ({ $at }).
net-bad-key = { $endpoint }: the key holds characters that no key has, perhaps a line end.
net-cannot-send = { $endpoint } cannot be sent { $what }: it takes images that are attached, and nothing else.
net-step-cannot-send = Attach it as an image, or choose another endpoint.
net-aws-key = { $endpoint }: the key is JSON without an accessKeyId and a secretAccessKey.
net-aws-region = { $endpoint } does not offer the region { $region }; it offers { $offered }.
net-aws-media = { $endpoint } cannot be sent { $what }: Bedrock takes the images and documents it knows, and only attached or from S3.
net-step-aws-media = Attach it as PNG, JPEG, GIF or WebP, or as PDF, text, HTML or an office document.
net-bad-proxy = The proxy is not a URL that can be used.
net-step-bad-proxy = Write it as http://host:port or socks5://host:port.
net-ca-file = caFile { $path } cannot be used: { $reason }.
net-ca-file-empty = it holds no certificate
net-step-ca-file = It has to be a PEM file with at least one certificate.
net-adapter-undeclared = { $endpoint } has no adapter block.
net-adapter-one-body = it has to give exactly one value, the body
net-adapter-failed = { $endpoint }: { $selector } ({ $at }): { $reason }; the input was { $input }
net-adapter-broken = { $endpoint }: { $selector } ({ $at }): { $reason }
net-adapter-nothing = it gave nothing
net-adapter-not-text = it gave { $kind } where a text is needed
net-adapter-not-count = it gave { $kind } where a number of tokens is needed
net-adapter-not-call = it gave { $kind } where a tool call is needed
net-adapter-kind-null = null
net-adapter-kind-bool = a truth value
net-adapter-kind-number = a number
net-adapter-kind-text = a text
net-adapter-kind-list = a list
net-adapter-kind-object = an object
net-step-adapter = Correct that expression; to see what the service says: loquat endpoints test "{ $endpoint }"

## The way to the provider

net-connect-timeout = No connection to { $host } within { $limit } s.
net-first-byte-timeout = { $host } did not begin to answer within { $limit } s.
net-idle-timeout = { $host } fell silent for { $limit } s in the middle of its answer.
net-step-timeout = Try again, or give the endpoint longer timeouts.
net-tls = No secure connection to { $host }: { $reason }.
net-tls-unknown-issuer = its certificate is signed by somebody this machine does not trust
net-tls-expired = its certificate has expired
net-tls-wrong-name = its certificate is for another name
net-tls-self-signed = its certificate is signed by itself
net-tls-plain = what it answers is not TLS
net-step-tls-plain = Check host and port of the baseURL; a server of your own may be one for http://.
net-step-tls = If the certificate is your company's, name it with caFile; otherwise somebody may be listening.
net-dns = The host { $host } is not known (DNS).
net-step-dns = Check the baseURL's spelling and the network.
net-refused = { $host } refuses connections.
net-reset = { $host } closed the connection before the answer was complete.
net-unreachable = There is no way to { $host } in this network.
net-other = The request to { $host } failed: { $reason }.
net-step-proxy = Requests to it go through the proxy { $proxy }: check that too.
net-step-start-server = Is the server that should listen on { $host } running?
net-step-network = Check the network and the baseURL.
net-docker-host = { $host } is not known here; 127.0.0.1 is used instead.

## Answers

net-finish-error = The provider ended the answer with an error ({ $reason }).
net-prompt-blocked = { $reason ->
    [SAFETY] The provider's safety filter did not let the prompt through.
    [BLOCKLIST] The prompt holds a word on the provider's list of blocked terms.
    [PROHIBITED_CONTENT] The prompt holds what the provider prohibits.
    [IMAGE_SAFETY] The provider's safety filter did not let an image of the prompt through.
    [MODEL_ARMOR] The provider's Model Armor did not let the prompt through.
    [JAILBREAK] The provider took the prompt for a jailbreak.
   *[other] The provider did not let the prompt through ({ $reason }).
  }
net-empty-body = HTTP { $status } without a word
net-html = HTTP { $status }: an HTML page instead of an answer
net-html-titled = HTTP { $status }: an HTML page instead of an answer ({ $title })
net-not-understood = HTTP { $status }: not an answer of this wire format: { $text }
net-redirect = HTTP { $status }: redirected to { $location }, which is not followed
net-event-too-long = The answer holds an event longer than anything sensible; reading was stopped.
net-frame-damaged = The answer was damaged on its way: a checksum is wrong. Reading was stopped.
net-cut = The answer ended before its end.
net-step-cut = What came is kept; continue from there, or ask again.
net-paused-too-often = The provider paused its answer again and again; after { $count } times it was not asked to go on.
net-no-content = The answer ended before any content.
net-step-again = Try again; if it stays so, look at the server's log.
net-step-auth = Give it another key: loquat keys set "{ $endpoint }" --label { $label }
net-step-model = See what there is: loquat models -e "{ $endpoint }" --key { $label }
net-step-rate-limit = Wait a while, or choose another key or endpoint; where a quota is used up, only its owner can help.
net-step-later = { $route } can be asked again in { $seconds } s; ask another model, or give it more time.
net-no-room = { $route } has nothing left of what it is allowed.
net-no-route = No route is left to ask.
net-no-seat = A route was asked before its key was known.
net-key-was-refused = { $endpoint } refused the key “{ $label }” before, and it has not changed.
net-alias-leads-nowhere = The alias “{ $name }” ({ $at }) has no route to an endpoint that exists.
net-step-context = Go on in a shorter branch, or choose a model with a larger context window.
net-step-filter = Say it in other words, or choose another model.
net-step-provider-down = The trouble is on the provider's side: try again later or choose another endpoint.
net-step-inference-profile = This model is only served through an inference profile: use its id, such as us. or eu. before the model's, or name one under inferenceProfiles.
net-step-aws-expired = The AWS session is over: sign in again (aws sso login), or give new keys.
net-step-aws-clock = AWS takes no signature that is minutes off: check this machine's clock.
net-step-aws-access = Ask for access to the model in the Bedrock console of this region, or choose another model or region.
net-step-base-url = Check the baseURL of { $endpoint }.
net-step-health = Look at paths.health, and at what the service says: loquat endpoints test "{ $endpoint }" --no-chat
net-step-no-list = Check the baseURL of { $endpoint }; where the service has no list, name its models: models: {"{"}default: […], fetch: false{"}"}

## Model lists

net-list-timeout = { $host } gave no model list within { $limit } s.
net-list-empty = { $endpoint } lists no models for this key.
net-step-list-timeout = Try again; a chat may still work, as it is waited for longer.
net-step-list-empty = Ask whoever gave you the key, or name the models: models: {"{"}default: […], fetch: false{"}"}

## loquat models, loquat endpoints

net-no-such-key = No endpoint has a key labelled { $label }.
net-list-failed = { $endpoint } ({ $key }): { $reason }
net-lists-unused = { $count ->
    [one] 1 endpoint has no key or no server here; -v names it
   *[other] { $count } endpoints have no key or no server here; -v names them
 }
net-column-endpoint = Endpoint
net-column-key = Key
net-column-model = Model
net-column-source = Source
net-column-context = Context
net-column-price-in = EUR/M in
net-column-price-out = EUR/M out
net-column-abilities = can
net-column-format = Format
net-column-state = State
net-column-models = Models
net-column-url = URL
net-source-live = live
net-source-cache = { $age } old
net-source-config = configured
net-source-builtin = built in
net-models-aged = { $count } ({ $age } old)
net-state-ready = ready
net-state-needs-key = needs a key
net-state-unset = { $name } is not set
net-state-expired = key expired { $at }

## loquat endpoints test

net-test-plain = connected, without TLS
net-test-tls = connected, { $version }, the certificate is trusted
net-test-in-process = answered by this program
net-test-proxy = a proxy does that
net-test-unreached = the host is not known
net-test-no-key = no key is needed
net-test-key-keyring = key { $label }, from the keyring
net-test-key-file = key { $label }, from the key file
net-test-key-command = key { $label }, from its command
net-test-key-environment = key { $label }, from the environment
net-test-key-profile = key { $label }, from a profile of the AWS files
net-test-key-config = key { $label }, from the configuration
net-test-no-health = there is no question for that here
net-test-up = it is up
net-test-not-fetched = { $endpoint } is configured with { $count ->
    [one] one model
   *[other] { $count } models
  } and fetches none; its key was not tried.
net-test-configured = { $count ->
    [one] one model is
   *[other] { $count } models are
  } configured, none are fetched
net-test-models = { $count ->
    [one] one model
   *[other] { $count } models
  }: { $models }
net-test-no-chat = left out (--no-chat)
net-test-refused = left out: the key is refused
net-test-no-model = left out: no model is known; name one with --model
net-test-always-streams = left out: there is no `response`, every answer is streamed
net-test-never-streams = left out: there is no `stream`, every answer comes whole
net-test-not-kept = not in the file
net-test-paid = { $step }: asking { $model } for at most { $most } tokens, which may cost something (--no-chat leaves it out)
net-test-late = No whole answer within { $limit } s.
net-test-answer = text “{ $text }” · reasoning { $reasoning ->
    [0] none
    [one] 1 character
   *[other] { $reasoning } characters
  } · tool calls { $calls } · finish { $finish } · tokens { $tokens_in } in, { $tokens_out } out · model served { $model }
net-record-written = What passed is in { $file }, without secrets; read it before you send it to anybody.
net-record-exists = { $file } is there already; name another file for --record.
net-record-unwritten = { $file } cannot be written: { $reason }
net-record-unreadable = { $file } is not what --record writes: { $reason }
net-record-shape = its shape is { $shape }, and this release knows 1
