-- +goose Up
-- Sheets of paper that are typed together: of one counter, one version of a survey and some days.
CREATE TABLE entry_batches (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    service_point_id BIGINT NOT NULL REFERENCES service_points (id),
    version_id       BIGINT NOT NULL REFERENCES survey_versions (id),
    channel          TEXT NOT NULL CHECK (channel IN ('paper', 'interviewer')),
    language         TEXT NOT NULL,
    from_day         TEXT NOT NULL, -- civil days on which the sheets were filled in
    to_day           TEXT NOT NULL,
    expected         BIGINT NOT NULL, -- sheets, as they were counted by hand
    twice            INTEGER NOT NULL, -- 1: everything is typed by two people and compared
    opened_at        BIGINT NOT NULL, -- microseconds since 1970, UTC
    opened_by        TEXT NOT NULL,
    changes          BIGINT NOT NULL DEFAULT 0, -- raised by each, so that they wait for each other
    closed_at        BIGINT, -- NULL: it is open
    kept             BIGINT NOT NULL DEFAULT 0, -- sheets that became answers when it was closed
    void             BIGINT NOT NULL DEFAULT 0, -- sheets that did not
    corrected        BIGINT NOT NULL DEFAULT 0
);
-- What was typed, until the batch is closed: then there is none of it left.
CREATE TABLE entry_sheets (
    service_point_id BIGINT NOT NULL,
    batch_id         BIGINT NOT NULL REFERENCES entry_batches (id),
    number           BIGINT NOT NULL,
    typing           BIGINT NOT NULL CHECK (typing IN (1, 2)),
    typed_by         TEXT NOT NULL,
    void             INTEGER NOT NULL, -- 1: it cannot be used
    cells            TEXT NOT NULL, -- JSON: what was typed, by the names of the form
    PRIMARY KEY (service_point_id, batch_id, number, typing)
);
-- Which answer a sheet of a closed batch became, as long as it can be corrected.
CREATE TABLE entry_kept (
    service_point_id BIGINT NOT NULL,
    batch_id         BIGINT NOT NULL REFERENCES entry_batches (id),
    number           BIGINT NOT NULL,
    response_id      TEXT NOT NULL,
    PRIMARY KEY (service_point_id, batch_id, number)
);

-- +goose Down
DROP TABLE entry_kept;
DROP TABLE entry_sheets;
DROP TABLE entry_batches;
