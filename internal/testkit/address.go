package testkit

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// FreeAddress finds an address of the loopback interface for a program that
// will listen on it a moment later. It stays below the ports that the system
// gives to outgoing connections, one of which could take it in between.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000))
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close() // only to see that it was free
			return address
		}
	}
	t.Fatal("no free port below 30000")
	return ""
}
