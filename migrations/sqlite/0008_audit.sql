-- Who changed what. Each entry carries the hash of itself and all before it; how
-- it is made: docs/adr/0024-the-audit-is-a-chain.md.

-- +goose Up
CREATE TABLE audit_entries (
    number  INTEGER PRIMARY KEY, -- 1, 2, ... without a gap
    format  INTEGER NOT NULL,    -- how the hash is made
    at      INTEGER NOT NULL,    -- microseconds since 1970, UTC
    user_id INTEGER NOT NULL,    -- 0: no account; not a reference, for an entry outlives what it is about
    author  TEXT NOT NULL,
    via     TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT, -- JSON; NULL: there was nothing
    after   TEXT, -- JSON; NULL: nothing is left
    hash    TEXT NOT NULL
) STRICT;

-- How many entries there are and the hash of the last. It has no row before the first entry.
CREATE TABLE audit_seal (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    entries INTEGER NOT NULL,
    hash    TEXT NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit is immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit is immutable');
END;
-- +goose StatementEnd
-- INSERT OR REPLACE deletes without asking the trigger above.
-- +goose StatementBegin
CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries WHERE number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit is immutable');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit_seal;
DROP TABLE audit_entries;
