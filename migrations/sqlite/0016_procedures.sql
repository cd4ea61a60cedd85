-- +goose Up
-- Administrative procedures, and the files of each that an agency handled in a half
-- month: 2,400,000 rows a year at most. The agency comes first: pages read one, or
-- those below one, over some half months.
CREATE TABLE procedures (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    code      TEXT NOT NULL UNIQUE, -- national: 1.000123
    name      TEXT NOT NULL, -- JSON: language -> text
    field_key TEXT NOT NULL REFERENCES service_fields (key)
);

CREATE TABLE handled_files (
    agency_id    BIGINT NOT NULL REFERENCES agencies (id),
    half_month   INTEGER NOT NULL, -- its first day: 20251101, 20251115
    procedure_id BIGINT NOT NULL REFERENCES procedures (id),
    handled      INTEGER NOT NULL,
    late         INTEGER NOT NULL CHECK (late BETWEEN 0 AND handled),
    PRIMARY KEY (agency_id, half_month, procedure_id)
) WITHOUT ROWID;
-- For lists of one half month.
CREATE INDEX handled_files_half_month ON handled_files (half_month);

-- +goose Down
DROP TABLE handled_files;
DROP TABLE procedures;
