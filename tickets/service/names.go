package service

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/open12345/hotline/tickets"
)

// nameCache keeps the names of people for a while; parts of tickets name accounts only.
type nameCache struct {
	mu    sync.Mutex
	since time.Time
	names map[string]string
}

// How long names are kept.
const nameAge = time.Minute

// name is the person's name; the account itself when there is none.
func (c *nameCache) name(ctx context.Context, store AccountStore, account string) string {
	if account == "" || account == tickets.ByRule.Account {
		return ""
	}
	c.mu.Lock()
	if time.Since(c.since) > nameAge {
		c.names, c.since = map[string]string{}, time.Now()
	}
	name, known := c.names[account]
	c.mu.Unlock()
	if known {
		return name
	}
	name = account
	a, err := store.Account(ctx, account)
	if err == nil {
		name = a.PersonName
	} else if !errors.Is(err, ErrNotFound) {
		return account
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names[account] = name
	return name
}
