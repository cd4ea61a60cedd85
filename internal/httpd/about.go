package httpd

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// about is what every page says about the deployment: whose it is and whether
// its citizens are made up. It hardly ever changes and is read again when it
// is older than aboutAge.
type about struct {
	mu sync.Mutex
	at time.Time

	province  survey.Text
	synthetic bool
}

const aboutAge = 10 * time.Second

type aboutValues struct {
	province  survey.Text
	synthetic bool
}

// of gives the values; while the database is away the last known ones.
func (a *about) of(ctx context.Context, st *store.Store, now time.Time) aboutValues {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.at.IsZero() || now.Sub(a.at) > aboutAge {
		a.at = now
		synthetic, err := st.Setting(ctx, store.SettingSynthetic)
		if err == nil {
			a.synthetic = synthetic == "1"
		}
		if province, err := st.Setting(ctx, store.SettingProvince); err == nil && province != "" {
			_ = json.Unmarshal([]byte(province), &a.province) // a name that cannot be read is left out
		}
	}
	return aboutValues{a.province, a.synthetic}
}
