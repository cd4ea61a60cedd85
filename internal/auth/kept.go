package auth

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sipas/internal/db"
)

// keptSessions keeps what sessions of signed-in people hold, by the hash of their
// token. Its methods are those of a store of github.com/alexedwards/scs.
type keptSessions struct {
	db  *db.DB
	now func() time.Time // decides which have expired
}

// endedFor is how long the mark of an ended session stays: longer than any
// request runs.
const endedFor = time.Hour

// FindCtx reads a session. found is false if there is none, or it has ended
// or expired.
func (s *keptSessions) FindCtx(ctx context.Context, hash string) (data []byte, found bool, err error) {
	err = s.db.QueryRow(ctx,
		"SELECT data FROM sessions WHERE token_hash = $1 AND expires_at > $2 AND length(data) > 0", hash, db.Micros(s.now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, db.Failed("find session", err)
	}
	return data, true, nil
}

// CommitCtx writes a session that is good until a time. It does nothing to a
// session that was ended: a request that began before the person signed out
// and is still running must not bring it back.
func (s *keptSessions) CommitCtx(ctx context.Context, hash string, data []byte, expires time.Time) error {
	_, err := s.db.Exec(ctx,
		"INSERT INTO sessions (token_hash, data, expires_at) VALUES ($1, $2, $3) "+
			"ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at "+
			"WHERE length(sessions.data) > 0", hash, data, db.Micros(expires))
	return db.Failed("commit session", err)
}

// DeleteCtx ends a session. An empty mark of it stays for a while.
func (s *keptSessions) DeleteCtx(ctx context.Context, hash string) error {
	_, err := s.db.Exec(ctx,
		"UPDATE sessions SET data = $1, expires_at = $2 WHERE token_hash = $3", []byte{}, db.Micros(s.now().Add(endedFor)), hash)
	return db.Failed("delete session", err)
}

// Sweep removes expired sessions and returns how many there were. It is to be
// called from time to time.
func (s *keptSessions) Sweep(ctx context.Context) (int64, error) {
	res, err := s.db.Exec(ctx, "DELETE FROM sessions WHERE expires_at <= $1", db.Micros(s.now()))
	if err != nil {
		return 0, db.Failed("sweep sessions", err)
	}
	return res.RowsAffected()
}

// Find is FindCtx without a context.
func (s *keptSessions) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

// Commit is CommitCtx without a context.
func (s *keptSessions) Commit(hash string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, expires)
}

// Delete is DeleteCtx without a context.
func (s *keptSessions) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }
