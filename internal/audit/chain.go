package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
)

// format says how hashes are made, so that another way can follow in one chain:
// what was written keeps its own for ever.
const format = 1

// hashed is the hash of an entry behind the one with the hash before, "" for the
// first. ADR 0024 describes it for other programs.
func (r row) hashed(before string) string {
	sum := sha256.Sum256(r.encoded(before))
	return hex.EncodeToString(sum[:])
}

// encoded writes every column, and what is before the entry, so that no two
// entries read the same: each text with its length in bytes in front, NULL as
// what no length is.
func (r row) encoded(before string) []byte {
	var out []byte
	text := func(s string) {
		out = strconv.AppendInt(out, int64(len(s)), 10)
		out = append(append(append(out, ':'), s...), ',')
	}
	optional := func(s *string) {
		if s == nil {
			out = append(out, '-', ',')
			return
		}
		text(*s)
	}
	number := func(n int64) { text(strconv.FormatInt(n, 10)) }
	number(r.Format)
	text(before)
	number(r.Number)
	number(r.At)
	number(r.UserID)
	text(r.Author)
	text(r.Via)
	text(r.Action)
	text(r.Subject)
	optional(r.Before)
	optional(r.After)
	return out
}

// Seal says how far the audit goes and proves what is in it: noted somewhere
// else, it tells later whether everything up to it is still what it was.
type Seal struct {
	Entries int64
	Hash    string // of the last entry, "" if there is none
}

// String is the form that ParseSeal reads: "17:5b1c...".
func (s Seal) String() string { return fmt.Sprintf("%d:%s", s.Entries, s.Hash) }

var sealForm = regexp.MustCompile(`^(?:0:|([1-9]\d{0,17}):([0-9a-f]{64}))$`)

// ParseSeal reads a seal that was noted.
func ParseSeal(text string) (Seal, error) {
	found := sealForm.FindStringSubmatch(text)
	if found == nil {
		return Seal{}, fmt.Errorf("%q is no seal of the audit; it is the number of entries, a colon and 64 digits and small letters", text)
	}
	n, err := strconv.ParseInt("0"+found[1], 10, 64)
	return Seal{n, found[2]}, err
}

// Fault is what is wrong with an audit.
type Fault string

// The faults.
const (
	Changed     Fault = "changed"      // an entry does not fit its hash and what is before it
	Removed     Fault = "removed"      // an entry is not there
	Added       Fault = "added"        // an entry is there that Append did not write
	SealChanged Fault = "seal-changed" // the seal is missing or does not fit the last entry
	Unreadable  Fault = "unreadable"   // of a format that this program does not know
	NotNoted    Fault = "not-noted"    // everything fits, but is not what was noted somewhere else
)

// Broken says that the audit is not what was written: the first number at which
// that shows, and how.
type Broken struct {
	Number int64
	Fault  Fault
	Detail string
}

// Error says so.
func (b *Broken) Error() string { return "the audit is broken at " + b.Detail }

func broken(number int64, fault Fault, detail string, values ...any) error {
	return &Broken{number, fault, fmt.Sprintf("entry %d: ", number) + fmt.Sprintf(detail, values...)}
}

// checker goes over the entries of an audit in the order of their numbers.
type checker struct {
	noted []Seal
	at    Seal // how far it has come
}

// next takes the next entry. Its error is a *Broken.
func (c *checker) next(r row) error {
	want := c.at.Entries + 1
	switch {
	case r.Number < want:
		return broken(r.Number, Added, "numbers begin at 1")
	case r.Number > want:
		return broken(want, Removed, "it was removed; the next one that is there is %d", r.Number)
	case r.Format != format:
		return broken(want, Unreadable, "its format is %d, this program knows %d only: a newer program wrote it, or it was changed", r.Format, format)
	case r.hashed(c.at.Hash) != r.Hash && want == 1:
		return broken(want, Changed, "it was changed")
	case r.hashed(c.at.Hash) != r.Hash:
		return broken(want, Changed, "it was changed, or the one before it was together with its hash")
	}
	c.at = Seal{want, r.Hash}
	for _, noted := range c.noted {
		if noted.Entries == want && noted.Hash != r.Hash {
			return broken(want, NotNoted, "everything up to it was written anew: the hash that was noted is %s, it has %s", noted.Hash, r.Hash)
		}
	}
	return nil
}

// end takes the seal that is stored; found is false without one.
func (c *checker) end(stored Seal, found bool) error {
	last := c.at.Entries
	switch {
	case !found && last > 0:
		return broken(last, SealChanged, "the seal behind it was removed")
	case stored.Entries > last:
		return broken(last+1, Removed, "it was removed, with all behind it; the seal tells of %d", stored.Entries)
	case stored.Entries < last:
		return broken(max(stored.Entries, 0)+1, Added, "the seal tells of %d entries only", stored.Entries)
	case stored.Hash != c.at.Hash:
		return broken(last, SealChanged, "the seal behind it was changed")
	}
	for _, noted := range c.noted {
		if noted.Entries > last {
			return broken(last+1, NotNoted, "it was removed together with the seal; %d entries were noted, %d are there", noted.Entries, last)
		}
	}
	return nil
}
