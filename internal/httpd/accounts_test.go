package httpd_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

var invitationLink = regexp.MustCompile(`value="[^"]*(/moi/[A-Z2-7]+)"`)

// invited adds an account as somebody and gives the path of its invitation.
func (h *harness) invited(client *http.Client, login, role, agency string) string {
	h.t.Helper()
	r := h.post(client, "/quan-tri/tai-khoan-moi", url.Values{"login": {login}, "name": {"Người mới " + login}, "role": {role}, "agency": {agency}})
	r.check(h.t, "invite "+login, http.StatusOK, nil, nil)
	found := invitationLink.FindStringSubmatch(r.body)
	if found == nil || r.header.Get("Cache-Control") != "no-store" {
		h.t.Fatalf("no invitation, or one that is kept (%s):\n%s", r.header.Get("Cache-Control"), r.body)
	}
	return found[1]
}

// Somebody is invited, chooses a password, works, is changed, disabled and enabled;
// all of it is in the log, and no secret is.
func TestAccountsInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		chief := h.signedIn(h.account(access.Administrator, 0))
		path := h.invited(chief, "Nguoi.Nhap", "entry", h.construction.Code)

		guest := h.client()
		page := h.get(guest, path+"?lang=vi")
		page.check(t, "the invitation", http.StatusOK, []string{"Chào Người mới", "nguoi.nhap", "Nhập phiếu"}, nil)
		if page.header.Get("Referrer-Policy") != "no-referrer" {
			t.Error("the link goes to other sites")
		}
		h.post(guest, path+"?lang=vi", url.Values{"password": {"matkhau123"}}).check(t, "a common password", http.StatusUnprocessableEntity, []string{"quá phổ biến", `aria-invalid="true"`}, []string{"matkhau123"})
		accepted := h.post(guest, path, url.Values{"password": {goodPassword}})
		if accepted.status != http.StatusSeeOther || accepted.header.Get("Location") != "/nhap-phieu" {
			t.Fatalf("accepted: %d to %s", accepted.status, accepted.header.Get("Location"))
		}
		unknown := h.get(h.client(), "/moi/"+strings.Repeat("A", 26))
		for what, r := range map[string]reply{"used": h.get(h.client(), path), "sent again": h.post(h.client(), path, url.Values{"password": {goodPassword}})} {
			r.check(t, what, http.StatusNotFound, nil, []string{"nguoi.nhap"})
		}
		unknown.check(t, "unknown", http.StatusNotFound, nil, nil)

		h.get(guest, "/quay?lang=vi").check(t, "their counters", http.StatusOK, []string{"Phỏng vấn"}, []string{`href="/bang"`, "Quản trị</a>"})
		h.get(guest, "/bang").check(t, "no board", http.StatusForbidden, nil, nil)
		h.get(guest, "/q/"+codeStaff).check(t, "their sheets", http.StatusOK, nil, nil)
		h.get(guest, "/quan-tri/tai-khoan").check(t, "no accounts", http.StatusForbidden, nil, nil)

		const one = "/quan-tri/tai-khoan/nguoi.nhap"
		changed := h.post(chief, one, url.Values{"name": {"Tên khác"}, "role": {"viewer"}, "agency": {h.environment.Code}, "email": {"x@y.example"}})
		if changed.header.Get("Location") != one+"?da=saved" {
			t.Fatalf("changed: %d %s", changed.status, changed.body)
		}
		h.get(chief, one+"?da=saved&lang=vi").check(t, "saved", http.StatusOK, []string{"Đã lưu", "Tên khác", "x@y.example"}, nil)
		h.get(guest, "/bang?lang=vi").check(t, "a board at once", http.StatusOK, []string{"Tên khác", h.environment.Name["vi"]}, nil)
		h.get(guest, "/q/"+codeStaff).check(t, "no sheets at once", http.StatusNotFound, nil, nil)
		h.post(chief, one, url.Values{"name": {" "}, "role": {"root"}, "agency": {""}, "email": {"đâu"}}).check(t, "all wrong", http.StatusUnprocessableEntity,
			[]string{`href="#f-name"`, `href="#f-email"`, `href="#f-role"`, `value="đâu"`}, nil)

		h.post(chief, one+"/khoa", nil).check(t, "disable", http.StatusSeeOther, nil, nil)
		h.get(guest, "/bang").check(t, "disabled at once", http.StatusSeeOther, nil, nil)
		h.get(chief, one+"?da=disabled&lang=vi").check(t, "with a way back", http.StatusOK, []string{"Hoàn tác", "Đã khóa"}, []string{"/moi-lai"})
		h.post(chief, one+"/moi-lai", nil).check(t, "no invitation for a disabled one", http.StatusNotFound, nil, nil)
		h.post(chief, one+"/mo", nil).check(t, "enable", http.StatusSeeOther, nil, nil)

		log := h.get(chief, "/quan-tri/nhat-ky?loai=user&lang=vi")
		log.check(t, "the log", http.StatusOK, []string{"Mời người dùng", "Nhận lời mời", "Sửa tài khoản", "Khóa tài khoản", "Mở lại tài khoản", "Tài khoản nguoi.nhap", "<del>Nhập phiếu</del>", "<ins>Xem</ins>"},
			[]string{strings.TrimPrefix(path, "/moi/"), goodPassword, "argon2", "x@y.example"})
		h.get(chief, "/quan-tri/nhat-ky?loai=khong-co").check(t, "no such kind", http.StatusBadRequest, nil, nil)
		h.get(chief, "/quan-tri/nhat-ky?tu=2025-02-30").check(t, "no such day", http.StatusBadRequest, nil, nil)
		h.get(chief, "/quan-tri/nhat-ky?tu=2031-01-01&lang=vi").check(t, "nothing yet", http.StatusOK, []string{"Không có thay đổi nào phù hợp"}, nil)
	})
}

// Who administers an agency's part gives nobody more than that, and sees nobody else;
// the last administrator of the province stays.
func TestAccountsStayWithinTheScope(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		login := h.account(access.Administrator, 0)
		chief, part := h.signedIn(login), h.signedIn(h.account(access.Administrator, h.environment.ID))
		other := h.account(access.Viewer, h.construction.ID)
		h.get(part, "/quan-tri/tai-khoan?lang=vi").check(t, "their accounts", http.StatusOK, nil, []string{login, other})
		for what, agency := range map[string]struct {
			code   string
			status int
		}{"the province": {"", http.StatusForbidden}, "another agency": {h.construction.Code, http.StatusNotFound}, "the agency above": {h.province.Code, http.StatusNotFound}} {
			h.post(part, "/quan-tri/tai-khoan-moi", url.Values{"login": {"ke-gian"}, "name": {"Kẻ gian"}, "role": {"administrator"}, "agency": {agency.code}}).check(t, what, agency.status, nil, nil)
		}
		h.invited(part, "cung-co-quan", "administrator", h.environment.Code)
		h.post(part, "/quan-tri/tai-khoan/cung-co-quan", url.Values{"name": {"Lên cao"}, "role": {"administrator"}, "agency": {""}}).check(t, "raised to the province", http.StatusForbidden, nil, nil)
		h.post(chief, "/quan-tri/tai-khoan-moi?lang=vi", url.Values{"login": {other}, "name": {"Trùng"}, "role": {"viewer"}, "agency": {""}}).check(t, "a login in use", http.StatusUnprocessableEntity,
			[]string{"đã có người dùng", `value="` + other + `"`}, nil)
		h.post(chief, "/quan-tri/tai-khoan/"+login+"?lang=vi", url.Values{"name": {"Tôi"}, "role": {"viewer"}, "agency": {""}}).check(t, "the last one", http.StatusConflict, []string{"ít nhất một quản trị viên"}, nil)
		h.get(chief, "/quan-tri/tai-khoan?tim=TAI+KHOAN+THU+viewer&lang=vi").check(t, "found without marks", http.StatusOK, []string{other}, []string{"/quan-tri/tai-khoan/" + login})
		h.get(chief, "/quan-tri/tai-khoan?tim=xyzzy&lang=vi").check(t, "none", http.StatusOK, []string{"Không có tài khoản nào phù hợp"}, nil)
	})
}

// One's own password changes only with the present one, and ends other sessions.
func TestOneOwnAccount(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		login := h.account(access.Viewer, 0)
		here, there := h.signedIn(login), h.signedIn(login)
		h.post(here, "/tai-khoan?lang=vi", url.Values{"before": {"không phải"}, "password": {"mật khẩu mới hơn"}}).check(t, "the wrong one", http.StatusUnprocessableEntity, []string{"chưa đúng"}, []string{"mật khẩu mới hơn"})
		h.post(here, "/tai-khoan?lang=vi", url.Values{"before": {goodPassword}, "password": {"1234567890"}}).check(t, "a common one", http.StatusUnprocessableEntity, []string{"quá phổ biến"}, nil)
		h.post(here, "/tai-khoan", url.Values{"before": {goodPassword}, "password": {"mật khẩu mới hơn"}}).check(t, "changed", http.StatusSeeOther, nil, nil)
		h.get(here, "/tai-khoan?da=saved&lang=vi").check(t, "still here", http.StatusOK, []string{"Đã đổi mật khẩu", login}, nil)
		h.get(there, "/tai-khoan").check(t, "not there", http.StatusSeeOther, nil, nil)
		h.post(here, "/tai-khoan/dang-xuat", nil).check(t, "everywhere", http.StatusSeeOther, nil, nil)
		h.get(here, "/tai-khoan").check(t, "nowhere any more", http.StatusSeeOther, nil, nil)
	})
}

// The file of the log is read by spreadsheet programs, which run no formula of it.
func TestTheLogAsAFile(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	chief := h.signedIn(h.account(access.Administrator, 0))
	h.invited(chief, "cong-thuc", "viewer", "")
	h.post(chief, "/quan-tri/tai-khoan/cong-thuc", url.Values{"name": {`=HYPERLINK("http://evil.example")`}, "role": {"viewer"}, "agency": {""}}).check(t, "named", http.StatusSeeOther, nil, nil)
	token, err := h.deps.Auth.CreateToken(t.Context(), testkit.Author(), `=1+1`, access.Administrator, 0)
	if err != nil {
		t.Fatal(err)
	}
	h.post(h.client(), "/quan-tri/tai-khoan/cong-thuc/khoa", nil, "Authorization", "Bearer "+token).check(t, "by a token", http.StatusSeeOther, nil, nil)
	r := h.get(chief, "/quan-tri/nhat-ky.csv?loai=user")
	r.check(t, "the file", http.StatusOK, nil, nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 4 {
		t.Fatal(len(rows), err)
	}
	last := rows[len(rows)-1]
	if last[2] != "'=1+1" || last[4] != "user.disable" {
		t.Errorf("the last line: %q", last)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
}

var checkedAccounts = regexp.MustCompile(`name="file-sha256" value="([0-9a-f]{64})"><input type="hidden" name="revision" value="([0-9a-f]{32})"`)

// importAccounts checks a list of accounts and carries it out.
func (h *harness) importAccounts(client *http.Client, list string) reply {
	h.t.Helper()
	seen := h.sendFile(client, "/tai-khoan/nhap?lang=vi", "tai-khoan.csv", list)
	proof := checkedAccounts.FindStringSubmatch(seen.body)
	if proof == nil {
		h.t.Fatalf("a list of accounts is not sound:\n%s", seen.body)
	}
	return h.sendFile(client, "/tai-khoan/nhap?lang=vi", "tai-khoan.csv", list, "do", "import", "file-sha256", proof[1], "revision", proof[2])
}

// Accounts come and go as a spreadsheet: who is new is invited by a link that is shown
// once, in answer to the import; a list that was checked before somebody else changed an
// account is checked anew; and only the province's administrator may.
func TestAccountsAreImportedInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		login := h.account(access.Administrator, 0)
		chief := h.signedIn(login)
		list := "login,name,role,agency\nmoi-mot,Người <b>,entry," + h.construction.Code + "\nmoi-hai,Người hai,viewer,\n"
		seen := h.sendFile(chief, "/tai-khoan/nhap?lang=vi", "tai-khoan.csv", list)
		seen.check(t, "checked", http.StatusOK, []string{"<b>2</b> sẽ được thêm"}, []string{"/moi/"})
		proof := checkedAccounts.FindStringSubmatch(seen.body)
		h.post(chief, "/quan-tri/tai-khoan/"+login, url.Values{"name": {"Tên khác"}, "role": {"administrator"}, "agency": {""}}).check(t, "meanwhile", http.StatusSeeOther, nil, nil)
		h.sendFile(chief, "/tai-khoan/nhap?lang=vi", "tai-khoan.csv", list, "do", "import", "file-sha256", proof[1], "revision", proof[2]).check(t, "a stale check", http.StatusOK, []string{"Chưa nhập"}, []string{"/moi/"})

		done := h.importAccounts(chief, list)
		done.check(t, "imported", http.StatusOK, []string{"Thư mời cho 2 tài khoản mới", "Người &lt;b&gt;"}, []string{"Người <b>"})
		links := invitationLink.FindAllStringSubmatch(done.body, -1)
		if len(links) != 2 || done.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d links, which may be kept: %s", len(links), done.header.Get("Cache-Control"))
		}
		h.get(h.client(), links[0][1]+"?lang=vi").check(t, "a link", http.StatusOK, []string{"moi-mot"}, nil)
		h.get(chief, "/quan-tri/nhat-ky?lang=vi").check(t, "the log", http.StatusOK, []string{"Nhập bảng tính tài khoản", "Tài khoản moi-hai"}, []string{strings.TrimPrefix(links[0][1], "/moi/")})

		given := h.get(chief, "/tai-khoan/xuat?dang=csv")
		given.check(t, "the list", http.StatusOK, []string{"moi-mot,Người <b>,entry," + h.construction.Code}, []string{goodPassword, "argon2"})
		h.sendFile(chief, "/tai-khoan/nhap?lang=vi", "users.csv", given.body).check(t, "what was given", http.StatusOK, []string{"Không có gì phải nhập"}, nil)
		changed := h.importAccounts(chief, "login,role\nmoi-hai,manager\n")
		changed.check(t, "changed", http.StatusSeeOther, nil, nil)
		h.get(chief, changed.header.Get("Location")+"&lang=vi").check(t, "where it leads", http.StatusOK, []string{"Đã nhập danh sách tài khoản", "Quản lý cơ quan"}, nil)
		h.sendFile(chief, "/tai-khoan/nhap?lang=vi", "sai.csv", "login,role\n"+login+",viewer\n").check(t, "the last administrator", http.StatusOK, []string{"chỗ cần sửa"}, []string{"file-sha256"})
		part := h.signedIn(h.account(access.Administrator, h.construction.ID))
		h.sendFile(part, "/tai-khoan/nhap", "tai-khoan.csv", list).check(t, "an agency's administrator", http.StatusForbidden, nil, nil)
		h.get(part, "/tai-khoan/xuat").check(t, "the whole list", http.StatusForbidden, nil, nil)
		h.get(part, "/quan-tri/tai-khoan?lang=vi").check(t, "their accounts", http.StatusOK, nil, []string{"Nhập từ bảng tính"})
	})
}
