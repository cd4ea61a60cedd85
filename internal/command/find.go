package command

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/registry"
)

// ListedPoints are service points in the order of lists: by agency, the oldest
// first, which is not that of the tree.
func ListedPoints(points []agency.ServicePoint) []agency.ServicePoint {
	return slices.SortedFunc(slices.Values(points), func(x, y agency.ServicePoint) int {
		return cmp.Or(cmp.Compare(x.AgencyID, y.AgencyID), cmp.Compare(x.ID, y.ID))
	})
}

// ListedAgencies are the agencies in the order of lists, which is not that of
// the tree.
func ListedAgencies(tree *agency.Tree) []agency.Agency {
	return slices.SortedFunc(slices.Values(tree.All()), func(x, y agency.Agency) int {
		return cmp.Or(cmp.Compare(x.Order, y.Order), cmp.Compare(x.ID, y.ID))
	})
}

// PointByCode finds a service point by its code, as somebody typed it.
func PointByCode(snap *registry.Snapshot, typed string) (agency.ServicePoint, error) {
	for _, code := range agency.ReadCodes(typed) {
		if p, ok := snap.Point(code); ok {
			return p, nil
		}
	}
	for _, code := range agency.ReadCodes(typed) {
		if p, had := snap.Replaced(code); had {
			return agency.ServicePoint{}, fmt.Errorf("the code %s was replaced by %s", code.Grouped(), p.Code.Grouped())
		}
	}
	return agency.ServicePoint{}, fmt.Errorf("there is no service point %q: see `sipas service-points`", typed)
}

// mostListed is how many codes an error names.
const mostListed = 20

// AgencyByCode finds an agency; "" is the whole province, with id 0.
func AgencyByCode(snap *registry.Snapshot, code string) (agency.Agency, error) {
	if code == "" {
		return agency.Agency{}, nil
	}
	if a, ok := snap.Tree.ByCode(code); ok {
		return a, nil
	}
	var known []string
	for _, a := range ListedAgencies(snap.Tree) {
		known = append(known, a.Code)
	}
	switch {
	case len(known) == 0:
		return agency.Agency{}, errors.New("there are no agencies yet: run `sipas seed` first")
	case len(known) > mostListed:
		known = append(known[:mostListed], "...")
	}
	return agency.Agency{}, fmt.Errorf("there is no agency %q; there are %s", code, strings.Join(known, ", "))
}

// Scope names the agency at the root of what somebody may see; 0 is the whole
// province.
func Scope(snap *registry.Snapshot, id int64) string {
	if id == 0 {
		return "(all)"
	}
	root, _ := snap.Tree.Agency(id)
	return root.Code
}

// Ended says "in use", or since when something is not.
func Ended(word string, at time.Time, day func(time.Time) string) string {
	if at.IsZero() {
		return "in use"
	}
	return word + " " + day(at)
}
