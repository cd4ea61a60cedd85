// Package province is the web for what a province is made of: its agencies, the
// list of its counters with their posters, and targets.
package province

import (
	"net/http"
	"slices"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/httpd/history"
	"sipas/internal/reform"
)

// side is the side of the web that looks after the province.
type side struct {
	k       *httpd.Kernel
	reforms *reform.Reforms
}

// Routes are those of agencies, service points and targets.
func Routes(k *httpd.Kernel, made *reform.Reforms) []httpd.Route {
	s := &side{k, made}
	return slices.Concat(s.agencyRoutes(), s.pointRoutes(), s.targetRoutes(), publishedPages{s}.routes(), indicatorPages{s}.routes())
}

// placed is a form's field that names an agency.
func placed() httpd.About {
	return httpd.About{In: httpd.Field, Name: "agency", Is: httpd.Agency, Optional: true}
}

func nothing() []httpd.About { return []httpd.About{{Is: httpd.Nothing}} }

func (s *side) agencyRoutes() []httpd.Route {
	return append(agencyPages{s}.routes(), httpd.Route{
		Method: http.MethodGet, Path: agenciesPath, Permission: access.ViewPoints, About: nothing(), Asks: []string{"tim", "ngay", "da"}, Handle: s.showAgencies,
	})
}

func (s *side) pointRoutes() []httpd.Route {
	posters := posterPages{s}
	var (
		form  = httpd.FormBody(httpd.OrdinaryBody)
		point = []httpd.About{{In: httpd.Query, Name: "point", Is: httpd.Point, Optional: true}}
		some  = []httpd.About{{In: httpd.Field, Name: "quay", Is: httpd.Points, Optional: true}}
		order = []httpd.About{{In: httpd.Path, Name: "posters", Is: httpd.Order}}
	)
	const oneOrder = postersPath + "/:posters"
	of := func(in httpd.Place) []httpd.About {
		return []httpd.About{{In: in, Name: "agency", Is: httpd.Agency, Optional: true}, {In: in, Name: "point", Is: httpd.Point, Optional: true}}
	}
	return []httpd.Route{
		{Method: http.MethodGet, Path: pointsPath, Permission: access.ViewPoints, About: point, Asks: []string{"page", "da", "tim", "state", "chon"}, Handle: s.showPoints},
		{Method: http.MethodPost, Path: pointsPath, Permission: access.ManagePoints, About: some, Asks: append([]string{"do"}, choiceFields...), Body: httpd.FormBody(choiceBytes), Handle: s.changeChosen},
		{Method: http.MethodGet, Path: pointsPath + "/poster.pdf", Permission: access.ViewPoints, About: of(httpd.Query), Asks: []string{"size"}, Handle: posters.givePosters},
		{Method: http.MethodGet, Path: postersPath, Permission: access.ViewPoints, About: of(httpd.Query), Asks: []string{"size"}, Handle: posters.askFormat},
		{Method: http.MethodPost, Path: postersPath, Permission: access.ViewPoints, About: append(of(httpd.Field), some...), Asks: append([]string{"size"}, choiceFields...), Body: form, Handle: posters.takeOrder},
		{Method: http.MethodGet, Path: ordersPath, Permission: access.ViewPoints, About: nothing(), Handle: posters.showOrders},
		{Method: http.MethodGet, Path: oneOrder, Permission: access.ViewPoints, About: order, Handle: posters.showOrder},
		{Method: http.MethodPost, Path: oneOrder, Permission: access.ViewPoints, About: order, Body: form, Handle: posters.orderAgain},
		{Method: http.MethodGet, Path: oneOrder + downloadEnd, Permission: access.ViewPoints, About: order, Patience: downloadPatience, Handle: posters.download},
		{Method: http.MethodGet, Path: "/api/v1/service-points", Permission: access.ViewPoints, About: nothing(), Handle: s.givePoints},
	}
}

func (s *side) targetRoutes() []httpd.Route {
	targets := targetPages{s}
	var (
		form = httpd.FormBody(httpd.OrdinaryBody)
		aim  = []httpd.About{{In: httpd.Path, Name: "target", Is: httpd.Target}}
	)
	const one = targetsPath + "/:target"
	typed := slices.DeleteFunc(slices.Clone(targetFields), func(name string) bool { return name == placed().Name })
	return []httpd.Route{
		{Method: http.MethodGet, Path: targetsPath, Permission: access.ViewBoard, About: nothing(), Asks: []string{"year", "da"}, Handle: targets.showTargets},
		{Method: http.MethodPost, Path: targetsPath + "/chep", Permission: access.Administer, About: nothing(), Asks: []string{"from", "year"}, Body: form, Handle: targets.copyTargets},
		{Method: http.MethodGet, Path: targetsPath + "/them", Permission: access.Administer, About: nothing(), Asks: []string{"year"}, Handle: targets.showNewTarget},
		{Method: http.MethodPost, Path: targetsPath + "/them", Permission: access.Administer, About: []httpd.About{placed()}, Asks: typed, Body: form, Handle: targets.addTarget},
		{Method: http.MethodGet, Path: one, Permission: access.Administer, About: aim, Handle: targets.showTarget},
		{Method: http.MethodPost, Path: one, Permission: access.Administer, About: append(aim, placed()), Asks: typed, Body: form, Handle: targets.changeTarget},
		{Method: http.MethodGet, Path: one + historyEnd, Permission: access.ReadLog, About: aim, Asks: []string{history.Before}, Handle: targets.showHistory},
		{Method: http.MethodGet, Path: one + "/bo", Permission: access.Administer, About: aim, Handle: targets.askToRemoveTarget},
		{Method: http.MethodPost, Path: one + "/bo", Permission: access.Administer, About: aim, Body: form, Handle: targets.removeTarget},
	}
}
