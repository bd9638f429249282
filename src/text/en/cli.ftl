### What the command line says.

cli-error = loquat: { $message }
cli-error-where = loquat: { $endpoint }/{ $key }: { $message }
cli-next = { "  " }→ { $step }
cli-no-endpoint = no endpoint is chosen
cli-no-endpoint-next = name one with -e NAME -m MODEL, or set `defaults` in { $file }; `loquat endpoints` lists them
cli-unknown-preset = no preset is called { $name }
cli-presets-are = the presets are { $names }
cli-no-presets = there are none: presets: in loquat.yaml has them, and ^X S in the app makes one
cli-unknown-endpoint = there is no endpoint “{ $name }”
cli-did-you-mean = did you mean “{ $name }”?
cli-endpoints-are = endpoints: { $names }
cli-no-model = no model of { $endpoint } is chosen
cli-tip-prompt = to ask something, write: loquat -p TEXT
cli-no-model-next = name one with -m MODEL; `loquat models -e { $endpoint }` lists them
cli-models-are = candidates: { $names }
cli-unknown-model = no endpoint is known to have the model “{ $model }”
cli-several-endpoints = several endpoints have the model “{ $model }”
cli-name-endpoint = name the endpoint too: -e NAME -m { $model }
cli-unknown-key = { $endpoint } has no key “{ $label }”
cli-keys-are = its keys: { $names }
cli-no-keys = it needs none, or store one: loquat keys set { $endpoint } --label LABEL
cli-too-long = { $model }: about { $weight } tokens will not fit in its context window of { $window }; that is an estimate, so it is sent all the same
cli-model-not-listed = { $endpoint } does not list { $model }; it is sent all the same
cli-stdin-forbidden = --prompt - reads stdin, and --no-stdin forbids it
cli-stdin-silent = stdin says nothing; going on without it (-n never reads it)
cli-stdin-late = time ran out before stdin, or a file, ended
cli-stdin-unreadable = stdin cannot be read: { $error }
cli-file-unreadable = { $file }: { $error }
cli-file-silent = { $file } says nothing yet; waiting for it to end (Ctrl+C stops)
cli-file-is-terminal = this is a terminal, and no file; -p takes what you want to type
cli-input-too-large = more than { $limit } MiB, which no model reads
cli-not-text = { $file } is not UTF-8 text
cli-no-prompt = these flags go with a prompt: --prompt TEXT, or text on stdin
cli-empty-prompt = the prompt is empty
cli-needs-terminal = the app needs a terminal; ask from a script with --prompt TEXT
cli-doctor-keys = what it sends for each key: loquat keys-debug
cli-keys-debug-terminal = keys-debug needs a terminal to read keys from; --json may print them elsewhere
cli-keys-debug-begin = Press keys: what the terminal sends, what it is, what it is bound to. Ctrl+C or q twice leaves.
cli-keys-debug-again = once more to leave
cli-keys-debug-nothing = nothing that is known
cli-keys-debug-kitty = The terminal speaks the kitty keyboard protocol (flags { $flags }).
cli-keys-debug-no-kitty = The terminal does not speak the kitty keyboard protocol.
cli-keys-debug-modify = xterm's modifyOtherKeys is at level { $level }.
cli-keys-debug-answers = The terminal has answered.
cli-keys-debug-paste = paste of { $count ->
    [one] one character
   *[other] { $count } characters
}
cli-keys-debug-focus = the terminal has the focus
cli-keys-debug-blur = the terminal has lost the focus
cli-keys-debug-mouse = mouse: { $what }
cli-keys-debug-size = size { $columns }x{ $rows }
cli-keys-debug-release = { $key } released
cli-keys-debug-begins = begins { $count } bindings
cli-keys-debug-typed = typed
cli-keys-debug-unbound = bound to nothing
cli-bad-param = --param “{ $param }” is not KEY=VALUE
cli-reserved-param = --param cannot set “{ $name }”: the model is named with -m, the messages are the prompt, and --no-stream asks for a whole answer
cli-bad-timeout = --timeout takes a positive number of seconds, not { $seconds }
cli-finish-length = the answer was cut at its length limit
cli-finish-refusal = the model declined: { $text }
cli-attempt-failed = attempt { $attempt } failed, trying on: { $route }: { $message }
cli-waiting = { $route } has nothing left for now: waiting { $seconds } s
cli-waiting-for-room = { $route } is busy with other turns: waiting for room
cli-events-kept = { $count ->
    [one] The request event of this run could not be written
   *[other] { $count } request events of this run could not be written
  } to { $folder }: { $reason }. They are kept in { $kept }; what is in the state folder is put into the log by the next run that can write it.
cli-events-lost = { $count ->
    [one] The request event of this run is lost
   *[other] { $count } request events of this run are lost
  }: it could be written neither to { $folder } ({ $reason }) nor anywhere else.
cli-stdout-failed = stdout cannot be written: { $error }
cli-detail-config = configuration: { $file }
cli-detail-turn = { $endpoint }/{ $key } · { $model } · attempts { $attempts } · tokens { $tokens_in } in, { $tokens_out } out · EUR { $cost } · { $latency } s, first content after { $ttft } s
cli-detail-stored = conversation { $conversation }
cli-import-file = { $file }: { $reason }
cli-import-zip = this is a zip archive; unpack it and name the conversations.json in it
cli-import-not-text = this is no text: the byte at { $at } is not UTF-8
cli-import-not-json = this is no JSON: { $error }
cli-import-unknown = no known format; looked for Loquat's own JSON (“loquat”), LibreChat (“conversationId” with “messages” or “messagesTree”), ChatGPT (“mapping”), Claude (“chat_messages”), Chatbot UI (“version” with “history”) and LibreChat's presets (“presetId”, or “title” with “endpoint”)
cli-import-unknown-item = no known format
cli-import-no-messages = its messages are not there
cli-import-newer = format { $found } is newer than this build's { $known }
cli-import-two-alike = two messages have the id { $id }
cli-import-titled = “{ $title }”
cli-import-numbered = conversation { $number }
cli-import-failed = { $file }: { $conversation } was not imported: { $reason }
cli-import-held = { $file }: { $conversation } is here already
cli-import-in-trash = { $file }: { $conversation } is in the trash; loquat trash restore { $id } brings it back
cli-import-has-more = { $file }: { $conversation } is here already with { $here ->
    [one] one message
   *[other] { $here } messages
  }, and has { $messages } in the file
cli-import-preset = { $file }: the preset “{ $name }”, for --preset and in the app's list of presets
cli-import-preset-held = { $file }: there is a preset “{ $name }” already
cli-import-complaints = { $file }: { $conversation }: { $said }
cli-import-images = { $count ->
    [one] an image was left out
   *[other] { $count } images were left out
  }
cli-import-audio = { $count ->
    [one] a recording was left out
   *[other] { $count } recordings were left out
  }
cli-import-attachment = the file “{ $name }” was left out
cli-import-parts = { $count ->
    [one] one part of the type “{ $kind }” was left out
   *[other] { $count } parts of the type “{ $kind }” were left out
  }
cli-import-not-messages = { $count ->
    [one] one entry is no message
   *[other] { $count } entries are no messages
  }
cli-import-setting = the setting “{ $name }” was left out
cli-import-prompts = { $count ->
    [one] one prompt was left out
   *[other] { $count } prompts were left out
  }
cli-import-folders = { $count ->
    [one] one folder was left out
   *[other] { $count } folders were left out
  }
cli-import-parents = { $count ->
    [one] one message answers one that is not in the file, and begins a branch of its own
   *[other] { $count } messages answer ones that are not in the file, and begin branches of their own
  }
cli-import-circles = { $count ->
    [one] one circle of messages that answer each other was cut open
   *[other] { $count } circles of messages that answer each other were cut open
  }
cli-import-same-ids = { $count ->
    [one] one message has the id of another, and both were kept
   *[other] { $count } messages have ids of others, and all were kept
  }
cli-import-and-more = and { $count } more (--json lists them)
cli-import-done = imported { $imported }, here already { $skipped }, failed { $failed }
cli-import-would = would import { $imported }; here already { $skipped }, failed { $failed }
cli-import-again = what is here already was left alone; -v names it, --again imports it as a copy
cli-prices-column-seller = seller
cli-prices-column-model = model
cli-prices-column-in = USD/M in
cli-prices-column-out = out
cli-prices-column-read = cached
cli-prices-column-write = written
cli-prices-column-date = as of
cli-prices-everywhere = everywhere
cli-prices-listed = { $count ->
    [0] no price is known for that
    [one] one price
   *[other] { $count } prices
  }
cli-prices-of = { $model } at { $endpoint }, in US dollars for a million tokens:
cli-prices-unknown = { "  " }its price is not known: give it one with prices.models in the configuration
cli-prices-own = prices.models: { $model }
cli-prices-token-config = tokenConfig of the endpoint
cli-prices-free-demo = free: the demo asks nobody
cli-prices-free-local = free: a server of this machine runs it
cli-prices-list = the endpoint’s model list
cli-prices-imported = imported: { $row }
cli-prices-builtin = built in: { $row }
cli-prices-row = { $model } of { $seller }
cli-prices-row-assumed = { $model } of { $seller }, whose price is taken since this endpoint’s is not known
cli-prices-input = input
cli-prices-cache-read = cached
cli-prices-cache-write = written to the cache
cli-prices-cache-write-1h = written for an hour
cli-prices-output = output
cli-prices-reasoning = reasoning
cli-prices-above = { "    " }with more than { $tokens } input tokens:
cli-prices-cost = { "  " }these tokens: { $usd } USD, { $eur } EUR
cli-prices-no-cost = { "  " }what these tokens cost is not known
cli-prices-rate = { $rate } EUR for a US dollar ({ $at }; say of which day with eur_per_usd_date)
cli-prices-rate-dated = { $rate } EUR for a US dollar on { $date } ({ $at })
cli-prices-rate-builtin = { $rate } EUR for a US dollar, a round figure: set prices.eur_per_usd
cli-prices-nowhere = no endpoint is known to have “{ $model }”
cli-prices-nowhere-next = name one: loquat prices explain MODEL -e ENDPOINT
cli-prices-not-usage = --usage cannot be read: { $reason }
cli-prices-not-usage-next = write it as {"{"}"tokens_in":1000,"tokens_out":200{"}"}
cli-prices-taken = { $rows ->
    [one] one price
   *[other] { $rows } prices
  } taken from { $from }; without one for chat tokens: { $left ->
    [one] one entry
   *[other] { $left } entries
  }
cli-prices-no-map = { $from } is not LiteLLM’s price map
cli-prices-no-map-next = it is called model_prices_and_context_window.json
cli-prices-clear = { $url } is not read: prices come over https, or from this machine
cli-prices-status = { $url } answers { $status }
cli-prices-large = { $url } is too large for a price map
cli-doctor-status = { $reason } (HTTP { $status })
cli-doctor-latency = { $seconds } s
cli-doctor-no-config = there is none; the built-in configuration is used
cli-doctor-no-config-next = loquat config init makes one to start from
cli-doctor-config = { $endpoints ->
    [one] one endpoint
   *[other] { $endpoints } endpoints
  } of your own, { $warnings ->
    [0] nothing wrong
    [one] one warning
   *[other] { $warnings } warnings
  }
cli-doctor-config-next = loquat config check lists them
cli-doctor-broken-config-next = correct that line, then see with: loquat config check
cli-doctor-no-database = nothing is stored yet
cli-doctor-storage = { $count ->
    [one] one conversation
   *[other] { $count } conversations
  }, write-ahead log
cli-doctor-storage-rollback = { $count ->
    [one] one conversation
   *[other] { $count } conversations
  }, rollback journal: this file system cannot share memory between processes, so they wait for each other
cli-doctor-no-log = nothing was asked yet
cli-doctor-log = { $files ->
    [one] one month
   *[other] { $files } months
  } of request events
cli-doctor-keyring = the system's keyring answers
cli-doctor-no-keyring = keys go to a file only you can read, as no keyring answers: { $reason }
cli-doctor-colours-none = no colours
cli-doctor-colours = { $count } colours
cli-doctor-colours-true = all colours
cli-doctor-can = is treated as what has { $features }
cli-doctor-can-nothing = is treated as what knows no escape sequences
cli-doctor-can-frames = whole frames (mode 2026)
cli-doctor-can-scroll = scroll regions
cli-doctor-can-link = links (OSC 8)
cli-doctor-can-keys = kitty's keyboard protocol
cli-doctor-can-title = titles
cli-doctor-can-answer = a sign of life (DSR 5)
cli-doctor-can-copy = a clipboard (OSC 52)
cli-doctor-may-copy = perhaps a clipboard (OSC 52)
cli-doctor-can-ring = a bell
cli-doctor-can-notify = notices (OSC { $number })
cli-doctor-images = pictures ({ $protocol })
cli-doctor-images-cells = pictures made of half blocks
cli-doctor-answers = answers with { $count ->
    [one] one model
   *[other] { $count } models
  }
cli-doctor-demo = offline, always there
cli-doctor-router = { $count ->
    [one] 1 alias
   *[other] { $count } aliases
 }
cli-doctor-reachable = a server answers; { $count ->
    [one] one model is
   *[other] { $count } models are
  } configured
cli-doctor-unused = not set up: { $names }

cli-for-aliases = “{ $name }” stands for the aliases and has neither an address nor keys of its own; they lead to { $names }: name one of these
cli-router-empty = there are no aliases, and nothing is known of any route; docs/aliases.md says how to write one
cli-router-alias = Alias
cli-router-route = Route
cli-router-state = State
cli-router-ttft = First word
cli-router-in-flight = On their way
cli-router-left = Left
cli-router-refused = its key was refused
cli-router-open = open for { $seconds } s: { $count ->
    [one] one failure
   *[other] { $count } failures in a row
  } ({ $kind })
cli-router-probed = half-open: being tried
cli-router-half-open = half-open: tried with the next request ({ $kind })
cli-router-told = asked to wait { $seconds } s
cli-router-failing = closed: { $count ->
    [one] one failure
   *[other] { $count } failures in a row
  } ({ $kind })
cli-router-unknown = closed: nothing known yet
cli-router-closed = closed
cli-router-median = { $seconds } s (median of { $count })
cli-router-requests = requests
cli-router-tokens = tokens
cli-router-parallel = at a time
