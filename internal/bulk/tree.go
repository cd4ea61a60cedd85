package bulk

import (
	"cmp"
	"maps"
	"slices"
)

// maxDepth is how many agencies may stand above one another. A ministry, a province,
// a commune and its desk are four.
const maxDepth = 10

// judgeTree says what is wrong with the tree that the agencies would make: of those
// that the file adds or moves, and of what stands below them. Only what the file changes
// is judged: a merger moves what is older below the new agency, and that stays.
func (p *Plan) judgeTree(nodes map[string]*node) {
	depths := make(map[*node]int, len(nodes)) // -1: on the way up from another
	all := slices.SortedFunc(maps.Values(nodes), func(a, b *node) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.Code, b.Code)) })
	for _, n := range all {
		p.climb(nodes, depths, n)
	}
	for _, n := range all {
		above := nodes[n.parent]
		switch {
		case n.moved && n.ValidFrom != "" && n.ValidTo != "" && n.ValidFrom >= n.ValidTo:
			p.problem(n.line, "valid_to", n.ValidTo, ProblemDayOrder, n.ValidFrom)
		case above == nil || !n.moved && !above.moved:
		case n.moved && depths[n] > maxDepth:
			p.problem(n.line, "parent", n.parent, ProblemTooDeep, "10")
		case (n.placed || n.began || above.began) && above.ValidFrom != "" && n.ValidFrom < above.ValidFrom:
			p.outside(n, above, "valid_from", n.ValidFrom, ProblemOlder)
		case (n.placed || n.ended || above.ended) && above.ValidTo != "" && (n.ValidTo == "" || n.ValidTo > above.ValidTo):
			p.outside(n, above, "valid_to", n.ValidTo, ProblemOutside)
		}
	}
}

// climb finds how deep an agency stands. Whoever comes back to where it began stands
// in a circle.
func (p *Plan) climb(nodes map[string]*node, depths map[*node]int, n *node) {
	var path []*node
	for n != nil && depths[n] == 0 {
		depths[n] = -1
		path = append(path, n)
		above := nodes[n.parent]
		if above == nil && n.parent != "" && n.line != 0 {
			p.problem(n.line, "parent", n.parent, ProblemUnknownAgency, "")
		}
		n = above
	}
	depth, circle := 0, false
	if n != nil {
		depth, circle = depths[n], depths[n] == -1
	}
	if circle {
		for i := len(path) - 1; i >= 0; i-- {
			if on := path[i]; on.moved {
				p.problem(on.line, "parent", on.parent, ProblemCircle, "")
			}
			depths[path[i]] = 1
			if path[i] == n {
				path = path[:i]
				break
			}
		}
		depth = 1
	}
	for i := len(path) - 1; i >= 0; i-- {
		depth++
		depths[path[i]] = depth
	}
}

// outside says that an agency would be there without the one above, on its own line
// or, where the file does not name it, on that of the one above.
func (p *Plan) outside(n, above *node, column, value, key string) {
	if n.line == 0 {
		p.problem(above.line, column, n.Code, ProblemBelowOutside, above.Code)
		return
	}
	p.problem(n.line, column, value, key, above.Code)
}
