package httpd

import (
	"net/http"
	"testing"

	"sipas/internal/store"
	"sipas/internal/testkit"
)

func TestFormShow(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		h := newHarness(t, st)
		h.get(h.client(), "/q/"+codeLand).check(t, "form", http.StatusOK, []string{
			`<html lang="vi">`, "Quầy 3 · Đăng ký đất đai", "Sở Tài nguyên và Môi trường",
			`name="submission"`, `value="quay-nhanh.1"`, "Rất không hài lòng",
		}, []string{"ZgotmplZ", "<no value>"})
	})
}
