package admin

import (
	"strconv"
	"time"

	"sipas/internal/auth"
	"sipas/internal/httpd"
)

// keptLine says how long something is kept.
type keptLine struct{ What, Long string }

// keptLines say it of all that is not asked for.
func keptLines(p httpd.Page) []keptLine {
	hours := func(d time.Duration) string { return strconv.Itoa(int(d / time.Hour)) }
	return []keptLine{
		{p.T("kept.answers"), p.T("kept.answers-long")},
		{p.T("kept.sessions"), p.T("kept.sessions-long", "hours", hours(auth.SessionLasts), "minutes", strconv.Itoa(int(auth.SessionIdle/time.Minute)))},
		{p.T("kept.invitations"), p.T("kept.invitations-long", "days", strconv.Itoa(int(auth.InvitationLasts/(24*time.Hour))))},
		{p.T("kept.entry-links"), p.T("kept.entry-links-long")},
		{p.T("kept.log"), p.T("kept.log-long")},
	}
}
