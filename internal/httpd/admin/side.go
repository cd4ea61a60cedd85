// Package admin is the web for who looks after the platform: signing in and out,
// accounts, the log and the settings.
package admin

import (
	"net/http"
	"sync"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
)

// side is the administrators' side of the web.
type side struct {
	k        *httpd.Kernel
	pictures sync.Mutex // one is decoded at a time: see emblem.MaxPixels
}

// Routes are those of signing in, accounts, the log and the settings.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k: k}
	accounts, log, settings := accountPages{s}, logPages{s}, settingPages{s}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		account = []httpd.About{{In: httpd.Path, Name: "account", Is: httpd.Account}}
		placed  = httpd.About{In: httpd.Field, Name: "agency", Is: httpd.Agency, Optional: true}
		invited = []httpd.About{{In: httpd.Path, Name: "token", Is: httpd.Invitation}}
		form    = httpd.FormBody(httpd.OrdinaryBody)
		asksLog = []string{"ai", "loai", "tu", "den-ngay"}
	)
	const one = accountsPath + "/:account"
	return []httpd.Route{
		{Method: http.MethodGet, Path: "/dang-nhap", Permission: access.Public, About: nothing, Asks: []string{"den"}, Handle: s.showSignIn},
		{Method: http.MethodPost, Path: "/dang-nhap", Permission: access.Public, About: nothing, Asks: []string{"den", "login", "password"}, Body: httpd.FormBody(httpd.OrdinaryBody), Handle: s.signIn},
		{Method: http.MethodPost, Path: "/dang-xuat", Permission: access.Public, About: nothing, Handle: s.signOut},
		{Method: http.MethodGet, Path: accountsPath, Permission: access.ManageAccounts, About: nothing, Asks: []string{"tim", "role", "page", "da"}, Handle: accounts.showAccounts},
		{Method: http.MethodGet, Path: "/quan-tri/tai-khoan-moi", Permission: access.ManageAccounts, About: nothing, Handle: accounts.showNewAccount},
		{Method: http.MethodPost, Path: "/quan-tri/tai-khoan-moi", Permission: access.ManageAccounts, About: []httpd.About{placed}, Asks: []string{"login", "name", "email", "role"}, Body: form, Handle: accounts.addAccount},
		{Method: http.MethodGet, Path: one, Permission: access.ManageAccounts, About: account, Asks: []string{"da"}, Handle: accounts.showAccount},
		{Method: http.MethodPost, Path: one, Permission: access.ManageAccounts, About: append(account, placed), Asks: []string{"da", "name", "email", "role"}, Body: form, Handle: accounts.changeAccount},
		{Method: http.MethodPost, Path: one + "/khoa", Permission: access.ManageAccounts, About: account, Body: form, Handle: accounts.disableAccount},
		{Method: http.MethodPost, Path: one + "/mo", Permission: access.ManageAccounts, About: account, Body: form, Handle: accounts.enableAccount},
		{Method: http.MethodPost, Path: one + "/dang-xuat", Permission: access.ManageAccounts, About: account, Body: form, Handle: accounts.signAccountOut},
		{Method: http.MethodPost, Path: one + "/moi-lai", Permission: access.ManageAccounts, About: account, Body: form, Handle: accounts.inviteAgain},
		{Method: http.MethodGet, Path: logPath, Permission: access.ReadLog, About: nothing, Asks: append(asksLog, "truoc"), Handle: log.showLog},
		{Method: http.MethodGet, Path: logPath + ".csv", Permission: access.ReadLog, About: nothing, Asks: asksLog, Handle: log.giveLog},
		{Method: http.MethodGet, Path: settingsPath, Permission: access.ReadSettings, About: nothing, Asks: []string{"da"}, Handle: settings.showSettings},
		{Method: http.MethodPost, Path: settingsPath, Permission: access.Administer, About: nothing, Asks: append(revision.WithOpened(settingFields), "lower", "forget"), Body: form, Handle: settings.changeSettings},
		{Method: http.MethodPost, Path: settingsPath + "/bieu-trung", Permission: access.Administer, About: nothing, Asks: []string{emblemSeen}, Body: httpd.FileBody(pictureBytes), Handle: settings.takeEmblem},
		{Method: http.MethodPost, Path: settingsPath + "/bieu-trung/go", Permission: access.Administer, About: nothing, Asks: []string{emblemSeen}, Body: form, Handle: settings.removeEmblem},
		{Method: http.MethodPost, Path: settingsPath + "/bieu-trung/tro-lai", Permission: access.Administer, About: nothing, Asks: []string{emblemSeen}, Body: form, Handle: settings.restoreEmblem},
		{Method: http.MethodGet, Path: "/moi/:token", Permission: access.Public, About: invited, Handle: accounts.showInvited},
		{Method: http.MethodPost, Path: "/moi/:token", Permission: access.Public, About: invited, Asks: []string{"password"}, Body: form, Handle: accounts.acceptInvitation},
		{Method: http.MethodGet, Path: "/tai-khoan", Permission: access.OwnAccount, About: nothing, Asks: []string{"da"}, Handle: accounts.showOwn},
		{Method: http.MethodPost, Path: "/tai-khoan", Permission: access.OwnAccount, About: nothing, Asks: []string{"da", "before", "password"}, Body: form, Handle: accounts.changePassword},
		{Method: http.MethodPost, Path: "/tai-khoan/dang-xuat", Permission: access.OwnAccount, About: nothing, Body: form, Handle: accounts.signOwnOut},
	}
}
