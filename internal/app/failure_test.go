package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// citizens send answers to servers until they are told to stop, and remember
// every receipt they were given.
type citizens struct {
	code    string
	bases   []string
	version string

	mu       sync.Mutex
	receipts map[string]string // submission id -> receipt
	statuses map[int]int
	lost     int // no answer at all, as when a server is killed
	sent     atomic.Int64
	stop     chan struct{}
	all      sync.WaitGroup
}

// answer is the content of a submission, derived from its id so that sending
// it again sends the same.
func answer(version, id string) string {
	level := 1 + int(id[len(id)-1])%5
	return fmt.Sprintf(`{"version":%q,"language":"vi","answers":{"overall":%d,"staff":%d}}`, version, level, 1+(level+1)%5)
}

// otherAnswer is what another person would say under the same id.
func otherAnswer(version, id string) string {
	return strings.Replace(answer(version, id), `"staff":`, `"access":5,"staff":`, 1)
}

// post sends one submission; status 0 means that no answer came.
func post(base, code, id, body string) (status int, header http.Header, reply string) {
	request, err := http.NewRequest(http.MethodPost, base+"/api/v1/service-points/"+code+"/responses", strings.NewReader(body))
	if err != nil {
		return 0, nil, err.Error()
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", id)
	client := http.Client{Timeout: 20 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err.Error()
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, err.Error()
	}
	return response.StatusCode, response.Header, string(content)
}

func receiptIn(reply string) string {
	var r struct{ Receipt string }
	_ = json.Unmarshal([]byte(reply), &r) // anything else has no receipt
	return r.Receipt
}

// begin lets a number of citizens send to the servers in turn.
func begin(code, version string, people int, bases ...string) *citizens {
	c := &citizens{
		code: code, bases: bases, version: version,
		receipts: map[string]string{}, statuses: map[int]int{}, stop: make(chan struct{}),
	}
	for i := range people {
		c.all.Go(func() {
			for turn := i; ; turn++ {
				select {
				case <-c.stop:
					return
				default:
				}
				id := survey.NewID(time.Now())
				status, header, reply := post(c.bases[turn%len(c.bases)], code, id, answer(version, id))
				c.note(id, status, header, reply)
			}
		})
	}
	return c
}

func (c *citizens) note(id string, status int, header http.Header, reply string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statuses[status]++
	switch status {
	case 0:
		c.lost++
	case http.StatusCreated, http.StatusOK:
		c.receipts[id] = receiptIn(reply)
		c.sent.Add(1)
	case http.StatusServiceUnavailable:
		if header.Get("Retry-After") == "" {
			c.statuses[-status]++ // a refusal that does not say when to come back
		}
	}
}

// await waits until so many more answers were acknowledged.
func (c *citizens) await(t *testing.T, more int64) {
	t.Helper()
	want := c.sent.Load() + more
	deadline := time.Now().Add(time.Minute)
	for c.sent.Load() < want {
		if time.Now().After(deadline) {
			t.Fatalf("only %d answers were acknowledged; statuses %v", c.sent.Load(), c.seen())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (c *citizens) seen() map[int]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.statuses)
}

// finish stops the citizens and gives what they were acknowledged.
func (c *citizens) finish() map[string]string {
	close(c.stop)
	c.all.Wait()
	return c.receipts
}

// allKept sends every acknowledged submission again and wants its receipt, sends
// some with other content and wants 409, and counts the database.
func allKept(t *testing.T, st *testkit.Place, base, code, version string, receipts map[string]string) {
	t.Helper()
	var all sync.WaitGroup
	work := make(chan string)
	for range 8 {
		all.Go(func() {
			for id := range work {
				status, _, reply := post(base, code, id, answer(version, id))
				if status != http.StatusOK || receiptIn(reply) != receipts[id] {
					t.Errorf("%s was acknowledged with %s; sent again: %d %s", id, receipts[id], status, reply)
				}
			}
		})
	}
	for id := range receipts {
		work <- id
	}
	close(work)
	all.Wait()
	others := 0
	for id := range receipts {
		if status, _, reply := post(base, code, id, otherAnswer(version, id)); status != http.StatusConflict {
			t.Errorf("%s sent again with other content: %d %s", id, status, reply)
		}
		if others++; others == 25 {
			break
		}
	}
	counted, err := st.Recount(t.Context(), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if counted.Drift != 0 || counted.Responses < int64(len(receipts)) {
		t.Errorf("%d answers were acknowledged, the database: %+v", len(receipts), counted)
	}
}

func TestKilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := database(t)
			hall := openHall(t, url)
			server := startServer(t, "SIPAS_DATABASE_URL="+url)
			c := begin(hall.code, hall.version, 16, server.base)
			c.await(t, 400)
			server.kill(t)
			receipts := c.finish()
			if c.lost == 0 {
				t.Error("the server was not killed under load")
			}
			again := startServer(t, "SIPAS_DATABASE_URL="+url)
			allKept(t, hall.st, again.base, hall.code, hall.version, receipts)
		})
	}
}

func TestRedisStopsUnderLoad(t *testing.T) {
	t.Parallel()
	redis := testkit.OwnRedis(t)
	url := testkit.PostgresURL(t)
	hall := openHall(t, url)
	server := startServer(t, "SIPAS_DATABASE_URL="+url, "SIPAS_REDIS_URL="+redis.URL(), "SIPAS_METRICS_TOKEN=0123456789abcdef")
	c := begin(hall.code, hall.version, 8, server.base)
	c.await(t, 200)
	redis.Stop(t)
	c.await(t, 300)
	if !strings.Contains(server.metrics(t), "sipas_limiter_degraded 1") {
		t.Error("the limiter does not say that Redis is away")
	}
	redis.Start(t)
	server.awaitMetric(t, "sipas_limiter_degraded 0")
	c.await(t, 100)
	receipts := c.finish()
	if len(c.statuses) != 1 || c.statuses[http.StatusCreated] == 0 {
		t.Errorf("citizens saw %v", c.statuses)
	}
	// Redis came back empty and is emptied again: nothing that decides about
	// answers lived there.
	redis.Flush(t)
	allKept(t, hall.st, server.base, hall.code, hall.version, receipts)
}

func TestPostgresStopsUnderLoad(t *testing.T) {
	t.Parallel()
	postgres, hall, server := ownPostgresHall(t)
	c := begin(hall.code, hall.version, 8, server.base)
	c.await(t, 200)
	postgres.Stop(t)
	deadline := time.Now().Add(time.Minute)
	for c.seen()[http.StatusServiceUnavailable] < 20 && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	if status, _ := get(server.base + "/q/" + hall.code); status != http.StatusOK {
		t.Errorf("the form is not shown while the database is away: %d", status)
	}
	if status, _ := get(server.base + "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("ready without a database: %d", status)
	}
	postgres.Start(t)
	c.await(t, 200)
	receipts := c.finish()
	delete(c.statuses, http.StatusCreated)
	if c.statuses[http.StatusServiceUnavailable] < 20 || len(c.statuses) != 1 {
		t.Errorf("while the database was away citizens saw %v, want 503 with Retry-After only", c.statuses)
	}
	allKept(t, hall.st, server.base, hall.code, hall.version, receipts)
}

func TestTwoInstancesOnOneDatabase(t *testing.T) {
	t.Parallel()
	redis := testkit.OwnRedis(t)
	url := testkit.PostgresURL(t)
	hall := openHall(t, url)
	settings := []string{"SIPAS_DATABASE_URL=" + url, "SIPAS_REDIS_URL=" + redis.URL(), "SIPAS_INSTANCES=2"}
	one, two := startServer(t, settings...), startServer(t, settings...)
	c := begin(hall.code, hall.version, 24, one.base, two.base)
	c.await(t, 1500)

	// The same submission from everywhere at once, while others send.
	id := survey.NewID(time.Now())
	receipts := make([]string, 50)
	var all sync.WaitGroup
	for i := range receipts {
		all.Go(func() {
			base := one.base
			if i%2 == 1 {
				base = two.base
			}
			status, _, reply := post(base, hall.code, id, answer(hall.version, id))
			if status != http.StatusCreated && status != http.StatusOK {
				t.Errorf("same submission: %d %s", status, reply)
			}
			receipts[i] = receiptIn(reply)
		})
	}
	all.Wait()
	for _, r := range receipts {
		if r == "" || r != receipts[0] {
			t.Fatalf("one submission, several receipts: %v", receipts)
		}
	}
	if status, _, reply := post(two.base, hall.code, id, otherAnswer(hall.version, id)); status != http.StatusConflict {
		t.Errorf("other content under the same id: %d %s", status, reply)
	}
	kept := c.finish()
	if len(c.statuses) != 1 || c.statuses[http.StatusCreated] != len(kept) {
		t.Errorf("citizens saw %v", c.statuses)
	}
	counted, err := hall.st.Recount(t.Context(), false, nil)
	if err != nil || counted.Drift != 0 || counted.Responses != int64(len(kept)+1) {
		t.Errorf("%d answers were acknowledged, the database: %+v %v", len(kept)+1, counted, err)
	}
}

var errNoServer = errors.New("the server does not answer")
