package auth

import (
	"context"

	"sipas/internal/audit"
)

// Derive is how a key is made from a password.
type Derive = func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte

// WatchDerive lets a test see every derivation.
func (a *Auth) WatchDerive(wrap func(Derive) Derive) { a.passwords.derive = wrap(a.passwords.derive) }

// KeptSessions is where sessions are kept.
type KeptSessions = keptSessions

// KeptForTest is where sessions are kept.
func (a *Auth) KeptForTest() *KeptSessions { return a.kept }

// AddUserForTest keeps an account as it is given, with any hash.
func (a *Auth) AddUserForTest(ctx context.Context, by audit.Author, u User) (User, error) {
	return a.addUser(ctx, by, u)
}

// RehashForTest raises the costs of the hash that u was read with.
func (a *Auth) RehashForTest(ctx context.Context, u User, password string) error {
	return a.rehash(ctx, u, password)
}
