package studio

import (
	"slices"

	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/surveys"
)

// What a draft may begin as, beside blank.
const (
	FromLibrary = "library"
	FromCopy    = "copy"    // of a published version, as another survey
	FromVersion = "version" // of which it becomes the next
)

// FindOrigin finds a survey of the library, or a published version: the newest where its
// number is 0. Errors: *fault.Invalid.
func FindOrigin(snap *registry.Snapshot, from, key string, number int) (Origin, error) {
	switch from {
	case FromLibrary:
		all, err := surveys.Library()
		if err != nil {
			return Origin{}, err
		}
		at := slices.IndexFunc(all, func(d survey.Definition) bool { return d.Key == key })
		if at < 0 {
			return Origin{}, refuse("survey", RefusedUnknown)
		}
		return Origin{Definition: all[at]}, nil
	case FromCopy, FromVersion:
		versions := snap.Versions(key)
		at := len(versions) - 1
		if number != 0 {
			at = slices.IndexFunc(versions, func(v *survey.Version) bool { return v.Number == number })
		}
		switch {
		case at < 0:
			return Origin{}, refuse("survey", RefusedUnknown)
		case from == FromCopy:
			return Origin{Definition: versions[at].Definition}, nil
		}
		return Origin{Version: versions[at]}, nil
	}
	return Origin{}, refuse("from", RefusedUnknown)
}
