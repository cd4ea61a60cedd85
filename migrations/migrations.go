// Package migrations holds the SQL files that make and change the database
// schema: the same file names for both dialects, run in order by the store.
package migrations

import "embed"

// SQLite and Postgres hold one folder of numbered goose files each.
var (
	//go:embed sqlite/*.sql
	SQLite embed.FS
	//go:embed postgres/*.sql
	Postgres embed.FS
)
