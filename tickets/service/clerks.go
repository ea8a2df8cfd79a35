package service

import (
	"context"
	"fmt"

	"github.com/open12345/hotline/tickets"
)

// Clerk is a person of a unit who can stand in for its leader.
type Clerk struct {
	Account string `json:"account"`
	Name    string `json:"name"`
}

// Clerks lists the clerks of the leader's own unit.
func (s *Service) Clerks(ctx context.Context, who Identity) ([]Clerk, error) {
	if who.Unit == nil || !who.Actor().Has(tickets.UnitLeader) {
		return nil, fmt.Errorf("clerks: %w", ErrForbidden)
	}
	accounts, err := s.store.Accounts(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("list clerks: %w", err)
	}
	list := []Clerk{}
	for _, a := range accounts {
		if a.UnitID == who.Unit.ID && !a.Disabled && (tickets.Actor{Roles: a.Roles}).Has(tickets.UnitClerk) {
			list = append(list, Clerk{Account: a.Name, Name: a.PersonName})
		}
	}
	return list, nil
}
