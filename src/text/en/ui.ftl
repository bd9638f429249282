### What panels say.

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
ui-context = { $percent }% of { $window }
ui-today = today { $price }
ui-ghost = ghost { $at }/{ $all }
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
ui-waiting = asking…
ui-retrying = retrying ({ $count })
ui-held = waits for room
ui-held-by-provider = provider busy, { $seconds } s
ui-held-by-limit = limit reached, { $seconds } s
ui-hint-held = ^X > another route  ^X ! ask now  ^C stop
ui-retry-in = next try in { $seconds } s
ui-streaming = writing
ui-stopping = stopping…
ui-following = following
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
ui-form-label = label of the message
ui-form-settings = settings of this conversation
ui-form-foot = Enter store · Tab next · Esc cancel
ui-confirm = delete
ui-confirm-foot = Enter delete · Esc keep
ui-confirm-message = { $count ->
    [one] Put this message in the trash?
   *[other] Put this message and all below it ({ $count } messages) in the trash?
 }
ui-confirm-preset = Remove the preset "{ $name }"?
ui-confirm-empty-trash = Remove everything in the trash for good?
ui-confirm-conversation = Put "{ $title }" in the trash?

ui-palette = commands
ui-palette-foot = Enter run · Esc close
ui-palette-none = Nothing like that can be done now: F1 shows every command
ui-models = model
ui-models-foot = Enter choose · ^F star · ^R refresh · ^K key · Tab endpoints
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
ui-temporary = temporary
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
ui-vi-insert = { " " }insert{ " " }
ui-vi-normal = { " " }normal{ " " }
ui-vi-visual = { " " }visual{ " " }
ui-vi-visual-lines = { " " }visual lines{ " " }
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

ui-help = help
ui-help-foot = j k scroll · Esc close

ui-compare = compare
ui-compare-text = words · { $percent } % alike
ui-compare-sent = what was sent; settings and rules as of now
ui-compare-foot = Tab words, what was sent · j k scroll · Esc close
ui-lens = what Enter sends
ui-lens-foot = x leave out, let in · Enter go there · Esc close
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
ui-usage-foot = ← → range · Tab by · w blind choices · Esc close
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
ui-usage-first = first
ui-usage-errors = errors
ui-usage-unknown = unknown
ui-usage-place = { " " }{ $from }–{ $to } of { $all }
ui-usage-total = total
ui-range-today = today
ui-range-week = 7 days
ui-range-month = 30 days
ui-range-all = all
ui-by-day = by day
ui-by-week = by week
ui-by-model = by model
ui-by-endpoint = by endpoint
ui-by-key = by key
ui-by-conversation = by conversation
ui-by-branch = by branch
ui-by-user = by user
ui-by-mode = by purpose

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
ui-linear-help = A line is a question. One that ends in a backslash goes on on the next one. Commands:
