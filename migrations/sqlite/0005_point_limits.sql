-- +goose Up
-- How many answers a service point takes, as COUNT/PERIOD; '' where the limit of the deployment holds.
ALTER TABLE service_points ADD COLUMN answer_limit TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE service_points DROP COLUMN answer_limit;
