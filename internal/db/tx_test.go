package db_test

import (
	"errors"
	"testing"

	"sipas/internal/db"
	"sipas/internal/testkit"
)

// TestAPanicLeavesNoTransactionOpen: requests panic and are answered all the
// same; on SQLite an open transaction would keep every other writer out for good.
func TestAPanicLeavesNoTransactionOpen(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		write := func(tx *db.Tx, name string) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO settings (name, value) VALUES ($1, '')", name)
			return err
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is gone")
				}
			}()
			_ = st.Change(ctx, func(tx *db.Tx) error {
				if err := write(tx, "panicked"); err != nil {
					t.Error(err)
				}
				panic("a bug")
			})
		}()
		refused := errors.New("refused")
		err := st.Change(ctx, func(tx *db.Tx) error {
			return errors.Join(write(tx, "failed"), refused)
		})
		if !errors.Is(err, refused) {
			t.Errorf("error %v", err)
		}
		if err := st.Change(ctx, func(tx *db.Tx) error { return write(tx, "kept") }); err != nil {
			t.Fatal(err)
		}
		if names := lines(t, st, "SELECT name FROM settings"); len(names) != 1 || names[0] != "kept" {
			t.Errorf("kept: %q", names)
		}
	})
}
