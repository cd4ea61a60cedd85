package httpd_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/testkit"
)

// TestTheAuditNamesWhoAsked: of a change on a page the account, of one through
// the API the label of its token; of one that was refused nothing.
func TestTheAuditNamesWhoAsked(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.year2025()
		login := h.account(access.Administrator, 0)
		page, api := h.signedIn(login), h.client()
		token, viewer := h.token(access.Administrator, 0), h.token(access.Viewer, 0)
		before, err := audit.New(st.DB).Seal(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		year := url.Values{"year": {"2025"}, "period": {"Y"}}
		h.post(page, "/bang/cong-bo", year).check(t, "publish", http.StatusSeeOther, nil, nil)
		h.do(api, http.MethodDelete, "/api/v1/publications/2025/Y", nil, viewer...).check(t, "a viewer", http.StatusForbidden, nil, nil)
		h.do(api, http.MethodDelete, "/api/v1/publications/2025/Q1", nil, token...).check(t, "nothing there", http.StatusNotFound, nil, nil)
		h.do(api, http.MethodDelete, "/api/v1/publications/2025/Y", nil, token...).check(t, "withdraw", http.StatusNoContent, nil, nil)

		user, err := h.deps.Auth.UserByLogin(t.Context(), login)
		if err != nil {
			t.Fatal(err)
		}
		entries, err := audit.New(st.DB).List(t.Context(), audit.Filter{After: before.Entries})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]audit.Author{}
		for _, e := range entries {
			got[e.Action+" "+e.Subject] = e.Author
		}
		want := map[string]audit.Author{
			"publication.publish publication/2025/Y":  {UserID: user.ID, Name: user.Name, Via: audit.Web},
			"publication.withdraw publication/2025/Y": {Name: "thử nghiệm", Via: audit.API},
		}
		if diff := cmp.Diff(want, got); diff != "" || len(entries) != len(want) {
			t.Errorf("%d entries:\n%s", len(entries), diff)
		}
	})
}
