-- +goose Up
-- Codes that service points had: who scans an old poster is told so.
CREATE TABLE replaced_codes (
    code             TEXT PRIMARY KEY,
    service_point_id BIGINT NOT NULL REFERENCES service_points (id),
    replaced_at      BIGINT NOT NULL -- microseconds since 1970, UTC
);

-- +goose Down
DROP TABLE replaced_codes;
