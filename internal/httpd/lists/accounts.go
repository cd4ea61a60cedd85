package lists

import (
	"io"
	"net/http"

	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/bulk"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// accountsPath is the page of accounts; their list comes and goes below that of one's own,
// since any account may be called as these pages are.
const accountsPath = "/quan-tri/tai-khoan"

// accounts is the list of accounts, which package auth keeps. The links of new ones are
// shown in answer to the import, and never again.
func (s *side) accounts() sheet {
	judge := func(r *httpd.Request, content []byte) (judged, error) {
		snap, users, err := s.users(r)
		if err != nil {
			return judged{}, err
		}
		plan := bulk.PlanUsers(snap, users, content)
		return judged{plan.Plan, func() error {
			invited, err := plan.Apply(r.Context(), s.k.Auth, r.Author(audit.Web))
			if err != nil {
				return err
			}
			return s.showInvited(r, invited)
		}}, nil
	}
	write := func(r *httpd.Request, w io.Writer, format string) error {
		snap, users, err := s.users(r)
		if err != nil {
			return err
		}
		return bulk.WriteUsers(w, format, snap, users)
	}
	page := func(r *httpd.Request) httpd.Page { return r.NewPage("import-users", nil) }
	return sheet{bulk.Users(), "/tai-khoan", page, judge, write}
}

func (s *side) users(r *httpd.Request) (*registry.Snapshot, []auth.User, error) {
	snap, err := r.Snapshot()
	if err != nil {
		return nil, nil, err
	}
	users, err := s.k.Auth.Users(r.Context())
	return snap, users, err
}

// invitationsPage shows the links of new accounts, one letter each.
type invitationsPage struct {
	Letters []letter
	N       int64
	Until   string
	Back    string
}

// letter is what whoever is invited gets.
type letter struct{ Login, Name, Link string }

func (s *side) showInvited(r *httpd.Request, invited []bulk.Invitation) error {
	if len(invited) == 0 {
		r.LeadTo(httpd.AddressOf(accountsPath, "da", "users-imported"))
		return nil
	}
	data := invitationsPage{N: int64(len(invited)), Until: s.k.Now().In(s.k.Zone).Add(auth.InvitationLasts).Format("15:04 02/01/2006"), Back: accountsPath}
	for _, i := range invited {
		data.Letters = append(data.Letters, letter{i.Login, i.Name, s.k.PublicURL.String() + "/moi/" + i.Token})
	}
	r.Set("Cache-Control", "no-store")
	return r.Show(http.StatusOK, "desk/invitations", r.NewPage("invitations", data))
}
