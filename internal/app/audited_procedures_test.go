package app_test

import (
	"context"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/procedure"
	"sipas/internal/registry"
)

// procedureChanges are those of package procedure.
func procedureChanges() []change {
	return []change{
		inProcedures("Add", []string{"procedure.add procedure/1.000110"}, func(ctx context.Context, _ *scene, c *registry.Change, _ []procedure.Procedure) error {
			return procedure.Add(ctx, c, []procedure.Procedure{{Code: "1.000110", Name: agency.Text{"vi": "Khai sinh"}, FieldKey: "dat-dai"}})
		}),
		inProcedures("Update", []string{"procedure.change procedure/1.000110"}, func(ctx context.Context, _ *scene, c *registry.Change, all []procedure.Procedure) error {
			all[0].Name = agency.Text{"vi": "Đăng ký khai sinh"}
			return procedure.Update(ctx, c, all)
		}),
		inProcedures("Add", []string{"procedure.add procedure/1.000222"}, func(ctx context.Context, _ *scene, c *registry.Change, _ []procedure.Procedure) error {
			return procedure.Add(ctx, c, []procedure.Procedure{{Code: "1.000222", Name: agency.Text{"vi": "Thêm nhầm"}, FieldKey: "dat-dai"}})
		}),
		inProcedures("Remove", []string{"procedure.remove procedure/1.000222"}, func(ctx context.Context, _ *scene, c *registry.Change, all []procedure.Procedure) error {
			return procedure.Remove(ctx, c, all[1].ID)
		}),
		inProcedures("Keep", []string{"files.add files/agency/2025-11-01"}, keptFiles(3)),
		inProcedures("Keep", []string{"files.change files/agency/2025-11-01/1.000110"}, keptFiles(2)),
	}
}

// inProcedures is a change by a function of package procedure, which has the procedures
// that are kept.
func inProcedures(name string, entries []string, do func(context.Context, *scene, *registry.Change, []procedure.Procedure) error) change {
	return change{"procedure." + name, entries, func(ctx context.Context, s *scene, by audit.Author) error {
		return s.Registry.Change(ctx, by, func(c *registry.Change) error {
			all, err := procedure.Within(c).All(ctx)
			if err != nil {
				return err
			}
			return do(ctx, s, c, all)
		})
	}}
}

// keptFiles keeps how many files of a procedure were late.
func keptFiles(late int64) func(context.Context, *scene, *registry.Change, []procedure.Procedure) error {
	return func(ctx context.Context, s *scene, c *registry.Change, all []procedure.Procedure) error {
		key := procedure.Key{AgencyID: s.top().ID, HalfMonth: 20251101, ProcedureID: all[0].ID}
		return procedure.Keep(ctx, c, []procedure.Files{{Key: key, Counts: procedure.Counts{Handled: 9, Late: late}}}, func(procedure.Key) (string, string) { return "agency", all[0].Code })
	}
}
