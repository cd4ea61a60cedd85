package agency

// Coded is an agency with the code of the one above.
type Coded struct {
	Agency
	Parent string
}

// Draft is an agency as it would be, and as it is kept.
type Draft struct {
	Coded
	Kept Coded // without an id: it is new
}

// New tells whether the agency is not kept yet.
func (d *Draft) New() bool { return d.Kept.ID == 0 }

// What of its place in the tree differs from what is kept: the agency above, the day on
// which it begins, the day on which it ends; moved is any of them.
func (d *Draft) placed() bool { return d.New() || d.Parent != d.Kept.Parent }
func (d *Draft) began() bool  { return d.ValidFrom != d.Kept.ValidFrom }
func (d *Draft) ended() bool  { return d.ValidTo != d.Kept.ValidTo }
func (d *Draft) moved() bool  { return d.placed() || d.began() || d.ended() }

// MostDepth is how many agencies may stand above one another. A ministry, a province,
// a commune and its desk are four.
const MostDepth = 10

// Misfit says that an agency cannot have the place in the tree that its draft gives it.
type Misfit struct {
	Draft *Draft
	Why   Unfitness
}

// Unfitness is why an agency cannot have a place in the tree.
type Unfitness int

// Why agencies cannot have their places.
const (
	ParentUnknown   Unfitness = iota
	InCircle                  // it stands above itself
	TooDeep                   // more than MostDepth stand above one another
	EndsBeforeBegin           // it would end on the day on which it begins, or before
	OlderThanParent           // it would be there before the one above
	OutlivesParent            // it would be there after the one above
)

// Misfits says what is wrong with the tree that agencies would make, given all that there
// would be: of those that are new or moved, and of what stands right below them, whose
// days may no longer lie within. Only what is changed is judged: a merger moves what is
// older below the new agency, and that stays.
func Misfits(drafts []*Draft) []Misfit {
	c := &climber{make(map[string]*Draft, len(drafts)), make(map[*Draft]int, len(drafts)), nil}
	for _, d := range drafts {
		c.drafts[d.Code] = d
	}
	for _, d := range drafts {
		c.climb(d)
	}
	for _, d := range drafts {
		above := c.drafts[d.Parent]
		switch {
		case d.moved() && d.ValidFrom != "" && d.ValidTo != "" && d.ValidFrom >= d.ValidTo:
			c.misfit(d, EndsBeforeBegin)
		case above == nil || !d.moved() && !above.moved():
		case d.moved() && c.depths[d] > MostDepth:
			c.misfit(d, TooDeep)
		case (d.placed() || d.began() || above.began()) && above.ValidFrom != "" && d.ValidFrom < above.ValidFrom:
			c.misfit(d, OlderThanParent)
		case (d.placed() || d.ended() || above.ended()) && above.ValidTo != "" && (d.ValidTo == "" || d.ValidTo > above.ValidTo):
			c.misfit(d, OutlivesParent)
		}
	}
	return c.found
}

// climber finds how deep agencies stand.
type climber struct {
	drafts map[string]*Draft // by code
	depths map[*Draft]int    // -1: on the way up from another
	found  []Misfit
}

func (c *climber) misfit(d *Draft, why Unfitness) { c.found = append(c.found, Misfit{d, why}) }

// climb finds how deep an agency stands. Whoever comes back to where it began stands
// in a circle.
func (c *climber) climb(d *Draft) {
	var path []*Draft
	for d != nil && c.depths[d] == 0 {
		c.depths[d] = -1
		path = append(path, d)
		above := c.drafts[d.Parent]
		if above == nil && d.Parent != "" {
			c.misfit(d, ParentUnknown)
		}
		d = above
	}
	depth, circle := 0, false
	if d != nil {
		depth, circle = c.depths[d], c.depths[d] == -1
	}
	if circle {
		for i := len(path) - 1; i >= 0; i-- {
			on := path[i]
			if on.moved() {
				c.misfit(on, InCircle)
			}
			c.depths[on] = 1
			if on == d {
				path = path[:i]
				break
			}
		}
		depth = 1
	}
	for i := len(path) - 1; i >= 0; i-- {
		depth++
		c.depths[path[i]] = depth
	}
}
