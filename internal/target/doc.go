// Package target is what plans ask for: indicators, and the values they are to
// reach.
package target
