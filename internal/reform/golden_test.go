package reform_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/reform"
	"sipas/internal/testkit"
)

var update = flag.Bool("update", false, "write the golden file")

// TestCommunesOfBinhThuan carries out what Nghị quyết 1671/NQ-UBTVQH15 made of the
// communes of two districts on 1/7/2025. How much of Phong Phú went to Phan Rí Cửa is
// not known: that share is an example.
func TestCommunesOfBinhThuan(t *testing.T) {
	t.Parallel()
	p := newProvince(t, testkit.SQLite(t))
	codes := map[agency.Code]string{} // service points, by their agency before
	for _, line := range table(t, "agencies.csv") {
		above, _ := p.snap().Tree.ByCode(line[3])
		a, err := p.AddAgency(t.Context(), agency.Agency{Code: line[0], Name: agency.Text{"vi": line[1]}, Kind: agency.Kind(line[2]), ParentID: above.ID, Order: len(codes)})
		p.must(err)
		point := p.desk(a.Code, a.Code)
		codes[point.Code] = a.Code
		p.answers(point.ID, 10)
		p.account("u-"+a.Code, a.Code)
	}
	begin := p.kept()
	var made []reform.Reform
	for _, line := range table(t, "reforms.csv") {
		asked := reform.Asked{Kind: reform.Kind(line[0]), From: strings.Split(line[1], ";"), Day: "2025-07-01"}
		names := strings.Split(line[3], ";")
		for i, into := range strings.Split(line[2], ";") {
			if into == "" {
				continue
			}
			code, share, _ := strings.Cut(into, "=")
			s := reform.Successor{Code: code}
			s.Share, _ = strconv.Atoi(share)
			if line[3] != "" {
				s.Name = agency.Text{"vi": names[i]}
			}
			asked.Into = append(asked.Into, s)
		}
		made = append(made, p.apply(asked))
	}
	var out strings.Builder
	p.describe(&out, codes)
	golden(t, "binh-thuan/golden.txt", out.String())

	for _, one := range slices.Backward(made) {
		p.must(p.reforms.Undo(t.Context(), testkit.Author(), one.ID))
	}
	if diff := cmp.Diff(begin, p.kept()); diff != "" {
		t.Errorf("undoing all of it leaves (-before +after):\n%s", diff)
	}
}

// describe writes the tree, who took over from whom, whose the service points are, and
// what each board says.
func (p *province) describe(out *strings.Builder, before map[agency.Code]string) {
	snap := p.snap()
	code := func(id int64) string {
		a, _ := snap.Tree.Agency(id)
		return a.Code
	}
	holders, err := p.Holders(p.Context())
	p.must(err)
	for _, a := range snap.Tree.All() {
		fmt.Fprintf(out, "%s%s %s", strings.Repeat("  ", snap.Tree.Depth(a.ID)), a.Code, a.Name["vi"])
		if a.ValidFrom != "" {
			fmt.Fprintf(out, ", from %s", a.ValidFrom)
		}
		if a.ValidTo != "" {
			fmt.Fprintf(out, ", until %s", a.ValidTo)
		}
		row := p.row(a.ID)
		fmt.Fprintf(out, "; %d answers", row.N)
		for _, su := range snap.Successions() {
			if su.ToID == a.ID {
				fmt.Fprintf(out, "; %d of %s", su.Share, code(su.FromID))
			}
		}
		for _, point := range snap.PointsOf(a.ID) {
			open := "open"
			if !point.Active {
				open = "closed"
			}
			fmt.Fprintf(out, "; %s desk of %s", open, before[point.Code])
		}
		for _, h := range holders {
			if h.AgencyID == a.ID {
				fmt.Fprintf(out, "; %s", h.Name)
			}
		}
		out.WriteByte('\n')
	}
}

func table(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "binh-thuan", name))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(file))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[1:]
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
