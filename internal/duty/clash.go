package duty

// Clash says that one shift of a list cannot be beside another.
type Clash struct {
	At, With int  // their places in the list
	Counter  bool // both are at one counter; else they are of one official at two
}

// Clashes says which of the first shifts of a list, as many as are to be judged, cannot
// be: two officials are at a counter at a time, or one is at two. Each is held against
// those judged before it and then against those that are not judged; the first that it
// meets at its counter is told, or else the first of its official.
func Clashes(all []Shift, judged int) (clashes []Clash) {
	points, officials := map[int64][]int{}, map[int64][]int{}
	for i, s := range all {
		points[s.PointID] = append(points[s.PointID], i)
		officials[s.OfficialID] = append(officials[s.OfficialID], i)
	}
	meets := func(at int, others []int, counter bool) bool {
		for _, o := range others {
			if (o < at || o >= judged) && all[o].Meets(all[at]) {
				clashes = append(clashes, Clash{at, o, counter})
				return true
			}
		}
		return false
	}
	for i, s := range all[:judged] {
		if !meets(i, points[s.PointID], true) {
			meets(i, officials[s.OfficialID], false)
		}
	}
	return clashes
}
