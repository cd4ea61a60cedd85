package httpd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"sipas/internal/access"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// The whole way: the QR code of a counter is read with a decoder, its address
// opened on a phone, the form answered in three ways. The board counts nobody until
// the third completes a group of five, and then its index is what a hand computes.
func TestFromScanToStanding(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		admin := h.signedIn(h.account(access.Administrator, 0))
		if err := st.AddTarget(t.Context(), target.Target{
			Plan: "1/KH", Indicator: target.IndicatorField, FieldKey: "dat-dai", Year: h.clock.Now().Year(), Percent: 8500,
		}); err != nil {
			t.Fatal(err)
		}
		// 27 people before, 20 of the first 25 satisfied: a group short of a standing.
		const satisfied, people = 20, 25
		for i := range people + 2 {
			level := 2
			if i < satisfied {
				level = 5
			}
			_, err := h.deps.Intake.SubmitAt(t.Context(), codeLand, survey.Submission{
				ID: survey.NewID(h.clock.Now()), Version: "quay-nhanh.1", Language: "vi",
				Answers: map[string]survey.Value{"overall": {Kind: survey.ValueLevel, Level: level}},
			}, h.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
		}
		h.wantBoard(t, admin, satisfied, people, "not-enough-data")

		address := scan(t, h.get(h.client(), "/q/"+codeLand+"/qr.png?size=600"))
		if address != h.deps.PublicURL.String()+"/q/"+codeLand {
			t.Fatalf("the code leads to %s", address)
		}
		touch := func(value string) func(tab) {
			return func(b tab) { b.click(level("overall", value), sendButton) }
		}
		for _, person := range []struct {
			how    string
			view   testkit.View
			answer func(tab)
		}{
			{"by touch", testkit.Phone, touch("4")},
			{"without JavaScript", testkit.Phone.WithoutScript(), touch("1")},
			{"by keyboard", testkit.Phone, func(b tab) {
				for !ask[bool](b, `document.activeElement.name == "a.overall"`) {
					b.do(chromedp.KeyEvent(kb.Tab))
				}
				b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.ArrowLeft)) // from the first round to the last
				for !ask[bool](b, `document.activeElement.matches("form [type=submit]")`) {
					b.do(chromedp.KeyEvent(kb.Tab))
				}
				b.do(chromedp.KeyEvent(kb.Enter))
			}},
		} {
			h.wantBoard(t, admin, satisfied, people, "not-enough-data")
			b := openTab(t, person.view, address)
			person.answer(b)
			b.await(thanksPage)
			if t.Failed() {
				t.Fatalf("before an answer %s", person.how)
			}
		}
		h.wantBoard(t, admin, satisfied+2, people+5, "missed")
	})
}

// scan reads the QR code of an answered picture.
func scan(t *testing.T, r reply) string {
	t.Helper()
	picture, err := png.Decode(bytes.NewBufferString(r.body))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found.GetText()
}

// wantBoard compares the API's and the page's row of land with a hand's.
func (h *harness) wantBoard(t *testing.T, admin *http.Client, satisfied, people int, standing string) {
	t.Helper()
	var board struct {
		Rows []struct {
			Field   string
			N       int
			Percent float64
			Targets []struct {
				Gap      float64
				Standing string
			}
		}
	}
	r := h.get(admin, "/api/v1/board")
	if err := json.Unmarshal([]byte(r.body), &board); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	exact, _ := score.Ratio(int64(satisfied), int64(people))
	percent := exact.Float()
	for _, row := range board.Rows {
		if row.Field != "dat-dai" {
			continue
		}
		if row.N != people || row.Percent != percent || len(row.Targets) != 1 || row.Targets[0].Standing != standing ||
			math.Abs(row.Targets[0].Gap-(percent-85)) > 1e-9 {
			t.Errorf("the board has %+v, want n %d, %.2f %%, %s", row, people, percent, standing)
		}
		page := h.get(admin, "/bang", "Accept-Language", "vi")
		shown := strings.Replace(fmt.Sprintf("%.1f", 100*float64(satisfied)/float64(people)), ".", ",", 1)
		page.check(t, "the page", http.StatusOK, []string{strings.TrimSuffix(shown, ",0") + "%"}, nil)
		return
	}
	t.Errorf("no row of land in %s", r.body)
}
