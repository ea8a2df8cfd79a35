// Package demo holds the demo's city: who lives and works there, what its people call about,
// and the scripts of its simulated callers.
package demo

import "embed"

// Files are the YAML files of the city; callsim's scripts are a folder of their own.
//
//go:embed *.yaml
var Files embed.FS
