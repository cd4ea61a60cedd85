package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

func TestTheDatabaseRefusesToChangeEntries(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		mustWrite(t, d, closing("7K3MQ9TB"), closing("BCFGHJKM"))
		noted := verified(t, d)
		const all = "number, format, at, user_id, author, via, action, subject, before, after, hash"
		for _, statement := range []string{
			"UPDATE audit_entries SET author = 'x'",
			"DELETE FROM audit_entries WHERE number = 2",
			"DELETE FROM audit_entries",
			"TRUNCATE audit_entries",
			"INSERT OR REPLACE INTO audit_entries (" + all + ") SELECT " + all + " FROM audit_entries",
			"INSERT INTO audit_entries (" + all + ") SELECT " + all + " FROM audit_entries WHERE true ON CONFLICT (number) DO UPDATE SET author = 'x'",
		} {
			if _, err := d.Exec(t.Context(), statement); err == nil {
				t.Errorf("done: %s", statement)
			}
		}
		if got := verified(t, d); got != noted {
			t.Errorf("%s became %s", noted, got)
		}
	})
}

// tampering is what somebody does who may write to the database, and where
// Verify is to find it.
type tampering struct {
	name   string
	number int64
	fault  audit.Fault
	rehash int64 // the entry whose hash is made anew afterwards, 0: none
	do     []string
}

// tamperings are those of an audit of n entries, at entry k.
func tamperings(n, k int64) []tampering {
	var all []tampering
	add := func(name string, number int64, fault audit.Fault, do ...string) {
		all = append(all, tampering{name: name, number: number, fault: fault, do: do})
	}
	here := fmt.Sprintf(" WHERE number = %d", k)
	for _, set := range []string{
		"at = at + 1", "user_id = user_id + 1", "author = author || 'x'", "via = via || 'x'", "action = action || 'x'",
		"subject = subject || 'x'", "before = COALESCE(before, '') || ' '", "after = COALESCE(after, '') || ' '", "hash = SUBSTR(hash, 2)",
	} {
		add("changed "+set, k, audit.Changed, "UPDATE audit_entries SET "+set+here)
	}
	for _, column := range []string{"before", "after"} {
		add("emptied "+column, k, audit.Changed, "UPDATE audit_entries SET "+column+" = CASE WHEN "+column+" IS NULL THEN '' ELSE NULL END"+here)
	}
	add("changed format", k, audit.Unreadable, "UPDATE audit_entries SET format = format + 1"+here)
	add("changed number", k, audit.Removed, fmt.Sprintf("UPDATE audit_entries SET number = number + %d", n)+here)
	add("moved into the next column", k, audit.Changed,
		"UPDATE audit_entries SET author = SUBSTR(author, 1, LENGTH(author) - 1), via = SUBSTR(author, LENGTH(author)) || via"+here)
	add("turned round", k, audit.Changed, "UPDATE audit_entries SET before = COALESCE(after, 'null'), after = COALESCE(before, 'null')"+here)

	closed, one, followed := audit.Removed, audit.Removed, audit.SealChanged
	if k < n {
		closed, followed = audit.Changed, audit.Changed
		add("swapped with the next", k, audit.Changed, "UPDATE audit_entries SET number = -1"+here,
			fmt.Sprintf("UPDATE audit_entries SET number = %d WHERE number = %d", k, k+1),
			fmt.Sprintf("UPDATE audit_entries SET number = %d WHERE number = -1", k+1))
	}
	if k == 1 {
		one = audit.SealChanged
	}
	add("removed", k, audit.Removed, "DELETE FROM audit_entries"+here)
	add("removed and closed up", k, closed, "DELETE FROM audit_entries"+here,
		fmt.Sprintf("UPDATE audit_entries SET number = -number WHERE number > %d", k), "UPDATE audit_entries SET number = -number - 1 WHERE number < 0")
	add("removed with all behind it", k, audit.Removed, fmt.Sprintf("DELETE FROM audit_entries WHERE number >= %d", k))
	add("all removed", 1, audit.Removed, "DELETE FROM audit_entries")
	add("all removed but this, and the seal", 1, one, fmt.Sprintf("DELETE FROM audit_entries WHERE number <> %d", k), "DELETE FROM audit_seal")

	copied := func(number int64) string {
		const columns = ", format, at, user_id, author, via, action, subject, before, after, hash"
		return fmt.Sprintf("INSERT INTO audit_entries (number%s) SELECT %d%s FROM audit_entries", columns, number, columns) + here
	}
	add("added at the end", n+1, audit.Changed, copied(n+1))
	add("added before the first", 0, audit.Added, copied(0))

	add("seal removed", n, audit.SealChanged, "DELETE FROM audit_seal")
	add("seal one more", n+1, audit.Removed, "UPDATE audit_seal SET entries = entries + 1")
	add("seal one less", n, audit.Added, "UPDATE audit_seal SET entries = entries - 1")
	add("seal negative", 1, audit.Added, "UPDATE audit_seal SET entries = -1")
	add("seal changed", n, audit.SealChanged, "UPDATE audit_seal SET hash = SUBSTR(hash, 2)")
	return append(all, tampering{"changed with its hash", min(k+1, n), followed, k, []string{"UPDATE audit_entries SET author = author || 'x'" + here}})
}

// unguarded takes the triggers away.
func unguarded(t *testing.T, d *db.DB) {
	t.Helper()
	drops := map[string][]string{
		"sqlite":   {"DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete", "DROP TRIGGER audit_entries_no_replace"},
		"postgres": {"DROP TRIGGER audit_entries_immutable ON audit_entries"},
	}
	for _, drop := range drops[d.Dialect()] {
		if _, err := d.Exec(t.Context(), drop); err != nil {
			t.Fatal(err)
		}
	}
}

// afresh makes an audit of just these entries, without triggers.
func afresh(ctx context.Context, d *db.DB, entries []audit.Entry) error {
	return d.Change(ctx, func(tx *db.Tx) error {
		for _, statement := range []string{"DELETE FROM audit_entries", "DELETE FROM audit_seal"} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		for _, e := range entries {
			if err := audit.Append(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// found tampers with an audit of just these entries; its error says that Verify
// does not find it, or not there.
func (tamper tampering) found(ctx context.Context, d *db.DB, entries []audit.Entry) error {
	if err := afresh(ctx, d, entries); err != nil {
		return err
	}
	if seal, err := audit.New(d).Verify(ctx); err != nil || seal.Entries != int64(len(entries)) {
		return fmt.Errorf("before anything: %s, %w", seal, err)
	}
	for _, statement := range tamper.do {
		if _, err := d.Exec(ctx, statement); err != nil {
			return err
		}
	}
	if tamper.rehash > 0 {
		if err := audit.HashAnewForTest(ctx, d, tamper.rehash); err != nil {
			return err
		}
	}
	var broken *audit.Broken
	if _, err := audit.New(d).Verify(ctx); !errors.As(err, &broken) || broken.Number != tamper.number || broken.Fault != tamper.fault {
		return fmt.Errorf("%q: %w; want %s at %d", tamper.name, err, tamper.fault, tamper.number)
	}
	return nil
}

func TestEveryTamperingIsFound(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		unguarded(t, d)
		for n := range int64(4) {
			entries := make([]audit.Entry, n+1)
			for i := range entries {
				entries[i] = closing("7K3MQ9TB")
			}
			for k := range n + 1 {
				for _, tamper := range tamperings(n+1, k+1) {
					if err := tamper.found(t.Context(), d, entries); err != nil {
						t.Errorf("entry %d of %d: %v", k+1, n+1, err)
					}
				}
			}
		}
	})
}

// TestTamperingWithAnythingIsFound does so with entries that say anything.
func TestTamperingWithAnythingIsFound(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		unguarded(t, d)
		rapid.Check(t, func(t *rapid.T) {
			entries := rapid.SliceOfN(rapid.Custom(anyEntry), 1, 5).Draw(t, "entries")
			k := rapid.Int64Range(1, int64(len(entries))).Draw(t, "k")
			if err := rapid.SampledFrom(tamperings(int64(len(entries)), k)).Draw(t, "tampering").found(ctx, d, entries); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// anyEntry draws an entry whose before and after are never the same.
func anyEntry(t *rapid.T) audit.Entry {
	e := audit.Entry{
		At:      time.UnixMicro(rapid.Int64Range(1, 1<<52).Draw(t, "at")).UTC(),
		Author:  audit.Author{UserID: rapid.Int64Range(0, 1<<40).Draw(t, "user"), Name: rapid.StringN(1, 20, -1).Draw(t, "author")},
		Action:  rapid.StringMatching(`[a-z]{1,8}(-[a-z]{1,8})?\.[a-z]{1,8}`).Draw(t, "action"),
		Subject: rapid.StringN(1, 30, -1).Draw(t, "subject"),
	}
	e.Author.Via = rapid.SampledFrom([]string{audit.Web, audit.API, audit.CommandLine, audit.Program}).Draw(t, "via")
	if rapid.Bool().Draw(t, "has before") {
		e.Before = map[string]string{"before": rapid.String().Draw(t, "before")}
	}
	if rapid.Bool().Draw(t, "has after") {
		e.After = map[string]string{"after": rapid.String().Draw(t, "after")}
	}
	return e
}

// TestNoTwoEntriesHashTheSame: what is hashed tells entries apart, wherever in
// them a character stands.
func TestNoTwoEntriesHashTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Custom(anyEntry).Draw(t, "a")
		b := a
		switch rapid.IntRange(0, 3).Draw(t, "what differs") {
		case 0:
			b = rapid.Custom(anyEntry).Draw(t, "b")
		case 1:
			b.Author.Name, b.Subject = b.Author.Name+",1:x", b.Subject[len(b.Subject)/2:]+"y"
		case 2:
			b.Before, b.After = a.After, a.Before
		case 3:
			b.At = b.At.Add(time.Microsecond)
		}
		first, err := audit.EncodedForTest(a, 1, "")
		second, other := audit.EncodedForTest(b, 1, "")
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		// NUL and what is not Unicode is replaced before it is stored, alike for both.
		if first == second && !cmp.Equal(a, b) && !strings.ContainsAny(a.Author.Name+a.Subject+b.Author.Name+b.Subject, "\x00\uFFFD") {
			t.Fatalf("%+v and %+v are hashed as %q", a, b, first)
		}
	})
}

// TestWhatWasNotedIsHeldAgainstTheAudit: somebody who makes the whole chain anew
// is found only by what was noted somewhere else.
func TestWhatWasNotedIsHeldAgainstTheAudit(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		unguarded(t, d)
		mustWrite(t, d, closing("7K3MQ9TB"), closing("BCFGHJKM"))
		early := verified(t, d)
		mustWrite(t, d, closing("HJKMNPQR"))
		late := verified(t, d, early, audit.Seal{})
		verified(t, d, early, late)

		for name, test := range map[string]struct {
			entries []audit.Entry
			noted   audit.Seal
			number  int64
		}{
			"all anew":                    {[]audit.Entry{closing("7K3MQ9TB"), closing("HJKMNPQR"), closing("HJKMNPQR")}, early, 2},
			"the last taken out":          {[]audit.Entry{closing("7K3MQ9TB"), closing("BCFGHJKM")}, late, 3},
			"all taken out":               {nil, early, 1},
			"what came later is not seen": {[]audit.Entry{closing("7K3MQ9TB"), closing("BCFGHJKM"), closing("7K3MQ9TB")}, early, 0},
		} {
			if err := afresh(ctx, d, test.entries); err != nil {
				t.Fatal(err)
			}
			verified(t, d) // without a seal of before it looks well
			_, err := audit.New(d).Verify(ctx, test.noted)
			var broken *audit.Broken
			if errors.As(err, &broken) != (test.number > 0) || broken != nil && (broken.Number != test.number || broken.Fault != audit.NotNoted) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestWithoutItsSealNothingIsAppended: the chain would begin anew behind the
// back of whoever relies on it. It must not look like a conflict of the change.
func TestWithoutItsSealNothingIsAppended(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, d *db.DB) {
		mustWrite(t, d, closing("7K3MQ9TB"))
		if _, err := d.Exec(t.Context(), "DELETE FROM audit_seal"); err != nil {
			t.Fatal(err)
		}
		if err := write(t.Context(), d, closing("BCFGHJKM")); err == nil || errors.Is(err, fault.ErrConflict) || db.Transient(err) {
			t.Errorf("appended, or tried again: %v", err)
		}
	})
}
