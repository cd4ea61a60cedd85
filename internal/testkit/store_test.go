package testkit_test

import (
	"testing"

	"sipas/internal/agency"
	"sipas/internal/testkit"
)

func TestEachStoreIsMigratedAndAlone(t *testing.T) {
	t.Parallel()
	// Two tests that both add the same code collide unless each has its own
	// database.
	for range 2 {
		testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
			if err := st.CheckSchema(t.Context()); err != nil {
				t.Fatal(err)
			}
			agencies, err := st.Agencies(t.Context())
			if err != nil || len(agencies) != 0 {
				t.Fatalf("a fresh database has agencies %v, error %v", agencies, err)
			}
			_, err = st.AddAgency(t.Context(), agency.Agency{Code: "tinh", Kind: agency.KindProvince, Name: agency.Text{"vi": "Tỉnh"}})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestStoresOnOneURLShareTheirData(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	first, second := testkit.OpenStore(t, url), testkit.OpenStore(t, url)
	if err := first.SaveSetting(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	kept, err := second.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := kept.Settings.Value("k"); got != "v" {
		t.Errorf("the setting is %q, want v", got)
	}
}
