// Package admin is the web for who looks after the platform: signing in and out,
// service points and their posters, and the same for programs.
package admin

import (
	"net/http"

	"sipas/internal/access"
	"sipas/internal/httpd"
)

// side is the administrators' side of the web.
type side struct{ k *httpd.Kernel }

// Routes are those of accounts and service points.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		account = []httpd.About{{In: httpd.Path, Name: "account", Is: httpd.Account}}
		placed  = httpd.About{In: httpd.Field, Name: "agency", Is: httpd.Agency, Optional: true}
		invited = []httpd.About{{In: httpd.Path, Name: "token", Is: httpd.Invitation}}
		form    = httpd.FormBody(httpd.OrdinaryBody)
		asksLog = []string{"ai", "loai", "tu", "den-ngay"}
		point   = []httpd.About{{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true}}
		posters = []httpd.About{
			{In: httpd.Query, Name: "agency", Is: httpd.Agency, Optional: true},
			{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true},
		}
	)
	const one = accountsPath + "/:account"
	return []httpd.Route{
		{Method: http.MethodGet, Path: "/dang-nhap", Permission: access.Public, About: nothing, Asks: []string{"den"}, Handle: s.showSignIn},
		{Method: http.MethodPost, Path: "/dang-nhap", Permission: access.Public, About: nothing, Asks: []string{"den", "login", "password"}, Body: httpd.FormBody(httpd.OrdinaryBody), Handle: s.signIn},
		{Method: http.MethodPost, Path: "/dang-xuat", Permission: access.Public, About: nothing, Handle: s.signOut},
		{Method: http.MethodGet, Path: "/quay", Permission: access.ViewPoints, About: point, Asks: []string{"page"}, Handle: s.showPoints},
		{Method: http.MethodGet, Path: "/quay/poster.pdf", Permission: access.ViewPoints, About: posters, Asks: []string{"size"}, Handle: s.printPosters},
		{Method: http.MethodGet, Path: "/api/v1/service-points", Permission: access.ViewPoints, About: nothing, Handle: s.givePoints},
		{Method: http.MethodGet, Path: accountsPath, Permission: access.ManageAccounts, About: nothing, Asks: []string{"tim", "role", "page"}, Handle: s.showAccounts},
		{Method: http.MethodGet, Path: "/quan-tri/tai-khoan-moi", Permission: access.ManageAccounts, About: nothing, Handle: s.showNewAccount},
		{Method: http.MethodPost, Path: "/quan-tri/tai-khoan-moi", Permission: access.ManageAccounts, About: []httpd.About{placed}, Asks: []string{"login", "name", "email", "role"}, Body: form, Handle: s.addAccount},
		{Method: http.MethodGet, Path: one, Permission: access.ManageAccounts, About: account, Asks: []string{"da"}, Handle: s.showAccount},
		{Method: http.MethodPost, Path: one, Permission: access.ManageAccounts, About: append(account, placed), Asks: []string{"da", "name", "email", "role"}, Body: form, Handle: s.changeAccount},
		{Method: http.MethodPost, Path: one + "/khoa", Permission: access.ManageAccounts, About: account, Body: form, Handle: s.disableAccount},
		{Method: http.MethodPost, Path: one + "/mo", Permission: access.ManageAccounts, About: account, Body: form, Handle: s.enableAccount},
		{Method: http.MethodPost, Path: one + "/dang-xuat", Permission: access.ManageAccounts, About: account, Body: form, Handle: s.signAccountOut},
		{Method: http.MethodPost, Path: one + "/moi-lai", Permission: access.ManageAccounts, About: account, Body: form, Handle: s.inviteAgain},
		{Method: http.MethodGet, Path: logPath, Permission: access.ReadLog, About: nothing, Asks: append(asksLog, "truoc"), Handle: s.showLog},
		{Method: http.MethodGet, Path: logPath + ".csv", Permission: access.ReadLog, About: nothing, Asks: asksLog, Handle: s.giveLog},
		{Method: http.MethodGet, Path: "/moi/:token", Permission: access.Public, About: invited, Handle: s.showInvited},
		{Method: http.MethodPost, Path: "/moi/:token", Permission: access.Public, About: invited, Asks: []string{"password"}, Body: form, Handle: s.acceptInvitation},
		{Method: http.MethodGet, Path: "/tai-khoan", Permission: access.OwnAccount, About: nothing, Asks: []string{"da"}, Handle: s.showOwn},
		{Method: http.MethodPost, Path: "/tai-khoan", Permission: access.OwnAccount, About: nothing, Asks: []string{"da", "before", "password"}, Body: form, Handle: s.changePassword},
		{Method: http.MethodPost, Path: "/tai-khoan/dang-xuat", Permission: access.OwnAccount, About: nothing, Body: form, Handle: s.signOwnOut},
	}
}
