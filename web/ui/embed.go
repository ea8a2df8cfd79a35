// Package ui holds the built pages of the console and of the citizen's demo phone.
package ui

import "embed"

// Dist is the built front end; it holds only .keep when `make build` has not run.
//
//go:embed all:dist
var Dist embed.FS
