package agency

import "slices"

// Agency is a public body that owns service points and is measured. Agencies
// form a tree and have validity dates: a unit that was merged away stays
// readable, and Successors says which units took over its work.
type Agency struct {
	ID       int64
	Code     string // stable readable key, unique, e.g. "so-xay-dung"
	ParentID int64  // 0 at the root
	Name     Text
	Kind     Kind
	// ValidFrom and ValidTo are civil days, half-open; "" is unbounded.
	ValidFrom, ValidTo string
	// Order is the place among its siblings in lists.
	Order int
	// Hotline is the telephone number that people report to, as ParseHotline
	// reads it; "": that of the agency above.
	Hotline string
}

// Lives tells whether the agency exists on a civil day.
func (a Agency) Lives(day string) bool { return a.ValidFrom <= day && !a.Ended(day) }

// Ended tells whether the agency is no more on a civil day.
func (a Agency) Ended(day string) bool { return a.ValidTo != "" && a.ValidTo <= day }

// Kind says what sort of public body an agency is.
type Kind string

// The kinds of agencies. The first four are state administrative agencies,
// whose responses feed the SIPAS indicator.
const (
	KindProvince   Kind = "province"
	KindDepartment Kind = "department"
	KindDistrict   Kind = "district"
	KindCommune    Kind = "commune"
	KindHospital   Kind = "hospital"
	KindSchool     Kind = "school"
)

// Kinds lists every known kind.
func Kinds() []Kind {
	return []Kind{KindProvince, KindDepartment, KindDistrict, KindCommune, KindHospital, KindSchool}
}

// Administrative tells whether agencies of this kind are state administrative
// agencies, the subject of SIPAS.
func (k Kind) Administrative() bool {
	switch k {
	case KindProvince, KindDepartment, KindDistrict, KindCommune:
		return true
	case KindHospital, KindSchool:
		return false
	}
	return false
}

// Succession says that To took over Share (in hundredths of a percent, 10000
// for all) of From's work on the civil day Day. Both n:1 and 1:n occur.
type Succession struct {
	FromID, ToID int64
	Day          string
	Share        int
}

// ServiceField is a sector of service that citizens come for.
type ServiceField struct {
	Key   string
	Name  Text
	Scope FieldScope
	Order int
}

// FieldScope says which kind of work a field is, and so which overall
// indicator its responses feed.
type FieldScope string

// The scopes of service fields.
const (
	// ScopeProcedures: administrative procedures; feeds TTHC.
	ScopeProcedures FieldScope = "administrative-procedures"
	// ScopePublic: public services such as health and education.
	ScopePublic FieldScope = "public-services"
	// ScopeUnknown: the citizen did not say, and the counter serves several scopes.
	ScopeUnknown FieldScope = "unknown"
)

// Reserved service fields for a citizen who did not say what they came for.
const (
	// FieldUnsaidProcedure: some administrative procedure, as every field the
	// counter serves is one.
	FieldUnsaidProcedure = "hanh-chinh"
	// FieldUnsaid: anything.
	FieldUnsaid = "khong-ro"
)

// UnsaidField tells whether a service field stands for what citizens did not
// say; such a field is no indicator and nobody chooses it.
func UnsaidField(key string) bool { return key == FieldUnsaid || key == FieldUnsaidProcedure }

// Channel is the way an answer came. It is always recorded, because channels
// are biased differently.
type Channel string

// The channels.
const (
	ChannelQR          Channel = "qr"
	ChannelKiosk       Channel = "kiosk"
	ChannelOnline      Channel = "online"
	ChannelInterviewer Channel = "interviewer"
	ChannelPaper       Channel = "paper"
)

// Channels lists every channel.
func Channels() []Channel {
	return []Channel{ChannelQR, ChannelKiosk, ChannelOnline, ChannelInterviewer, ChannelPaper}
}

// Staffed tells whether staff fill in the sheets of a channel, for the people
// whom they ask or whose paper they have.
func (c Channel) Staffed() bool { return c == ChannelInterviewer || c == ChannelPaper }

// ServicePoint is a desk, window, room or website with its own QR code. Its
// code is what the poster shows; it survives every change of survey.
type ServicePoint struct {
	ID        int64
	Code      Code
	AgencyID  int64 // whose desk it is
	JudgedID  int64 // whose work is judged unless the response says otherwise
	Name      Text
	Place     string // where to find it, one line
	SurveyKey string // the survey it asks; the newest published version is used
	Channel   Channel
	FieldKeys []string // the service fields it serves, main one first
	Active    bool
	// Limit is how many answers it takes, such as "2400/1m"; "" where the
	// limit of the deployment holds.
	Limit string
	// Hours are when it is open, as Hours.Text writes them in Vietnamese; "" where
	// nobody knows. Answers are taken at any time.
	Hours string
	// Hotline is a telephone number of its own to report to, as ParseHotline reads it;
	// "": that of its agency.
	Hotline string
}

// HasPoster tells whether citizens scan the code themselves. The sheets of
// interviewers and of paper are filled in by staff, and are longer than a poster
// promises.
func (p ServicePoint) HasPoster() bool {
	return p.Active && !p.Channel.Staffed()
}

// FieldFor gives the service field of a response: the chosen one, the only
// one, or a reserved field when the citizen did not say. ok is false when the
// choice is not offered here.
func (p ServicePoint) FieldFor(chosen string, scopes map[string]FieldScope) (key string, ok bool) {
	if chosen != "" {
		if slices.Contains(p.FieldKeys, chosen) {
			return chosen, true
		}
		return "", false
	}
	if len(p.FieldKeys) == 1 {
		return p.FieldKeys[0], true
	}
	for _, k := range p.FieldKeys {
		if scopes[k] != ScopeProcedures {
			return FieldUnsaid, true
		}
	}
	if len(p.FieldKeys) == 0 {
		return FieldUnsaid, true
	}
	return FieldUnsaidProcedure, true
}
