-- +goose Up
-- What others published of the province: facts that are typed in, and never computed.
CREATE TABLE published_indices (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL,
    year      INTEGER NOT NULL,
    agency_id BIGINT REFERENCES agencies (id), -- NULL: the whole province
    value     TEXT NOT NULL, -- as it was published; '' if only a rank was
    rank      INTEGER NOT NULL, -- 0 if only a value was
    ranked    INTEGER NOT NULL, -- how many have a rank, 0 if that was not said
    source    TEXT NOT NULL,
    day       TEXT NOT NULL -- civil day of publication, '' if unknown
);
CREATE UNIQUE INDEX published_indices_once ON published_indices (name, year, (COALESCE(agency_id, 0)));

-- +goose Down
DROP TABLE published_indices;
