-- +goose Up
-- A plan names those who help the lead agency, too.
ALTER TABLE targets ADD COLUMN co_agencies TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE targets DROP COLUMN co_agencies;
