package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
)

// Bounds of a password, after Unicode normalisation.
const (
	MinPasswordRunes = 10
	MaxPasswordBytes = 200
)

// Message keys of problems with an account, beside those of package survey.
const (
	ProblemPasswordShort   = "password-too-short"
	ProblemPasswordLong    = "password-too-long" // the limit is in bytes
	ProblemPasswordIsLogin = "password-is-login"
	ProblemLoginFormat     = "login-format"
	ProblemLineFormat      = "line-format"
	ProblemUnknownRole     = "unknown-role"
	ProblemEmailFormat     = "email-format"
	ProblemPasswordCommon  = "password-common"
	ProblemPasswordBefore  = "password-before" // it is not the present one
	ProblemLoginInUse      = "login-in-use"
)

// hashers is how many passwords are hashed at once: each takes 19 MiB and a
// core, so a flood of logins may not take them all.
const hashers = 2

// passwords hashes and compares.
type passwords struct {
	slots chan struct{}
	// derive is argon2.IDKey.
	derive func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte
}

// key derives a key as soon as a slot is free and begin, if there is one, has no
// objection, or gives up with the context.
func (p *passwords) key(ctx context.Context, password string, salt []byte, costs params, length int, begin func(context.Context) error) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err // a free slot may win against a context that is done
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if begin != nil {
		if err := begin(ctx); err != nil {
			return nil, err
		}
	}
	return p.derive([]byte(password), salt, costs.time, costs.memory, costs.threads, uint32(length)), nil
}

func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	salt := randomBytes(saltLength)
	key, err := p.key(ctx, password, salt, currentParams, keyLength, nil)
	if err != nil {
		return "", err
	}
	return phc{currentParams, salt, key}.String(), nil
}

// verify compares in constant time. stale says that the hash is right but was
// made at other costs than those of today.
func (p *passwords) verify(ctx context.Context, hash, password string, begin func(context.Context) error) (right, stale bool, err error) {
	h, err := parsePHC(hash)
	if err != nil {
		return false, false, err
	}
	key, err := p.key(ctx, password, h.salt, h.params, len(h.key), begin)
	if err != nil {
		return false, false, err
	}
	right = subtle.ConstantTimeCompare(key, h.key) == 1
	return right, right && (h.params != currentParams || len(h.key) != keyLength), nil
}

// decoy is a hash that no password has and that costs the same to compare. An
// unknown login is compared with it, so that it takes as long as a known one.
func decoy() string {
	return phc{currentParams, randomBytes(saltLength), randomBytes(keyLength)}.String()
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	// crypto/rand.Read never fails: it stops the program instead.
	_, _ = rand.Read(b)
	return b
}

// normalPassword makes the same password the same bytes: keyboards write "ế"
// as one code point, as two or as three.
func normalPassword(password string) string { return norm.NFC.String(password) }

// passwordProblems says why a normalised password may not be chosen. Length is
// what matters, and that it is not the first that anybody would try; rules about
// kinds of characters make passwords worse (NIST SP 800-63B, 5.1.1.2).
func passwordProblems(password, login string) []fault.Problem {
	problem := fault.Problem{Where: "password"}
	switch {
	case !utf8.ValidString(password):
		problem.Key = fault.ProblemBadUTF8
	case utf8.RuneCountInString(password) < MinPasswordRunes:
		problem.Key, problem.Limit = ProblemPasswordShort, strconv.Itoa(MinPasswordRunes)
	case len(password) > MaxPasswordBytes:
		problem.Key, problem.Limit = ProblemPasswordLong, strconv.Itoa(MaxPasswordBytes)
	case strings.EqualFold(password, login):
		problem.Key = ProblemPasswordIsLogin
	case common(password):
		problem.Key = ProblemPasswordCommon
	default:
		return nil
	}
	return []fault.Problem{problem}
}
