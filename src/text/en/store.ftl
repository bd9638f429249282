### The store area of the interface.

store-left-behind = Loquat ended while this answer was coming (noticed { $noticed }). What had come is kept.

store-role-user = You
store-role-assistant = Assistant
store-status-streaming = still being written
store-status-cut = cut off
store-status-cancelled = stopped
store-status-failed = failed

store-export-branch = Branch { $position } of { $count } { $at }
store-export-start = from the start
store-export-after = after message { $id }
store-export-reasoning = Reasoning
store-summary = Summary of what stands above up to message { $id }, by { $model }

store-error-sqlite = The database could not be used: { $error }
store-error-unopened = The database { $path } could not be opened: { $error }
store-sqlite-code = { $error } (SQLite code { $code })
store-error-file = { $path }: { $error }
store-error-newer = The database is of a newer Loquat (version { $found }, this one knows { $known }). It was not touched. Use the newer Loquat, or another LOQUAT_DATA_DIR.
store-error-not-found = Nothing has the id "{ $id }". `loquat list` shows conversations, `loquat tree ID` their messages.
store-error-taken = A message with the id { $id } is in another conversation, or in the trash.
store-error-ambiguous =
    { $count } ids begin with "{ $prefix }". Type more of one:
    { $candidates }
store-error-gone = The database is not open; the reason was told when Loquat started.

store-column-id = Id
store-column-updated = Changed
store-column-deleted = Deleted
store-column-messages = Msgs
store-column-branches = Br.
store-column-price = EUR
store-column-title = Title
store-column-requests = Requests
store-column-errors = Errors
store-column-tokens-in = In
store-column-tokens-out = Out
store-column-latency = p50
store-column-day = Day
store-column-week = Week
store-column-model = Model
store-column-endpoint = Endpoint
store-column-key = Key
store-column-conversation = Conversation
store-column-branch = Branch
store-column-user = User
store-column-shown = Shown
store-column-won = Won
store-column-share = Share
store-column-mode = Mode

store-list-empty = No conversations yet.
store-list-none = No conversation is like that.
store-search-empty = Nothing found.
store-rm-done = { $id } is in the trash. Undo: loquat trash restore { $undo }
store-trash-empty = The trash is empty.
store-trash-restored = Put back in { $id } ({ $messages } messages): { $title }
store-trash-emptied = Removed for good: { $count }
store-trash-traces = Another Loquat uses the database just now, so traces of it may be left in its files. Run this again later.
store-backup-done = The database was copied to { $path }.
store-export-exists = { $path } is there already; --force replaces it
store-export-done = Conversations written to { $path }: { $count }

store-wins-none = No choice was made blind yet. ^T in a fan-out hides who answers until one is chosen.
store-usage-total = total
store-usage-unnamed = (none)
store-usage-skipped = Lines of the log that could not be read, and were skipped: { $count }
store-usage-unpriced = Requests with tokens and without a known price: { $count }. They are not in the sums.
store-usage-not-a-day = "{ $text }" is not a day. Write it as YYYY-MM-DD.
store-usage-branch = --by branch is of one conversation: name it with --conversation.
store-usage-whole = { $lines ->
    [one] One line
   *[other] { $lines } lines
  } in { $files ->
    [one] one month
   *[other] { $files } months
  }, all whole.
store-usage-damaged = { $damaged ->
    [one] One place is damaged
   *[other] { $damaged } places are damaged
  }: { $lines } lines, { $files } months. What is no event does not count; the rest does.
store-damage-no-event = not an event: { $reason }
store-damage-torn = no newline at its end: it was not written to its end, and the next event begins a line of its own
store-damage-month = of { $month }, and counts for that month only where this one is read too
store-damage-again = an event with the id { $id } stands before it, and both count
store-damage-unreadable = cannot be read from here on: { $reason }
store-archive-off = Every month is kept as it is: the configuration has no telemetry.retention.
store-archive-nothing = No month is that old.
store-archive-now = { $month } is now { $path }
store-archive-deleted = { $month } is deleted
store-usage-backwards = The first day, { $from }, is after the last, { $to }.
store-error-empty = There is no conversation yet.
