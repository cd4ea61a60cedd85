-- +goose Up
-- Mergers, splits and dissolutions: what was done, and so what is put back when one
-- is undone.
CREATE TABLE reforms (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind      TEXT NOT NULL,   -- merge, split or dissolve
    day       TEXT NOT NULL,   -- civil day from which it holds
    made_at   BIGINT NOT NULL, -- microseconds since 1970, UTC
    made_by   TEXT NOT NULL,
    revision  BIGINT NOT NULL, -- of what administrators keep, that it was made of
    done      TEXT NOT NULL,   -- JSON, step by step
    undone_at BIGINT           -- NULL while it holds
);

-- +goose Down
DROP TABLE reforms;
