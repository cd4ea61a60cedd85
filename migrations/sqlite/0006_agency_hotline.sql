-- +goose Up
-- The telephone number that people report to; '' is that of the agency above.
ALTER TABLE agencies ADD COLUMN hotline TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE agencies DROP COLUMN hotline;
