package agency

// Official is who serves people at a counter: an official or employee of an agency
// (công chức, viên chức). People may be asked about the one who served them, where the
// province decides so.
type Official struct {
	ID       int64
	Code     string // stable readable key, unique: that of the agency's list of staff
	Badge    Code   // what the QR code of the badge says; no service point has or had it
	AgencyID int64
	PointID  int64  // the service point where the badge counts unless a shift says otherwise; 0: none
	Name     string // as it stands on the badge
	Login    string // of the account by which the official reads their own figures; "": none
	// Named: the agency lets citizens read the name on the page that the badge opens.
	Named  bool
	Active bool // no longer: the badge says so, and the figures stay
}
