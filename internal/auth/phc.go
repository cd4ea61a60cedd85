package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// params are the costs of argon2id.
type params struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

// currentParams are what OWASP's password storage cheat sheet asks for at least:
// 19 MiB, two passes, one lane.
var currentParams = params{memory: 19 << 10, time: 2, threads: 1}

// Lengths in bytes of what is made now.
const (
	saltLength = 16
	keyLength  = 32
)

// phc is a password hash in the PHC string format:
// $argon2id$v=19$m=19456,t=2,p=1$SALT$KEY, both in base64 without padding.
type phc struct {
	params
	salt, key []byte
}

func (h phc) String() string {
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", h.memory, h.time, h.threads,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

// errBadHash does not repeat the hash, as it ends up in logs.
var errBadHash = errors.New("a stored password hash is not argon2id in the PHC format, or its costs are out of bounds")

// parsePHC reads a hash. Its bounds keep a damaged or imported one from taking
// all memory.
func parsePHC(s string) (phc, error) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != "v=19" {
		return phc{}, errBadHash
	}
	var h phc
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); err != nil {
		return phc{}, errBadHash
	}
	var err, keyErr error
	h.salt, err = base64.RawStdEncoding.Strict().DecodeString(part[4])
	h.key, keyErr = base64.RawStdEncoding.Strict().DecodeString(part[5])
	if err != nil || keyErr != nil || h.String() != s ||
		h.memory < 8 || h.memory > 1<<20 || h.time < 1 || h.time > 32 || h.threads < 1 || h.threads > 16 ||
		len(h.salt) < 8 || len(h.salt) > 64 || len(h.key) < 16 || len(h.key) > 64 {
		return phc{}, errBadHash
	}
	return h, nil
}
