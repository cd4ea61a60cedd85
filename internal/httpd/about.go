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

// aboutPatience bounds how long pages wait for a database that hangs.
const aboutPatience = time.Second

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
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), aboutPatience)
		defer cancel()
		if synthetic, err := st.Setting(ctx, store.SettingSynthetic); err == nil {
			a.synthetic = synthetic == "1"
		}
		if text, err := st.Setting(ctx, store.SettingProvince); err == nil && text != "" {
			var province survey.Text // a new one: pages being rendered still read the old
			if json.Unmarshal([]byte(text), &province) == nil {
				a.province = province
			}
		}
	}
	return aboutValues{a.province, a.synthetic}
}
