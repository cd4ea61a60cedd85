package app

import (
	"container/list"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// crowd keeps the open connections below a bound, so that no number of them
// leaves the program without descriptors for its database. At the bound the
// connection that has been idle longest makes room for a new one; if all are
// busy, the new one is told to come back.
type crowd struct {
	net.Listener
	log   *slog.Logger
	now   func() time.Time
	bound int

	mu   sync.Mutex
	all  map[net.Conn]*list.Element // nil: busy
	idle *list.List                 // of net.Conn, the longest first

	turnedAway, closedIdle atomic.Uint64
	said                   atomic.Int64 // when the log was told last, Unix seconds
}

func newCrowd(l net.Listener, bound int, log *slog.Logger, now func() time.Time) *crowd {
	return &crowd{Listener: l, log: log, now: now, bound: bound, all: map[net.Conn]*list.Element{}, idle: list.New()}
}

// comeBack is the whole answer to a connection that there is no room for.
const comeBack = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

// Accept gives the next connection that there is room for.
func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				c.say(func() { c.log.Error("connections cannot be accepted", "error", err) })
			}
			return nil, err
		}
		leaves, ok := c.admit(conn)
		if leaves != nil {
			c.closedIdle.Add(1)
			_ = leaves.Close() // whoever it was sent nothing
		}
		if ok {
			return conn, nil
		}
		c.turnedAway.Add(1)
		_ = conn.SetWriteDeadline(c.now().Add(time.Second)) // it fits into the socket's buffer
		_, _ = conn.Write([]byte(comeBack))
		_ = conn.Close()
	}
}

// admit takes a connection in. leaves is the one that has to go for it.
func (c *crowd) admit(conn net.Conn) (leaves net.Conn, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) >= c.bound {
		c.say(func() {
			c.log.Error("as many connections are open as may be", "open", len(c.all), "idle", c.idle.Len(), "bound", c.bound)
		})
		first := c.idle.Front()
		if first == nil {
			return nil, false
		}
		leaves, _ = c.idle.Remove(first).(net.Conn)
		delete(c.all, leaves)
	}
	c.all[conn] = c.idle.PushBack(conn)
	return leaves, true
}

// follow is the server's ConnState: it knows who is idle.
func (c *crowd) follow(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	place, known := c.all[conn]
	if !known {
		return // it had to leave
	}
	if place != nil {
		c.idle.Remove(place)
		c.all[conn] = nil
	}
	switch state {
	case http.StateNew, http.StateIdle:
		c.all[conn] = c.idle.PushBack(conn)
	case http.StateActive:
	case http.StateClosed, http.StateHijacked:
		delete(c.all, conn)
	}
}

func (c *crowd) open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.all)
}

// say logs at most once a minute.
func (c *crowd) say(write func()) {
	now, before := c.now().Unix(), c.said.Load()
	if now-before >= 60 && c.said.CompareAndSwap(before, now) {
		write()
	}
}

// mostConnections is how many connections may be open with so many descriptors:
// a quarter of them, at least reserved, stays for the database and files; and
// beyond enough, connections cost memory and serve nobody.
func mostConnections(descriptors uint64) int {
	const (
		enough   = 4096
		reserved = 64
		least    = 16
	)
	kept := max(descriptors/4, reserved)
	if descriptors < kept+least {
		return least
	}
	return int(min(descriptors-kept, enough))
}
