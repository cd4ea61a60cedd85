// Package db is a database of either dialect, SQLite or Postgres: it opens,
// changes in transactions, inserts sets, migrates, dumps and restores. What
// differs between the two stands in dialect.go only; which tables there are is
// for the packages that own them.
package db
