-- What a person puts on conversations and messages, former versions of messages, and search with pairs of
-- CJK characters.

ALTER TABLE conversations ADD COLUMN pinned INTEGER;    -- when
ALTER TABLE conversations ADD COLUMN archived INTEGER;  -- when
-- Kept by the triggers below, so that a list needs no look at the messages. `parents` are the distinct parents of
-- messages, `priced` the messages whose price is known; what is in the trash counts in none of them.
ALTER TABLE conversations ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN parents INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN priced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;

UPDATE conversations SET (messages, parents, priced, cost) = (
    SELECT count(*), count(DISTINCT m.parent), count(m.cost), coalesce(sum(m.cost), 0)
    FROM messages m WHERE m.conversation = conversations.seq AND m.trash IS NULL
);

CREATE INDEX conversations_trash ON conversations (trash) WHERE trash IS NOT NULL;

CREATE TRIGGER messages_added AFTER INSERT ON messages WHEN new.trash IS NULL BEGIN
    UPDATE conversations SET messages = messages + 1, priced = priced + (new.cost IS NOT NULL),
        cost = cost + coalesce(new.cost, 0),
        parents = parents + (new.parent IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM messages s WHERE s.conversation = new.conversation AND s.parent = new.parent
            AND s.trash IS NULL AND s.id <> new.id))
    WHERE seq = new.conversation;
END;
CREATE TRIGGER messages_priced AFTER UPDATE OF cost ON messages
WHEN new.trash IS NULL AND new.cost IS NOT old.cost BEGIN
    UPDATE conversations SET priced = priced + (new.cost IS NOT NULL) - (old.cost IS NOT NULL),
        cost = cost + coalesce(new.cost, 0) - coalesce(old.cost, 0)
    WHERE seq = new.conversation;
END;
CREATE TRIGGER messages_trashed AFTER UPDATE OF trash ON messages
WHEN old.trash IS NULL AND new.trash IS NOT NULL BEGIN
    UPDATE conversations SET messages = messages - 1, priced = priced - (new.cost IS NOT NULL),
        cost = cost - coalesce(new.cost, 0),
        parents = parents - (new.parent IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM messages s WHERE s.conversation = new.conversation AND s.parent = new.parent
            AND s.trash IS NULL))
    WHERE seq = new.conversation;
END;
CREATE TRIGGER messages_restored AFTER UPDATE OF trash ON messages
WHEN old.trash IS NOT NULL AND new.trash IS NULL BEGIN
    UPDATE conversations SET messages = messages + 1, priced = priced + (new.cost IS NOT NULL),
        cost = cost + coalesce(new.cost, 0),
        parents = parents + (new.parent IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM messages s WHERE s.conversation = new.conversation AND s.parent = new.parent
            AND s.trash IS NULL AND s.id <> new.id))
    WHERE seq = new.conversation;
END;

CREATE TABLE tags (
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    tag          TEXT NOT NULL,
    PRIMARY KEY (conversation, tag)
) STRICT, WITHOUT ROWID;

-- Stars and labels.
CREATE TABLE marks (
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    message      BLOB NOT NULL,
    starred      INTEGER NOT NULL,
    label        TEXT,
    PRIMARY KEY (conversation, message)
) STRICT, WITHOUT ROWID;

-- Places that siblings were given: lower comes first, and who has none stands at 0.
CREATE TABLE ranks (
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    message      BLOB NOT NULL,
    rank         INTEGER NOT NULL,
    PRIMARY KEY (conversation, message)
) STRICT, WITHOUT ROWID;

-- What requests leave out: on every path through `start`, until a rule further down says otherwise.
CREATE TABLE rules (
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    start        BLOB NOT NULL,
    message      BLOB NOT NULL,
    excluded     INTEGER NOT NULL,
    PRIMARY KEY (conversation, start, message)
) STRICT, WITHOUT ROWID;

-- What messages said before they were edited in place; as in `messages`.
CREATE TABLE revisions (
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    message      BLOB NOT NULL,
    n            INTEGER NOT NULL,
    replaced     INTEGER NOT NULL,  -- when
    reasoning    TEXT,
    text         TEXT,
    parts        TEXT,              -- JSON
    PRIMARY KEY (conversation, message, n)
) STRICT, WITHOUT ROWID;

-- Filled anew by whoever applies this. Two indexes, since a person's own words are looked through first; the text
-- has its CJK characters set apart, and their pairs at its end.
DROP TABLE message_words;
DROP TABLE title_words;
CREATE VIRTUAL TABLE own_words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
CREATE VIRTUAL TABLE answer_words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
CREATE VIRTUAL TABLE title_words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
