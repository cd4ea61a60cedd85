// Package search is the web for who looks for something by its name, whatever it is:
// agencies, service points, procedures, accounts.
package search

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sipas/internal/access"
	"sipas/internal/auth"
	"sipas/internal/fold"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/wording"
)

// side is the side of the web on which things are looked for.
type side struct{ k *httpd.Kernel }

// Routes are those of looking for something.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := side{k}
	return []httpd.Route{
		{Method: http.MethodGet, Path: "/tim", Permission: access.ViewPoints, About: []httpd.About{{Is: httpd.Nothing}}, Asks: []string{"q"}, Handle: s.search},
	}
}

// searchPage is what was looked for, and what there is of it.
type searchPage struct {
	Search string // "" if nothing is looked for yet
	Groups []group
}

// group are the things of one kind.
type group struct {
	Title string
	Lines []line // the best of them
	All   string // the list of all of them, "" where there are no others
	Found int64  // how many those are
}

// line is one thing.
type line struct {
	Name, To string
	Of       string // where it belongs, "" for nowhere
	State    string // what must be known of it, "" for nothing
}

// most is how many things of one kind are shown.
const most = 10

// search looks among what the caller may see, and among accounts for who looks after
// them. Nothing else can be told from what comes out.
func (s side) search(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, view := r.NewPage("search", nil), r.View(snap)
	data := searchPage{Search: strings.TrimSpace(httpd.Cut(r.Query("q"), 100))}
	if data.Search != "" {
		search, names := view.Search(data.Search), map[int64]string{}
		for _, a := range view.Agencies() {
			names[a.ID] = a.Name.In(p.Language)
		}
		procedures, err := s.procedures(r, p, data.Search)
		if err != nil {
			return err
		}
		groups := []group{agencies(p, names, search), points(p, names, search), procedures}
		if r.May(access.ManageAccounts) {
			accounts, err := s.accounts(r, p, view, data.Search)
			if err != nil {
				return err
			}
			groups = append(groups, accounts)
		}
		for _, g := range groups {
			if int(g.Found) > len(g.Lines) {
				g.All += "?tim=" + url.QueryEscape(data.Search)
			} else {
				g.All = ""
			}
			if g.Found > 0 {
				data.Groups = append(data.Groups, g)
			}
		}
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/search", p)
}

func agencies(p httpd.Page, names map[int64]string, search registry.Search) group {
	best, found := search.BestAgencies(most)
	g := group{Title: p.T("title.agencies"), All: "/co-quan", Found: int64(found)}
	for _, a := range best {
		one := line{Name: names[a.ID], Of: names[a.ParentID], To: "/co-quan/" + a.Code}
		one.State = wording.Ended(p.Words, a, p.Today)
		g.Lines = append(g.Lines, one)
	}
	return g
}

func points(p httpd.Page, names map[int64]string, search registry.Search) group {
	best, found := search.BestPoints(most)
	g := group{Title: p.T("search.points"), All: "/quay", Found: int64(found)}
	for _, point := range best {
		one := line{Name: point.Name.In(p.Language), Of: names[point.AgencyID], To: "/quay/" + string(point.Code)}
		if !point.Active {
			one.State = p.T("points.closed")
		}
		g.Lines = append(g.Lines, one)
	}
	return g
}

func (s side) procedures(r *httpd.Request, p httpd.Page, text string) (group, error) {
	all, err := s.k.Procedures.All(r.Context())
	if err != nil {
		return group{}, err
	}
	wanted := fold.Text(text)
	best, found := fold.Best(all, most, func(i int) fold.Rank { return fold.Find(fold.Text(all[i].Sought()), wanted) })
	g := group{Title: p.T("title.procedures"), All: "/thu-tuc", Found: int64(found)}
	for _, of := range best {
		g.Lines = append(g.Lines, line{Name: of.Name.In(p.Language), Of: of.Code, To: httpd.AddressOf("/thu-tuc", "tim", of.Code)})
	}
	return g, nil
}

func (s side) accounts(r *httpd.Request, p httpd.Page, view registry.View, text string) (group, error) {
	users, err := s.k.Auth.Users(r.Context())
	if err != nil {
		return group{}, err
	}
	users = slices.DeleteFunc(users, func(u auth.User) bool { return !view.Sees(u.AgencyID) })
	wanted := fold.Text(text)
	best, found := fold.Best(users, most, func(i int) fold.Rank { return fold.Find(fold.Text(users[i].Name+"\n"+users[i].Login), wanted) })
	g := group{Title: p.T("title.accounts"), All: "/quan-tri/tai-khoan", Found: int64(found)}
	for _, u := range best {
		one := line{Name: u.Name, Of: u.Login, To: "/quan-tri/tai-khoan/" + url.PathEscape(u.Login)}
		if u.Disabled() {
			one.State = p.T("accounts.disabled")
		}
		g.Lines = append(g.Lines, one)
	}
	return g, nil
}
