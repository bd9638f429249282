-- Times are nanoseconds since 1970 UTC, ids are the 16 bytes of a UUID, money is billionths of a euro.
-- Append-only: a file that was released is never edited, a change is a new file.

CREATE TABLE conversations (
    seq      INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    title    TEXT NOT NULL,
    created  INTEGER NOT NULL,
    updated  INTEGER NOT NULL,
    settings TEXT,               -- JSON
    leaf     BLOB,               -- last message of the chosen branch, so that a first screen needs no walk
    trash    BLOB                -- the trash entry that holds it
) STRICT;

CREATE INDEX conversations_updated ON conversations (updated) WHERE trash IS NULL;

-- What was said stands in `reasoning` and `text` where that is all there is (nearly always), else in `parts`.
-- The long columns come last, so that the others are read without their overflow pages.
CREATE TABLE messages (
    seq          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    parent       BLOB,
    role         TEXT NOT NULL,
    status       TEXT NOT NULL,
    endpoint     TEXT,
    key          TEXT,
    model        TEXT,
    created      INTEGER NOT NULL,
    cost         INTEGER,
    writer       BLOB,           -- of a live answer: the process that writes it, as the name of its lock file
    trash        BLOB,           -- the trash entry that holds it
    provenance   TEXT,           -- JSON
    reasoning    TEXT,
    text         TEXT,
    parts        TEXT            -- JSON
) STRICT;

CREATE INDEX messages_tree ON messages (conversation, parent, id, cost) WHERE trash IS NULL;
CREATE INDEX messages_live ON messages (writer) WHERE status = 'streaming';
CREATE INDEX messages_trash ON messages (trash) WHERE trash IS NOT NULL;

-- The sibling chosen below each parent; the empty blob stands for "no parent".
CREATE TABLE choices (
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    parent       BLOB NOT NULL,
    child        BLOB NOT NULL,
    PRIMARY KEY (conversation, parent)
) STRICT, WITHOUT ROWID;

-- Pieces of live answers, gone when the answer has ended.
CREATE TABLE chunks (
    message INTEGER NOT NULL REFERENCES messages (seq),
    n       INTEGER NOT NULL,
    data    TEXT NOT NULL,       -- JSON
    PRIMARY KEY (message, n)
) STRICT, WITHOUT ROWID;

-- The empty blob stands for the draft of a new conversation.
CREATE TABLE drafts (
    conversation BLOB PRIMARY KEY,
    text         TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE trash (
    id           BLOB PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    message      BLOB,
    title        TEXT NOT NULL,
    messages     INTEGER NOT NULL,
    deleted      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows are numbered as those of messages and of conversations. The text is the one with CJK set apart.
CREATE VIRTUAL TABLE message_words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE title_words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
