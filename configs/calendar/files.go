// Package calendar holds the shipped calendar: official holidays and make-up days by year, and
// opening hours by name. tickets/calendar reads them; a folder of an installation's own can
// stand in their place.
package calendar

import "embed"

// Files are the YAML files.
//
//go:embed *.yaml
var Files embed.FS
