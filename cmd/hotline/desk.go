package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"path/filepath"
	"time"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/privacy"
	usecases "github.com/open12345/hotline/tickets/service"
)

// desk is the database with the use cases on it, for the commands that work without a server.
type desk struct {
	*usecases.Service
	store *postgres.Store
}

// openDesk opens the database of the settings with the key ring of the data folder.
func openDesk(a *app) (*desk, error) {
	if a.cfg.Postgres.URL == "" {
		return nil, errors.New("no database: start `hotline run` first, or set postgres.url (HOTLINE_POSTGRES_URL)")
	}
	zone, err := time.LoadLocation(a.cfg.Timezone)
	if err != nil {
		return nil, fmt.Errorf("timezone: %w", err)
	}
	keys, err := privacy.LoadKeyRing(filepath.Join(dataFolder(a.cfg), privacy.KeyFile))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(a.ctx, 10*time.Second)
	defer cancel()
	store, err := postgres.Open(ctx, a.cfg.Postgres.URL, keys, a.log)
	if err != nil {
		return nil, err
	}
	return &desk{store: store, Service: usecases.New(usecases.Config{
		Store: store, Keys: keys, Zone: zone, Log: a.log, CaptchaAfter: a.cfg.Security.CaptchaAfter,
		Lock: directory.LockPolicy{After: a.cfg.Security.LockAfter, For: a.cfg.Security.LockFor},
	})}, nil
}

func (d *desk) close() { d.store.Close() }

// operator is who works at the command line: whoever can read the keys may administer. The
// audit log names the machine's account.
func operator() usecases.Identity {
	name := "operator"
	if u, err := user.Current(); err == nil {
		name = "operator:" + u.Username
	}
	return usecases.Identity{Account: name, Name: name, Roles: operatorRoles, Remote: "command line"}
}
