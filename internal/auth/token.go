package auth

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// tokenPrefix lets people and secret scanners see what a lost token is for.
const tokenPrefix = "sipas_"

// tokenBytes is how many random bytes a token has.
const tokenBytes = 32

// CreateToken makes an API token and returns its text, which is kept nowhere
// else. agencyID is the root of what it may see, 0 for the whole province.
// What is wrong with the label or role is *fault.Invalid.
func (a *Auth) CreateToken(ctx context.Context, by audit.Author, label string, role access.Role, agencyID int64) (plaintext string, err error) {
	label = norm.NFC.String(label)
	if found := append(lineProblems("label", label), roleProblems(role)...); len(found) > 0 {
		return "", &fault.Invalid{Problems: found}
	}
	plaintext = tokenPrefix + base64.RawURLEncoding.EncodeToString(randomBytes(tokenBytes))
	row := tokenRow{TokenHash: hashToken(plaintext), Label: label, Role: string(role), AgencyID: db.OrNull(agencyID), CreatedAt: db.Micros(a.now())}
	if err := createSecret(ctx, a.records, by, &row); err != nil {
		return "", err
	}
	return plaintext, nil
}

// RevokeToken ends the use of a token at once. Without the token, or if it is
// revoked already, it is fault.ErrNotFound.
func (a *Auth) RevokeToken(ctx context.Context, by audit.Author, id int64) error {
	return revokeSecret[tokenRow](ctx, a.records, by, id)
}

func (tokenRow) noun() string    { return "token" }
func (r tokenRow) number() int64 { return r.ID }

func (r tokenRow) entry() any {
	return accountEntry{ID: r.ID, Label: r.Label, Role: r.Role, AgencyID: db.OrZero(r.AgencyID)}
}

// fromToken is fault.ErrNotFound for anything but a token in use.
func (a *Auth) fromToken(ctx context.Context, plaintext string) (access.Identity, error) {
	if len(plaintext) != len(tokenPrefix)+base64.RawURLEncoding.EncodedLen(tokenBytes) || !strings.HasPrefix(plaintext, tokenPrefix) {
		return access.Identity{}, fault.ErrNotFound
	}
	t, err := db.One("find token", a.db.Rows(ctx).Where("token_hash = ? AND revoked_at IS NULL", hashToken(plaintext)), tokenRow.domain)
	if err != nil {
		return access.Identity{}, err
	}
	return access.Identity{Name: t.Label, Role: access.Role(t.Role), Scope: t.AgencyID}, nil
}

// bearer reads the token of a request. given is true as soon as the request
// claims to have one, good or not. Several are taken as one that is no good.
func bearer(h http.Header) (token string, given bool) {
	values := h.Values("Authorization")
	for _, v := range values {
		scheme, rest, _ := strings.Cut(v, " ")
		if strings.EqualFold(scheme, "Bearer") {
			token, given = strings.TrimSpace(rest), true
		}
	}
	if len(values) > 1 {
		token = ""
	}
	return token, given
}
