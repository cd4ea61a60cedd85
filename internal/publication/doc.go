// Package publication is what the public sees of boards: figures of a period as
// they were when somebody made them public, kept as editions that never change.
package publication
