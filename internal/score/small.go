package score

// Answers are shown in groups of at least k people.
const (
	DefaultK = 5 // where a deployment says nothing else
	MinK     = 3 // a smaller k is raised to this
)
