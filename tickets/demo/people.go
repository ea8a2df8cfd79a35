package demo

import (
	"context"
	"fmt"
	"io/fs"
)

// Accounts lists the demo's accounts if the database holds the demo city, whole or half: an
// installation in earnest must not let them in. files are those of Config.
func Accounts(ctx context.Context, store Store, files fs.FS) ([]string, error) {
	begun, err := store.Marked(ctx, markBegun)
	if err != nil {
		return nil, fmt.Errorf("look for the demo city: %w", err)
	}
	if !begun {
		return nil, nil
	}
	c, _, err := readCity(files)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, a := range c.Accounts {
		names = append(names, a.Name)
	}
	for _, u := range c.Units {
		if u.Kind == "hotline" { // its people are named one by one
			continue
		}
		names = append(names, "pt-"+u.Code, "pt-"+u.Code+"-jb")
		for sub := range u.Below {
			names = append(names, "pt-"+u.Code+"-"+sub)
		}
	}
	return names, nil
}
