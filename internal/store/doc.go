// Package store is everything SQL: it keeps and finds what the platform knows,
// on SQLite or Postgres, and is the only importer of GORM and the drivers.
//
// Rows that citizens make are written by hand-made set statements (responses.go,
// tally.go), everything that administrators make goes through GORM. What
// differs between the two databases stands in dialect.go only.
package store
