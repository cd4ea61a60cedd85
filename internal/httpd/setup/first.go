package setup

import (
	"errors"
	"net/http"

	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/httpd"
)

// firstPage asks for the first account.
type firstPage struct {
	httpd.Typed
	Path string
}

var firstFields = []string{"login", "name", "password"}

// showFirst asks whoever has the link that the server printed at its first start. With an
// account, and without such a link, there is nothing here.
func (s *side) showFirst(r *httpd.Request) error {
	if err := s.k.Auth.MayBeFirst(r.Context(), s.k.Secret, r.Param("link")); err != nil {
		return err
	}
	return s.writeFirst(r, http.StatusOK, r.Typed(nil))
}

func (s *side) writeFirst(r *httpd.Request, status int, typed httpd.Typed) error {
	r.Set("Referrer-Policy", "no-referrer") // the address lets its reader in
	return r.Show(status, "desk/first", r.NewPage("first", firstPage{typed, firstPath + "/" + r.Param("link")}))
}

// addFirst makes the account, signs in, and leads to the steps.
func (s *side) addFirst(r *httpd.Request) error {
	typed, err := r.TypedFields(firstFields...)
	if err != nil {
		return err
	}
	who, err := s.k.Auth.AddFirst(r.Context(), s.k.Secret, r.Param("link"), auth.NewUser{Login: typed["login"], Name: typed["name"], Password: typed["password"]})
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		delete(typed, "password")
		return s.writeFirst(r, http.StatusUnprocessableEntity, r.Typed(typed, invalid.Problems...))
	}
	if err == nil {
		err = s.k.Auth.SignIn(r.Context(), who)
	}
	if err != nil {
		return err
	}
	r.LeadTo(stepsPath)
	return nil
}
