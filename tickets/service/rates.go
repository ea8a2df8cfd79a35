package service

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// Rate is a share in percent with what it is made of; Of 0: there is none yet.
type Rate struct {
	Code    string  `json:"code"`
	Label   string  `json:"label"`
	Count   int     `json:"count"`
	Of      int     `json:"of"`
	Percent float64 `json:"percent"`
	Formula string  `json:"formula"`
}

// UnitRates are the figures of a unit in a span.
type UnitRates struct {
	Unit     UnitRef    `json:"unit"`
	From     time.Time  `json:"from"`
	To       time.Time  `json:"to"`
	Received int        `json:"received"`
	Rates    []Rate     `json:"rates"`
	Counts   RateCounts `json:"counts"`
}

// RatesOf gives the rates of the asker's unit, or of one below it, for the hotline of any; the
// span is the present month when it is not given. Upheld 不合理诉求 and 考核申诉 are in none.
func (s *Service) RatesOf(ctx context.Context, who Identity, unit string, from, to time.Time) (UnitRates, error) {
	if err := who.need(directory.TicketList); err != nil {
		return UnitRates{}, err
	}
	seen, err := s.unitsOf(ctx, who)
	if err != nil {
		return UnitRates{}, err
	}
	if unit == "" && who.Unit != nil {
		unit = who.Unit.ID
	}
	if seen != nil && !slices.Contains(seen, unit) {
		return UnitRates{}, fmt.Errorf("rates of %q: %w", unit, ErrNotFound)
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return UnitRates{}, err
	}
	if _, ok := place.units[unit]; !ok {
		return UnitRates{}, fmt.Errorf("rates of %q: %w", unit, ErrNotFound)
	}
	if from.IsZero() {
		y, m, _ := place.now.In(s.zone).Date()
		from = time.Date(y, m, 1, 0, 0, 0, 0, s.zone)
	}
	if to.IsZero() {
		to = place.now
	}
	counts, err := s.store.RatesOf(ctx, []string{unit}, from.UTC(), to.UTC())
	if err != nil {
		return UnitRates{}, fmt.Errorf("count rates: %w", err)
	}
	return UnitRates{Unit: place.unitRef(unit), From: from, To: to, Received: counts.Received, Rates: counts.rates(), Counts: counts}, nil
}

// rates are the formulas of the assessment.
func (c RateCounts) rates() []Rate {
	list := []Rate{
		{Code: "signed_in_time", Label: "按时签收率", Count: c.SignedInTime, Of: c.ToSign, Formula: "时限内签收 ÷ 应签收"},
		{Code: "replied_in_time", Label: "按时办结率", Count: c.InTime, Of: c.Due, Formula: "按期办结 ÷ 应办结（到期）"},
		{Code: "satisfied", Label: "满意率", Count: c.Satisfied, Of: c.Visits, Formula: "（非常满意+满意+基本满意）÷ 有效回访"},
		{Code: "solved", Label: "解决率", Count: c.Solved, Of: c.Judged, Formula: "回访已解决 ÷ 有效回访（未表态、联系不上除外）"},
		{Code: "contacted", Label: "响应率", Count: c.Contacted, Of: c.Asked, Formula: "已联系诉求人 ÷ 应联系"},
		{Code: "returned", Label: "退单率", Count: c.Returns, Of: c.Received, Formula: "退单 ÷ 承办"},
		{Code: "extended", Label: "延期率", Count: c.Extensions, Of: c.Received, Formula: "延期 ÷ 承办"},
		{Code: "reworked", Label: "重办率", Count: c.Reworks, Of: c.Received, Formula: "重办 ÷ 承办"},
	}
	for i, r := range list {
		if r.Of > 0 {
			list[i].Percent = float64(r.Count) * 100 / float64(r.Of)
		}
	}
	return list
}

// Deputies lists who stands in for the leader of the asker's unit.
func (s *Service) Deputies(ctx context.Context, who Identity) ([]Deputy, error) {
	if who.Unit == nil || !who.Actor().Has(tickets.UnitLeader, tickets.UnitClerk) {
		return nil, fmt.Errorf("deputies: %w", ErrForbidden)
	}
	list, err := s.store.Deputies(ctx, who.Unit.ID)
	if err != nil {
		return nil, fmt.Errorf("list deputies: %w", err)
	}
	return orEmpty(list), nil
}

// DeputyRequest names a clerk of the unit and how long he stands in.
type DeputyRequest struct {
	Account string    `json:"account" minLength:"1" maxLength:"32"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
}

// SaveDeputy lets a clerk of the leader's own unit stand in for a while. directory.ErrInvalid.
func (s *Service) SaveDeputy(ctx context.Context, who Identity, in DeputyRequest) error {
	if who.Unit == nil || !who.Actor().Has(tickets.UnitLeader) {
		return fmt.Errorf("deputy: %w", ErrForbidden)
	}
	clerk, err := s.store.Account(ctx, in.Account)
	if err != nil {
		return fmt.Errorf("deputy: %w", err)
	}
	switch {
	case clerk.UnitID != who.Unit.ID || clerk.Disabled || !(tickets.Actor{Roles: clerk.Roles}).Has(tickets.UnitClerk):
		return fmt.Errorf("%w: account is no clerk of the unit", directory.ErrInvalid)
	case !in.To.After(in.From) || in.To.Before(s.clock()):
		return fmt.Errorf("%w: to comes after from and lies ahead", directory.ErrInvalid)
	}
	d := Deputy{
		ID: newID(), Unit: who.Unit.ID, Account: in.Account, Name: clerk.PersonName, From: in.From.UTC(), To: in.To.UTC(),
		By: who.Account, At: s.clock(),
	}
	if err := s.store.SaveDeputy(ctx, d); err != nil {
		return fmt.Errorf("save deputy: %w", err)
	}
	return s.Audit(ctx, who, "deputy.save", d.Account, d.Unit)
}

// DeleteDeputy ends a deputy of the leader's own unit.
func (s *Service) DeleteDeputy(ctx context.Context, who Identity, id string) error {
	if who.Unit == nil || !who.Actor().Has(tickets.UnitLeader) {
		return fmt.Errorf("deputy: %w", ErrForbidden)
	}
	if err := s.store.DeleteDeputy(ctx, who.Unit.ID, id); err != nil {
		return fmt.Errorf("delete deputy: %w", err)
	}
	return s.Audit(ctx, who, "deputy.delete", id, who.Unit.ID)
}
