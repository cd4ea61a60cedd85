// Package access says what each role may do, and of which part of the
// organisation.
package access

import (
	"slices"

	"sipas/internal/agency"
)

// Role is what sort of work an account or token is for.
type Role string

// The roles.
const (
	// Administrator runs the platform, or an agency's part of it.
	Administrator Role = "administrator"
	// Viewer reads boards and reports and changes nothing.
	Viewer Role = "viewer"
)

// Roles lists every role.
func Roles() []Role { return []Role{Administrator, Viewer} }

// Permission is a kind of thing one may do. Every route asks for one.
type Permission string

// The permissions.
const (
	// Public needs nobody to be signed in.
	Public Permission = "public"
	// ViewBoard reads figures, reports and posters within the scope.
	ViewBoard Permission = "view-board"
	// ManagePoints changes service points within the scope.
	ManagePoints Permission = "manage-points"
	// Administer changes what the whole province shares: surveys, agencies,
	// targets, accounts, published figures.
	Administer Permission = "administer"
)

// Permissions lists every permission.
func Permissions() []Permission {
	return []Permission{Public, ViewBoard, ManagePoints, Administer}
}

// Identity is who asks. The zero Identity is nobody: it may see what is public
// only and covers no agency.
type Identity struct {
	UserID int64  // 0 for a token
	Name   string // of the person, or the label of the token
	Role   Role
	Scope  int64 // id of the agency at the root of what it may see; 0: the whole province
}

// May tells whether the role holds a permission. An administrator of one
// agency may not administer what the whole province shares.
func (i Identity) May(p Permission) bool {
	switch p {
	case Public:
		return true
	case ViewBoard:
		return i.Role == Administrator || i.Role == Viewer
	case ManagePoints:
		return i.Role == Administrator
	case Administer:
		return i.Role == Administrator && i.Scope == 0
	}
	return false
}

// Covers tells whether an agency lies within the scope; agency 0 is the
// province as a whole.
func (i Identity) Covers(tree *agency.Tree, agencyID int64) bool {
	return slices.Contains(Roles(), i.Role) && tree.Below(i.Scope, agencyID)
}
