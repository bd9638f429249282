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
