-- What a request event needs of a turn that is under way, for whoever finds it left behind.

CREATE TABLE turns (
    message INTEGER PRIMARY KEY REFERENCES messages (seq),
    began   INTEGER NOT NULL,
    purpose TEXT NOT NULL
) STRICT;

ALTER TABLE chunks ADD COLUMN said INTEGER;  -- when
