package limit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxPer bounds the period, so that microseconds stay exact in Lua's double numbers.
const maxPer = 366 * 24 * time.Hour

// Rate allows Count events per Per, with a burst of Count: within any span of time no
// more than Count + span*Count/Per events. The zero Rate is off and allows everything.
type Rate struct {
	Count int           // 1 or more, and at most one per microsecond
	Per   time.Duration // whole microseconds, at most 366 days
}

// ParseRate reads "COUNT/PERIOD" such as "600/1m" or "60/10m", or "off" for the zero Rate.
func ParseRate(s string) (Rate, error) {
	s = strings.TrimSpace(s)
	if s == "off" {
		return Rate{}, nil
	}
	count, per, found := strings.Cut(s, "/")
	n, errCount := strconv.Atoi(count)
	d, errPer := time.ParseDuration(per)
	err := errors.Join(errCount, errPer)
	if r := (Rate{n, d}); found && err == nil {
		if err = r.check(); err == nil {
			return r, nil
		}
		return Rate{}, fmt.Errorf("rate %q: %w", s, err)
	}
	return Rate{}, fmt.Errorf(`rate %q: want COUNT/PERIOD such as "600/1m", or "off"`, s)
}

// String gives the form that ParseRate reads.
func (r Rate) String() string {
	if r.Off() {
		return "off"
	}
	per := r.Per.String() // 10m0s, 1h0m0s
	if strings.HasSuffix(per, "m0s") {
		per = strings.TrimSuffix(per, "0s")
	}
	if strings.HasSuffix(per, "h0m") {
		per = strings.TrimSuffix(per, "0m")
	}
	return strconv.Itoa(r.Count) + "/" + per
}

// Off says that the rate limits nothing.
func (r Rate) Off() bool { return r == Rate{} }

func (r Rate) check() error {
	switch {
	case r.Count < 1:
		return errors.New("the count must be 1 or more")
	case r.Per < time.Microsecond || r.Per%time.Microsecond != 0 || r.Per > maxPer:
		return errors.New("the period must be a whole number of microseconds, above 0 and at most 8784h")
	case int64(r.Count) > r.Per.Microseconds():
		return errors.New("at most one event per microsecond can be counted")
	}
	return nil
}

// interval is the time between two events of a steady stream in microseconds, rounded
// up so that the rate is never exceeded.
func (r Rate) interval() int64 {
	n := int64(r.Count)
	return (r.Per.Microseconds() + n - 1) / n
}

// burst is how far the TAT may lie in the future in microseconds: Count whole intervals,
// so that rounding does not cost the last event of a burst.
func (r Rate) burst() int64 { return r.interval() * int64(r.Count) }

// Times is the rate of n such things together, as far as one can be counted.
func (r Rate) Times(n int) Rate {
	return Rate{Count: int(min(int64(r.Count)*int64(n), r.Per.Microseconds())), Per: r.Per}
}

// Strict is the rate that lets no more than Count through within any Per: a burst of Count is
// there at once, and then one event comes back each Per. (Only where Count times Per is more
// than 366 days it comes back sooner.)
func (r Rate) Strict() Rate {
	if r.Off() {
		return r
	}
	return Rate{Count: r.Count, Per: r.Per * time.Duration(min(int64(r.Count), int64(maxPer/r.Per)))}
}

// share is the part of the rate that one of n equal instances may use, at least one event.
func (r Rate) share(n int) Rate {
	if r.Off() || n <= 1 {
		return r
	}
	return Rate{Count: max(1, r.Count/n), Per: r.Per}
}
