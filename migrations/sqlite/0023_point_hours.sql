-- +goose Up
-- When it is open, as people write it; '' where nobody knows.
ALTER TABLE service_points ADD COLUMN hours TEXT NOT NULL DEFAULT '';
-- A telephone number of its own to report to; '' is that of its agency.
ALTER TABLE service_points ADD COLUMN hotline TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE service_points DROP COLUMN hotline;
ALTER TABLE service_points DROP COLUMN hours;
