// Package sender tells who sends a request, as far as the limits must know:
// which browser, which subscriber's network, from which site, and whose turn it
// is. Nothing of that is stored beside an answer, and the limiter gets
// signatures only.
package sender

import (
	"log/slog"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"sipas/internal/limit"
)

// Rates are those of taking answers and of signing in. A rate that is off
// limits nothing.
type Rates struct {
	Device     limit.Rate // submissions of one device at a service point
	Kiosk      limit.Rate // the same, of a device that many people answer on
	NewDevices limit.Rate // devices that come from one network to a service point
	NoCookie   limit.Rate // submissions from one network without a device's cookie, at a service point
	Address    limit.Rate // submissions from one network at a service point
	Point      limit.Rate // valid submissions at a service point that has no limit of its own
	SignIn     SignIn
}

// SignIn are the rates of signing in that failed.
type SignIn struct {
	Browser  limit.Rate // for a name, in a browser where it signed in before
	Name     limit.Rate // for a name from one network
	Network  limit.Rate // for all names from one network
	Anywhere limit.Rate // for a name from everywhere; when it is used up, Rare holds for each network
	Rare     limit.Rate
}

// ShippedSignIn are slow enough against guessing, and a person who forgot a
// password does not wait long.
func ShippedSignIn() SignIn {
	return SignIn{
		Browser:  limit.Rate{Count: 10, Per: 5 * time.Minute},
		Name:     limit.Rate{Count: 10, Per: 5 * time.Minute},
		Network:  limit.Rate{Count: 30, Per: 5 * time.Minute},
		Anywhere: limit.Rate{Count: 60, Per: 10 * time.Minute},
		Rare:     limit.Rate{Count: 3, Per: time.Hour},
	}
}

// Options of New; all are required unless noted.
type Options struct {
	Limiter limit.Limiter
	Rates   Rates
	// Secret signs cookies and names of buckets; at least 32 bytes.
	Secret []byte
	// PublicURL is where citizens reach this server, without a path.
	PublicURL *url.URL
	// Configured says that somebody set it. Otherwise it is a guess, and
	// browsers may come by any name.
	Configured bool
	// Proxies are the networks whose X-Forwarded-For is believed; none by default.
	Proxies []netip.Prefix
	Log     *slog.Logger
	Now     func() time.Time
	// Refused is told which kind of bucket was empty; for metrics. Optional.
	Refused func(kind string)
}

// Senders knows senders apart. It is safe for concurrent use.
type Senders struct {
	Options
	cookies
	trials
	origin         string // of PublicURL, as browsers write it
	oddHost, deafs sync.Once
}

// New makes a Senders.
func New(o Options) *Senders {
	if o.Refused == nil {
		o.Refused = func(string) {}
	}
	kept := newCookies(o.Secret, o.PublicURL.Scheme == "https")
	return &Senders{Options: o, cookies: kept, trials: trials{kept, o.Now}, origin: o.PublicURL.Scheme + "://" + o.PublicURL.Host}
}
