### What a turn itself says.

turns-unknown-endpoint = there is no endpoint “{ $name }”
turns-not-stored = the message could not be stored, so it was not sent: { $error }
turns-not-stored-next = free or repair the data folder; a one-shot with --no-save goes on without it
turns-deadline = time ran out
turns-deadline-next = what came is kept; allow more with --timeout, or timeouts.total of the endpoint
