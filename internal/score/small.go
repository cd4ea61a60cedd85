package score

// A figure about fewer than k people is shown to nobody, and neither is a set of figures from which it can be computed.
const (
	DefaultK = 5 // where a deployment says nothing else
	MinK     = 3 // a smaller k is raised to this
)

// TooFew says whether a figure about n people must be hidden for being small. Nobody at all is no secret.
func TooFew(n, k int64) bool { return n > 0 && n < max(k, MinK) }
