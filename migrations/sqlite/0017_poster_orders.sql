-- +goose Up
-- Posters of many service points, which are made beside the requests. They are
-- there for a day, and in no backup.
CREATE TABLE poster_orders (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id   BIGINT NOT NULL, -- of who asked; 0: somebody with a token
    user_name TEXT NOT NULL,
    format    TEXT NOT NULL,
    points    TEXT NOT NULL, -- ids of service points, as JSON
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    attempts  BIGINT NOT NULL DEFAULT 0,
    total     BIGINT NOT NULL, -- service points that were asked for
    made      BIGINT NOT NULL DEFAULT 0, -- posters so far
    bytes     BIGINT NOT NULL DEFAULT 0, -- of the file, once it is there
    asked_at  BIGINT NOT NULL -- microseconds since 1970, UTC
);
CREATE INDEX poster_orders_user ON poster_orders (user_id, id);

-- The file, as each attempt wrote it.
CREATE TABLE poster_parts (
    order_id BIGINT NOT NULL REFERENCES poster_orders (id),
    attempt  BIGINT NOT NULL,
    part     BIGINT NOT NULL, -- from 0
    content  BLOB NOT NULL,
    PRIMARY KEY (order_id, attempt, part)
);

-- +goose Down
DROP TABLE poster_parts;
DROP TABLE poster_orders;
