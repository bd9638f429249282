### The config area of the interface.

## YAML
config-yaml-syntax = this is not YAML: { $reason }
config-yaml-documents = a second document begins here; only the first is read
config-yaml-alias = this alias names nothing that is complete before it
config-yaml-key = a key has to be text
config-yaml-duplicate = “{ $key }” stands here a second time; it is already on line { $line }
config-yaml-merge = “<<” takes a map or a list of maps
config-yaml-large = this nests too deep or grows too large to be a configuration
config-leaves-none = there is nothing here to read: keys and values are expected
config-yaml-hint-tab = indent with spaces; YAML takes no tabs
config-yaml-hint-colon = check the indentation here, and put a value that holds “: ” in quotes
config-yaml-hint-braces = check the commas and braces, and between braces put a value such as ${"{"}NAME{"}"} in quotes
config-yaml-hint-quote = check that every quote is closed

## What a value has to be
config-wrong-type = has to be { $expected }; it is { $found }
config-kind-text = text
config-kind-bool = true or false
config-kind-positive = a number above 0
config-kind-amount = a number, 0 or more
config-kind-count = a whole number, 0 or more
config-kind-whole = a whole number, 1 or more
config-kind-one-of = one of { $words }
config-kind-list = a list
config-kind-map = a map
config-found-nothing = empty
config-found-text = text
config-found-word = “{ $text }”
config-found-list = a list
config-found-map = a map

## Keys and names
config-unknown-key = unknown key “{ $key }”
config-did-you-mean = did you mean “{ $name }”?
config-missing = “{ $key }” is missing
config-duplicate-name = the name “{ $name }” is already taken on line { $line }
config-name-taken = “{ $name }” has a section of its own: write it as endpoints.{ $name }
config-name-of-aliases = “{ $name }” is the endpoint of the aliases in router.models: choose another name
config-own-file-only = this is taken only from your own file, not from an included one; it is left out
config-foreign = understood, not used
config-later = understood, not used by this build

## Endpoints
config-no-base = an endpoint needs a baseURL
config-no-base-hint = add baseURL: https://… (or user_provided, to be asked for it)
config-azure-no-instance = a group needs an instanceName, or a baseURL
config-azure-no-base = a serverless group needs a baseURL
config-azure-model-twice = the model “{ $model }” is in another group already
config-bad-url = this is not a URL; it has to begin with https:// or http://
config-bad-url-hint = did you mean “{ $guess }”?
config-literal-key = a key is written out in this file
config-literal-key-hint = name a variable, "${"{"}NAME{"}"}", or write user_provided and use “loquat keys set”
config-default-key-twice = the label “{ $label }” is already taken; apiKey has the label “default”
config-key-empty = the key “{ $label }” has neither apiKey nor keyCommand
config-vertex-token = Vertex AI wants an access token as this endpoint's key, and none is configured; service-account files are not read
config-vertex-token-hint = add keyCommand: [gcloud, auth, print-access-token]
config-user-missing = there is no `user` at the top of the file, so the endpoint is told of nobody
config-unset-param = { $name } is not set; the value is sent as it is written
config-reserved-param = “{ $name }” is the turn's own and no parameter; it is not sent
config-price-tiers = a price has room for { $most } thresholds and no more
config-not-a-date = a day is written as 2026-11-20
config-no-such-endpoint = there is no endpoint “{ $name }”
config-retention-folder = `then: move` needs `folder`, the folder months are moved to
config-unset = { $name } is not set, and { $at } needs it
config-unset-step = set { $name } in the environment, or change that line

## Aliases
config-alias-stars = a name holds one “*” at most
config-alias-no-routes = an alias needs a route at least: an endpoint and a model
config-alias-route-star = “*” in a model is what the “*” of the alias stands for, and “{ $alias }” has none
config-alias-endpoint-name = there is an endpoint of this name too; as a model, “{ $name }” is the alias, and the endpoint's models are “{ $name }/MODEL”
config-alias-key = “{ $endpoint }” has no key “{ $label }” here; it has to be stored before this route can be taken
config-alias-key-hint = loquat keys set { $endpoint } --label { $label }
config-alias-itself = “{ $name }” falls back to itself
config-alias-no-such = there is no alias “{ $name }”, and no endpoint that it could be a model of

## LiteLLM's files
config-litellm-provider = the provider of “{ $model }” is none that can be asked from here; this deployment is left out
config-litellm-provider-hint = a server that speaks OpenAI's format is openai/MODEL with its api_base
config-litellm-everything = every endpoint's models can be asked for as ENDPOINT/MODEL without this; this deployment is left out
config-litellm-vertex = of the models on Vertex AI only claude-… and gemini-… can be asked from here; this deployment is left out
config-litellm-missing = “{ $key }” is missing; this deployment is left out
config-litellm-mode = it is for { $mode } and not for chats; this deployment is left out
config-litellm-credential = there is no credential “{ $name }” in this file
config-litellm-variable = “{ $name }” is no name of a variable that can be read
config-litellm-number = has to be a number, above 0 where it is a limit; it is left out
config-litellm-strategy = there is no strategy “{ $name }” here; routes are shuffled
config-litellm-group = there is no model_name “{ $name }” in this file that can be used
config-litellm-alias-taken = “{ $name }” is a model_name already, which is meant
config-litellm-target = only names of models can be fallbacks; this one is left out

## What an alias leads to
config-explain-wildcard = by “{ $name }”
config-explain-order = order: the routes are tried as they stand here
config-explain-shuffle = shuffle: one is taken at random, by weight
config-explain-least-busy = least-busy: the one with the fewest requests in flight is tried first
config-explain-latency = latency: the one whose first token comes soonest is tried first
config-explain-cost = cost: the cheapest is tried first
config-explain-headroom = headroom: the one with the most left of its limits is tried first
config-explain-retries = { $count ->
        [0] no attempt after the first
        [one] 1 attempt after the first
       *[other] { $count } attempts after the first
    }
config-explain-routes = routes
config-explain-routes-later = then, when none of these can answer
config-explain-place = at { $place }, { $api }
config-explain-key = key { $label }: { $source }
config-explain-no-key = no key
config-explain-stored-key = key { $label }, which has to be stored
config-explain-asked = asked for
config-explain-written = written in the file
config-explain-command = printed by { $program }
config-explain-aws = where AWS keeps its keys
config-explain-unset = { $text } ({ $name } is not set)
config-explain-share = weight { $weight } of { $sum }
config-explain-requests = { $count ->
        [one] 1 request a minute
       *[other] { $count } requests a minute
    }
config-explain-tokens = { $count ->
        [one] 1 token a minute
       *[other] { $count } tokens a minute
    }
config-explain-parallel = { $count ->
        [one] 1 request at a time
       *[other] { $count } requests at a time
    }
config-explain-limits = limits: { $limits }
config-explain-key-limits = limits of the key: { $limits }
config-explain-endpoint-limits = limits of the endpoint: { $limits }
config-explain-timeouts = waits { $first } s for the first token, { $idle } s for each piece, { $total } s in all
config-explain-fallbacks = when every route fails
config-explain-context-fallbacks = when a request is too long for the model
config-explain-policy-fallbacks = when a provider's filter refuses
config-explain-unknown = there is no alias “{ $name }”
config-explain-known = there are { $names }
config-explain-none = the configuration has none; they are written below “router.models”, or come with a LiteLLM file

## Adapters
config-adapter-missing = `api: adapter` needs an `adapter` block
config-adapter-unused = an `adapter` block is used with `api: adapter` only
config-adapter-no-answer = there is neither `stream` nor `response`: nothing would be read of an answer
config-adapter-whole = `framing: whole` is for answers in one piece, which `response` reads; `stream` reads pieces
config-adapter-no-stream = this framing is of a streamed answer, and there is no `stream` to read its pieces
config-adapter-no-end = neither `finish_reason` nor `done` is here: an answer that is cut could not be told from a whole one
config-adapter-placeholder = there is no placeholder “{ $name }”
config-adapter-placeholders = paths and headers may hold key, model and user between double braces

## Expressions
config-jq = jq: { $reason }
config-jq-expected = expected { $expected }, found “{ $found }”
config-jq-ended = expected { $expected }, found the end of the expression
config-jq-undefined = there is no { $kind } “{ $name }”
config-jq-endless = “{ $name }” may go on without an end, and cannot be used here
config-jq-recursive = “{ $name }” calls itself, and might do so without an end
config-jq-many = it gives more than { $most } values
config-jq-long = an expression is longer than { $most } bytes
config-jq-deep = brackets are nested more than { $most } deep
config-jq-nested = terms are nested more than { $most } deep
config-jq-unreadable = it cannot be read

## Files
config-cannot-read = cannot read { $file }: { $reason }
config-file-missing = there is no such file
config-file-large = it is larger than 4 MiB
config-file-encoding = it is not UTF-8
config-include-cycle = { $file } includes the file that includes it
config-include-many = more than 64 files are included
config-env-line = { $file }: entry { $number } is not NAME=value

## Severities
config-severity-error = error
config-severity-warning = warning
config-severity-not-used = note

## loquat config
config-check-summary = { $file }: { $errors ->
        [0] valid
        [one] 1 error
       *[other] { $errors } errors
    }, { $warnings ->
        [0] no warnings
        [one] 1 warning
       *[other] { $warnings } warnings
    }, { $unused ->
        [0] every key used
        [one] 1 key not used
       *[other] { $unused } keys not used
    }
config-check-builtin = there is no { $file }; the built-in configuration is valid
config-none-yet = there is no such file yet; “loquat config init” writes one
config-init-exists = { $file } is there already; use --force to replace it
config-init-done = wrote { $file }
config-init-failed = cannot write { $file }: { $reason }
