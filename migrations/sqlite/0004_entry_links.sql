-- Entry links let staff fill in the sheets of one service point without an
-- account. Only the hash of what is in the link is kept.

-- +goose Up
CREATE TABLE entry_links (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash       TEXT NOT NULL UNIQUE,
    service_point_id BIGINT NOT NULL REFERENCES service_points (id),
    label            TEXT NOT NULL,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT, -- NULL: until it is revoked
    revoked_at       BIGINT
);

-- +goose Down
DROP TABLE entry_links;
