package httpd

import (
	"sipas/internal/agency"
	"sipas/internal/sender"
)

// Sender is who sends a request, as far as limits must know.
type Sender struct{ x *exchange }

// MarkDevice gives a browser its number, unless it has one.
func (s Sender) MarkDevice() { s.x.k.senders.MarkDevice(s.x.c.Writer, s.x.c.Request) }

// MarkEntry remembers in a browser that it came by an entry link.
func (s Sender) MarkEntry(e *EntryFound) { s.x.k.senders.MarkEntry(s.x.c.Writer, e.Point.Code, e.Link) }

// TrialToken is the token of a link by which a browser tries a service point.
func (s Sender) TrialToken(code agency.Code) string { return s.x.k.senders.TrialToken(code) }

// BeginTrial remembers in a browser that it tries the service point of a token.
func (s Sender) BeginTrial(token string) (code agency.Code, ok bool) {
	return s.x.k.senders.BeginTrial(s.x.c.Writer, token)
}

// Tries tells whether the sender tries a service point.
func (s Sender) Tries(code agency.Code) bool { return s.x.k.senders.Tries(s.x.c.Request, code) }

// EndTrial lets the sender's next answer count.
func (s Sender) EndTrial() { s.x.k.senders.EndTrial(s.x.c.Writer) }

// TakeTurn takes the sender's turn at a service point, and the service point's
// own for a valid answer. The error is *limit.TooMany.
func (s Sender) TakeTurn(p agency.ServicePoint, valid bool) error {
	return s.x.k.senders.TakeTurn(s.x.c.Request, p, valid)
}

// TakeScreen takes the turn of whoever asks for the next screen of a form.
func (s Sender) TakeScreen(p agency.ServicePoint) error {
	return s.x.k.senders.TakeScreen(s.x.c.Request, p)
}

// Unspent gives turns back that added nothing; ours says that the fault was.
func (s Sender) Unspent(p agency.ServicePoint, ours bool) {
	s.x.k.senders.Unspent(s.x.c.Request, p, ours)
}

// Try is an attempt to sign in.
func (s Sender) Try(login string) *sender.Try { return s.x.k.senders.Try(s.x.c.Request, login) }

// Right says that the password of an attempt was right.
func (s Sender) Right(try *sender.Try) { try.Right(s.x.c.Writer) }
