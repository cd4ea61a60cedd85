// Package forms is what a citizen's form shows in one language, and how
// the answers sent back are read, as fields of a form or as JSON.
package forms
