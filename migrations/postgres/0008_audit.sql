-- Who changed what. Each entry carries the hash of itself and all before it; how
-- it is made: docs/adr/0024-the-audit-is-a-chain.md.

-- +goose Up
CREATE TABLE audit_entries (
    number  BIGINT PRIMARY KEY, -- 1, 2, ... without a gap
    format  INTEGER NOT NULL,   -- how the hash is made
    at      BIGINT NOT NULL,    -- microseconds since 1970, UTC
    user_id BIGINT NOT NULL,    -- 0: no account; not a reference, for an entry outlives what it is about
    author  TEXT NOT NULL,
    via     TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT, -- JSON; NULL: there was nothing
    after   TEXT, -- JSON; NULL: nothing is left
    hash    TEXT NOT NULL
);

-- How many entries there are and the hash of the last. It has no row before the first entry.
CREATE TABLE audit_seal (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    entries BIGINT NOT NULL,
    hash    TEXT NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry of the audit is immutable';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_entries_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- +goose Down
DROP TABLE audit_seal;
DROP TABLE audit_entries;
DROP FUNCTION refuse_audit_change();
