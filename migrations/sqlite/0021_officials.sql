-- +goose Up
-- Who serves at counters. No code of a service point, one that it had included, is a badge.
CREATE TABLE officials (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    code             TEXT NOT NULL UNIQUE, -- of the agency's list of staff
    badge            TEXT NOT NULL UNIQUE,
    agency_id        BIGINT NOT NULL REFERENCES agencies (id),
    service_point_id BIGINT NOT NULL DEFAULT 0, -- where the badge counts unless a shift says otherwise; 0: none
    name             TEXT NOT NULL,
    login            TEXT NOT NULL DEFAULT '', -- of who reads their own figures
    named            INTEGER NOT NULL DEFAULT 0, -- 1: citizens may read the name
    active           INTEGER NOT NULL DEFAULT 1
);

-- +goose Down
DROP TABLE officials;
