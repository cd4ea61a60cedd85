package auth

// Derive is how a key is made from a password.
type Derive = func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte

// WatchDerive lets a test see every derivation.
func (a *Auth) WatchDerive(wrap func(Derive) Derive) { a.passwords.derive = wrap(a.passwords.derive) }
