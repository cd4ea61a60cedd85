package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// latencies are the times that single requests took.
type latencies []time.Duration

// at gives the time that a share of the requests stayed within; 0 without any.
func (l latencies) at(share float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

// String is p50, p95 and p99 in milliseconds.
func (l latencies) String() string {
	return fmt.Sprintf("p50 %s ms, p95 %s ms, p99 %s ms", millis(l.at(.5)), millis(l.at(.95)), millis(l.at(.99)))
}

// middleAndTail is p50 / p95 in milliseconds.
func (l latencies) middleAndTail() string { return millis(l.at(.5)) + " / " + millis(l.at(.95)) }

func millis(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64)
}

// usage is what a process has used so far.
type usage struct {
	cpu  time.Duration
	peak int64 // bytes resident at most
}

const clockTicks = 100 // per second; fixed on Linux for /proc

// usageOf reads /proc; pid 0 gives nothing.
func usageOf(pid int) (usage, error) {
	if pid == 0 {
		return usage{}, nil
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, fmt.Errorf("measure the server: %w", err)
	}
	// The name in parentheses may hold blanks; utime and stime are the 12th
	// and 13th fields after it.
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return usage{}, fmt.Errorf("measure the server: /proc/%d/stat is short", pid)
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return usage{}, fmt.Errorf("measure the server: %w", err)
	}
	u := usage{cpu: time.Duration(user+system) * time.Second / clockTicks}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			u.peak = kb << 10
		}
	}
	return u, nil
}
