### What a turn itself says.

turns-unknown-endpoint = there is no endpoint “{ $name }”
turns-unknown-alias = there is no alias “{ $name }”
turns-aliases-are = aliases of router.models: { $names }
turns-step-onward = What came is kept; { $route } can go on with it.
turns-not-stored = the message could not be stored, so it was not sent: { $error }
turns-not-stored-next = free or repair the data folder; a one-shot with --no-save goes on without it
turns-deadline = time ran out
turns-deadline-after = time ran out before another attempt could succeed; the last one said: { $reason }
turns-deadline-next = what came is kept; allow more with --timeout, or timeouts.total of the endpoint
turns-no-editor = no editor is named: set VISUAL or EDITOR
turns-editor-failed = { $editor } could not be started: { $error }
turns-editor-ended = the editor gave up ({ $status }); the draft is as it was
turns-filtered = a content filter ended the answer
