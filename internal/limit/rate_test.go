package limit

import (
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestParseRate(t *testing.T) {
	t.Parallel()
	good := map[string]Rate{
		"off":        {},
		" 60/10m ":   {60, 10 * time.Minute},
		"600/1m":     {600, time.Minute},
		"1/1µs":      {1, time.Microsecond},
		"5/90s":      {5, 90 * time.Second},
		"1/1h30m":    {1, 90 * time.Minute},
		"9/8784h":    {9, 8784 * time.Hour},
		"1000000/1s": {1000000, time.Second},
	}
	for text, want := range good {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("ParseRate(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "60", "60/", "/1m", "0/1m", "-1/1m", "60/0s", "60/-1m", "1.5/1m", "60/10", "60/m", "OFF", "off/1m",
		"60/10m/1", "60 / 10m", "2/1µs", "1/1ns", "1/8785h", "99999999999999999999/1m", "1/99999999999h",
	} {
		if got, err := ParseRate(text); err == nil {
			t.Errorf("ParseRate(%q) = %v, want an error", text, got)
		}
	}
}

func TestRateString(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"off", "600/1m", "60/10m", "1/24h", "5/1m30s", "7/1h5m", "3/1h0m5s", "9/500ms"} {
		r, err := ParseRate(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.String(); got != text {
			t.Errorf("%q prints as %q", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		r := drawRate(t)
		if back, err := ParseRate(r.String()); err != nil || back != r {
			t.Errorf("%#v -> %s -> %#v, %v", r, r, back, err)
		}
	})
}

func TestRateShare(t *testing.T) {
	t.Parallel()
	r := Rate{10, time.Minute}
	for n, want := range map[int]Rate{0: r, 1: r, 3: {3, time.Minute}, 10: {1, time.Minute}, 50: {1, time.Minute}} {
		if got := r.share(n); got != want {
			t.Errorf("share(%d) = %v, want %v", n, got, want)
		}
	}
	if got := (Rate{}).share(4); !got.Off() {
		t.Errorf("a share of off is %v", got)
	}
}

func drawRate(t *rapid.T) Rate {
	per := time.Duration(rapid.Int64Range(1, maxPer.Microseconds()).Draw(t, "per")) * time.Microsecond
	most := min(per.Microseconds(), 1_000_000)
	return Rate{Count: int(rapid.Int64Range(1, most).Draw(t, "count")), Per: per}
}

// TestStrict: within any span of Per no more than Count, whatever the pace.
func TestStrict(t *testing.T) {
	t.Parallel()
	if got := (Rate{}).Strict(); !got.Off() {
		t.Errorf("off became %v", got)
	}
	for _, r := range []Rate{{6, 10 * time.Minute}, {1, time.Hour}, {1_000_000, time.Minute}, {1_000_000, time.Second}, {2, maxPer}} {
		if err := r.Strict().check(); err != nil {
			t.Errorf("%v: %v", r, err)
		}
		if err := r.Times(4).check(); err != nil {
			t.Errorf("4 times %v: %v", r, err)
		}
	}
	for _, pace := range []time.Duration{0, time.Second, 10 * time.Second, 99 * time.Second, 3 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			l, r := NewMemory(time.Now), Rate{6, 10 * time.Minute}
			var passed []time.Time
			for range 200 {
				if l.Take(t.Context(), "s", Bucket{Name: "x", Rate: r.Strict()}) == nil {
					passed = append(passed, time.Now())
				}
				time.Sleep(pace)
			}
			for i, at := range passed {
				if i >= r.Count && at.Sub(passed[i-r.Count]) < r.Per {
					t.Fatalf("at a pace of %s: %d passed within %s", pace, r.Count+1, at.Sub(passed[i-r.Count]))
				}
			}
		})
	}
}
