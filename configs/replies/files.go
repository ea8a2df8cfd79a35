// Package replies holds the shipped reply templates (答复模板): texts that a unit's reply often
// begins with.
package replies

import (
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v3"
)

//go:embed replies.yaml
var file []byte

// Template is a text that a reply can begin with; 【…】 marks what a clerk fills in.
type Template struct {
	ID   string `yaml:"id" json:"id"`
	Name string `yaml:"name" json:"name"`
	Text string `yaml:"text" json:"text"`
}

// Templates reads the shipped templates, in the order they are offered.
func Templates() ([]Template, error) {
	var list []Template
	if err := yaml.Unmarshal(file, &list); err != nil {
		return nil, fmt.Errorf("read the reply templates: %w", err)
	}
	return list, nil
}
