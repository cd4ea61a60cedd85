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
	// Designer makes surveys.
	Designer Role = "designer"
	// Manager looks after an agency's service points, officials and plans.
	Manager Role = "manager"
	// Viewer reads boards and reports and changes nothing.
	Viewer Role = "viewer"
	// Entry types in what was answered on paper or in interviews.
	Entry Role = "entry"
	// CaseHandler answers complaints.
	CaseHandler Role = "case-handler"
	// Auditor reads everything, the log included, and changes nothing.
	Auditor Role = "auditor"
)

// Roles lists every role.
func Roles() []Role {
	return []Role{Administrator, Designer, Manager, Viewer, Entry, CaseHandler, Auditor}
}

// Permission is a kind of thing one may do. Every route asks for one.
type Permission string

// The permissions.
const (
	// Public needs nobody to be signed in.
	Public Permission = "public"
	// OwnAccount changes one's own password and ends one's own sessions.
	OwnAccount Permission = "own-account"
	// ViewBoard reads figures and reports within the scope.
	ViewBoard Permission = "view-board"
	// ViewPoints reads the list of service points within the scope, and prints
	// their posters.
	ViewPoints Permission = "view-points"
	// ManagePoints changes service points within the scope.
	ManagePoints Permission = "manage-points"
	// DesignSurveys makes surveys, and publishes them.
	DesignSurveys Permission = "design-surveys"
	// EnterResponses types in the sheets of staff within the scope.
	EnterResponses Permission = "enter-responses"
	// ReadServed reads how people judged who served them: officials of themselves, the
	// head of an agency of its officials. Whose the caller may read, the thing that a
	// route is about says (registry.View.Rated), whatever the role.
	ReadServed Permission = "read-served"
	// ManageAccounts adds and changes accounts whose scope lies within one's own.
	ManageAccounts Permission = "manage-accounts"
	// ReadLog reads who changed what.
	ReadLog Permission = "read-log"
	// ReadSettings reads what the deployment decides.
	ReadSettings Permission = "read-settings"
	// Administer changes what the whole province shares: surveys, agencies,
	// targets, published figures, settings.
	Administer Permission = "administer"
)

// Permissions lists every permission.
func Permissions() []Permission {
	return []Permission{Public, OwnAccount, ViewBoard, ViewPoints, ManagePoints, DesignSurveys, EnterResponses, ReadServed, ManageAccounts, ReadLog, ReadSettings, Administer}
}

// holders are the roles that hold a permission, and whether only where they are
// for the whole province: what has no agency is not an agency's to read or change.
// What is not named here nobody may do.
func (p Permission) holders() (roles []Role, whole bool) {
	switch p {
	case Public, OwnAccount, ReadServed:
		return Roles(), false
	case ViewBoard:
		return []Role{Administrator, Designer, Manager, Viewer, CaseHandler, Auditor}, false
	case ViewPoints:
		return Roles(), false
	case ManagePoints:
		return []Role{Administrator, Manager}, false
	case DesignSurveys:
		return []Role{Administrator, Designer}, true
	case EnterResponses:
		return []Role{Administrator, Manager, Entry}, false
	case ManageAccounts:
		return []Role{Administrator}, false
	case ReadLog, ReadSettings:
		return []Role{Administrator, Auditor}, true
	case Administer:
		return []Role{Administrator}, true
	}
	return nil, false
}

// Identity is who asks. The zero Identity is nobody: it may see what is public
// only and covers no agency.
type Identity struct {
	UserID int64  // 0 for a token
	Name   string // of the person, or the label of the token
	Role   Role
	Scope  int64 // id of the agency at the root of what it may see; 0: the whole province
}

// May tells whether the role holds a permission. What is public is everybody's.
func (i Identity) May(p Permission) bool {
	roles, whole := p.holders()
	return p == Public || slices.Contains(roles, i.Role) && (i.Scope == 0 || !whole)
}

// Covers tells whether an agency lies within the scope; agency 0 is the
// province as a whole.
func (i Identity) Covers(tree *agency.Tree, agencyID int64) bool {
	return slices.Contains(Roles(), i.Role) && tree.Below(i.Scope, agencyID)
}
