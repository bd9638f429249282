# The interface in English, which is the language of the sources: what --help says stands there.

### app: commands, toasts, and what stands in the transcript.

app-command-send = Send the prompt
app-command-newline = Begin a new line
app-command-history = List the prompts of before
app-command-search-history = Look through the prompts of before while typing
app-command-editor = Write the prompt in $EDITOR
app-command-paste = Paste from the clipboard of this machine: text, or an image as an attachment
app-command-open-paste = Open a folded paste or file, to edit it
app-command-strip-hidden = Take characters that nobody sees out of the prompt
app-command-vi = Edit the prompt with vi's keys, or with readline's
app-vi-on = vi's keys: Esc for commands, i to write
app-vi-off = Readline's keys
app-view-switched = /linear goes back
app-view-dumb = This terminal knows lines only
app-command-wordy = /{ $name } takes no words. To send a text that begins with a slash, begin it with two
app-file-unread = { $file } is not read: { $reason }
app-file-not-text = it is no text file
app-file-missing = there is no such file
app-file-too-large = it holds more than { $most } MiB
app-file-reading = A file is being read; press Enter again
app-draft-left = What you wrote stays with the branch it was for
app-paste-elsewhere = Over SSH this is the other machine's clipboard: paste with the terminal's own key (Ctrl+Shift+V, Cmd+V), or name a file with @
app-paste-empty = There is nothing to paste: no text and no image
app-paste-no-desktop = There is no clipboard here; paste with the terminal's own key
app-paste-no-answer = The clipboard did not answer; the terminal's own key may still paste
app-paste-failed = The clipboard was not read: { $reason }
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
app-command-open-link = Open a link of the message in the browser, once it is seen where it leads
app-command-save-code = Save a code block to a file
app-command-save-branch = Save the branch as Markdown
app-command-pipe = Hand the selection, or the message, to a command
app-command-select = Select text with keys
app-command-select-lines = Select lines with keys
app-command-fold = Show or fold the reasoning
app-command-print = Print the branch to the terminal's scrollback
app-command-pictures = Show the pictures of the branch
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
app-command-bring-summary = Have the branch that was left summed up, and quote that in the prompt
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
app-command-sort-conversations = Order the list of conversations: by change, making, title, price, size (in the list Alt+P, too)
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
app-command-sort-models = Order the list of models by its prices, of input, then of output
app-command-usage = What was used and what it cost
app-command-usage-panel = Show what was used beside the conversation, or take it away
app-command-usage-branches = What each branch of the conversation cost
app-command-usage-open = On the usage page: go into the row, or to the message of the event
app-command-usage-back = On the usage page: back to where one came from
app-command-usage-range = On the usage page: more days
app-command-usage-range-back = On the usage page: fewer days
app-command-usage-dates = On the usage page: days of one's own
app-command-usage-group = On the usage page: group by what comes next
app-command-usage-group-back = On the usage page: group by what came before
app-command-usage-sort = On the usage page: order by the next column
app-command-usage-filter = On the usage page: only rows whose name holds a text
app-command-usage-view = On the usage page: rows, time, hours, speed
app-command-usage-events = On the usage page: the single requests
app-command-usage-wins = On the usage page: what was chosen blind
app-command-palette = All commands
app-command-help = Help
app-command-leave = Close what floats, or go back to the prompt
app-command-theme = Choose how it looks
app-command-mouse = Let the mouse click and scroll here, or select text in the terminal
app-command-reload = Read the configuration again
app-command-problems = Tell what is wrong with the configuration on disk
app-command-redraw = Draw the screen anew
app-command-suspend = Suspend to the shell
app-command-linear = Read the app out line by line from here on, or go back to the screen
app-command-quit = Quit

app-help-gist = In three sentences
app-help-tree = A conversation is a tree: to change a prompt or to ask again makes a sibling beside what was there, and nothing is lost.
app-help-focus = { $focus } goes from the prompt, where letters are text, to what was said, where they are commands, and back; { $leave } leaves whatever is open and stops nothing.
app-help-route = What is sent goes to a model of an endpoint with a key ({ $endpoint }, { $model }), each message keeps what it was made with, and { $palette } lists all that can be done now.
app-help-arrival = Keys and this terminal
app-help-eater = { $who } keeps for itself, as it comes: { $keys }
app-help-kitty = { $terminal }: keys that terminals of old cannot tell, as Shift+Enter, may arrive. loquat keys-debug shows what does
app-help-no-kitty = { $terminal }: Shift+Enter arrives as Enter, Ctrl+I as Tab, Ctrl+M as Enter; Ctrl+J and Alt+Enter begin a line. loquat keys-debug shows what arrives
app-help-tmux-keys = tmux: Shift+Enter arrives where extended-keys is on (set -s extended-keys on), else as Enter; Ctrl+J and Alt+Enter begin a line in any case. loquat keys-debug shows what arrives
app-status-context = { $percent }% of { $window }
app-status-budget = { $name } { $percent } %
app-status-today = today { $price }
app-status-ghost = ghost { $at }/{ $all }
app-status-waiting = asking…
app-status-retrying = retrying ({ $count })
app-status-held = waits for room
app-status-held-by-provider = provider busy, { $seconds } s
app-status-held-by-limit = limit reached, { $seconds } s
app-status-retry-in = next try in { $seconds } s
app-status-streaming = writing
app-status-stopping = stopping…
app-status-following = following
app-status-temporary = temporary
app-status-unpriced = price unknown
app-status-part-priced = { $price } + ?
app-forecast-price = ≈ { $price }
app-forecast-unpriced = price unknown
app-forecast = ~{ $sent } in · ~{ $out } out · { $price }
app-forecast-cached = ~{ $sent } in ({ $cached } cached) · ~{ $out } out · { $price }
app-forecast-other = { $model } { $price }
app-forecast-next = next answer { $price }
app-range-today = today
app-range-week = 7 days
app-range-thirty = 30 days
app-range-month = month
app-range-all = all
app-range-days = days…
app-by-day = day
app-by-week = week
app-by-model = model
app-by-endpoint = endpoint
app-by-key = key
app-by-conversation = conversation
app-by-branch = branch
app-by-user = user
app-by-mode = purpose
app-usage-table = rows
app-usage-time = time
app-usage-hours = hours
app-usage-speed = speed
app-usage-wins = blind choices
app-usage-everything = everything
app-usage-events = requests
app-usage-shared = shared by branches
app-usage-no-branch = titles and removed messages
app-usage-unstored = (not stored)
app-usage-removed = (removed) { $id }…
app-usage-nowhere = Nothing of this request was stored but its figures
app-usage-nowhere-title = This request made a title; of which conversation was not written down then
app-usage-nowhere-summary = This request made a summary, which stands in its conversation; its own text was not stored
app-usage-nowhere-imported = This request was not made here: its figures were imported
app-usage-titled = That request made the title of this conversation
app-usage-gone = Conversation { $id }… is not stored any more; one that was removed is in the trash until that is emptied
app-usage-message-gone = That message is not in this conversation any more
app-side-narrow = The panel beside the conversation needs { $columns } columns
app-mode-insert = { " " }insert{ " " }
app-mode-normal = { " " }normal{ " " }
app-mode-visual = { " " }visual{ " " }
app-mode-visual-lines = { " " }visual lines{ " " }
app-section-app = Everywhere
app-section-composer = Writing
app-section-transcript = Reading and branching
app-section-conversation = Conversations
app-section-acts = Messages
app-section-tree = The tree
app-section-panes = Panes
app-section-lanes = Several answers at once
app-section-usage = Usage
app-part-groups = more
app-part-app = app
app-part-composer = writing
app-part-transcript = reading
app-part-conversation = chats
app-part-acts = message
app-part-tree = tree
app-part-panes = panes
app-part-lanes = lanes
app-part-usage = usage
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
app-budget-soft = Budget { $budget }
app-budget-hard = Budget { $budget }: nothing more is sent without a question
app-budget-unpriced = Budget { $budget }
app-background-failed = An answer in another conversation failed
app-no-key-needed = { $owner } needs no key
app-no-stored-key = No key of { $owner } is stored here
app-inline-earlier = { $count ->
    [one] … one earlier message ({ $keys } prints all of them)
   *[other] … { $count } earlier messages ({ $keys } prints all of them)
}
app-inline-new = New conversation
app-inline-untitled = A conversation without a title
app-inline-branch = Another branch, after “{ $after }”
app-inline-beginning = Another branch, from the beginning
app-inline-changed = This was changed
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
app-picture = picture
app-picture-key = { $key } shows it
app-pictures-none = There is no picture on this branch
app-picture-gone = The message says something else by now.
app-picture-no-image = This is data of another kind, and not an image in base64.
app-picture-nowhere = Only http and https addresses can be fetched, and none with a user's name in it: { $target }
app-picture-unsaved = There is nothing to save yet
app-picture-unknown = This is no PNG, JPEG, GIF or WebP image.
app-picture-broken = The image cannot be read: { $reason }
app-picture-many = The image has { $width }×{ $height } pixels; more than { $most } million are not shown.
app-picture-base64 = The image is damaged: its base64 cannot be read.
app-picture-status = { $host } answered with status { $status }.
app-picture-large = { $host } sends more than { $most } MB: it was not fetched.
app-picture-slow = { $host } did not send it within { $seconds } s.
app-picture-not-fetched = It was not fetched: { $reason }
app-picture-scheme = { $host } leads to an address that is not fetched: { $target }
app-picture-let-go = It is not shown any more
app-piped = { $command } ended well
app-piped-code = { $command } ended with { $code }
app-not-piped = { $command } did not run: { $reason }
app-too-slow = it took longer than { $seconds } s
app-output = output
app-nothing-selected = Nothing is selected: v selects characters, V lines, y copies, Esc leaves
app-copy-message = message
app-copy-branch = branch as Markdown
app-copy-draft = draft
app-copy-code = code { $number } { $language }
app-copy-tsv = table as TSV
app-copy-table = table as Markdown
app-copy-link = link
app-no-links = No link in this message
app-link-web = web
app-link-mail = mail
app-link-other = not opened
app-link-refused = Not opened, as it is no plain address of the web or of mail: { $link }
app-link-opened = Handed to the browser: { $link }
app-link-elsewhere = Over SSH it would open elsewhere
app-link-no-desktop = No desktop and no $BROWSER here
app-link-failed = The link was not opened ({ $reason })
app-copied-instead = { $why }: { $copied }
app-copy-paragraph = paragraph
app-bytes = { $count } B
app-kilobytes = { $count } kB
app-megabytes = { $count } MB
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
app-listing-changed = By when they were changed
app-listing-made = By when they were made
app-group-by-title = by title
app-group-by-price = the dearest first
app-group-by-size = the longest first
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
app-sink-stuck = Sink “{ $sink }” takes no events, see loquat telemetry status: { $reason }
app-storage-failed = Not stored: { $reason }
app-fold-paste = [paste: { $size }, { $lines } { $count ->
    [one] line
   *[other] lines
}]
app-fold-file = [{ $name }: { $size }, { $lines } { $count ->
    [one] line
   *[other] lines
}]
app-fold-image = [{ $name }: { $width }×{ $height }, { $size }]
app-fold-image-unread = [{ $name }: { $size }]
app-history-failed = Prompts are not kept for the next run: { $reason }
app-theme-automatic = as the terminal's background is
app-theme-configured = as configured: { $name }
app-theme-follows = dark or light, as the terminal says
app-theme-built-in = built in
app-theme-broken = cannot be used
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
app-field-dates = Days
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
app-hint-dates = 2026-11-01..2026-11-30, 2026-11-01.., ..2026-11-30, or one day
app-bad-temperature = "{ $value }" is no temperature: a number from 0
app-bad-max-tokens = "{ $value }" is no number of tokens
app-bad-param = "{ $value }" is not NAME=VALUE
app-reserved-param = "{ $name }" is not a parameter to set here: the model is chosen in its picker
app-key-empty = Paste or type the key first
app-base-url-empty = This endpoint needs a base URL

app-per-million = €{ $input } / { $output } per M
app-models-window = window
app-models-input = €/M in
app-models-output = €/M out
app-models-unpriced = ?
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
app-brought = summary of another branch · { $model } · { $id }
app-no-branch-left = There is no other branch to bring along

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

### cli: what the command line says.

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
cli-budget = budget { $budget }
cli-budget-spent = budget { $budget }: nothing more is sent without --over-budget
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
cli-html-title = Usage, { $from } to { $to }
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
cli-doctor-can-other-keys = xterm's modifyOtherKeys
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
cli-telemetry-none = nobody gets request events: telemetry.sinks in the configuration names who does
cli-telemetry-unknown = there is no sink “{ $name }” in telemetry.sinks
cli-telemetry-unreadable = the log or the sink's files cannot be used: { $reason }
cli-telemetry-busy = { $name }: another process is delivering to it
cli-telemetry-nothing = { $name }: it has got everything; nothing waits to be sent
cli-telemetry-handed = { $name }: { $delivered } delivered, { $rejected } refused for good
cli-telemetry-failed = { $name }: { $reason }
cli-telemetry-set-aside = { $name }: what it refused for good is in { $file }
cli-telemetry-sink = Sink
cli-telemetry-to = To
cli-telemetry-pending = Waiting
cli-telemetry-delivered = Delivered
cli-telemetry-rejected = Refused
cli-telemetry-state = State
cli-telemetry-again = failed { $failures } times, again at { $at }
cli-telemetry-waiting = delivered by the app, or by flush
cli-telemetry-done = has everything

### config: what is said of the configuration.

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
config-kind-whole-or = a whole number above zero, or “{ $word }”
config-kind-one-of = one of { $words }
config-kind-two-letters = two characters, such as jj
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
config-prompt-name = “{ $name }” cannot be asked for as a command: a prompt's name is letters, digits, “-”, “_” and “.”
config-name-taken = “{ $name }” has a section of its own: write it as endpoints.{ $name }
config-name-of-aliases = “{ $name }” is the endpoint of the aliases in router.models: choose another name
config-own-file-only = this is taken only from your own file, not from an included one; it is left out
config-foreign = understood, not used

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
config-budget-without-limit = a budget needs `soft`, `hard` or both, in euros
config-budget-conversation = "{ $id }" is no conversation: its whole id, as loquat list --json tells it
config-budget-soft-above-hard = `soft` has to come before `hard`: it is the larger of the two
config-retention-folder = `then: move` needs `folder`, the folder months are moved to
config-sink-name = “{ $name }” cannot be a sink's name: it is small letters, digits, “-” and “_”
config-sink-batch = events of the shape `request-event` have no id to tell them apart by, so a collector gets them one by one: leave `batch` out, or say `shape: event`
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

### keys: keys, and where they are kept.

## The key file
keys-index-exposed = { $file } holds keys, and others than you may read it; it is not used
keys-index-exposed-step = chmod 600 { $file }, and think of the keys in it as known to others
keys-index-unreadable = cannot read the keys in { $file }: { $reason }
keys-index-unwritable = cannot write the keys to { $file }: { $reason }
keys-index-form = what stands at { $place } is not what a key file holds
keys-index-newer = it was written by a newer release

## The keyring
keys-ring-none = there is no keyring
keys-ring-forgets = it does not give back what it is given
keys-ring-silent = it did not answer within { $seconds } seconds
keys-ring-refused = the keyring cannot be used from here: { $reason }
keys-ring-refused-step = use --store file to keep the key in a file that only you can read

## Using a key
keys-missing = { $endpoint } needs a key, and there is none with the label “{ $label }”
keys-set-step = loquat keys set "{ $endpoint }" --label { $label }
keys-set-or-variable = set { $variable }, or store a key: loquat keys set "{ $endpoint }"
keys-no-label = { $endpoint } has no key with the label “{ $label }”
keys-no-label-but = { $endpoint } has no key with the label “{ $label }”; it has { $known }
keys-expired = the key “{ $label }” of { $endpoint } expired at { $since }
keys-no-base = { $endpoint } asks for a base URL, and none is stored
keys-no-base-step = loquat keys set "{ $endpoint }" --label { $label } --base-url https://…
keys-secret-lost = the key “{ $label }” of { $endpoint } was stored, and its store does not have it any more
keys-out-of-reach = the key “{ $label }” of { $endpoint } is kept in the desktop keyring, which cannot be reached from here: { $reason }
keys-store-in-file = unlock the keyring, or keep the key in a file: loquat keys set "{ $endpoint }" --label { $label } --store file

## Commands that print a key
keys-command-empty = { $setting } names no program
keys-command-start = the { $setting } { $program } cannot be started: { $reason }
keys-command-failed = the { $setting } { $program } ended with { $code }
keys-command-slow = the { $setting } { $program } did not end within { $seconds } seconds
keys-command-nothing = the { $setting } { $program } printed no key
keys-command-step = run { $program } by hand, with the arguments of { $setting }, to see what it says

## AWS
keys-aws-missing = { $endpoint } needs AWS keys, and there are none: no BEDROCK_AWS_… or AWS_… variable holds one, and no profile “default” in { $files }
keys-aws-missing-step = set BEDROCK_AWS_BEARER_TOKEN or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or store a key: loquat keys set "{ $endpoint }"; instance metadata is not asked in this build, and a profile with a credential_process serves instead
keys-aws-half = { $endpoint }: { $set } is set, and { $unset } is not
keys-aws-half-step = set both, or neither
keys-aws-no-profile = { $endpoint }: there is no AWS profile “{ $profile }” in { $files }
keys-aws-no-profile-step = { $variable } names it; “aws configure list-profiles” lists those there are
keys-aws-empty-profile = { $endpoint }: the AWS profile “{ $profile }” holds no keys
keys-aws-empty-profile-step = give it aws_access_key_id and aws_secret_access_key, or a credential_process
keys-aws-unsupported = { $endpoint }: the AWS profile “{ $profile }” gets its keys by { $key }, which is not in this build
keys-aws-unsupported-step = let the AWS program do it: in a profile of its own, credential_process = aws configure export-credentials --profile { $profile }, and name that one in BEDROCK_AWS_PROFILE
keys-aws-unreadable = cannot read { $file }: { $reason }
keys-aws-no-json = the credential_process of the AWS profile “{ $profile }” did not print AccessKeyId and SecretAccessKey as JSON
keys-aws-no-region = { $endpoint }: no AWS region is set
keys-aws-no-region-step = set BEDROCK_AWS_DEFAULT_REGION or AWS_REGION, or write a region into the AWS profile

## loquat keys
keys-prompt = Key “{ $label }” for { $endpoint } (not shown):
keys-cannot-read = cannot read the key: { $reason }
keys-empty = there is no key on the first line; nothing was stored
keys-not-a-key = a key that is no JSON object holds no spaces and no control characters; nothing was stored
keys-bad-label = a label is one line of text
keys-bad-expiry = --expires takes one of { $choices }
keys-base-wanted = { $endpoint } asks for a base URL: add --base-url https://…
keys-base-unwanted = { $endpoint } has its base URL in the configuration; --base-url is for endpoints that ask for one
keys-base-bad = --base-url takes a URL that begins with https:// or http://
keys-kept-keyring = stored the key “{ $label }” of { $endpoint } in the system's keyring
keys-kept-file = stored the key “{ $label }” of { $endpoint } in { $file }, which only you can read
keys-none = no keys yet; “loquat keys set ENDPOINT” stores one
keys-column-endpoint = Endpoint
keys-column-label = Label
keys-column-state = State
keys-column-from = From
keys-column-expires = Expires
keys-not-stored = no key “{ $label }” of { $endpoint } is stored
keys-removed = forgot the key “{ $label }” of { $endpoint }
keys-works = the key “{ $label }” of { $endpoint } works: { $models ->
        [one] 1 model
       *[other] { $models } models
    }
keys-no-endpoint = there is no endpoint “{ $endpoint }”
keys-no-endpoint-step = “loquat endpoints” lists those there are

### net: requests, answers, and what happens between them.

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

### store: what is stored, lists, and usage on the command line.

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
store-column-energy = Energy
store-column-carbon = CO2e
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
store-column-budget = Budget
store-column-spent = Spent
store-column-soft = Soft
store-column-hard = Hard
store-column-renews = Anew
store-column-standing = Standing
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
store-usage-footprint = Energy and carbon are estimates, from the least to the most: { $source }, parameters of { $date }
store-usage-footprint-unknown = Requests of models without an estimate: { $count }. What they took is not in the sums.
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
store-import-refused = { $path } was not imported: { $count ->
    [one] one row cannot be read
   *[other] { $count } rows cannot be read
}
store-import-taken = { $taken ->
    [one] one row was imported
   *[other] { $taken } rows were imported
}, { $known } were there already
store-import-no-sink = They go to no sink: whoever gets events from one knows only requests that were made here.
store-import-unpriced = Rows without a known price: { $count }. They are not in the sums.
store-archive-off = Every month is kept as it is: the configuration has no telemetry.retention.
store-archive-nothing = No month is that old.
store-archive-waits = { $month } stays until the sink “{ $sink }” has taken all of it: loquat telemetry flush
store-archive-now = { $month } is now { $path }
store-archive-deleted = { $month } is deleted
store-usage-backwards = The first day, { $from }, is after the last, { $to }.
store-sink-slow = not delivered within { $seconds } s
store-sink-left = no answer before Loquat ended
store-sink-status = the collector answers { $status }: { $said }
store-sink-partly = it did not take all spans: { $said }
store-sink-clear = { $url } ({ $at }) would be sent to in the clear: use https, or say `allowInsecure: true`
store-sink-header = the header { $name } ({ $at }) cannot be sent: its name or its value holds what no header may
store-sink-url = the sink's URL ({ $at }) is none of http or https
store-sink-start = { $program } cannot be run: { $error }
store-sink-failed = { $program } ended with { $status }
store-error-empty = There is no conversation yet.

### turns: what a turn itself says.

turns-unknown-endpoint = there is no endpoint “{ $name }”
turns-unknown-alias = there is no alias “{ $name }”
turns-aliases-are = aliases of router.models: { $names }
turns-step-onward = What came is kept; { $route } can go on with it.
turns-budget-spent = budget { $budget }; it begins again at { $renews }
turns-budget-next = wait until then, raise `hard` of that budget in the configuration, or send it all the same: --over-budget, in the app after a question
turns-budget-unreadable = what was spent cannot be read, so a budget cannot be checked: { $path }: { $error }
turns-budget-unreadable-next = make the log readable (loquat usage verify), or send it all the same: --over-budget
turns-budget-stands = { $name }: { $percent } %, { $spent } of { $limit } { $period }
turns-budget-name = “{ $name }”
turns-budget-of = “{ $name }” for { $of }
turns-budget-unkept = what is not kept
turns-budget-day = today
turns-budget-week = this week
turns-budget-month = this month
turns-budget-reserved = { $amount } on its way
turns-budget-unpriced = { $count ->
    [one] 1 request without a known price not counted
   *[other] { $count } requests without a known price not counted
}
turns-not-stored = the message could not be stored, so it was not sent: { $error }
turns-not-stored-next = free or repair the data folder; a one-shot with --no-save goes on without it
turns-deadline = time ran out
turns-deadline-after = time ran out before another attempt could succeed; the last one said: { $reason }
turns-deadline-next = what came is kept; allow more with --timeout, or timeouts.total of the endpoint
turns-no-editor = no editor is named: set VISUAL or EDITOR
turns-editor-failed = { $editor } could not be started: { $error }
turns-editor-ended = the editor gave up ({ $status }); the draft is as it was
turns-filtered = a content filter ended the answer

### ui: what panels say.

ui-theme-unknown = there is no theme “{ $name }”
ui-theme-names = the themes: { $names }
ui-theme-unread = this theme cannot be read: { $reason }
ui-theme-long = it is longer than a theme ever is
ui-theme-palette = this is no colour: “{ $text }”
ui-theme-color = “{ $text }” is no colour of the palette, none of the terminal's, and no modifier
ui-theme-colors = a colour is "#rrggbb", a name of the palette, default, or one of the terminal's 16 (red, bright-red …)
ui-theme-empty = there is no style here
ui-theme-quote = put colours in quotes: without them, “#” begins a comment
ui-theme-role = “{ $name }” is no role
ui-theme-roles = the roles: { $names }
ui-theme-for = “{ $text }” is no kind of background: dark or light
ui-theme-nested = “{ $key }” takes a style, and nothing below it
ui-theme-missing = colours of this scheme are missing: { $names }
ui-too-small = too small: { $width }x{ $height }, 40x12 is needed
ui-lanes-count = { $count ->
    [one] { $count } lane
   *[other] { $count } lanes
}
ui-lanes-hint = { $all } one or all · { $promote } promote
ui-lanes-hint-blind = blind · { $promote } chooses and shows the names
ui-lane-speed = { $tokens } t/s
ui-lane-first = { $seconds } s
ui-lane-cut = ✂ cut
ui-lane-stopped = ■ stopped
ui-lane-failed = ✗ failed
ui-hint-held = ^X > another route  ^X ! ask now  ^C stop
ui-loading = reading…
ui-empty-title = loquat
ui-empty-send = sends what you write to { $model }
ui-empty-unfinished = go on with “{ $title }”, whose answer was cut off
ui-empty-endpoint = choose an endpoint
ui-empty-model = choose a model
ui-empty-palette = all commands
ui-empty-help = help
ui-hint-composer = Enter send  ^J newline  ^P commands  F1 help
ui-hint-narrow = Enter send  F1 help
ui-hint-live = ^C stop  Tab transcript  F1 help
ui-hint-edit = Enter sends the edit  the old branch stays  Esc back
ui-hint-revise = Enter changes the message  nothing is sent  Esc back
ui-hint-lane = Enter goes on in this lane  Alt+T lanes  Esc back
ui-hint-lanes = h l lanes  p promote  s stop  S all  o beside  Enter write  Esc back
ui-hint-transcript = h l siblings  e edit  r again  y copy  / find  Esc back
ui-find-none = no match  Esc back
ui-find-typing = { $at }/{ $all }  Enter keep  ↓ ↑ walk  Esc back
ui-find = { $at }/{ $all }  n next  N before  Esc done
ui-find-narrow = { $at }/{ $all }

ui-form-key = key for { $endpoint }
ui-form-key-foot = Enter store · Tab next · ‹ › walk · Esc cancel
ui-form-rename = title
ui-form-preset = preset
ui-form-tags = tags
ui-form-prompt = prompt
ui-form-prompt-foot = Enter puts it in the composer · Tab next · Esc back
ui-form-set = a set of models
ui-form-save = save to a file
ui-form-pipe = hand to a command
ui-form-dates = days
ui-form-label = label of the message
ui-form-settings = settings of this conversation
ui-form-foot = Enter store · Tab next · Esc cancel
ui-confirm = delete
ui-confirm-foot = Enter delete · Esc keep
ui-confirm-message = { $count ->
    [one] Put this message in the trash?
   *[other] Put this message and all below it ({ $count } messages) in the trash?
 }
ui-confirm-over-budget = Send it all the same? It was refused: { $reason }
ui-confirm-preset = Remove the preset "{ $name }"?
ui-confirm-empty-trash = Remove everything in the trash for good?
ui-confirm-conversation = Put "{ $title }" in the trash?

ui-palette = commands
ui-palette-foot = Enter run · Esc close
ui-palette-none = Nothing like that can be done now: F1 shows every command
ui-models = model
ui-models-foot = Enter choose · Alt+P by price · ^F star · ^R refresh · ^K key · Tab endpoints
ui-fan-out = fan out · { $count } marked · “{ $question }”
ui-fan-out-blind = fan out · { $count } marked, blind · “{ $question }”
ui-fan-out-foot = Space mark · ← → samples · ^T blind · ^G keep as set · ^D forget it · Enter send
ui-fit = too long (estimate)
ui-fit-refused = refused as too long
ui-fit-note = ≈ { $weight } of { $window }
ui-fit-note-unknown = ≈ { $weight } tokens
ui-fit-foot = Enter or a number choose · Esc back
ui-summariser = a summary, written by
ui-summariser-foot = Enter write it · Esc back
ui-bring = the branch that was left, summed up by
ui-summary = summary
ui-summary-doing = { $model } writes a summary of { $count ->
    [one] 1 message
   *[other] { $count } messages
 } · { $words ->
    [one] 1 word
   *[other] { $words } words
 } so far
ui-summary-foot = Esc stop it
ui-ghost-pick = ghost run: ask this branch again of
ui-ghost-foot = Enter begin · Esc close
ui-models-none = No model: Tab goes to the endpoints, ^R fetches the lists
ui-endpoints = endpoint
ui-endpoints-foot = Enter choose · ^K key · ^D forget key · ^R refresh · Tab models
ui-endpoints-none = No such endpoint
ui-conversations = conversations
ui-conversations-foot = Tab text · ^F pin · ^O pane · ^W tag · ^E name · ^Y archive ^V · ^D del
ui-conversations-none = Nothing stored yet: what you send is kept here
ui-archive = archive
ui-conversations-no-match = No title and no #tag is like that: Tab looks for it in the texts, ^U clears it
ui-archive-none = Nothing in the archive: ^Y puts a conversation here, and takes it out
ui-presets = presets
ui-presets-foot = Enter choose · ^F begin with it · ^E change · ^D remove · Esc close
ui-presets-none = No presets: ^X S makes one of what is set now
ui-trash = trash
ui-trash-foot = Enter restore · ^D empty · Esc close
ui-trash-none = Nothing in the trash
ui-search = search in all messages
ui-search-foot = Enter open · Tab titles · Esc close
ui-search-ask = Type words, their beginnings, or a "phrase"
ui-search-none = Nothing found in any branch: try fewer words, their beginnings, or a "phrase"
ui-recall = ^R older  Enter take  Esc back
ui-recall-narrow = ^R older  Esc back
ui-recall-none = no prompt holds that  Esc back
ui-unseen-zero-width = { $count } zero-width
ui-unseen-bidi = { $count } bidi
ui-unseen-tags = { $count } tags
ui-unseen-controls = { $count } { $count ->
    [one] control left out
   *[other] controls left out
}
ui-unseen-narrow = ⚠ { $count } unseen
ui-unseen-strip = { "" } ({ $keys } strips)
ui-history = prompts
ui-history-none = No prompts yet
ui-themes = themes
ui-themes-foot = Enter keep · Esc back
ui-themes-none = No theme is called so
ui-code = code
ui-code-foot = Enter copy · 1,3 or 2..5 several · Esc close
ui-copy = Copy
ui-copy-foot = Enter copy · 1,3 or 2..5 code blocks · Esc close
ui-code-none = No code here
ui-links = links
ui-links-foot = Enter open · Esc close
ui-fork = fork into a new conversation
ui-fork-beside = fork into a new pane
ui-revisions = former versions
ui-revisions-foot = Enter say it again · Esc close
ui-revisions-none = It never said anything else
ui-siblings = siblings
ui-branches = branches
ui-excluded = ⊘ not sent
ui-picked = ◆ picked
ui-list-no-match = Nothing here is like that: ^U clears what is typed
ui-list-foot = Enter choose · Esc close
ui-list-count = { $shown } of { $all }

ui-problems = configuration
ui-problems-foot = Enter copy · Esc close
ui-problems-none = The configuration is in order
ui-help = help
ui-help-foot = Tab next part · PgDn · Esc close
ui-help-none = Nothing here has those words

ui-compare = compare
ui-compare-text = words · { $percent } % alike
ui-compare-sent = what was sent; settings and rules as of now
ui-compare-foot = Tab words, what was sent · j k scroll · Esc close
ui-lens = what Enter sends
ui-lens-foot = x leave out, let in · Enter go there · Esc close
ui-pictures = pictures
ui-pictures-foot = ← → walk · Esc close
ui-pictures-foot-asks = Enter fetch · ← → walk · Esc close
ui-pictures-foot-here = ← → walk · s save · Esc close
ui-pictures-loading = The picture is being read …
ui-pictures-asks = Nothing was fetched yet. Enter asks { $host } for this picture, over https, without any key: { $url }
ui-pictures-asks-plainly = Nothing was fetched yet. Enter asks { $host } for this picture, over http, which others on the way can read: { $url }
ui-pictures-cells = half blocks
ui-pictures-cells-wrapped = half blocks: what is around Loquat hands no pictures on
ui-pictures-cells-unmeasured = half blocks: the terminal does not tell the size of its cells
ui-pictures-unable = Pictures are not shown here: ui.images, or the terminal, says so. s saves it to a file.
ui-pictures-colourless = There are no colours to show it with. s saves it to a file.
ui-lens-none = Nothing yet: what you write in the prompt, and all of the branch that is sent with it, stands here
ui-lens-draft = your prompt
ui-lens-left-out = left out
ui-lens-empty = holds nothing
ui-lens-covered = summarised
ui-lens-summary = summary
ui-lens-estimate = an estimate
ui-lens-sum = { $count ->
    [one] 1 message
   *[other] { $count } messages
 } · ≈ { $tokens } tokens
ui-tree-empty = No message is left: u brings back what was deleted
ui-tree-none = Nothing is like that: Esc shows all
ui-tree-shown = { $shown } of { $all ->
    [one] 1 message
   *[other] { $all } messages
 }
ui-tree-branches = { $count ->
    [one] 1 branch
   *[other] { $count } branches
 }
ui-tree-live = live
ui-tree-cut = ✂ cut
ui-tree-cut-at = ✂ cut at { $tokens } tokens
ui-tree-stopped = ■ stopped
ui-tree-foot = Enter open · / text · ? keys · o pane · z fold · x delete · u undo · f M filter · s star · l label · m mark · c runs · n N ends · J K siblings · q close
ui-tree-foot-filter = Enter keep · Esc show all · ↑ ↓ walk

ui-usage = usage
ui-usage-foot = Enter into · Tab by · [ ] days · v charts · s order · / text · e requests · b branches · ? keys · d own days · w blind choices · q close
ui-usage-foot-filter = Enter keep · Esc show all · ↑ ↓ walk
ui-usage-foot-events = Enter to the message · ← back · ↑ ↓ walk · [ ] days · Tab by · ? keys · q close
ui-wins = blind choices
ui-wins-foot = w usage · Esc close
ui-wins-none = No choice was made blind yet: ^T in a fan-out hides who answers
ui-wins-shown = shown
ui-wins-won = won
ui-wins-share = share
ui-usage-loading = adding up…
ui-usage-failed = Could not be added up: { $reason }
ui-usage-none = Nothing was used in these days
ui-usage-requests = requests
ui-usage-price = price
ui-usage-in = in
ui-usage-out = out
ui-usage-cached = cached
ui-usage-p50 = p50
ui-usage-p95 = p95
ui-usage-first = first
ui-usage-first-p95 = p95
ui-usage-speed = t/s
ui-usage-errors = errors
ui-usage-energy = energy
ui-usage-carbon = CO2e
ui-usage-footprint = about { $energy }, { $carbon } CO2e
ui-usage-footprint-unknown = { $count ->
    [one] 1 request without an estimate
   *[other] { $said } requests without an estimate
 }
ui-usage-unknown = unknown
ui-usage-unpriced = { $count ->
    [one] 1 request without a known price, not in the sums
   *[other] { $said } requests without a known price, not in the sums
 }
ui-usage-estimated = tokens of { $count } estimated
ui-usage-damaged = { $count ->
    [one] 1 damaged line left out (loquat usage verify)
   *[other] { $count } damaged lines left out (loquat usage verify)
 }
ui-usage-lineage = this branch { $branch } = shared with others { $shared } + its own { $own }
ui-usage-lineage-whole = conversation { $whole }, { $others ->
    [0] no other branch
    [one] 1 other branch
   *[other] { $others } other branches
 }
ui-usage-price-hour = price an hour
ui-usage-price-day = price a day
ui-usage-price-week = price a week
ui-usage-requests-hour = requests an hour
ui-usage-requests-day = requests a day
ui-usage-requests-week = requests a week
ui-usage-bar = { $name }, { $count } a bar
ui-usage-most = up to { $most }
ui-usage-others = { $count ->
    [one] 1 more
   *[other] { $count } more
 }
ui-usage-weekdays = Mon Tue Wed Thu Fri Sat Sun
ui-usage-by-hour = requests by hour of the week
ui-usage-busiest = busiest hour: { $day } { $hour }:00, { $count } requests
ui-usage-latency = latency
ui-usage-ttft = first word
ui-usage-percentiles = p50 { $half } · p95 { $most }
ui-usage-mark-half = ▲ p50
ui-usage-mark-most = ▲ p95
ui-usage-mark-both = ▲ p50, p95
ui-usage-unmeasured = not measured
ui-usage-speed-name = speed
ui-usage-rate = { $rate } tokens/s
ui-usage-cached-share = cached input
ui-usage-failed-share = failed
ui-usage-stopped = stopped
ui-usage-cut = cut off
ui-usage-events = { $count } requests, the latest first
ui-event-ok = ok
ui-event-when = when
ui-event-model = model
ui-event-served = served { $model }
ui-event-alias = asked as { $alias }
ui-event-from = from
ui-event-tokens = tokens
ui-event-in = { $count } in
ui-event-cached = { $count } cached
ui-event-written = { $count } written to the cache
ui-event-out = { $count } out
ui-event-thought = { $count } of it thought
ui-event-estimated = estimated
ui-event-dollars = ${ $price } at { $rate }
ui-event-time = time
ui-event-first = first word { $time }
ui-event-end = end
ui-event-attempt = attempt { $at } of { $all }
ui-event-over = over budget: { $budgets }
ui-event-conversation = conversation
ui-event-estimate = estimate
ui-event-line = line
ui-event-byte = byte { $at }
ui-side-requests = { $count ->
    [one] 1 request
   *[other] { $said } requests
 }
ui-side-conversation = this conversation
ui-side-branch = this branch
ui-side-shared = of it shared
ui-side-own = of it its own
ui-side-others = { $count ->
    [one] 1 other branch
   *[other] { $count } other branches
 }
ui-side-damaged = { $count ->
    [one] 1 damaged line left out
   *[other] { $count } damaged lines left out
 }
ui-side-no-estimate = without an estimate
ui-side-of = { $spent } of { $limit }
ui-budget-figures = { $percent } % { $spent } of { $limit }
ui-budget-soft = soft limit
ui-budget-hard = spent
ui-budget-unpriced = { $count } unpriced
ui-budget-renews = anew { $at }
ui-usage-place = { " " }{ $from }–{ $to } of { $all }
ui-usage-total = total

# --- linear mode: read out, line by line
ui-linear-hello = Loquat. Questions go to { $endpoint }, model { $model }. Type one, or /help. Ctrl+C stops an answer, twice it quits.
ui-linear-asks = Now asking { $owner }, { $model }.
ui-linear-opened = Conversation: { $title }, { $count ->
    [one] { $count } message
   *[other] { $count } messages
}, { $branches ->
    [one] { $branches } branch
   *[other] { $branches } branches
}.
ui-linear-new = New conversation.
ui-linear-before = { $count ->
    [one] { $count } message before; /top reads from the beginning.
   *[other] { $count } messages before; /top reads from the beginning.
}
ui-linear-you = You:
ui-linear-you-of = You, { $at } of { $count }:
ui-linear-answers = { $name } answers:
ui-linear-answers-of = { $name } answers, { $at } of { $count }:
ui-linear-by = by { $name }
ui-linear-tokens = { $count ->
    [one] { $count } token
   *[other] { $count } tokens
}
ui-linear-cents = { $amount } cent
ui-linear-euros = { $amount } euros
ui-linear-least = less than 0.01 cent
ui-linear-end = End of answer.
ui-linear-end-facts = End of answer, { $facts }.
ui-linear-length = It ended at the length limit; /continue goes on.
ui-linear-stopped = Stopped. /continue goes on, /regenerate asks again.
ui-linear-stopped-empty = Stopped. /regenerate asks again.
ui-linear-failed = Failed, { $kind }{ $status }: { $reason }. { $next }
ui-linear-retry = /regenerate asks again.
ui-linear-cut = The answer is cut off. /continue goes on, /regenerate asks again.
ui-linear-too-long = /fit says what can be done, /regenerate asks again.
ui-linear-reasoning = Reasoning.
ui-linear-reasoned = Reasoning ended, { $words ->
    [one] { $words } word
   *[other] { $words } words
}; /fold reads it.
ui-linear-reasoning-read = Reasoning:
ui-linear-reasoning-end = End of reasoning.
ui-linear-tool = Calls { $name } with { $input }
ui-linear-result = { $name } returned { $output }
ui-linear-attached = Attached: { $name }
ui-linear-image = Picture: { $about }
ui-linear-pictures = { $count ->
    [one] One picture on this branch:
   *[other] { $count } pictures on this branch:
}
ui-linear-picture = { $number }. { $about }
ui-linear-picture-facts = { $name }, { $width } by { $height }, { $size }
ui-linear-source = Source: { $title } ({ $target })
ui-linear-summary = Summary of what came before, { $words ->
    [one] { $words } word.
   *[other] { $words } words.
}
ui-linear-heading = Heading { $level }:
ui-linear-open = to do:
ui-linear-done-task = done:
ui-linear-quote = Quote:
ui-linear-quote-end = End of quote.
ui-linear-code = Code { $number }:
ui-linear-code-in = Code { $number }, { $language }:
ui-linear-code-end = End of code { $number }, { $lines ->
    [one] { $lines } line.
   *[other] { $lines } lines.
}
ui-linear-table = Table with columns: { $columns }.
ui-linear-row = Row { $number }.
ui-linear-table-end = End of table, { $rows ->
    [one] { $rows } row.
   *[other] { $rows } rows.
}
ui-linear-kept = Kept as the draft: an empty line sends it, another one takes its place.
ui-linear-edit = The next line takes the place of this one, beside it in the tree; /leave changes nothing:
ui-linear-draft = Draft: an empty line sends it, another one takes its place:
ui-linear-bad = Attention: { $text }
ui-linear-done = Done.
ui-linear-yes-or-no = y or n:
ui-linear-menu = { $title }, { $count }:
ui-linear-menu-none = { $title }: { $none } An empty line leaves.
ui-linear-menu-foot = A number chooses, words filter, an empty line leaves.
ui-linear-menu-foot-mark = A number marks, words filter, /send asks who is marked, an empty line leaves.
ui-linear-marked = { $count ->
    [one] Marked for { $count } answer.
   *[other] Marked for { $count } answers.
}
ui-linear-more = { $count } more: + reads on.
ui-linear-no-more = No more.
ui-linear-no-number = There is no number { $number }.
ui-linear-starred = starred
ui-linear-current = current
ui-linear-chosen = marked
ui-linear-fails = fails
ui-linear-form = { $title }. An empty line keeps what is there, - empties it, /leave changes nothing.
ui-linear-held = Now: { $text }
ui-linear-summarising = { $model } writes a summary; /leave stops it.
ui-linear-page-foot = End of page. An empty line goes back.
ui-linear-tree = Tree, { $count ->
    [one] { $count } message. Rows further in stand on another branch.
   *[other] { $count } messages. Rows further in stand on another branch.
}
ui-linear-tree-row = { $number }. { $name }: { $text }
ui-linear-tree-here = { $number }. { $name }, on this branch: { $text }
ui-linear-tree-foot = A number goes to that message, an empty line leaves.
ui-linear-usage-more = And { $count } more rows.
ui-linear-usage-foot = A number goes into that row, /usage-back goes back, /usage-group, /usage-range, /usage-dates and /usage-sort ask for others, an empty line leaves.
ui-linear-help = A line is a question. One that ends in a backslash goes on on the next one. Commands:
