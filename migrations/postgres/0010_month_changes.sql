-- +goose Up
-- How often the tallies of a month have changed, in several rows so that those
-- who write at the same time do not wait for each other: a board made of a month
-- is as it would be made now as long as their sum is the same.
CREATE TABLE month_changes (
    month   INTEGER NOT NULL,
    slot    INTEGER NOT NULL,
    changes BIGINT NOT NULL,
    PRIMARY KEY (month, slot)
);

-- +goose Down
DROP TABLE month_changes;
