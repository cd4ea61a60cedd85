package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// wire is one citizen's connection: HTTP/1.1 written and read by hand, because
// an ordinary client takes more of the shared processors than the server.
type wire struct {
	address string // host:port
	conn    net.Conn
	reader  *bufio.Reader
	cookie  string // what the server set last, sent back
	body    []byte // reused
}

const wireTimeout = 30 * time.Second

// ask sends one request and gives the status and the body, which holds until
// the next request. After an error the connection is opened anew.
func (w *wire) ask(ctx context.Context, method, path, body string) (page []byte, status int, err error) {
	if w.conn == nil {
		if w.conn, err = (&net.Dialer{Timeout: wireTimeout}).DialContext(ctx, "tcp", w.address); err != nil {
			return nil, 0, err
		}
		w.reader = bufio.NewReaderSize(w.conn, 64<<10)
	}
	page, status, err = w.exchange(method, path, body)
	if err != nil {
		w.close()
	}
	return page, status, err
}

func (w *wire) close() {
	if w.conn != nil {
		_ = w.conn.Close() // nothing more is expected from it
		w.conn = nil
	}
}

func (w *wire) exchange(method, path, body string) ([]byte, int, error) {
	if err := w.conn.SetDeadline(time.Now().Add(wireTimeout)); err != nil {
		return nil, 0, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nAccept-Language: vi\r\n", method, path, w.address)
	if w.cookie != "" {
		fmt.Fprintf(&b, "Cookie: %s\r\n", w.cookie)
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	if _, err := io.WriteString(w.conn, b.String()); err != nil {
		return nil, 0, err
	}
	response, err := http.ReadResponse(w.reader, nil)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	for _, c := range response.Cookies() {
		w.cookie = c.Name + "=" + c.Value // the product sets one, the device's
	}
	w.body = w.body[:0]
	if response.ContentLength > 0 {
		if int64(cap(w.body)) < response.ContentLength {
			w.body = make([]byte, response.ContentLength)
		}
		w.body = w.body[:response.ContentLength]
		_, err = io.ReadFull(response.Body, w.body)
	} else {
		w.body, err = io.ReadAll(response.Body)
	}
	return w.body, response.StatusCode, err
}
