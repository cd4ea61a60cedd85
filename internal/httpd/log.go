package httpd

import (
	"log/slog"
	"net/http"
)

// requestLevel keeps ordinary requests out of the log of a busy server: they
// are counted by the metrics.
func requestLevel(status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status >= http.StatusBadRequest:
		return slog.LevelInfo
	}
	return slog.LevelDebug
}
