// Package web holds what the pages are made of: templates, style sheets,
// scripts, pictures and the message catalogues.
package web

import "embed"

// Files holds the folders templates, static and locales.
//
//go:embed templates static locales
var Files embed.FS
