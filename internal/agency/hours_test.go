package agency_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sipas/internal/agency"
)

// Hours are read as people write them, and written in one way for each language.
func TestHoursAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	const usual = "Thứ 2-6: 7:30-11:30, 13:30-17:00"
	for typed, want := range map[string]string{
		"": "", " \n": "",
		"Thứ 2-6: 7:30-11:30, 13:30-17:00; Thứ 7: 7:30-11:30":                      usual + "; Thứ 7: 7:30-11:30",
		"thứ hai - thứ sáu: sáng 7h30 - 11h30, chiều 13h30 – 17h":                  usual,
		"T2-T6 7h30-11h30 13h30-17h00":                                             usual,
		"Từ thứ 2 đến thứ 6: từ 7 giờ 30 đến 11 giờ 30 và từ 13 giờ 30 đến 17 giờ": usual,
		"thu 2 den thu 6: 7.30-11.30, 13.30-17.00":                                 usual,
		"Thứ 2 – 6: 7:30–11:30\nThứ 2 – 6: 13:30–17:00":                            usual,
		"Mon-Fri: 7:30-11:30, 13:30-17:00":                                         usual,
		"Monday to Friday 7:30-11:30, 13:30-17:00; Sat, Sun: closed":               usual,
		usual + "; Thứ 7, Chủ nhật: nghỉ":                                          usual,
		"T2, T4, T6: 8-11; CN: 8-10":                                               "Thứ 2, 4, 6: 8:00-11:00; Chủ nhật: 8:00-10:00",
		"Thứ 2, 4, 6: 8h-11h":                                                      "Thứ 2, 4, 6: 8:00-11:00",
		"Thu, Fri: 8:00-11:00":                                                     "Thứ 5, 6: 8:00-11:00",
		"Hằng ngày: 0:00-24:00":                                                    "Hằng ngày: 0:00-24:00",
		"T2-CN: 7-19":                                                              "Hằng ngày: 7:00-19:00",
		"Thứ 7: 7:30-11:30; Thứ 2-5: 8-17; Chủ nhật: 7:30-11:30.":                  "Thứ 2-5: 8:00-17:00; Thứ 7, Chủ nhật: 7:30-11:30",
		"Chủ nhật: 7:30-11:30; Thứ 5, 6, 7: 7:30-11:30":                            "Thứ 5-Chủ nhật: 7:30-11:30",
	} {
		h, ok := agency.ParseHours(typed)
		if got := h.Text("vi"); !ok || got != want || h.Known() != (want != "") {
			t.Errorf("%q is read as %q, %v, want %q", typed, got, ok, want)
		}
	}
	for _, typed := range []string{
		"7:30-11:30", "giờ hành chính", "Thứ 2-6", "Thứ 2-6:", "Thứ 8: 7-11", "Thứ 1: 7-11", "Thứ 6-2: 7-11", "Thứ 2: 11:30-7:30", "Thứ 2: 7:30", "Thứ 2: 7:60-8:00", "Thứ 2: 7-25",
		"Thứ 2: 24:30-24:40", "Thứ 2: 7:30-11:30, 11:00-12:00", "Thứ 2: 7-11; T2: 8-9", "Thứ: 7-11", "thứ 2: 7h3-8h", "Thứ 2: 7:30-11:30 <b>", "Thứ 2: 123-200", "T2: 7:30am-9am",
	} {
		if h, ok := agency.ParseHours(typed); ok {
			t.Errorf("%q is read as %q", typed, h.Text("vi"))
		}
	}
	h, _ := agency.ParseHours(usual + "; Thứ 7, CN: 7:30-11:30")
	if got, want := h.Text("en"), "Mon-Fri: 7:30-11:30, 13:30-17:00; Sat, Sun: 7:30-11:30"; got != want {
		t.Errorf("in English %q, want %q", got, want)
	}
}

func TestOpenWithinTheHours(t *testing.T) {
	t.Parallel()
	h, _ := agency.ParseHours("Thứ 2-6: 7:30-11:30, 13:30-17:00; Chủ nhật: 20:00-24:00")
	zone := time.FixedZone("+07", 7*60*60)
	for _, test := range []struct {
		at   time.Time
		open bool
	}{
		{time.Date(2025, 11, 17, 7, 29, 59, 0, zone), false}, // a Monday
		{time.Date(2025, 11, 17, 7, 30, 0, 0, zone), true},
		{time.Date(2025, 11, 17, 11, 29, 59, 0, zone), true},
		{time.Date(2025, 11, 17, 11, 30, 0, 0, zone), false},
		{time.Date(2025, 11, 17, 13, 30, 0, 0, zone), true},
		{time.Date(2025, 11, 21, 16, 59, 0, 0, zone), true},
		{time.Date(2025, 11, 22, 8, 0, 0, 0, zone), false}, // a Saturday
		{time.Date(2025, 11, 23, 23, 59, 0, 0, zone), true},
		{time.Date(2025, 11, 24, 0, 0, 0, 0, zone), false},
	} {
		if got := h.Open(test.at); got != test.open {
			t.Errorf("%s: open %v", test.at, got)
		}
	}
	if (agency.Hours{}).Open(time.Date(2025, 11, 17, 9, 0, 0, 0, zone)) {
		t.Error("hours that are not known are open")
	}
}

// Whatever is read is written so that it is read again, in each language.
func TestHoursAreReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := ""
		for _, day := range []string{"T2", "T3", "T4", "T5", "T6", "T7", "CN"} {
			typed += day + ": " + rapid.SampledFrom([]string{"nghỉ", "7:30-11:30", "7:30-11:30, 13:30-17:00", "0:00-24:00"}).Draw(t, day) + "; "
		}
		h, ok := agency.ParseHours(typed)
		if !ok {
			t.Fatalf("%q is not read", typed)
		}
		for _, language := range []string{"vi", "en"} {
			text := h.Text(language)
			if again, ok := agency.ParseHours(text); !ok || again.Text("vi") != h.Text("vi") {
				t.Errorf("%q is written as %q and read as %q", typed, text, again.Text("vi"))
			}
		}
	})
}

func FuzzParseHours(f *testing.F) {
	for _, typed := range []string{"Thứ 2-6: 7:30-11:30", "T2, CN 7h-8h", "\xff", "thu", "1:1", "T2: 7-8 9"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		h, ok := agency.ParseHours(typed)
		if again, read := agency.ParseHours(h.Text("vi")); ok && (!read || again.Text("vi") != h.Text("vi")) {
			t.Errorf("%q is written as %q", typed, h.Text("vi"))
		}
	})
}
