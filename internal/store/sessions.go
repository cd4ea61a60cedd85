package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Sessions keeps what sessions of signed-in people hold, by the hash of their
// token. Its methods are those of a store of github.com/alexedwards/scs.
type Sessions struct {
	store *Store
	now   func() time.Time
}

// Sessions gives access to the sessions; now decides which have expired.
func (s *Store) Sessions(now func() time.Time) *Sessions { return &Sessions{s, now} }

// endedFor is how long the mark of an ended session stays: longer than any
// request runs.
const endedFor = time.Hour

// FindCtx reads a session. found is false if there is none, or it has ended
// or expired.
func (s *Sessions) FindCtx(ctx context.Context, hash string) (data []byte, found bool, err error) {
	err = s.store.read.QueryRowContext(ctx,
		"SELECT data FROM sessions WHERE token_hash = $1 AND expires_at > $2 AND length(data) > 0", hash, micros(s.now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, failed("find session", err)
	}
	return data, true, nil
}

// CommitCtx writes a session that is good until a time. It does nothing to a
// session that was ended: a request that began before the person signed out
// and is still running must not bring it back.
func (s *Sessions) CommitCtx(ctx context.Context, hash string, data []byte, expires time.Time) error {
	_, err := s.store.write.ExecContext(ctx,
		"INSERT INTO sessions (token_hash, data, expires_at) VALUES ($1, $2, $3) "+
			"ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at "+
			"WHERE length(sessions.data) > 0", hash, data, micros(expires))
	return failed("commit session", err)
}

// DeleteCtx ends a session. An empty mark of it stays for a while.
func (s *Sessions) DeleteCtx(ctx context.Context, hash string) error {
	_, err := s.store.write.ExecContext(ctx,
		"UPDATE sessions SET data = $1, expires_at = $2 WHERE token_hash = $3", []byte{}, micros(s.now().Add(endedFor)), hash)
	return failed("delete session", err)
}

// Sweep removes expired sessions and returns how many there were. It is to be
// called from time to time.
func (s *Sessions) Sweep(ctx context.Context) (int64, error) {
	res, err := s.store.write.ExecContext(ctx, "DELETE FROM sessions WHERE expires_at <= $1", micros(s.now()))
	if err != nil {
		return 0, failed("sweep sessions", err)
	}
	return res.RowsAffected()
}

// Find is FindCtx without a context.
func (s *Sessions) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(hash string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, expires)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }
