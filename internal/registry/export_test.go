package registry

import "sipas/internal/agency"

// SnapshotForTest is a snapshot of agencies and service points alone.
func SnapshotForTest(agencies []agency.Agency, points []agency.ServicePoint) *Snapshot {
	s := &Snapshot{}
	s.arrange(agencies, points)
	return s
}
