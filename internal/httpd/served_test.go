package httpd_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// clerk is the code of an official of the department of the environment.
const clerk = "cb-mot-cua"

// clerks makes the official, whose figures the account of a login reads, and lets people
// be asked about officials. It gives the login of the head of the agency.
func (h *harness) clerks(login string) (head string) {
	h.t.Helper()
	ctx := context.Background()
	snap := h.snapshot()
	office, known := snap.Tree.ByCode("so-tnmt")
	if !known { // in the demonstration
		office = snap.Tree.Subtree(snap.Points[0].AgencyID)[0]
	}
	if _, err := h.st.Exec(ctx, "INSERT INTO officials (code, badge, agency_id, name, login) VALUES ($1, 'QQQQ2222', $2, 'Người phục vụ', $3)", clerk, office.ID, login); err != nil {
		h.t.Fatal(err)
	}
	if err := h.st.SaveSetting(ctx, registry.SettingOfficials, "1"); err != nil {
		h.t.Fatal(err)
	}
	return h.account(access.Manager, office.ID)
}

// served lets people judge the official, in a month of 2025.
func (h *harness) served(people, month, level int) {
	h.t.Helper()
	snap := h.snapshot()
	o, _ := snap.Official(clerk)
	var point agency.ServicePoint
	for _, p := range snap.Points {
		if p.AgencyID == o.AgencyID && p.SurveyKey == "quay-nhanh" {
			point = p
		}
	}
	v := snap.Versions("quay-nhanh")[0]
	var batch []survey.Response
	for range people {
		r := survey.Response{
			ID: h.newKey(), ServicePointID: point.ID, AgencyID: point.JudgedID, FieldKey: point.FieldKeys[0], VersionID: v.ID, Channel: point.Channel,
			Language: "vi", At: h.clock.Now(), Day: fmt.Sprintf("2025-%02d-02", month), Scale: fmt.Sprint(level) + strings.Repeat(".", len(v.Scale())-1),
			Receipt: agency.NewCode(), Fingerprint: "f", OfficialID: o.ID,
			Texts: []survey.TextAnswer{{Question: "comment", Text: "ý kiến kín"}},
		}
		v.Judge(&r)
		batch = append(batch, r)
	}
	if _, err := h.st.SaveResponses(context.Background(), batch); err != nil {
		h.t.Fatal(err)
	}
}

// TestFiguresOfAnOfficialAreTheirsAlone: the official reads them and the head of the
// agency does, from thirty people on; nobody else does, whatever they may do.
func TestFiguresOfAnOfficialAreTheirsAlone(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		const login, page, document = "nguoi-phuc-vu", "/can-bo/" + clerk + "/ket-qua?year=2025", "/api/v1/officials/" + clerk + "/figures?year=2025"
		if _, err := h.deps.Auth.AddUser(t.Context(), testkit.Author(), auth.NewUser{Login: login, Name: "Tài khoản", Password: goodPassword, Role: access.Entry, AgencyID: h.environment.ID}); err != nil {
			t.Fatal(err)
		}
		chief := h.clerks(login)
		self, head := h.signedIn(login), h.signedIn(chief)
		h.served(24, 5, 5)
		h.served(5, 6, 1)
		few := []string{"dưới 30 người"}
		for name, client := range map[string]*http.Client{"the official": self, "the head": head} {
			h.get(client, page).check(t, name+", 29 people", http.StatusOK, few, []string{"29", "82,8", "ý kiến kín"})
			h.get(client, document).check(t, name+", 29 people", http.StatusOK, []string{`"n":null`, `"percent":null`, `"least_people":30`, `"months":[]`}, []string{"29", "24"})
		}
		h.served(11, 5, 1)
		for name, client := range map[string]*http.Client{"the official": self, "the head": head} {
			h.get(client, page).check(t, name, http.StatusOK, []string{"60%", "40 người", "Khoảng tin cậy 95%: 44,", "Tháng 5<", "35"}, []string{"Tháng 6<", "ý kiến kín"})
			h.get(client, document).check(t, name, http.StatusOK, []string{`"n":40`, `"percent":60`, `"month":"2025-05"`, `"n":35`}, []string{"2025-06", "levels", "reasons"})
			h.get(client, "/can-bo/"+clerk+"/ket-qua?year=2024").check(t, name+", before", http.StatusOK, few, []string{"60%"})
			h.get(client, "/can-bo/"+clerk+"/ket-qua?year=x").check(t, name+", no year", http.StatusBadRequest, nil, nil)
		}
		// Who writes a login of an account above beside the official reads no more than before.
		above := h.account(access.Manager, h.province.ID)
		if _, err := st.Exec(t.Context(), "UPDATE officials SET login = $1 WHERE code = $2", above, clerk); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(5 * time.Second)
		for _, path := range []string{page, document} {
			h.get(h.signedIn(above), path).check(t, "a login written beside the official: "+path, http.StatusNotFound, nil, []string{"60%"})
		}
		h.get(h.signedIn(above), "/tai-khoan").check(t, "and on the account", http.StatusOK, nil, []string{"/ket-qua"})
		if _, err := st.Exec(t.Context(), "UPDATE officials SET login = $1 WHERE code = $2", login, clerk); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(5 * time.Second)
		h.get(self, "/tai-khoan").check(t, "own account", http.StatusOK, []string{"/can-bo/" + clerk + "/ket-qua"}, nil)
		h.get(head, "/tai-khoan").check(t, "account of the head", http.StatusOK, nil, []string{"/ket-qua"})
		for _, role := range access.Roles() {
			for _, scope := range []int64{0, h.province.ID, h.environment.ID, h.construction.ID} {
				if role == access.Manager && scope == h.environment.ID {
					continue
				}
				for _, path := range []string{page, document} {
					h.get(h.client(), path, h.token(role, scope)...).check(t, fmt.Sprint(role, " of ", scope, " ", path), http.StatusNotFound, nil, []string{"60%", "Người phục vụ"})
				}
			}
		}
		if err := st.SaveSetting(t.Context(), registry.SettingOfficials, "0"); err != nil {
			t.Fatal(err)
		}
		for _, client := range []*http.Client{self, head} {
			h.get(client, page).check(t, "where officials are not judged", http.StatusNotFound, nil, nil)
			h.get(client, "/tai-khoan").check(t, "and on the account", http.StatusOK, nil, []string{"/ket-qua"})
		}
	})
}
