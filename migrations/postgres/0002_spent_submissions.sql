-- +goose Up
-- Submissions that were taken out: nothing but the id, so that sending one
-- again does not bring it back.
CREATE TABLE spent_submissions (
    service_point_id BIGINT NOT NULL REFERENCES service_points (id),
    id               UUID NOT NULL,
    PRIMARY KEY (service_point_id, id)
);

-- Where the server tries whether it can write. It is empty, or has one row.
CREATE TABLE readiness (
    name   TEXT PRIMARY KEY,
    filler BYTEA NOT NULL
);

-- +goose Down
DROP TABLE readiness;
DROP TABLE spent_submissions;
