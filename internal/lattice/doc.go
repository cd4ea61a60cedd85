// Package lattice decides which cells of a table of people may be shown, so
// that nobody can compute a small one from the others.
package lattice
