-- +goose Up
-- The province's emblem, and the one before it, to which one may go back.
CREATE TABLE emblems (
    place   TEXT PRIMARY KEY CHECK (place IN ('now', 'before')),
    hash    TEXT NOT NULL, -- SHA-256 of the PNG
    width   BIGINT NOT NULL, -- pixels
    height  BIGINT NOT NULL,
    content TEXT NOT NULL -- the PNG as base64: backups hold texts
);

-- +goose Down
DROP TABLE emblems;
