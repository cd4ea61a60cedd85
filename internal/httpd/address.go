package httpd

import (
	"fmt"
	"net/url"
)

// Address is the path and the query of a request, of which a handler reads what
// its route declares.
type Address struct{ x *exchange }

// Param is a part of the path.
func (a Address) Param(name string) string { return a.x.c.Param(a.x.declared(name)) }

// Query is a value of the query, "" if it is not there.
func (a Address) Query(name string) string { return a.x.c.Query(a.x.declared(name)) }

// Asked is Query that tells what is empty from what is not there.
func (a Address) Asked(name string) (value string, given bool) {
	return a.x.c.GetQuery(a.x.declared(name))
}

// Queries are the values of the query that a name has, which may be there several times.
func (a Address) Queries(name string) []string { return a.x.c.QueryArray(a.x.declared(name)) }

// AskedLanguage is the language that is asked for, "" if none is.
func (a Address) AskedLanguage() string { return a.x.askedLanguage() }

// NothingElse refuses an address that says something else than the route
// declares, or something twice: a program that asks wrongly should not get
// figures of something it did not mean.
func (a Address) NothingElse() error {
	given, err := url.ParseQuery(a.x.c.Request.URL.RawQuery)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrQuery, err)
	}
	for name, values := range given {
		if len(values) > 1 || name != languageQuery && !a.x.route.reads(name) {
			return fmt.Errorf("%.40q: %w", name, ErrQuery)
		}
	}
	return nil
}

// StrayPath is the path that no route is for. Only the route for strays may
// look at it.
func (a Address) StrayPath() string {
	a.x.strayOnly()
	return a.x.c.Request.URL.Path
}

func (x *exchange) strayOnly() {
	if x.route.Path != Stray {
		panic("route " + x.route.Path + " is not the one for strays")
	}
}
