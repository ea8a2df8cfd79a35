// Package policy holds the shipped policies: the time limits of a city by name. tickets reads
// them; an installation's own stand beside them in the database.
package policy

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/open12345/hotline/tickets"
)

// Default is the name of the policy of a city that has chosen none.
const Default = "通用"

// ErrNoPolicy is a name that no shipped policy has.
var ErrNoPolicy = errors.New("no such policy")

//go:embed *.yaml
var files embed.FS

// Preset is a shipped policy with its file.
type Preset struct {
	Policy  *tickets.Policy
	Content []byte
}

// Presets reads the shipped policies, 通用 first.
func Presets() ([]Preset, error) {
	var list []Preset
	for _, name := range []string{"general.yaml", "shandong2020.yaml", "beijing-db11.yaml"} {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read policy: %w", err)
		}
		p, err := tickets.ParsePolicy(content)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", path.Base(name), err)
		}
		list = append(list, Preset{Policy: p, Content: content})
	}
	return list, nil
}

// Named is the shipped policy with the name or id. ErrNoPolicy.
func Named(name string) (Preset, error) {
	presets, err := Presets()
	if err != nil {
		return Preset{}, err
	}
	for _, p := range presets {
		if p.Policy.Name == name || p.Policy.ID == name {
			return p, nil
		}
	}
	return Preset{}, fmt.Errorf("%w: %q", ErrNoPolicy, name)
}
