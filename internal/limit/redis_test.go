package limit

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/testkit"
)

func TestRedisAddress(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"redis://127.0.0.1:1", "rediss://u:p@h:1/2", "unix:///tmp/x.sock?db=1", "redis://h?read_timeout=1s&pool_size=3",
		"redis+cluster://h:1?addr=h:2&addr=h:3", "rediss+cluster://u:p@h:1",
	} {
		r, err := NewRedis(good)
		if err != nil {
			t.Errorf("%s: %v", good, err)
			continue
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{
		"", "h:1", "http://sesame@h", "redis://u:sesame@h:port", "redis://u:sesame@h/db", "redis://u:sesame@h?no_such=1",
		"redis://u:sesame%@h", "redis+cluster://u:sesame@h:x", "cluster://u:sesame@h", "unix://u:sesame@", "redis://u:sesame@h\x00",
	} {
		if _, err := NewRedis(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		} else if strings.Contains(err.Error(), "sesame") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func TestRedisKeys(t *testing.T) {
	t.Parallel()
	for want, in := range map[string][2]string{
		"sipas:{DP01}:device:abc":   {"DP01", "device:abc"},
		"sipas:{*}:address:::1":     {"", "address:::1"},
		"sipas:{%7Ba%7Db%3A%2A}:{}": {"{a}b:*", "{}"},
	} {
		if got := redisKey(in[0], in[1]); got != want {
			t.Errorf("redisKey(%q) = %q, want %q", in, got, want)
		}
	}
}

// A real cluster node refuses a script whose keys lie in different slots.
func TestRedisClusterKeysShareASlot(t *testing.T) {
	t.Parallel()
	server := testkit.RedisCluster(t)
	r := newRedis(t, server.URL())
	rate := Rate{100, time.Hour}
	for _, scope := range []string{"DP01", "", "a}b", "{a}", "{}", "}{", "Phan Thiết"} {
		err := r.Take(t.Context(), scope, Bucket{Name: "device:a", Rate: rate}, Bucket{Name: "point", Rate: rate}, Bucket{Name: "address:{x}", Rate: rate}, Bucket{Name: "{y}", Rate: rate})
		if err != nil {
			t.Errorf("scope %q: %v", scope, err)
		}
	}
	err := r.script.Run(t.Context(), r.client, []string{"sipas:{a}:x", "sipas:{b}:x"}, 1, 1, 1, 1).Err()
	if err == nil {
		t.Error("the node takes keys of different slots, so this test proves nothing")
	}
}

func TestRedisKeysExpireWhenFull(t *testing.T) {
	t.Parallel()
	server, address := newMiniredis(t)
	now := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	server.SetTime(now)
	r := newRedis(t, address)
	b := Bucket{Name: "x", Rate: Rate{10, time.Minute}}
	for i := range 10 {
		if err := r.Take(t.Context(), "s", b); err != nil {
			t.Fatal(err)
		}
		if ttl := server.TTL(redisKey("s", "x")); ttl != time.Duration(i+1)*6*time.Second {
			t.Errorf("after %d events the key lives for %s", i+1, ttl)
		}
	}
	refused := wantTooMany(t, r.Take(t.Context(), "s", b))
	if refused.RetryAfter != 6*time.Second {
		t.Errorf("retry after %s, want 6s", refused.RetryAfter)
	}
	server.SetTime(now.Add(6*time.Second - time.Microsecond))
	wantTooMany(t, r.Take(t.Context(), "s", b))
	server.SetTime(now.Add(6 * time.Second))
	if err := r.Take(t.Context(), "s", b); err != nil {
		t.Error(err)
	}
	server.FastForward(time.Minute)
	if server.Exists(redisKey("s", "x")) {
		t.Error("the key outlives its use")
	}
}

// A server clock set back by an hour, or a rate made stricter, must not shut people out.
func TestRedisBucketOpensAgain(t *testing.T) {
	t.Parallel()
	server, address := newMiniredis(t)
	now := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	r := newRedis(t, address)
	wide, strict := Bucket{Name: "x", Rate: Rate{60, time.Hour}}, Bucket{Name: "x", Rate: Rate{10, time.Minute}}
	server.SetTime(now)
	for range 60 {
		if err := r.Take(t.Context(), "s", wide); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range []Bucket{strict, wide} {
		now = now.Add(-time.Hour)
		server.SetTime(now)
		refused := wantTooMany(t, r.Take(t.Context(), "s", b))
		if refused.RetryAfter > b.Rate.Per {
			t.Fatalf("retry after %s", refused.RetryAfter)
		}
		server.SetTime(now.Add(refused.RetryAfter))
		if err := r.Take(t.Context(), "s", b); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	}
}

func TestRedisLosesItsScripts(t *testing.T) {
	t.Parallel()
	r := newRedis(t, testkit.OwnRedis(t).URL())
	b := Bucket{Name: "x", Rate: Rate{100, time.Hour}}
	var admitted atomic.Int64
	var callers sync.WaitGroup
	for i := range 8 {
		callers.Go(func() {
			for j := range 50 {
				err := r.Take(t.Context(), "s", b)
				var refused *TooMany
				if err == nil {
					admitted.Add(1)
				} else if !errors.As(err, &refused) {
					t.Error(err)
				}
				if i == 0 && j%5 == 0 {
					if err := r.client.ScriptFlush(t.Context()).Err(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	callers.Wait()
	if admitted.Load() != 100 {
		t.Errorf("admitted %d, want 100", admitted.Load())
	}
}

func TestRedisKeepsMicrosecondsAndExpires(t *testing.T) {
	t.Parallel()
	r := newRedis(t, testkit.OwnRedis(t).URL())
	if err := r.Take(t.Context(), "s", Bucket{Name: "a", Rate: Rate{3, time.Hour}}); err != nil {
		t.Fatal(err)
	}
	tat, err := r.client.Get(t.Context(), redisKey("s", "a")).Result()
	if err != nil || len(tat) != 16 {
		t.Errorf("the TAT is %q, %v; want 16 digits of microseconds", tat, err)
	}
	left, err := r.client.PTTL(t.Context(), redisKey("s", "a")).Result()
	if err != nil || left <= 0 || left > 20*time.Minute {
		t.Errorf("the key lives for %s, %v; want the 20 minutes until the bucket is full", left, err)
	}
}
