-- +goose Up
-- Surveys while they are made. What is kept of one is a checkpoint and the operations since then.
CREATE TABLE drafts (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    continues           TEXT NOT NULL,   -- the survey whose next version it becomes, '' is a new one
    from_version        BIGINT NOT NULL, -- the number of the version that it began as or became last, 0 is none
    code                TEXT NOT NULL,   -- as the newest revision says, as the title does
    title               TEXT NOT NULL,
    revision            BIGINT NOT NULL,
    bytes               BIGINT NOT NULL, -- of all operations
    checkpoint          TEXT NOT NULL,
    checkpoint_revision BIGINT NOT NULL,
    published_revision  BIGINT NOT NULL, -- 0 is none
    created_at          BIGINT NOT NULL, -- microseconds since 1970, UTC
    created_by          TEXT NOT NULL,
    changed_at          BIGINT NOT NULL,
    changed_by          TEXT NOT NULL,
    archived_at         BIGINT NOT NULL  -- 0 is never
);
CREATE TABLE draft_operations (
    draft_id BIGINT NOT NULL REFERENCES drafts (id),
    revision BIGINT NOT NULL,
    sent     TEXT NOT NULL,   -- what the sender calls it, '' is nothing
    undoes   BIGINT NOT NULL, -- the revision that it takes back, 0 is none
    user_id  BIGINT NOT NULL, -- 0 is no account
    author   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    effects  TEXT NOT NULL,
    PRIMARY KEY (draft_id, revision)
);
CREATE UNIQUE INDEX draft_operations_sent ON draft_operations (draft_id, sent) WHERE sent <> '';

-- +goose Down
DROP TABLE draft_operations;
DROP TABLE drafts;
