package httpd_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"sipas/internal/httpd"
	"sipas/internal/testkit"
)

// contract is a transport that holds every exchange under /api to the OpenAPI
// document: each answer must be described, and each request that is answered
// well. It remembers which operations and statuses it saw.
type contract struct {
	t      testing.TB
	next   http.RoundTripper
	router routers.Router

	mu      sync.Mutex
	covered map[string]bool // "sendResponse 201"
}

func newContract(t testing.TB, next http.RoundTripper) *contract {
	t.Helper()
	doc := loadOpenAPI(t)
	doc.Servers = nil // "/" for the standard; the router would look for paths behind it
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &contract{t: t, next: next, router: router, covered: map[string]bool{}}
}

func loadOpenAPI(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(httpd.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// client uses the API through the contract, with or without a token.
func (h *harness) api(c *contract) *http.Client {
	h.t.Helper()
	client := h.client()
	client.Transport = c
	return client
}

func (c *contract) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		var err error
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	response, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	if strings.HasPrefix(r.URL.Path, "/api/") {
		r.Body = io.NopCloser(bytes.NewReader(sent))
		c.check(r, response, body)
	}
	return response, nil
}

func (c *contract) check(r *http.Request, response *http.Response, body []byte) {
	what := r.Method + " " + r.URL.RequestURI() + " -> " + strconv.Itoa(response.StatusCode)
	route, parameters, err := c.router.FindRoute(r)
	if err != nil {
		if response.StatusCode != http.StatusNotFound && response.StatusCode != http.StatusMethodNotAllowed {
			c.t.Errorf("%s is not in the document: %v", what, err)
		}
		return
	}
	request := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: carriesCredentials, RejectWhenRequestBodyNotSpecified: true},
	}
	if response.StatusCode < 300 {
		if err := openapi3filter.ValidateRequest(context.Background(), request); err != nil {
			c.t.Errorf("%s: the document does not allow the request: %v", what, err)
		}
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: response.StatusCode, Header: response.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), answer.SetBodyBytes(body)); err != nil {
		c.t.Errorf("%s: the document does not describe the answer: %v\n%s", what, err, body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.covered[route.Operation.OperationID+" "+strconv.Itoa(response.StatusCode)] = true
}

// carriesCredentials: where the document asks for somebody, a request that was
// answered well must say who.
func carriesCredentials(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	r, scheme := in.RequestValidationInput.Request, in.SecurityScheme
	if scheme.Type == "http" && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		return nil
	}
	if _, err := r.Cookie(scheme.Name); scheme.In == "cookie" && err == nil {
		return nil
	}
	return errors.New("no credentials")
}

// complete fails for what the document describes and nobody has seen.
func (c *contract) complete(but ...string) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var missing []string
	for _, path := range loadOpenAPI(c.t).Paths.Map() {
		for _, operation := range path.Operations() {
			for status := range operation.Responses.Map() {
				if seen := operation.OperationID + " " + status; !c.covered[seen] && !slices.Contains(but, seen) && !slices.Contains(but, status) {
					missing = append(missing, seen)
				}
			}
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		c.t.Errorf("described and never seen: %s\nseen: %v", strings.Join(missing, ", "), slices.Sorted(maps.Keys(c.covered)))
	}
}

// TestOpenAPIIsValid holds the document to the standard, its examples included.
func TestOpenAPIIsValid(t *testing.T) {
	t.Parallel()
	doc := loadOpenAPI(t)
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("version %s", doc.OpenAPI)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
}

// TestOpenAPIHasEveryRoute compares the document with the route table: the same
// paths, and credentials exactly where a permission is asked for.
func TestOpenAPIHasEveryRoute(t *testing.T) {
	t.Parallel()
	parameter := regexp.MustCompile(`:([a-z]+)`)
	var described, served []string
	for path, item := range loadOpenAPI(t).Paths.Map() {
		for method, operation := range item.Operations() {
			who := "somebody"
			if operation.Security == nil {
				t.Errorf("%s %s does not say who may ask", method, path)
			} else if asked := *operation.Security; len(asked) == 0 || len(asked[0]) == 0 { // an empty one: nothing is needed
				who = "anyone"
			}
			described = append(described, method+" "+path+" by "+who)
		}
	}
	for _, r := range newHarness(t, testkit.SQLite(t)).kernel.Routes() {
		if strings.HasPrefix(r.Path, "/api") {
			who := "somebody"
			if r.Permission == "public" {
				who = "anyone"
			}
			served = append(served, r.Method+" "+parameter.ReplaceAllString(r.Path, "{$1}")+" by "+who)
		}
	}
	slices.Sort(described)
	slices.Sort(served)
	if diff := cmp.Diff(served, described); diff != "" {
		t.Errorf("-served +described:\n%s", diff)
	}
}
