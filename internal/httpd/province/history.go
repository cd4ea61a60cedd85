package province

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/httpd"
	"sipas/internal/httpd/history"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/target"
)

// history is who did what to an agency, with the mergers, splits and dissolutions that
// it took part in and what it took over.
func (s agencyPages) history(r *httpd.Request, snap *registry.Snapshot, p httpd.Page) (*history.History, error) {
	id, about := r.Agency.ID, []audit.About{registry.AboutAgency(r.Agency.Code)}
	took := func(from int64) {
		if former, known := snap.Tree.Agency(from); known {
			about = append(about, registry.AboutSuccession(former.Code, agency.Succession{FromID: from, ToID: id}))
		}
	}
	for _, su := range snap.Successions() {
		if su.ToID == id {
			took(su.FromID)
		}
	}
	made, err := s.reforms.With(r.Context(), id)
	if err != nil {
		return nil, err
	}
	for _, one := range made {
		about = append(about, one.Entries())
		for _, t := range one.Steps.Successions {
			if t.To == id && one.Undone() {
				took(t.From)
			}
		}
	}
	teller := agencyTeller{p, snap, r.View(snap), id, r.Who().Scope == 0}
	return history.Of(r, s.k, p, about, agencyPath(r.Agency.Code), teller.changes)
}

// agencyTeller says what entries changed of an agency. Others that the reader may not
// see are somebody else.
type agencyTeller struct {
	httpd.Page
	snap  *registry.Snapshot
	view  registry.View
	id    int64 // whose history it is
	whole bool  // the reader sees every agency
}

func (t agencyTeller) changes(e audit.Entry) []history.Change {
	noun, _, _ := strings.Cut(e.Action, ".")
	switch noun {
	case "succession":
		return []history.Change{t.succession(e)}
	case "reform":
		asked, ok := reform.Said(e.After)
		if !ok {
			return nil
		}
		list := []history.Change{{Label: t.T("field.tu"), After: t.named(asked.From)}}
		if len(asked.Into) > 0 {
			var codes []string
			for _, into := range asked.Into {
				codes = append(codes, into.Code)
			}
			list = append(list, history.Change{Label: t.T("field.vao"), After: t.named(codes)})
		}
		return append(list, history.Change{Label: t.T("field.ngay"), After: t.Day(asked.Day)})
	}
	before, was := registry.AgencySaid(e.Before)
	after, is := registry.AgencySaid(e.After)
	if !was && !is {
		return []history.Change{{Label: t.T("field.hotline"), Before: history.Text(e.Before), After: history.Text(e.After)}}
	}
	return history.Differences(agencyFields, func(column string) string { return t.T("field." + column) }, t.words(before, was), t.words(after, is))
}

// words are an agency in the reader's words, by the fields of its form.
func (t agencyTeller) words(a agency.Agency, known bool) map[string]string {
	if !known {
		return nil
	}
	values := agencyValues(t.snap.Tree, t.Page, a)
	values["kind"], values["parent"] = t.T("kind."+string(a.Kind)), t.T("agency.top")
	if a.ParentID != 0 {
		values["parent"] = t.name(t.snap.Tree.Agency(a.ParentID))
	}
	return values
}

// succession is that this agency took over from another, or another from this one.
func (t agencyTeller) succession(e audit.Entry) history.Change {
	words := func(said any) string {
		su, ok := registry.SuccessionSaid(said)
		if !ok {
			return ""
		}
		other := su.ToID
		if su.ToID == t.id {
			other = su.FromID
		}
		return t.T("history.share", "agency", t.name(t.snap.Tree.Agency(other)), "day", t.Day(su.Day), "share", typedPercent(su.Share, t.Language))
	}
	label := "agency.heirs"
	for _, said := range []any{e.Before, e.After} {
		if su, ok := registry.SuccessionSaid(said); ok && su.ToID == t.id {
			label = "agency.forerunners"
		}
	}
	return history.Change{Label: t.T(label), Before: words(e.Before), After: words(e.After)}
}

func (t agencyTeller) name(a agency.Agency, known bool) string {
	if !known || !t.view.Sees(a.ID) {
		return t.T("point.somebody-else")
	}
	return a.Name.In(t.Language)
}

// named are agencies by their codes. One that is gone since, as its reform was undone,
// has nothing but its code.
func (t agencyTeller) named(codes []string) string {
	var names []string
	for _, code := range codes {
		a, known := t.snap.Tree.ByCode(code)
		name := t.name(a, known)
		if !known && t.whole {
			name = code
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// targetHistory is what was done to one target.
type targetHistory struct {
	Line    targetLine
	Year    int
	Back    string
	History *history.History
}

const historyEnd = "/lich-su"

func (s targetPages) showHistory(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	t, p := *r.Target, r.NewPage("target-history", nil)
	about, err := s.aboutTarget(r, t)
	if err != nil {
		return err
	}
	data := targetHistory{Line: lineOfTarget(snap, p, t, true), Year: t.Year, Back: httpd.AddressOf(targetsPath, "year", t.Year)}
	label := func(column string) string {
		if column == "target_percent" {
			return p.T("targets.value")
		}
		return p.T("field." + column)
	}
	data.History, err = history.Of(r, s.k, p, about, targetPath(t.ID)+historyEnd, func(e audit.Entry) []history.Change {
		before, was := registry.TargetSaid(e.Before)
		after, is := registry.TargetSaid(e.After)
		return history.Differences(targetColumns, label, targetWords(snap, p, before, was), targetWords(snap, p, after, is))
	})
	if err != nil {
		return err
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/target-history", p)
}

// aboutTarget tells which entries are about a target, also from when it was of another
// indicator or year.
func (s targetPages) aboutTarget(r *httpd.Request, t target.Target) ([]audit.About, error) {
	about := []audit.About{registry.AboutTarget(t)}
	for known := 0; known < len(about); {
		known = len(about)
		entries, err := s.k.Audit.List(r.Context(), audit.Filter{About: about})
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			before, was := registry.TargetSaid(e.Before)
			if of := registry.AboutTarget(before); was && !slices.Contains(about, of) {
				about = append(about, of)
			}
		}
	}
	return about, nil
}

// targetColumns are what there is to say of a target: its value first.
var targetColumns = []string{"target_percent", "indicator", "agency", "year", "plan", "lead_agency", "co_agencies", "note_vi", "note_en"}

// targetWords are a target in the reader's words, by column.
func targetWords(snap *registry.Snapshot, p httpd.Page, t target.Target, known bool) map[string]string {
	if !known {
		return nil
	}
	line := lineOfTarget(snap, p, t, false)
	words := map[string]string{
		"target_percent": line.Value, "indicator": line.Indicator, "agency": line.Agency, "year": strconv.Itoa(t.Year), "plan": line.Plan,
		"lead_agency": line.Lead, "co_agencies": line.With, "note_vi": t.Note["vi"], "note_en": t.Note["en"],
	}
	if t.AgencyID == 0 {
		words["agency"] = p.T("accounts.whole")
	}
	return words
}
