package httpd

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the document
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/survey"
)

// The description of the routes under /api; a test holds both together. What
// the routes share stands in a file of its own, and so do the schemas of drafts.
var (
	//go:embed openapi.json
	openAPIPaths []byte
	//go:embed openapi_components.json
	openAPIComponents []byte
	//go:embed openapi_drafts.json
	openAPIDrafts []byte
)

// openAPI is the whole description: the members of the files in one object,
// with the kinds of questions that there are.
func openAPI() []byte {
	var types []string
	for _, t := range survey.Types() {
		types = append(types, strconv.Quote(string(t)))
	}
	paths, components := bytes.TrimSpace(openAPIPaths), bytes.TrimSpace(openAPIComponents)
	components = bytes.Replace(components, []byte(`"{types}"`), []byte(strings.Join(types, ", ")), 1)
	drafts := bytes.TrimSpace(openAPIDrafts)
	components = bytes.Replace(components, []byte(`"{drafts}": {}`), drafts[1:len(drafts)-1], 1)
	return slices.Concat(paths[:len(paths)-1], []byte(","), components[1:], []byte("\n"))
}

// showOpenAPI serves the description of the API. It changes with the program
// only, so clients may ask whether theirs is still the same.
func showOpenAPI(r *Request) error {
	document := openAPI()
	sum := sha256.Sum256(document)
	r.Set("Cache-Control", "public, no-cache")
	r.WriteTagged(`"`+hex.EncodeToString(sum[:8])+`"`, "application/json; charset=utf-8", document)
	return nil
}
