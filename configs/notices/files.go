// Package notices holds the words of messages to citizens and staff.
package notices

import _ "embed"

// Templates is templates.yaml.
//
//go:embed templates.yaml
var Templates []byte
