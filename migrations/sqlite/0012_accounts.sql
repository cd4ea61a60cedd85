-- +goose Up
-- Who is invited chooses the password: until then password_hash is ''.
-- Sessions that began before sessions_ended_at are over.
ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN sessions_ended_at BIGINT;

-- Links by which somebody chooses the password of an account, once.
CREATE TABLE invitations (
    token_hash TEXT PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX invitations_user ON invitations (user_id);

-- +goose Down
DROP TABLE invitations;
ALTER TABLE users DROP COLUMN sessions_ended_at;
ALTER TABLE users DROP COLUMN email;
