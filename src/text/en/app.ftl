### The app: commands, toasts, and what stands in the transcript.

app-command-send = Send the prompt
app-command-newline = Begin a new line
app-command-history = List the prompts of before
app-command-search-history = Look through the prompts of before while typing
app-command-editor = Write the prompt in $EDITOR
app-command-open-paste = Open a folded paste or file, to edit it
app-command-strip-hidden = Take characters that nobody sees out of the prompt
app-command-vi = Edit the prompt with vi's keys, or with readline's
app-vi-on = vi's keys: Esc for commands, i to write
app-vi-off = Readline's keys
app-command-wordy = /{ $name } takes no words. To send a text that begins with a slash, begin it with two
app-file-unread = { $file } is not read: { $reason }
app-file-not-text = it is no text file
app-file-too-large = it holds more than { $most } MiB
app-file-reading = A file is being read; press Enter again
app-nothing-folded = Nothing is folded
app-nothing-hidden = Nothing is hidden in the prompt
app-stripped = { $count } { $count ->
    [one] character
   *[other] characters
} taken out of the prompt
app-command-interrupt = Stop the answer, else clear the prompt, else (twice) quit
app-command-stop = Stop the answer and keep what came
app-command-move-on = Waiting: ask another route
app-command-ask-now = Waiting: ask now
app-command-focus = Go to the transcript, or back to the prompt
app-command-edit = Edit a prompt; the old branch stays
app-command-regenerate = Ask again; the old answer stays
app-command-continue = Continue an answer that ended early
app-command-previous-sibling = Show the sibling before
app-command-next-sibling = Show the sibling after
app-command-copy = Copy the message, or the last answer
app-command-copy-code = Copy a code block
app-command-copy-menu = Copy a part of the message, or the branch
app-command-save-code = Save a code block to a file
app-command-pipe = Hand the selection, or the message, to a command
app-command-select = Select text with keys
app-command-select-lines = Select lines with keys
app-command-fold = Show or fold the reasoning
app-command-print = Print the branch to the terminal's scrollback
app-command-follow = Follow answers to their end, or stop where they begin
app-command-next-heading = To the next heading
app-command-previous-heading = To the heading before
app-command-next-code = To the next block of code
app-command-previous-code = To the block of code before
app-command-raw = Show the message as it is written, or its Markdown
app-command-raw-all = Show all messages as they are written, or their Markdown
app-raw-all = Messages are shown as they are written
app-rendered-all = Messages are shown with their Markdown
app-command-delete = Delete the message and all below it
app-command-revise = Change a message in its place; what it said is kept
app-command-revisions = Former versions of the message
app-command-fork = Fork into a new conversation
app-command-fork-beside = Fork into a new conversation, in a new pane
app-command-duplicate = Duplicate the conversation
app-command-exclude = Leave the message out of this branch's requests, or let it in again
app-command-put-first = Put the message first among its siblings
app-command-order-siblings = Order the siblings by how much they were gone on with
app-command-pick = Pick the message to quote or compare it, or leave it
app-command-quote = Quote the picked messages in the prompt, or this one
app-command-compare = Compare two messages: the picked ones, else this one and its sibling
app-command-context = What the next prompt would send, and what that costs
app-command-fit = What can be done about a request that is too long for the model
app-command-undo = Undo the last deletion
app-command-find = Find words in the branch
app-command-find-next = To the next match
app-command-find-previous = To the match before
app-command-line-down = One line down
app-command-line-up = One line up
app-command-message-down = To the next message
app-command-message-up = To the message before
app-command-half-down = Half a page down
app-command-half-up = Half a page up
app-command-page-down = A page down
app-command-page-up = A page up
app-command-top = To the first message
app-command-bottom = To the end, and follow it
app-command-split-right = Split the pane: a new one at its right
app-command-split-down = Split the pane: a new one below it
app-command-open-beside = Open the message's branch in a new pane
app-command-close-pane = Close the pane; nothing in it is lost
app-command-zoom-pane = Show this pane alone, or all again
app-command-next-pane = To the next pane
app-command-previous-pane = To the pane before
app-command-pane-1 = To the first pane
app-command-pane-2 = To the second pane
app-command-pane-3 = To the third pane
app-command-pane-4 = To the fourth pane
app-command-pane-left = To the pane at the left
app-command-pane-right = To the pane at the right
app-command-pane-up = To the pane above
app-command-pane-down = To the pane below
app-command-swap-pane = Change places with the next pane
app-command-widen-pane = Make the pane wider
app-command-narrow-pane = Make the pane narrower
app-command-heighten-pane = Make the pane higher
app-command-lower-pane = Make the pane lower
app-command-even-panes = Give all panes the same room
app-command-fan-out = Send the prompt to several models at once, or ask more of them
app-command-lanes = Show the siblings here beside each other, or the branch again
app-command-next-lane = To the next lane
app-command-previous-lane = To the lane before
app-command-zoom-lane = Show one lane, or all again
app-command-promote = Choose the lane as the way on; the others stay as siblings
app-command-stop-all = Stop every answer of this conversation and keep what came
app-command-ghost-run = Ask this branch's questions again of another model
app-command-more-samples = Ask the selected model once more
app-command-fewer-samples = Ask the selected model once less
app-command-blind = Hide who answers until one is chosen
app-command-name-set = Keep who is marked as a named set
app-command-link-panes = Scroll what panes share together, or apart again
app-command-tree = The whole conversation as a tree
app-command-rail = Show a graph beside the branch, or take it away
app-command-previous-leaf = To the branch before, in the order of the tree
app-command-next-leaf = To the branch after
app-command-previous-parting = To where branches part above
app-command-next-parting = To where branches part below
app-command-siblings = List the siblings of this message, to go to one
app-command-branches = List the ends of all branches, to go to one
app-command-back = Back to where you were before
app-command-forward = Forward again
app-command-mark = Mark the message, to compare another with it
app-command-star-message = Star the message, or take its star away
app-command-label = Give the message a label
app-command-tree-open = In the tree: open the branch at the message
app-command-tree-filter = In the tree: show messages with a text
app-command-tree-show = In the tree: show yours, the answers, what is starred or labelled, or all
app-command-tree-model = In the tree: show the answers of this model, or all
app-command-tree-runs = In the tree: hide the middle of what runs straight down
app-command-new = New conversation
app-command-conversations = Open a conversation
app-command-resume = Open the conversation that was left in the middle of an answer
app-command-search = Search all messages
app-command-pin = Keep the conversation at the top of the list, or let it go
app-command-archive = Put the conversation in the archive, or take it out
app-command-tags = Tag the conversation
app-command-show-archive = In the list of conversations: show the archive, or the list again
app-command-trash = What is in the trash
app-command-empty-trash = Remove what is in the trash for good
app-command-temporary = New conversation of which nothing is stored
app-command-keep = Store the temporary conversation after all
app-command-preset = Choose a preset
app-command-save-preset = Make a preset of the model and settings as they are
app-command-rename = Rename the conversation
app-command-delete-conversation = Delete the conversation
app-command-settings = System prompt, temperature and other settings
app-command-model = Choose a model
app-command-endpoint = Choose an endpoint
app-command-key = Enter a key for the endpoint
app-command-remove-key = Remove the stored key of the endpoint
app-command-refresh = Fetch all model lists again
app-command-switch = In a list: from models to endpoints, from titles to full text, and back
app-command-star = Star the model, or take its star away
app-command-usage = What was used and what it cost
app-command-palette = All commands
app-command-help = Help
app-command-leave = Close what floats, or go back to the prompt
app-command-theme = Choose how it looks
app-command-mouse = Let the mouse click and scroll here, or select text in the terminal
app-command-reload = Read the configuration again
app-command-redraw = Draw the screen anew
app-command-suspend = Suspend to the shell
app-command-quit = Quit

app-section-app = Everywhere
app-section-composer = Writing
app-section-transcript = Reading and branching
app-section-conversation = Conversations
app-section-acts = Messages
app-section-tree = The tree
app-section-panes = Panes
app-section-lanes = Several answers at once
app-part-groups = more
app-part-app = app
app-part-composer = writing
app-part-transcript = reading
app-part-conversation = chats
app-part-acts = message
app-part-tree = tree
app-part-panes = panes
app-part-lanes = lanes
app-more-keys = { $section }…
app-strip-pages = { $page }/{ $pages } PgDn

app-keymap-context = "{ $name }" is no place for key bindings
app-keymap-keys = "{ $keys }" names no keys
app-keymap-command = there is no command "{ $name }"
app-keymap-leader = { $keys } is left out: { $count } built-in bindings begin with it ({ $first } is the first)
app-keymap-conflict = { $keys } ({ $command }) conflicts with { $other } ({ $rival }) at { $at }
app-keymap-unreachable = { $keys } is never reached: { $other } is “{ $command }” ({ $context })
app-keymap-letter = “{ $key }” can no longer be typed ({ $context })
app-key-eaten = { $key } does not arrive where { $by } has it, as it does by default
app-key-same = most terminals send the same for { $key } as for { $other }
app-key-untold = only terminals with the kitty keyboard protocol tell { $key } for sure

app-config-taken = The changed configuration is taken up
app-config-same = The configuration is as it was
app-config-mended = The configuration is in order again
app-config-gone = The changed configuration is taken up · { $owner } is gone from it: choose another with { $keys }
app-config-refused = { $problem }{ $others ->
    [0] {" "}· not taken up
   *[other] {" "}({ $others } more) · not taken up
}
app-config-warnings = { $problem } ({ $others } more: loquat config check)

app-model-as-is = use “{ $model }” as is
app-model-as-is-about = { $owner } does not list it, and is asked for it as it is written
app-you = you
app-assistant = answer
app-untitled = untitled
app-reasoning-folded = ▸ reasoning, { $lines ->
    [one] one line
   *[other] { $lines } lines
 } · z shows it
app-thought = ▸ thought for { $seconds } s, { $lines ->
    [one] one line
   *[other] { $lines } lines
 } · z shows it
app-summary-folded = ▸ summary of { $count ->
    [one] 1 message
   *[other] { $count } messages
 } by { $model }, { $words } words · z shows it
app-summary-open = ▾ summary of { $count ->
    [one] 1 message
   *[other] { $count } messages
 } by { $model }, sent in their place
app-cut = ✂ cut off before its end · c continues
app-stopped = ■ stopped · c continues, r asks again
app-stopped-empty = ■ stopped · r asks again
app-failed-retry = r asks again
app-failed-too-long = w says what can be done · r asks again
app-failed-partial = c continues, r asks again
app-length = ended at the length limit · c continues
app-filtered = ended by a content filter
app-first = { $seconds } first
app-alias = alias { $alias }
app-passed-over = not { $route }: { $kind }{ $status }
app-attempts = { $count } attempts
app-tokens-in = { $count } in
app-cached = { $count } cached
app-tokens-out = { $count } out
app-free = free

app-kind-config = configuration
app-kind-auth = key refused
app-kind-unknown-model = unknown model
app-kind-not-found = not found
app-kind-network = network
app-kind-timeout = timed out
app-kind-rate-limit = rate limit
app-kind-provider = provider error
app-kind-content-filter = content filter
app-kind-context-window = context window
app-kind-budget = budget
app-kind-cut = cut off
app-kind-cancelled = stopped
app-kind-internal = internal error

app-busy = An answer is being written: ^C stops it
app-busy-there = An answer is being written there: open it, and ^C stops it
app-attempt-failed = { $route } failed, another attempt follows: { $reason }
app-still-loading = The conversation is still being read
app-no-endpoint = The endpoint { $name } is not configured: ^X p chooses another
app-unset = { $name } takes its key from { $variable }, which is not set: enter one here, or set it
app-cannot-continue = This answer is whole
app-notice-done = { $title }: { $model } has answered
app-notice-failed = { $title }: failed, { $kind }
app-notice-too-long = { $title }: too long for the model, what can be done is asked
app-notice-cut = { $title }: the answer was cut off
app-notice-waits = { $title }: waiting for a route
app-background-done = An answer in another conversation is done
app-background-failed = An answer in another conversation failed
app-no-key-needed = { $owner } needs no key
app-no-stored-key = No key of { $owner } is stored here
app-nothing-to-print = Nothing was said yet
app-nothing-to-undo = Nothing to undo
app-nothing-unfinished = No answer was left in its middle
app-resumed = “{ $title }”: the answer was cut off, c goes on with it
app-fork-path = the path to here
app-fork-path-about = this message and what leads to it
app-fork-related = the path and its siblings
app-fork-related-about = what leads to this message, and the siblings of each, but nothing below them
app-fork-level = all branches, down to here
app-fork-level-about = every message of every branch that is as deep as this one, or less
app-fork-onwards = from here on
app-fork-onwards-about = this message and all below it; of an answer, its question too
app-fork-whole = everything
app-fork-whole-about = all branches, to their ends
app-fork-suffix = (fork)
app-copy-suffix = (copy)
app-forked = A new conversation with { $count ->
    [one] 1 message
   *[other] { $count } messages
 } · the other one stays as it was
app-revised = Changed · { $keys } lists what it said before
app-not-while-written = This message is being written: ^C stops it
app-nothing-to-revise = There is no text in this message
app-no-revisions = It never said anything else
app-revision-until = until { $age }
app-excluded = Not sent on this branch any more
app-included = Sent on this branch again
app-put-first = First among its siblings now
app-is-first = It is the first of its siblings
app-ordered = What was gone on with most comes first now
app-is-ordered = The siblings stand in this order already
app-picked = { $count ->
    [one] 1 message is picked
   *[other] { $count } messages are picked
 } · { $quote } quotes, { $compare } compares
app-none-picked = No message is picked
app-nothing-to-quote = There is no text to quote
app-nothing-to-compare = Pick another message first: there is no sibling to compare this one with
app-fact-endpoint = endpoint
app-fact-key = key
app-fact-model = model
app-fact-served = model served
app-fact-before = messages before
app-fact-left-out = left out
app-fact-tokens = tokens
app-fact-time = time
app-fact-price = price
app-lens-nothing-sent = Enter changes the message in its place: nothing is sent
app-lens-always-sent = This is always sent
app-lens-covered = The summary below stands for this: x on the summary takes it away
app-summary-gone = The summary is not sent any more: what it stood for is · { $keys } lists what the message kept
app-no-lanes = No lanes are shown: the lanes command shows siblings beside each other
app-no-more-branches = No more branches this way
app-no-more-partings = Branches part nowhere else this way
app-row-gone = That row is not in the list any more
app-no-way-back = There is nothing to go back to
app-no-way-forward = There is nothing to go forward to
app-marked = Marked, to compare another message with it
app-unmarked = Not marked any more
app-rail-lanes = The graph stands beside a branch: leave the lanes to see it
app-rail-narrow = The graph needs { $columns } columns
app-no-siblings = No siblings here: e edits a prompt, r asks again
app-nothing-to-copy = Nothing to copy yet
app-selected = Selected: y copies, Esc leaves. Shift and drag is the terminal's own selection.
app-saved = Saved { $size } to { $path }
app-save-unnamed = A file needs a name.
app-save-exists = { $path } is there already: Enter replaces it
app-not-saved = { $path } was not saved: { $reason }
app-piped = { $command } ended well
app-piped-code = { $command } ended with { $code }
app-not-piped = { $command } did not run: { $reason }
app-too-slow = it took longer than { $seconds } s
app-output = output
app-nothing-selected = Nothing is selected: v selects characters, V lines, y copies, Esc leaves
app-select-lanes = Text is selected in a branch: zoom the lane or leave the lanes first
app-copy-message = message
app-copy-branch = branch as Markdown
app-copy-draft = draft
app-copy-code = code { $number } { $language }
app-copy-tsv = table as TSV
app-copy-table = table as Markdown
app-copy-link = link
app-copy-paragraph = paragraph
app-bytes = { $count } B
app-kilobytes = { $count } kB
app-no-code = No code above
app-refreshing = Fetching the model lists
app-quit-armed = ^C again quits
app-no-command = There is no /{ $name }; perhaps /{ $meant }? Begin with // to send it as text
app-not-loaded = The conversation could not be read: { $reason }
app-key-removed = The key of { $owner } is removed
app-key-in-keyring = The key of { $owner } is in the system's keyring
app-key-in-file = The key of { $owner } is in a file only you can read
app-copied-native = Copied { $size } to the clipboard
app-copied-osc52 = OSC 52, { $size }, not confirmed
app-copied-tmux = Copied { $size } to a tmux buffer, and sent to the terminal around tmux, not confirmed
app-copied-tmux-alone = Copied { $size } to a tmux buffer: tmux's set-clipboard is off, so it goes no further
app-copied-both-tmux = Copied { $size } to the clipboard and to a tmux buffer
app-copied-both = Copied { $size } to the clipboard, and sent to the terminal's (OSC 52)
app-copied-file = Too long for OSC 52, and no clipboard answered: { $size } in { $file }
app-copied-neither = Too long for the terminal's clipboard, and no other answered
app-not-stored = Not stored yet: it is with its first turn
app-temporary = Temporary: nothing of this conversation is stored but what it cost
app-not-temporary = This conversation is not temporary
app-kept = Stored from now on
app-pinned = Kept at the top
app-unpinned = Not kept at the top any more
app-archived = In the archive · ^V in the list of conversations shows it
app-unarchived = Back from the archive
app-group-pinned = pinned
app-group-today = today
app-group-yesterday = yesterday
app-group-7-days = last 7 days
app-group-30-days = last 30 days
app-group-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
} { $year }
app-group-own = your own
app-group-configured = configured
app-preset-chosen = { $name }: { $to }
app-preset-kept = Kept as the preset { $name } · { $keys } chooses it
app-preset-configured = This preset stands in the configuration: change it there
app-preset-taken = There is a preset called { $name }
app-preset-unnamed = A preset needs a name
app-bad-order = The order is a whole number, or empty
app-hit-about = { $who } · { $title }
app-find-lanes = Lanes are not looked in: leave them for the branch first
app-new-lines = ▼ { $count ->
    [one] 1 new line
   *[other] { $count } new lines
 } · { $key }
app-more-below = ▼ { $key }
app-no-more-headings = No more headings this way
app-no-more-code = No more code this way
app-code-stop = code { $number } of { $count } · { $keys } copies
app-follow-always = Answers are followed to their end
app-follow-beginning = The view stops where a long answer begins; G follows it
app-find-none = No match in this branch
app-find-from-top = From the end on at the beginning
app-find-from-end = From the beginning on at the end
app-find-first = Nothing is looked for: / finds words in the branch
app-trash-branch = part
app-trash-deleted = deleted { $day }
app-trash-emptied = { $count ->
    [0] The trash was empty
    [one] 1 thing removed for good
   *[other] { $count } things removed for good
}
app-trash-traces = Removed ({ $count }), but traces stay in the file until no other Loquat uses it: empty the trash again then
app-trashed = In the trash · { $keys } undoes
app-restored = Back from the trash
app-log-failed = What this costs cannot be written down just now, and waits: { $reason }
app-storage-failed = Not stored: { $reason }
app-fold-paste = [paste: { $size }, { $lines } { $count ->
    [one] line
   *[other] lines
}]
app-fold-file = [{ $name }: { $size }, { $lines } { $count ->
    [one] line
   *[other] lines
}]
app-history-failed = Prompts are not kept for the next run: { $reason }
app-theme-automatic = as the terminal's background is
app-theme-configured = as configured: { $name }
app-theme-follows = dark or light, as the terminal says
app-theme-built-in = built in
app-theme-dark = dark
app-theme-light = light
app-theme-no-colors = no colours here: NO_COLOR, TERM or ui.colors says so
app-theme-sixteen = 16 colours here: what they are, the terminal says
app-theme-failed = The theme “{ $name }” cannot be shown: { $reason }
app-editor-failed = The editor failed: { $reason }

app-expiry-never = never
app-expiry-half-hour = after 30 minutes
app-expiry-two-hours = after 2 hours
app-expiry-half-day = after 12 hours
app-expiry-day = after a day
app-expiry-week = after a week
app-expiry-month = after 30 days
app-field-key = key
app-field-label = label
app-field-base-url = base URL
app-field-expiry = forget it
app-field-title = title
app-field-file = file
app-field-command = command
app-field-name = name
app-field-order = order
app-field-tags = tags
app-field-system = system prompt
app-field-temperature = temperature
app-field-max-tokens = max tokens
app-field-effort = effort
app-field-params = parameters
app-hint-key = it is not shown, and kept in the keyring or in a file only you can read
app-hint-label = names the key where you have several
app-hint-file = ~/ is the home folder; a file that is there is not replaced unasked
app-hint-command = gets the text as its input, through $SHELL -c
app-hint-mark = a few words; empty takes the label away
app-hint-base-url = where the endpoint is, such as https://host/v1
app-hint-expiry = ← → choose when it is forgotten
app-hint-order = a number: presets with small ones stand first
app-hint-tags = Words with commas between them; in the list #word finds what has it
app-hint-name = a set of the same name is replaced
app-hint-system = ^J begins a line
app-hint-temperature = 0 is the steadiest; empty is the endpoint's own
app-hint-max-tokens = of the answer; empty is the endpoint's own
app-hint-effort = such as low, medium or high; empty is the endpoint's own
app-hint-variable = Alt+Enter begins a line
app-hint-params = name=value name=value …, values also as JSON: stop=["a", "b"]
app-bad-temperature = "{ $value }" is no temperature: a number from 0
app-bad-max-tokens = "{ $value }" is no number of tokens
app-bad-param = "{ $value }" is not NAME=VALUE
app-reserved-param = "{ $name }" is not a parameter to set here: the model is chosen in its picker
app-key-empty = Paste or type the key first
app-base-url-empty = This endpoint needs a base URL

app-per-million = €{ $input } / { $output } per M
app-age-configured = configured
app-age-refreshing = refreshing
app-age-now = now
app-age-minutes = { $count } min ago
app-age-hours = { $count } h ago
app-age-days = { $count } d ago
app-endpoint-models = { $count ->
    [one] 1 model
   *[other] { $count } models
 } · { $age }
app-endpoint-needs-key = needs a key
app-endpoint-unset = { $variable } is not set
app-endpoint-expired = key expired
app-endpoint-failed = { $kind }: { $reason }
app-endpoint-silent = does not run
app-endpoint-local = answers on this machine
app-endpoint-ready = ready
app-endpoint-aliases = { $count ->
    [one] 1 alias
   *[other] { $count } aliases
 }
app-endpoint-open = { $model } failed too often: left alone for { $seconds } s
app-endpoint-half-open = { $model } failed too often: the next request tries it
app-endpoint-tried = { $model } failed too often: being tried
app-endpoint-reachable = ready · { $seconds } s
app-about-expired = Enter asks for a new one
app-about-needs-key = Enter asks for it
app-about-unset = set { $variable } before the start, or enter a key here
app-about-aliases = names for several routes, in router.models; Enter shows them
app-about-shut = an alias goes elsewhere meanwhile; Enter shows the models
app-alias-leads-to = { $strategy }: { $routes }
app-about-fetched = models fetched: { $age }
app-about-configured = models as configured
app-origin-stored = its key is stored here
app-origin-command = its key comes from keyCommand
app-origin-environment = its key comes from the environment
app-origin-profile = its key comes from an AWS profile
app-origin-literal = its key is in the configuration
app-origin-none = no key needed
app-messages = { $count ->
    [one] 1 message
   *[other] { $count } messages
 }
app-lines = { $count } lines

# Requests that are too long
app-fit-ask = ask { $model } instead
app-fit-ask-about = Room for { $window } tokens. What follows on this branch goes there, too.
app-fit-ask-unknown = Configured for requests that are too long. What follows on this branch goes there, too.
app-fit-drop = leave out the { $count ->
    [one] oldest message
   *[other] { $count } oldest messages
}
app-fit-drop-about = “{ $first }” to “{ $last }”. They stay in the conversation: { $keys } shows what is sent and lets them in again.
app-fit-summary = send a summary of the { $count ->
    [one] oldest message
   *[other] { $count } oldest messages
}
app-fit-summary-about = “{ $first }” to “{ $last }”. A model that you choose writes it; it is kept with the prompt.
app-fit-as-is = send it as it is
app-fit-as-is-about = About { $weight } tokens for a window of { $window } is an estimate: it may be taken, refused, or cut.
app-fit-refused-about = The provider refused it; about { $weight } tokens is an estimate.
app-fit-not = Would not fit: about { $weight } tokens, an estimate
app-fits = It fits, by an estimate: about { $weight } of { $window } tokens
app-fits-unknown = About { $weight } tokens, an estimate; how much { $model } takes is not known
app-summary-failed = No summary by { $model }: { $reason }
app-summary-empty = No summary by { $model }: it did not come to an end

# Fan-out, lanes, ghost runs
app-fan-out-nothing = Nothing to send yet: write the prompt first
app-fan-out-none = Space marks who is asked, → asks one more than once: two answers are the least
app-fan-out-most = { $count } answers are the most
app-set = set
app-set-answers = { $count ->
    [one] { $count } answer
   *[other] { $count } answers
}
app-set-kept = The set “{ $name }” is kept: it stands first in this list
app-set-forgotten = The set “{ $name }” is forgotten
app-set-unnamed = Give it a name
app-blind-revealed = Chosen. { $names }
app-ghost-nothing = Nothing to ask again: this branch has no prompt yet
app-ghost-begun = { $count ->
    [one] Ghost run: asking { $model } the one prompt of this branch
   *[other] Ghost run: asking { $model } the { $count } prompts of this branch
}
app-ghost-done = Ghost run: { $model } answered { $all ->
    [one] the prompt
   *[other] all { $all } prompts
}
app-ghost-stopped = Ghost run: stopped at { $at } of { $all } ({ $model }); what came is kept
app-ghost-failed = Ghost run: { $model } failed at { $at } of { $all }, what came is kept: { $reason }
# Tree
app-tree-mine = yours
app-tree-answers = answers
app-tree-starred = ★
app-tree-model = { $model }

# Panes
app-panes-full = There are { $count } panes, and there is room for no more: close one first.
app-last-pane = This is the only pane.
app-one-pane = There is no other pane: split this one first.
app-no-cut = No other pane stands on that side.
app-mouse-captured = The mouse clicks and scrolls here now; Shift and drag selects text.
app-mouse-free = The mouse is the terminal's again.
app-panes-together = What panes share scrolls together.
app-panes-apart = Each pane scrolls for itself.
