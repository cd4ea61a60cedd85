-- +goose Up
-- What was done to one thing is asked for by its page.
CREATE INDEX audit_entries_subject ON audit_entries (subject, number);

-- +goose Down
DROP INDEX audit_entries_subject;
