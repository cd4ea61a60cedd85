-- Work for later, written in the transaction of the change that asks for it.

-- +goose Up
CREATE TABLE jobs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL, -- '': jobs of this kind have nothing in common
    payload    TEXT NOT NULL, -- JSON
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    attempts   BIGINT NOT NULL DEFAULT 0,
    due_at     BIGINT NOT NULL, -- waiting: not before; running: when the lease is over
    lease      TEXT NOT NULL DEFAULT '', -- whose it is while it runs
    error      TEXT NOT NULL DEFAULT '', -- of the last attempt
    created_at BIGINT NOT NULL,
    ended_at   BIGINT -- of the last attempt; NULL: none has ended
);

-- What is to be looked at when somebody asks for work.
CREATE INDEX jobs_due ON jobs (due_at) WHERE state IN ('waiting', 'running');

-- Of a kind and key at most one waits and at most one runs.
CREATE UNIQUE INDEX jobs_key ON jobs (kind, key, state) WHERE state IN ('waiting', 'running') AND key <> '';

-- +goose Down
DROP TABLE jobs;
