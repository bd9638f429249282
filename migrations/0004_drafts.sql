-- Drafts that were left with the message they would answer; the empty blob is the beginning.
CREATE TABLE placed_drafts (
    conversation INTEGER NOT NULL REFERENCES conversations (seq),
    message      BLOB NOT NULL,
    text         TEXT NOT NULL,
    PRIMARY KEY (conversation, message)
) STRICT, WITHOUT ROWID;
