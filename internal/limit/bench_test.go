package limit

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/testkit"
)

func BenchmarkMemory(b *testing.B) { benchmark(b, NewMemory(time.Now)) }

func BenchmarkRedis(b *testing.B) { benchmark(b, newRedis(b, testkit.Redis(b).URL())) }

// benchmark takes what one submission takes: a device, its service point and its address.
func benchmark(b *testing.B, l Limiter) {
	run := "bench " + strconv.FormatInt(time.Now().UnixNano(), 36)
	var caller atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		point := run + strconv.FormatInt(caller.Add(1), 10)
		for i := 0; pb.Next(); i++ {
			err := l.Take(context.Background(), point,
				Bucket{Name: "device:" + strconv.Itoa(i%1000), Rate: Rate{1_000_000, time.Minute}},
				Bucket{Name: "point", Rate: Rate{60_000_000, time.Minute}},
				Bucket{Name: "address:192.0.2.1", Rate: Rate{60_000_000, time.Minute}})
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
}
