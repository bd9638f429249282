### What the command line says.

cli-error = loquat: { $message }
cli-error-where = loquat: { $endpoint }/{ $key }: { $message }
cli-next = { "  " }→ { $step }
cli-no-endpoint = no endpoint is chosen
cli-no-endpoint-next = name one with -e NAME -m MODEL, or set `defaults` in { $file }; `loquat endpoints` lists them
cli-unknown-endpoint = there is no endpoint “{ $name }”
cli-did-you-mean = did you mean “{ $name }”?
cli-endpoints-are = endpoints: { $names }
cli-no-model = no model of { $endpoint } is chosen
cli-no-model-next = name one with -m MODEL; `loquat models -e { $endpoint }` lists them
cli-models-are = candidates: { $names }
cli-unknown-model = no endpoint is known to have the model “{ $model }”
cli-several-endpoints = several endpoints have the model “{ $model }”
cli-name-endpoint = name the endpoint too: -e NAME -m { $model }
cli-unknown-key = { $endpoint } has no key “{ $label }”
cli-keys-are = its keys: { $names }
cli-no-keys = it needs none, or store one: loquat keys set { $endpoint } --label LABEL
cli-model-not-listed = { $endpoint } does not list { $model }; it is sent all the same
cli-stdin-forbidden = --prompt - reads stdin, and --no-stdin forbids it
cli-stdin-silent = stdin says nothing; going on without it (-n never reads it)
cli-stdin-unreadable = stdin cannot be read: { $error }
cli-file-unreadable = { $file }: { $error }
cli-not-text = { $file } is not UTF-8 text
cli-no-prompt = these flags go with a prompt: --prompt TEXT, or text on stdin
cli-empty-prompt = the prompt is empty
cli-needs-terminal = the app needs a terminal; ask from a script with --prompt TEXT
cli-bad-param = --param “{ $param }” is not KEY=VALUE
cli-bad-timeout = --timeout takes a positive number of seconds, not { $seconds }
cli-finish-length = the answer was cut at its length limit
cli-finish-refusal = the model declined: { $text }
cli-attempt-failed = attempt { $attempt } failed: { $message }; trying again
cli-unknown-theme = there is no theme “{ $name }”
cli-themes-are = themes: { $names }
