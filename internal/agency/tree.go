package agency

import "iter"

// Tree is every agency in its place. It never changes, and is safe for
// concurrent use. An agency and all below it stand side by side in it, so that
// to lie below another is to stand in its span.
type Tree struct {
	all   []Agency          // parents before children, siblings in the order given
	end   []int             // behind the last of those below each
	depth []int             // how many stand above each
	place map[int64]int     // id -> place in all
	codes map[string]int    // code -> place in all
	kids  map[int64][]int64 // children by parent, in order; 0: the outermost
}

// NewTree puts agencies, given in the order of siblings, into their places. One
// whose parent is not among them is outermost; where parents form a circle,
// which no data should hold, the first given is.
func NewTree(agencies []Agency) *Tree {
	t := &Tree{place: map[int64]int{}, codes: map[string]int{}, kids: map[int64][]int64{}}
	known := make(map[int64]Agency, len(agencies))
	for _, a := range agencies {
		if _, twice := known[a.ID]; !twice {
			known[a.ID] = a
		}
	}
	var outermost []int64
	children := map[int64][]int64{}
	for _, a := range agencies {
		if _, ok := known[a.ParentID]; ok && a.ParentID != 0 {
			children[a.ParentID] = append(children[a.ParentID], a.ID)
		} else {
			outermost = append(outermost, a.ID)
		}
	}
	var plant func(id, parent int64, depth int)
	plant = func(id, parent int64, depth int) {
		if _, planted := t.place[id]; planted {
			return
		}
		at := len(t.all)
		t.place[id], t.codes[known[id].Code] = at, at
		t.kids[parent] = append(t.kids[parent], id)
		t.all, t.end, t.depth = append(t.all, known[id]), append(t.end, 0), append(t.depth, depth)
		for _, child := range children[id] {
			plant(child, id, depth+1)
		}
		t.end[at] = len(t.all)
	}
	for _, id := range outermost {
		plant(id, 0, 0)
	}
	for _, a := range agencies { // circles hang on nothing
		plant(a.ID, 0, 0)
	}
	return t
}

// All lists every agency, parents before children. Nobody may change the list.
func (t *Tree) All() []Agency { return t.all }

// Agency finds an agency by its id; ok is false for an unknown one.
func (t *Tree) Agency(id int64) (a Agency, ok bool) {
	at, ok := t.place[id]
	if !ok {
		return Agency{}, false
	}
	return t.all[at], true
}

// ByCode finds an agency by its code.
func (t *Tree) ByCode(code string) (a Agency, ok bool) {
	at, ok := t.codes[code]
	if !ok {
		return Agency{}, false
	}
	return t.all[at], true
}

// Root is the agency that is the whole province, 0 if there is no single one.
func (t *Tree) Root() int64 {
	if outermost := t.kids[0]; len(outermost) == 1 {
		return outermost[0]
	}
	return 0
}

// Below tells whether an agency is root or lies below it. Root 0 is the whole
// province, which holds every known agency and id 0. An unknown agency lies
// nowhere.
func (t *Tree) Below(root, id int64) bool {
	at, known := t.place[id]
	if root == 0 {
		return known || id == 0
	}
	from, ok := t.place[root]
	return ok && known && from <= at && at < t.end[from]
}

// Subtree lists an agency and everything below it, parents before children; 0
// is everything, and an unknown agency nothing. Nobody may change the list.
func (t *Tree) Subtree(id int64) []Agency {
	if id == 0 {
		return t.all
	}
	at, ok := t.place[id]
	if !ok {
		return nil
	}
	return t.all[at:t.end[at]:t.end[at]]
}

// Children lists the agencies right below one, in order; those of 0 are the
// outermost.
func (t *Tree) Children(id int64) []Agency {
	children := make([]Agency, len(t.kids[id]))
	for i, child := range t.kids[id] {
		children[i] = t.all[t.place[child]]
	}
	return children
}

// Depth is how many agencies stand above one.
func (t *Tree) Depth(id int64) int {
	if at, ok := t.place[id]; ok {
		return t.depth[at]
	}
	return 0
}

// Path lists the agencies from the outermost one to the given one.
func (t *Tree) Path(id int64) []Agency {
	at, ok := t.place[id]
	if !ok {
		return nil
	}
	path := make([]Agency, t.depth[at]+1)
	for at := range t.upwards(id) {
		path[t.depth[at]] = t.all[at]
	}
	return path
}

// upwards are the places of an agency and of all above it, up to the top.
func (t *Tree) upwards(id int64) iter.Seq[int] {
	return func(yield func(int) bool) {
		at, ok := t.place[id]
		for ok && yield(at) && t.depth[at] > 0 {
			for below := t.depth[at]; t.depth[at] >= below; { // what stands above comes before
				at--
			}
		}
	}
}

// Hotline is the number to report to about an agency: its own, or that of the
// nearest one above that has one; "" where there is none.
func (t *Tree) Hotline(id int64) string {
	for at := range t.upwards(id) {
		if number := t.all[at].Hotline; number != "" {
			return number
		}
	}
	return ""
}

// Head is the agency at the top, whose name stands above an agency's in the
// heading of its papers: the province's people's committee. It is the zero
// Agency for the one at the top.
func (t *Tree) Head(id int64) Agency {
	for at := range t.upwards(id) {
		if t.depth[at] == 0 && t.all[at].ID != id {
			return t.all[at]
		}
	}
	return Agency{}
}

// Span is where an agency and all below it stand in All: from and up to but
// without to.
func (t *Tree) Span(id int64) (from, to int, ok bool) {
	from, ok = t.place[id]
	if !ok {
		return 0, 0, false
	}
	return from, t.end[from], true
}
