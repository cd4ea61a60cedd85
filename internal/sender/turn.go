package sender

import (
	"context"
	"errors"
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/limit"
)

// siteFactor is how many times the rate of one network a site of many gets.
const siteFactor = 4

// TakeTurn asks the limits of one service point for leave to send an answer, in
// one round trip: the device, new devices of its network, that network, and
// for an answer that is valid the service point. So garbage never spends what
// honest people need. Whichever way an answer comes, it takes from the same
// buckets. The error is *limit.TooMany.
func (s *Senders) TakeTurn(r *http.Request, p agency.ServicePoint, valid bool) error {
	buckets := make([]limit.Bucket, 0, 6)
	from := s.network(r)
	if id, ok := s.device(r); ok {
		buckets = append(buckets, s.deviceBucket(id, p.Channel))
		buckets = s.from(buckets, from, "new-device", s.Rates.NewDevices, true)
	} else {
		buckets = s.from(buckets, from, "no-cookie", s.Rates.NoCookie, false)
	}
	buckets = s.from(buckets, from, "address", s.Rates.Address, false)
	if valid {
		buckets = append(buckets, s.point(p))
	}
	return s.take(r.Context(), string(p.Code), buckets)
}

// TakeScreen takes one of the turns that a network has for showing it screens of forms: they
// are made for it alone, and nothing comes of them.
func (s *Senders) TakeScreen(r *http.Request, p agency.ServicePoint) error {
	return s.take(r.Context(), string(p.Code), s.from(nil, s.network(r), "screen", s.Rates.Address, false))
}

// Unspent gives back what TakeTurn took of the service point for an answer that
// added nothing: one that was there already, or that could not be kept. The
// sender's own turn stays spent, unless the fault was ours: a phone that tries
// again and again while the database is away must not have to wait afterwards.
// What its network took stays spent even then, as a bound.
func (s *Senders) Unspent(r *http.Request, p agency.ServicePoint, ours bool) {
	buckets := []limit.Bucket{s.point(p)}
	if id, ok := s.device(r); ok && ours {
		buckets = append(buckets, s.deviceBucket(id, p.Channel))
	}
	s.giveBack(r.Context(), string(p.Code), buckets)
}

func (s *Senders) deviceBucket(id string, channel agency.Channel) limit.Bucket {
	return limit.Bucket{Name: "device:" + id, Rate: s.deviceRate(channel)}
}

// deviceRate is higher where many people answer on one device. A phone of one
// person never gets more than its rate says within that time.
func (s *Senders) deviceRate(channel agency.Channel) limit.Rate {
	switch channel {
	case agency.ChannelKiosk, agency.ChannelInterviewer, agency.ChannelPaper:
		return s.Rates.Kiosk
	case agency.ChannelQR, agency.ChannelOnline:
	}
	return s.Rates.Device.Strict()
}

func (s *Senders) point(p agency.ServicePoint) limit.Bucket {
	b := limit.Bucket{Name: "point", Rate: s.Rates.Point}
	if p.Limit == "" {
		return b
	}
	// What is no rate was not set by this program; the deployment's holds then.
	if own, err := limit.ParseRate(p.Limit); err == nil {
		b.Rate = own
	}
	return b
}

// from adds the buckets of one kind for a network and its site.
func (s *Senders) from(buckets []limit.Bucket, n network, kind string, rate limit.Rate, arrival bool) []limit.Bucket {
	if n.own != "" {
		buckets = append(buckets, s.bucket(kind, n.own, rate, arrival))
	}
	if n.site != "" {
		buckets = append(buckets, s.bucket(kind+"-site", n.site, rate.Times(siteFactor), arrival))
	}
	return buckets
}

// bucket is named by a signature: the limiter may be another machine's memory,
// and an address or login does not leave this one.
func (s *Senders) bucket(kind, value string, rate limit.Rate, arrival bool) limit.Bucket {
	return limit.Bucket{Name: kind + ":" + s.sign(kind, value), Rate: rate, Arrival: arrival}
}

// take counts those who have hung up as well.
func (s *Senders) take(ctx context.Context, scope string, buckets []limit.Bucket) error {
	err := s.Limiter.Take(context.WithoutCancel(ctx), scope, buckets...)
	var refused *limit.TooMany
	if errors.As(err, &refused) {
		s.Refused(refused.Kind())
	}
	return err
}

// giveBack returns events to buckets. That it failed is no reason to refuse
// what the events were for: the buckets fill by themselves.
func (s *Senders) giveBack(ctx context.Context, scope string, buckets []limit.Bucket) {
	if err := s.Limiter.GiveBack(context.WithoutCancel(ctx), scope, buckets...); err != nil {
		s.Log.Warn("turns could not be given back", "error", err)
	}
}
