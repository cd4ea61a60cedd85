// Package admin is the web for who looks after the platform: signing in and out,
// service points and their posters, and the same for programs.
package admin

import (
	"net/http"
	"slices"

	"sipas/internal/access"
	"sipas/internal/httpd"
)

// side is the administrators' side of the web.
type side struct{ k *httpd.Kernel }

// Routes are those of accounts, targets, the log and service points.
func Routes(k *httpd.Kernel) []httpd.Route {
	s := &side{k}
	accounts, targets, points, log, lists := accountPages{s}, targetPages{s}, pointPages{s}, logPages{s}, listPages{s}
	var (
		nothing = []httpd.About{{Is: httpd.Nothing}}
		account = []httpd.About{{In: httpd.Path, Name: "account", Is: httpd.Account}}
		placed  = httpd.About{In: httpd.Field, Name: "agency", Is: httpd.Agency, Optional: true}
		invited = []httpd.About{{In: httpd.Path, Name: "token", Is: httpd.Invitation}}
		form    = httpd.FormBody(httpd.OrdinaryBody)
		file    = httpd.FileBody(listBytes)
		aim     = []httpd.About{{In: httpd.Path, Name: "target", Is: httpd.Target}}
		asksLog = []string{"ai", "loai", "tu", "den-ngay"}
		point   = []httpd.About{{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true}}
		desk    = []httpd.About{{In: httpd.Path, Name: "point", Is: httpd.Point}}
		posters = []httpd.About{
			{In: httpd.Query, Name: "agency", Is: httpd.Agency, Optional: true},
			{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true},
		}
	)
	const one, oneTarget = accountsPath + "/:account", targetsPath + "/:target"
	typed := slices.DeleteFunc(slices.Clone(targetFields), func(name string) bool { return name == placed.Name })
	return []httpd.Route{
		{Method: http.MethodGet, Path: "/dang-nhap", Permission: access.Public, About: nothing, Asks: []string{"den"}, Handle: s.showSignIn},
		{Method: http.MethodPost, Path: "/dang-nhap", Permission: access.Public, About: nothing, Asks: []string{"den", "login", "password"}, Body: httpd.FormBody(httpd.OrdinaryBody), Handle: s.signIn},
		{Method: http.MethodPost, Path: "/dang-xuat", Permission: access.Public, About: nothing, Handle: s.signOut},
		{Method: http.MethodGet, Path: "/quay", Permission: access.ViewPoints, About: point, Asks: []string{"page", "da", "tim", "state"}, Handle: s.showPoints},
		{Method: http.MethodGet, Path: "/quay/poster.pdf", Permission: access.ViewPoints, About: posters, Asks: []string{"size"}, Handle: s.printPosters},
		{Method: http.MethodGet, Path: pointsPath + "/them", Permission: access.ManagePoints, About: nothing, Handle: points.showNewPoint},
		{Method: http.MethodPost, Path: pointsPath + "/them", Permission: access.ManagePoints, About: []httpd.About{placed}, Asks: pointFields, Body: form, Handle: points.addPoint},
		{Method: http.MethodGet, Path: pointsPath + "/:point", Permission: access.ManagePoints, About: desk, Handle: points.showPoint},
		{Method: http.MethodPost, Path: pointsPath + "/:point", Permission: access.ManagePoints, About: append(desk, placed), Asks: pointFields, Body: form, Handle: points.changePoint},
		{Method: http.MethodPost, Path: pointsPath + "/:point/dong", Permission: access.ManagePoints, About: desk, Body: form, Handle: points.closePoint},
		{Method: http.MethodPost, Path: pointsPath + "/:point/mo", Permission: access.ManagePoints, About: desk, Body: form, Handle: points.openPoint},
		{Method: http.MethodGet, Path: agenciesPath, Permission: access.ViewPoints, About: nothing, Asks: []string{"tim", "page", "da"}, Handle: lists.showAgencies},
		{Method: http.MethodGet, Path: agenciesPath + "/nhap", Permission: access.Administer, About: nothing, Handle: lists.ask(agencySheet())},
		{Method: http.MethodPost, Path: agenciesPath + "/nhap", Permission: access.Administer, About: nothing, Asks: checkedFile, Body: file, Patience: listPatience, Handle: lists.take(agencySheet())},
		{Method: http.MethodGet, Path: agenciesPath + "/xuat", Permission: access.Administer, About: nothing, Asks: []string{"dang"}, Patience: listPatience, Handle: lists.give(agencySheet())},
		{Method: http.MethodGet, Path: pointsPath + "/nhap", Permission: access.Administer, About: nothing, Handle: lists.ask(pointSheet())},
		{Method: http.MethodPost, Path: pointsPath + "/nhap", Permission: access.Administer, About: nothing, Asks: checkedFile, Body: file, Patience: listPatience, Handle: lists.take(pointSheet())},
		{Method: http.MethodGet, Path: pointsPath + "/xuat", Permission: access.Administer, About: nothing, Asks: []string{"dang"}, Patience: listPatience, Handle: lists.give(pointSheet())},
		{Method: http.MethodGet, Path: "/api/v1/service-points", Permission: access.ViewPoints, About: nothing, Handle: s.givePoints},
		{Method: http.MethodGet, Path: accountsPath, Permission: access.ManageAccounts, About: nothing, Asks: []string{"tim", "role", "page"}, Handle: accounts.showAccounts},
		{Method: http.MethodGet, Path: "/quan-tri/tai-khoan-moi", Permission: access.ManageAccounts, About: nothing, Handle: accounts.showNewAccount},
		{Method: http.MethodPost, Path: "/quan-tri/tai-khoan-moi", Permission: access.ManageAccounts, About: []httpd.About{placed}, Asks: []string{"login", "name", "email", "role"}, Body: form, Handle: accounts.addAccount},
		{Method: http.MethodGet, Path: one, Permission: access.ManageAccounts, About: account, Asks: []string{"da"}, Handle: accounts.showAccount},
		{Method: http.MethodPost, Path: one, Permission: access.ManageAccounts, About: append(account, placed), Asks: []string{"da", "name", "email", "role"}, Body: form, Handle: accounts.changeAccount},
		{Method: http.MethodPost, Path: one + "/khoa", Permission: access.ManageAccounts, About: account, Body: form, Handle: accounts.disableAccount},
		{Method: http.MethodPost, Path: one + "/mo", Permission: access.ManageAccounts, About: account, Body: form, Handle: accounts.enableAccount},
		{Method: http.MethodPost, Path: one + "/dang-xuat", Permission: access.ManageAccounts, About: account, Body: form, Handle: accounts.signAccountOut},
		{Method: http.MethodPost, Path: one + "/moi-lai", Permission: access.ManageAccounts, About: account, Body: form, Handle: accounts.inviteAgain},
		{Method: http.MethodGet, Path: targetsPath, Permission: access.ViewBoard, About: nothing, Asks: []string{"year", "da"}, Handle: targets.showTargets},
		{Method: http.MethodPost, Path: targetsPath + "/chep", Permission: access.Administer, About: nothing, Asks: []string{"from", "year"}, Body: form, Handle: targets.copyTargets},
		{Method: http.MethodGet, Path: targetsPath + "/them", Permission: access.Administer, About: nothing, Asks: []string{"year"}, Handle: targets.showNewTarget},
		{Method: http.MethodPost, Path: targetsPath + "/them", Permission: access.Administer, About: []httpd.About{placed}, Asks: typed, Body: form, Handle: targets.addTarget},
		{Method: http.MethodGet, Path: oneTarget, Permission: access.Administer, About: aim, Handle: targets.showTarget},
		{Method: http.MethodPost, Path: oneTarget, Permission: access.Administer, About: append(aim, placed), Asks: typed, Body: form, Handle: targets.changeTarget},
		{Method: http.MethodGet, Path: oneTarget + "/bo", Permission: access.Administer, About: aim, Handle: targets.askToRemoveTarget},
		{Method: http.MethodPost, Path: oneTarget + "/bo", Permission: access.Administer, About: aim, Body: form, Handle: targets.removeTarget},
		{Method: http.MethodGet, Path: targetsPath + "/nhap", Permission: access.Administer, About: nothing, Handle: lists.ask(targetSheet())},
		{Method: http.MethodPost, Path: targetsPath + "/nhap", Permission: access.Administer, About: nothing, Asks: checkedFile, Body: file, Patience: listPatience, Handle: lists.take(targetSheet())},
		{Method: http.MethodGet, Path: targetsPath + "/xuat", Permission: access.Administer, About: nothing, Asks: []string{"dang"}, Patience: listPatience, Handle: lists.give(targetSheet())},
		{Method: http.MethodGet, Path: logPath, Permission: access.ReadLog, About: nothing, Asks: append(asksLog, "truoc"), Handle: log.showLog},
		{Method: http.MethodGet, Path: logPath + ".csv", Permission: access.ReadLog, About: nothing, Asks: asksLog, Handle: log.giveLog},
		{Method: http.MethodGet, Path: "/moi/:token", Permission: access.Public, About: invited, Handle: accounts.showInvited},
		{Method: http.MethodPost, Path: "/moi/:token", Permission: access.Public, About: invited, Asks: []string{"password"}, Body: form, Handle: accounts.acceptInvitation},
		{Method: http.MethodGet, Path: "/tai-khoan", Permission: access.OwnAccount, About: nothing, Asks: []string{"da"}, Handle: accounts.showOwn},
		{Method: http.MethodPost, Path: "/tai-khoan", Permission: access.OwnAccount, About: nothing, Asks: []string{"da", "before", "password"}, Body: form, Handle: accounts.changePassword},
		{Method: http.MethodPost, Path: "/tai-khoan/dang-xuat", Permission: access.OwnAccount, About: nothing, Body: form, Handle: accounts.signOwnOut},
	}
}
