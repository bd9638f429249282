### The keys area of the interface.

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

## keyCommand
keys-command-empty = keyCommand names no program
keys-command-start = the keyCommand { $program } cannot be started: { $reason }
keys-command-failed = the keyCommand { $program } ended with { $code }
keys-command-slow = the keyCommand { $program } did not end within { $seconds } seconds
keys-command-nothing = the keyCommand { $program } printed no key on its first line
keys-command-step = run { $program } by hand, with the arguments of keyCommand, to see what it says

## loquat keys
keys-prompt = Key “{ $label }” for { $endpoint } (not shown):
keys-cannot-read = cannot read the key: { $reason }
keys-empty = there is no key on the first line; nothing was stored
keys-not-a-key = a key holds no spaces and no control characters; nothing was stored
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
keys-not-built = { $endpoint } speaks { $api }, which is not in this build
keys-works = the key “{ $label }” of { $endpoint } works: { $models ->
        [one] 1 model
       *[other] { $models } models
    }
keys-no-endpoint = there is no endpoint “{ $endpoint }”
keys-no-endpoint-step = “loquat endpoints” lists those there are
