// Package procedure keeps the catalogue of administrative procedures with their
// national codes, and how many files of each an agency handled in a half month. It is
// read on demand: ADR 0034.
package procedure
