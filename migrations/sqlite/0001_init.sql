-- +goose Up
-- Organisation. Reference tables: small, written by administrators, copied to
-- every node when the database is spread over machines.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE agencies (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    code       TEXT NOT NULL UNIQUE,
    parent_id  BIGINT REFERENCES agencies (id),
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL, -- JSON: language -> text
    valid_from TEXT NOT NULL DEFAULT '',
    valid_to   TEXT NOT NULL DEFAULT '',
    sort       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX agencies_parent ON agencies (parent_id);

CREATE TABLE successions (
    from_id BIGINT NOT NULL REFERENCES agencies (id),
    to_id   BIGINT NOT NULL REFERENCES agencies (id),
    day     TEXT NOT NULL,
    share   INTEGER NOT NULL CHECK (share BETWEEN 1 AND 10000),
    PRIMARY KEY (from_id, to_id)
);

CREATE TABLE service_fields (
    key   TEXT PRIMARY KEY,
    name  TEXT NOT NULL, -- JSON: language -> text
    scope TEXT NOT NULL,
    sort  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE service_points (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    code             TEXT NOT NULL UNIQUE,
    agency_id        BIGINT NOT NULL REFERENCES agencies (id),
    judged_agency_id BIGINT NOT NULL REFERENCES agencies (id),
    name             TEXT NOT NULL, -- JSON: language -> text
    place            TEXT NOT NULL DEFAULT '',
    survey_key       TEXT NOT NULL,
    channel          TEXT NOT NULL,
    active           INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX service_points_agency ON service_points (agency_id);

CREATE TABLE service_point_fields (
    service_point_id BIGINT NOT NULL REFERENCES service_points (id),
    field_key        TEXT NOT NULL REFERENCES service_fields (key),
    sort             INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (service_point_id, field_key)
);

-- Surveys: a published version never changes, and the database holds to it.
CREATE TABLE survey_versions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    survey_key   TEXT NOT NULL,
    number       INTEGER NOT NULL CHECK (number > 0),
    definition   TEXT NOT NULL, -- JSON
    published_at BIGINT NOT NULL, -- microseconds since 1970, UTC
    UNIQUE (survey_key, number)
);
-- +goose StatementBegin
CREATE TRIGGER survey_versions_no_update BEFORE UPDATE ON survey_versions
BEGIN
    SELECT RAISE(ABORT, 'a published version is immutable');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER survey_versions_no_delete BEFORE DELETE ON survey_versions
BEGIN
    SELECT RAISE(ABORT, 'a published version is immutable');
END;
-- +goose StatementEnd

CREATE TABLE indicators (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    field_key  TEXT REFERENCES service_fields (key),
    survey_key TEXT NOT NULL,
    method     TEXT NOT NULL DEFAULT '',
    counts     INTEGER NOT NULL DEFAULT 0,
    sort       INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE targets (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    plan        TEXT NOT NULL,
    indicator   TEXT NOT NULL,
    field_key   TEXT REFERENCES service_fields (key),
    agency_id   BIGINT REFERENCES agencies (id),
    year        INTEGER NOT NULL,
    percent     INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 10000), -- hundredths
    lead_agency TEXT NOT NULL DEFAULT '',
    note        TEXT NOT NULL DEFAULT ''
);
CREATE INDEX targets_year ON targets (year);

-- What citizens make. Every primary and unique key holds service_point_id,
-- the distribution key when the database is spread over machines.
CREATE TABLE responses (
    service_point_id BIGINT NOT NULL REFERENCES service_points (id),
    id               TEXT NOT NULL, -- the submission id, made by the client
    agency_id        BIGINT NOT NULL REFERENCES agencies (id), -- whose work is judged
    field_key        TEXT NOT NULL REFERENCES service_fields (key),
    version_id       BIGINT NOT NULL REFERENCES survey_versions (id),
    channel          TEXT NOT NULL,
    language         TEXT NOT NULL,
    received_at      BIGINT NOT NULL, -- microseconds since 1970, UTC
    day              TEXT NOT NULL, -- civil day at the place
    scale            TEXT NOT NULL, -- a digit for each scale question; '.' unanswered
    choices          TEXT NOT NULL, -- question=choice,choice;question=choice
    receipt          TEXT NOT NULL,
    fingerprint      TEXT NOT NULL,
    PRIMARY KEY (service_point_id, id)
) WITHOUT ROWID;

CREATE TABLE response_texts (
    service_point_id BIGINT NOT NULL,
    response_id      TEXT NOT NULL,
    question         TEXT NOT NULL,
    text             TEXT NOT NULL,
    PRIMARY KEY (service_point_id, response_id, question),
    FOREIGN KEY (service_point_id, response_id) REFERENCES responses (service_point_id, id)
) WITHOUT ROWID;

-- Tallies: additive counts, written in the transaction of the responses.
-- The month comes first in the keys: boards read spans of months.
CREATE TABLE tally_people (
    month            INTEGER NOT NULL, -- 202511
    version_id       BIGINT NOT NULL,
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    service_point_id BIGINT NOT NULL,
    responses        BIGINT NOT NULL,
    people           BIGINT NOT NULL, -- with at least one valid scale answer
    all_satisfied    BIGINT NOT NULL,
    share_sum        BIGINT NOT NULL, -- in units of 1/55440
    share_sq_sum     BIGINT NOT NULL,
    points_people    BIGINT NOT NULL, -- with at least one answer of the 2-1-0 form
    points           BIGINT NOT NULL,
    max_points       BIGINT NOT NULL,
    PRIMARY KEY (month, version_id, field_key, agency_id, channel, service_point_id)
) WITHOUT ROWID;
CREATE INDEX tally_people_agency ON tally_people (agency_id, month);

CREATE TABLE tally_scale (
    month            INTEGER NOT NULL,
    version_id       BIGINT NOT NULL,
    item             INTEGER NOT NULL, -- position in responses.scale
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    service_point_id BIGINT NOT NULL,
    n0               BIGINT NOT NULL,
    n1               BIGINT NOT NULL,
    n2               BIGINT NOT NULL,
    n3               BIGINT NOT NULL,
    n4               BIGINT NOT NULL,
    n5               BIGINT NOT NULL,
    PRIMARY KEY (month, version_id, item, field_key, agency_id, channel, service_point_id)
) WITHOUT ROWID;
CREATE INDEX tally_scale_agency ON tally_scale (agency_id, month);

CREATE TABLE tally_choice (
    month            INTEGER NOT NULL,
    version_id       BIGINT NOT NULL,
    question         TEXT NOT NULL,
    choice           TEXT NOT NULL,
    field_key        TEXT NOT NULL,
    agency_id        BIGINT NOT NULL,
    channel          TEXT NOT NULL,
    service_point_id BIGINT NOT NULL,
    n                BIGINT NOT NULL,
    PRIMARY KEY (month, version_id, question, choice, field_key, agency_id, channel, service_point_id)
) WITHOUT ROWID;
CREATE INDEX tally_choice_agency ON tally_choice (agency_id, month);

-- Accounts.
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    login         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role          TEXT NOT NULL,
    agency_id     BIGINT REFERENCES agencies (id), -- NULL: the whole province
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    data       BLOB NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash TEXT NOT NULL UNIQUE,
    label      TEXT NOT NULL,
    role       TEXT NOT NULL,
    agency_id  BIGINT REFERENCES agencies (id),
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- Published figures: what the public page shows, kept as it was published.
CREATE TABLE publications (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    year         INTEGER NOT NULL,
    period       TEXT NOT NULL,
    edition      INTEGER NOT NULL,
    board        TEXT NOT NULL, -- JSON
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    withdrawn_at BIGINT,
    UNIQUE (year, period, edition)
);

-- +goose Down
DROP TABLE publications;
DROP TABLE api_tokens;
DROP TABLE sessions;
DROP TABLE users;
DROP TABLE tally_choice;
DROP TABLE tally_scale;
DROP TABLE tally_people;
DROP TABLE response_texts;
DROP TABLE responses;
DROP TABLE targets;
DROP TABLE indicators;
DROP TABLE survey_versions;
DROP TABLE service_point_fields;
DROP TABLE service_points;
DROP TABLE service_fields;
DROP TABLE successions;
DROP TABLE agencies;
DROP TABLE settings;
