package wording

import (
	"strings"

	"sipas/internal/agency"
	"sipas/internal/registry"
)

// Ended marks an agency that is no more on a day; "" for others.
func Ended(w Words, a agency.Agency, today string) string {
	if !a.Ended(today) {
		return ""
	}
	return w.T("fate.ended", "day", day(a.ValidTo))
}

// Fate says since when an agency is no more, or from when it will not be, and who takes
// over its work; "" for one without an end.
func Fate(w Words, a agency.Agency, heirs []registry.Kin, today string) string {
	if a.ValidTo == "" {
		return ""
	}
	when := Ended(w, a, today)
	if when == "" {
		when = w.T("fate.ends", "day", day(a.ValidTo))
	}
	switch len(heirs) {
	case 0:
		return when
	case 1:
		return w.T("fate.merged", "when", when, "agencies", names(w, heirs))
	}
	return w.T("fate.split", "when", when, "agencies", names(w, heirs))
}

// Formed says whose work an agency took over; "" where it is nobody's.
func Formed(w Words, forerunners []registry.Kin) string {
	if len(forerunners) == 0 {
		return ""
	}
	return w.T("fate.formed", "agencies", names(w, forerunners))
}

func names(w Words, all []registry.Kin) string {
	list := make([]string, len(all))
	for i, k := range all {
		list[i] = k.Name.In(w.Language)
	}
	return strings.Join(list, ", ")
}
