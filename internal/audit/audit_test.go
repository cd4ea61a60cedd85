package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/testkit"
)

// eachDatabase runs a test on every database, migrated and empty.
func eachDatabase(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	testkit.EachStore(t, func(t *testing.T, p *testkit.Place) { test(t, p.DB) })
}

var noon = time.Date(2025, 11, 20, 5, 0, 0, 123456000, time.UTC)

// closing is an ordinary entry.
func closing(code string) audit.Entry {
	return audit.Entry{
		At: noon, Author: audit.Author{UserID: 7, Name: "Quản trị", Via: audit.Web}, Action: "service-point.close",
		Subject: "service-point/" + code, Before: map[string]any{"active": true}, After: map[string]any{"active": false},
	}
}

func write(ctx context.Context, d *db.DB, entries ...audit.Entry) error {
	return d.Change(ctx, func(tx *db.Tx) error {
		for _, e := range entries {
			if err := audit.Append(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func mustWrite(t testing.TB, d *db.DB, entries ...audit.Entry) {
	t.Helper()
	if err := write(t.Context(), d, entries...); err != nil {
		t.Fatal(err)
	}
}

func verified(t testing.TB, d *db.DB, noted ...audit.Seal) audit.Seal {
	t.Helper()
	seal, err := audit.New(d).Verify(t.Context(), noted...)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := audit.New(d).Seal(t.Context())
	if err != nil || stored != seal {
		t.Fatalf("the seal stored is %s, %v; it is %s", stored, err, seal)
	}
	return seal
}

func TestEntriesAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		if seal := verified(t, d); seal != (audit.Seal{}) {
			t.Errorf("an empty audit has the seal %s", seal)
		}
		odd := audit.Entry{
			At: noon.Add(time.Nanosecond), Author: audit.Author{Name: "ro\x00ot\xff", Via: audit.CommandLine}, Action: "user.add", Subject: "user/<minh>&",
			After: struct {
				Name string `json:"name"`
				Sort int64  `json:"sort"`
			}{"Minh <a&b> \"\u2028\x00", 1<<62 + 1},
		}
		mustWrite(t, d, closing("7K3MQ9TB"), odd)
		mustWrite(t, d, closing("BCFGHJKM"))
		got, err := audit.New(d).List(t.Context(), audit.Filter{})
		if err != nil || len(got) != 3 {
			t.Fatalf("%d entries, %v", len(got), err)
		}
		want := []audit.Entry{closing("7K3MQ9TB"), odd, closing("BCFGHJKM")}
		for i := range want {
			want[i].Number, want[i].Hash = int64(i+1), got[i].Hash
		}
		want[0].Before, want[0].After = json.RawMessage(`{"active":true}`), json.RawMessage(`{"active":false}`)
		want[2].Before, want[2].After = want[0].Before, want[0].After
		want[1].At, want[1].Author.Name = noon, "ro\uFFFDot\uFFFD"
		want[1].After = json.RawMessage(`{"name":"Minh <a&b> \"\u2028\u0000","sort":4611686018427387905}`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if seal := verified(t, d); seal != (audit.Seal{Entries: 3, Hash: got[2].Hash}) {
			t.Errorf("seal %s", seal)
		}
	})
}

// TestHashesStayAsTheyAre: a hash that was noted years ago must be made the same
// way then. These are of format 1; another way of hashing needs another number.
func TestHashesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	const encoded = "1:1,4:abcd,2:12,16:1763614800123456,1:7,12:Quản trị,3:web,19:service-point.close,22:service-point/7K3MQ9TB,15:{\"active\":true},-,"
	e := closing("7K3MQ9TB")
	e.After = nil
	if got, err := audit.EncodedForTest(e, 12, "abcd"); err != nil || got != encoded {
		t.Errorf("%q, %v", got, err)
	}
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		mustWrite(t, d, e, closing("BCFGHJKM"))
		const want = "2:adf34c71bfc2ba7f94937e29de3b6a446fa08f919f98fd1cc5fe41f061816c68"
		if got := verified(t, d).String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestFilters(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		for i := range 6 {
			e := closing(fmt.Sprintf("point-%d", i+1))
			if i%2 == 1 {
				e.Author.Name, e.Action = "Minh", "service-point.open"
			}
			if i == 5 {
				e.Action = "survey.publish"
			}
			mustWrite(t, d, e)
		}
		for _, test := range []struct {
			filter audit.Filter
			want   string
		}{
			{audit.Filter{}, "1 2 3 4 5 6"},
			{audit.Filter{Limit: 2}, "1 2"},
			{audit.Filter{Limit: 2, Newest: true}, "5 6"},
			{audit.Filter{Limit: 2, After: 3}, "4 5"},
			{audit.Filter{Action: "service-point"}, "1 2 3 4 5"},
			{audit.Filter{Action: "service-point.c"}, "1 3 5"},
			{audit.Filter{Action: "service%"}, ""},
			{audit.Filter{Author: "Minh"}, "2 4 6"},
			{audit.Filter{Author: "Minh", Action: "survey.publish", After: 5}, "6"},
			{audit.Filter{After: 6}, ""},
			{audit.Filter{About: []audit.About{{Subject: "service-point/point-2"}, {Subject: "service-point/point-5"}, {Subject: "service-point/point"}}}, "2 5"},
			{audit.Filter{About: []audit.About{{Subject: "service-point/point-2", Saying: `{"active":t`}, {Subject: "service-point/point-5", Saying: `{"active":false}`}, {Subject: "service-point/point-6", Saying: `{"active":"`}}}, "2 5"},
			{audit.Filter{About: []audit.About{{Subject: "service-point/point-2", Saying: `{"`}, {Subject: "service-point/point-3"}}, Below: 3}, "2"},
			{audit.Filter{About: []audit.About{}}, ""},
		} {
			entries, err := audit.New(d).List(t.Context(), test.filter)
			var numbers []string
			for _, e := range entries {
				numbers = append(numbers, fmt.Sprint(e.Number))
			}
			if got := strings.Join(numbers, " "); err != nil || got != test.want {
				t.Errorf("%+v: %q, %v; want %q", test.filter, got, err, test.want)
			}
		}
	})
}

func TestAnEntryWithoutAuthorHindersTheChange(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		for name, spoil := range map[string]func(*audit.Entry){
			"no time":     func(e *audit.Entry) { e.At = time.Time{} },
			"no author":   func(e *audit.Entry) { e.Author = audit.Author{} },
			"no name":     func(e *audit.Entry) { e.Author.Name = "" },
			"no way":      func(e *audit.Entry) { e.Author.Via = "post" },
			"no action":   func(e *audit.Entry) { e.Action = "" },
			"no verb":     func(e *audit.Entry) { e.Action = "service-point" },
			"no subject":  func(e *audit.Entry) { e.Subject = "" },
			"not as JSON": func(e *audit.Entry) { e.After = func() {} },
		} {
			e := closing("7K3MQ9TB")
			spoil(&e)
			if err := write(t.Context(), d, closing("BCFGHJKM"), e); err == nil {
				t.Errorf("%s: written", name)
			}
		}
		if seal := verified(t, d); seal.Entries != 0 {
			t.Errorf("%d entries of changes that were not made", seal.Entries)
		}
	})
}

// TestNumbersHaveNoGap lets two instances write at once, and some of them fail.
func TestNumbersHaveNoGap(t *testing.T) {
	t.Parallel()
	urls := map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL}
	for name, url := range urls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := url(t)
			instances := []*db.DB{testkit.OpenStore(t, at).DB, testkit.OpenStore(t, at).DB}
			const writers, each = 8, 10
			errFails := errors.New("fails")
			var wait sync.WaitGroup
			for w := range writers {
				wait.Go(func() {
					d := instances[w%len(instances)]
					for i := range each {
						err := d.Change(t.Context(), func(tx *db.Tx) error {
							if err := audit.Append(t.Context(), tx, closing(fmt.Sprintf("%d-%d", w, i))); err != nil {
								return err
							}
							if i%5 == 4 {
								return errFails
							}
							return nil
						})
						if err != nil && (i%5 != 4 || !errors.Is(err, errFails)) {
							t.Errorf("writer %d: %v", w, err)
						}
					}
				})
			}
			wait.Wait()
			if seal := verified(t, instances[0]); seal.Entries != writers*each*4/5 {
				t.Errorf("%d entries", seal.Entries)
			}
		})
	}
}

func TestAnAuditMovesBetweenDatabases(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, from *db.DB) {
		mustWrite(t, from, closing("7K3MQ9TB"), closing("BCFGHJKM"))
		noted := verified(t, from)
		var archive bytes.Buffer
		if _, err := from.Dump(t.Context(), &archive, audit.Tables(), noon, nil); err != nil {
			t.Fatal(err)
		}
		eachDatabase(t, func(t *testing.T, to *db.DB) {
			if _, err := to.Load(t.Context(), bytes.NewReader(archive.Bytes()), audit.Tables(), nil); err != nil {
				t.Fatal(err)
			}
			if got := verified(t, to, noted); got != noted {
				t.Errorf("it went in as %s and came out as %s", noted, got)
			}
			mustWrite(t, to, closing("HJKMNPQR"))
			if got := verified(t, to, noted); got.Entries != 3 {
				t.Errorf("it goes on with %s", got)
			}
		})
	})
}

func TestSealsAreReadAsTheyArePrinted(t *testing.T) {
	t.Parallel()
	for _, seal := range []audit.Seal{{}, {Entries: 17, Hash: strings.Repeat("0a", 32)}} {
		if got, err := audit.ParseSeal(seal.String()); err != nil || got != seal {
			t.Errorf("%s: %v, %v", seal, got, err)
		}
	}
	hash := strings.Repeat("0a", 32)
	for _, wrong := range []string{"", "17", ":", "17:", "0:" + hash, "-1:" + hash, "17:" + hash[1:], "17:" + strings.ToUpper(hash), "17:" + hash + "\n", "9999999999999999999:" + hash} {
		if seal, err := audit.ParseSeal(wrong); err == nil {
			t.Errorf("%q is read as %s", wrong, seal)
		}
	}
}
