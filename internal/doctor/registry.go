package doctor

import (
	"context"
	"fmt"
	"strings"

	"sipas/internal/audit"
	"sipas/internal/command"
	"sipas/internal/db"
	"sipas/internal/jobs"
	"sipas/internal/poster"
	"sipas/internal/registry"
	"sipas/internal/typeset"
)

// countersFinding names the counters that go on taking answers for agencies that
// were dissolved: closing them is for the province to decide.
func countersFinding(snap *registry.Snapshot, today string) Finding {
	f := Finding{Name: "counters"}
	open, late := 0, ""
	for _, p := range command.ListedPoints(snap.Points) {
		if p.Active {
			open++
			if judged, _ := snap.Tree.Agency(p.JudgedID); judged.ValidTo != "" && judged.ValidTo <= today {
				late += " " + p.Code.Grouped()
			}
		}
	}
	f.What = fmt.Sprintf("%d are open", open)
	if late != "" {
		f.Warn = true
		f.What += "; these are of agencies that were dissolved, see `sipas service-points close`:" + late
	}
	return f
}

// mostUnprintable is how many texts doctor names.
const mostUnprintable = 5

// postersFinding names the texts that posters cannot show as they are written.
func postersFinding(snap *registry.Snapshot, fonts *typeset.Fonts) Finding {
	f := Finding{Name: "posters"}
	posters := poster.Of(snap, command.ListedPoints(snap.Points), "")
	said := command.Unprintable(posters, fonts)
	f.What, f.Warn = fmt.Sprintf("%d can be printed", len(posters)), len(said) > 0
	if len(said) > mostUnprintable {
		said = append(said[:mostUnprintable], fmt.Sprintf("and %d more", len(said)-mostUnprintable))
	}
	if f.Warn {
		f.What += "; their fonts lack characters, for which they show ?: " + strings.Join(said, "; ")
	}
	return f
}

// auditFinding goes over every entry of the audit.
func auditFinding(ctx context.Context, d *db.DB) Finding {
	seal, err := audit.New(d).Verify(ctx)
	return Finding{Name: "audit", What: fmt.Sprintf("%d entries, all as they were written; seal %s", seal.Entries, seal), Err: err}
}

// jobsFinding tells of work that nobody does, and of work that does not succeed.
func jobsFinding(ctx context.Context, d *db.DB) Finding {
	f := Finding{Name: "jobs"}
	counts, err := jobs.Count(ctx, d)
	if err != nil {
		f.Err = err
		return f
	}
	var wrong []string
	for _, w := range []struct {
		n    int64
		what string
	}{
		{counts.Failed, "%d given up: see `sipas jobs list --state failed`, mend what its error names, then `sipas jobs retry`"},
		{counts.Failing, "%d failing again and again: see `sipas jobs list`"},
		{counts.Overdue, "%d overdue: no server of this version runs"},
	} {
		if w.n > 0 {
			wrong = append(wrong, fmt.Sprintf(w.what, w.n))
		}
	}
	f.Warn = len(wrong) > 0
	f.What = strings.Join(append([]string{fmt.Sprintf("%d waiting, %d running", counts.Waiting, counts.Running)}, wrong...), "; ")
	return f
}
