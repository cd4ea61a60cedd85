package limit

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// redisTimeout bounds each of connecting, writing and reading: a limiter that is slower
// than this is of no use to the person who waits.
const redisTimeout = 50 * time.Millisecond

//go:embed gcra.lua
var gcra string

// Redis limits over all processes that share one Redis (5 or newer) or Redis Cluster.
// Keys are "sipas:{SCOPE}:NAME" and expire when their bucket is full again.
type Redis struct {
	client redis.UniversalClient
	script *redis.Script
}

// NewRedis returns a limiter for one of
//
//	redis://user:password@host:6379/0         one server (rediss:// with TLS)
//	unix:///path/to/redis.sock?db=0           one server on this machine
//	redis+cluster://host:7000?addr=host:7001  a cluster, any number of addr (rediss+cluster:// with TLS)
//
// It does not connect yet. The query may set options of the client, such as
// read_timeout=200ms or pool_size=50; connecting, writing and reading may take 50 ms each
// unless it says otherwise, and nothing is tried twice. Errors never show the password.
func NewRedis(address string) (*Redis, error) {
	client, err := dial(address)
	if err != nil {
		var parse *url.Error
		if errors.As(err, &parse) { // its text repeats the address and so the password
			err = parse.Err
		}
		return nil, fmt.Errorf("limit: Redis address: %w", err)
	}
	return &Redis{client: client, script: redis.NewScript(gcra)}, nil
}

// Take implements Limiter in one round trip. An error that is not a *TooMany says nothing
// about the buckets; Fallback deals with it.
func (r *Redis) Take(ctx context.Context, scope string, buckets ...Bucket) error {
	return r.move(ctx, scope, buckets, 1)
}

// GiveBack implements Limiter in one round trip.
func (r *Redis) GiveBack(ctx context.Context, scope string, buckets ...Bucket) error {
	return r.move(ctx, scope, buckets, -1)
}

func (r *Redis) move(ctx context.Context, scope string, buckets []Bucket, events int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := check(buckets); err != nil {
		return err
	}
	active := make([]Bucket, 0, len(buckets))
	keys := make([]string, 0, len(buckets))
	args := make([]any, 0, 3*len(buckets))
	for i, b := range buckets {
		if !skipped(buckets, i, false) { // the script knows whether the first one is in use
			active = append(active, b)
			keys = append(keys, redisKey(scope, b.Name))
			args = append(args, events*b.Rate.interval(), b.Rate.burst(), b.Arrival)
		}
	}
	if len(active) == 0 {
		return nil
	}
	reply, err := r.script.Run(ctx, r.client, keys, args...).Int64Slice()
	if err != nil {
		return fmt.Errorf("limit: Redis: %w", err)
	}
	if len(reply) != 2 || reply[0] < 0 || reply[0] > int64(len(active)) {
		return fmt.Errorf("limit: Redis: unexpected reply %v", reply)
	}
	if reply[0] == 0 {
		return nil
	}
	return &TooMany{
		Bucket:     active[reply[0]-1].Name,
		RetryAfter: time.Duration(reply[1]) * time.Microsecond,
	}
}

// Close implements Limiter.
func (r *Redis) Close() error { return r.client.Close() }

// redisKey puts the scope into the hash tag, the only part of a key by which a cluster
// picks the node. Escaping keeps braces out of the tag; an empty tag would not count as one.
func redisKey(scope, name string) string {
	tag := url.QueryEscape(scope)
	if tag == "" {
		tag = "*" // escaping never yields it
	}
	return "sipas:{" + tag + "}:" + name
}

func dial(address string) (redis.UniversalClient, error) {
	// The library prints a line for every failed connection, and only a process-wide
	// switch stops it; Fallback reports once instead.
	redis.SetLogger(silent{})

	if scheme, rest, _ := strings.Cut(address, "+cluster://"); scheme == "redis" || scheme == "rediss" {
		o, err := redis.ParseClusterURL(scheme + "://" + rest)
		if err != nil {
			return nil, err
		}
		o.MaxRetries, o.DialerRetries = -1, 1
		o.ContextTimeoutEnabled = true
		o.DisableIdentity = true
		o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
		defaultTimeout(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolTimeout)
		return redis.NewClusterClient(o), nil
	}
	o, err := redis.ParseURL(address)
	if err != nil {
		return nil, err
	}
	o.MaxRetries, o.DialerRetries = -1, 1
	o.ContextTimeoutEnabled = true
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	defaultTimeout(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolTimeout)
	return redis.NewClient(o), nil
}

func defaultTimeout(timeouts ...*time.Duration) {
	for _, t := range timeouts {
		if *t == 0 {
			*t = redisTimeout
		}
	}
}

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}
