package main

import "fmt"

// MigrateCmd brings the database's schema up to date.
type MigrateCmd struct{}

// Run migrates and says which version was reached.
func (c *MigrateCmd) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	version, err := d.store.Migrate(a.ctx)
	if err != nil {
		return err
	}
	fmt.Printf("database is at version %d\n", version)
	return nil
}
