package export

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"

	"sipas/internal/audit"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// aliases are the ids of responses as files show them. A submission id tells when
// the form was opened; its alias is the id as one block of a cipher, under a key
// that stays in the database. So an alias tells nothing, is the same in every
// file of a deployment, and can be turned back there. A response read under an
// alias from elsewhere gets the id that has this alias here: it keeps its alias,
// however often it goes from one deployment to another.
type aliases struct{ block cipher.Block }

func newAliases(ctx context.Context, reg *registry.Registry) (aliases, error) {
	var fresh [32]byte
	_, _ = rand.Read(fresh[:]) // never fails
	kept, err := reg.Keep(ctx, audit.Author{Name: "sipas export", Via: audit.Program}, registry.SettingExportKey, hex.EncodeToString(fresh[:]))
	if err != nil {
		return aliases{}, err
	}
	key, err := hex.DecodeString(kept)
	if err != nil {
		return aliases{}, fmt.Errorf("setting %s is not hexadecimal", registry.SettingExportKey)
	}
	block, err := aes.NewCipher(key)
	return aliases{block}, err
}

// of gives the alias of a submission id: 32 hexadecimal digits, so that it is
// not taken for an id.
func (a aliases) of(id string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(b) != aes.BlockSize {
		return "" // the database holds no such id
	}
	a.block.Encrypt(b, b)
	return hex.EncodeToString(b)
}

// id turns an alias back. What is none is given back as it is: files made before
// there were aliases have ids.
func (a aliases) id(alias string) string {
	b, err := hex.DecodeString(alias)
	if err != nil || len(b) != aes.BlockSize {
		return alias
	}
	a.block.Decrypt(b, b)
	s := hex.EncodeToString(b)
	if id, ok := survey.ParseID(s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]); ok {
		return id
	}
	return alias
}
