-- +goose Up
-- One row: how often administrators have changed what they keep. Whoever has
-- read everything at a revision knows that nothing has changed since.
CREATE TABLE registry (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO registry (id, revision) VALUES (1, 0);

-- +goose Down
DROP TABLE registry;
