package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/tickets/service"
)

// deskPorts shows the desk to the floor as the ports the floor declares.
type deskPorts struct{ desk *service.Service }

var (
	_ floor.CallerHistory  = deskPorts{}
	_ floor.TicketProgress = deskPorts{}
	_ floor.SeatProfiles   = deskPorts{}
	_ floor.LineBook       = deskPorts{}
	_ floor.Dialable       = deskPorts{}
	_ floor.Blacklist      = deskPorts{}
)

// CallerHistory implements floor.CallerHistory.
func (d deskPorts) CallerHistory(ctx context.Context, number string) (floor.History, error) {
	h, err := d.desk.CallerHistory(ctx, number)
	if err != nil {
		return floor.History{}, err
	}
	out := floor.History{
		Name: h.Name, Gender: h.Gender, Kind: h.Kind, Tags: h.Tags, Regular: h.Regular, Province: h.Province, City: h.City,
		Carrier: h.Carrier, Repeats: h.Repeats, Blacklisted: h.Blacklisted, OpenTickets: h.OpenTickets,
		Tickets: make([]floor.HistoryTicket, len(h.Tickets)), Calls: make([]floor.HistoryCall, len(h.Calls)),
	}
	for i, t := range h.Tickets {
		out.Tickets[i] = floor.HistoryTicket(t)
	}
	for i, c := range h.Calls {
		out.Calls[i] = floor.HistoryCall(c)
	}
	return out, nil
}

// ProgressByCaller implements floor.TicketProgress.
func (d deskPorts) ProgressByCaller(ctx context.Context, number string) ([]floor.Progress, error) {
	found, err := d.desk.ProgressByCaller(ctx, number)
	if err != nil {
		return nil, progressError(err)
	}
	list := make([]floor.Progress, len(found))
	for i, p := range found {
		list[i] = progress(p)
	}
	return list, nil
}

// ProgressByNumber implements floor.TicketProgress.
func (d deskPorts) ProgressByNumber(ctx context.Context, caller, ticket, code string) (floor.Progress, error) {
	p, err := d.desk.ProgressByNumber(ctx, caller, ticket, code)
	return progress(p), progressError(err)
}

func progressError(err error) error {
	switch {
	case errors.Is(err, service.ErrNoProgress):
		return floor.ErrNoProgress
	case errors.Is(err, service.ErrProgressLimited):
		return floor.ErrProgressLimited
	}
	return err
}

// SeatProfile implements floor.SeatProfiles.
func (d deskPorts) SeatProfile(ctx context.Context, account string) (floor.SeatProfile, error) {
	p, err := d.desk.SeatProfile(ctx, account)
	if errors.Is(err, service.ErrNoSeat) {
		err = floor.ErrNoSeat
	}
	return floor.SeatProfile(p), err
}

// Seats implements floor.SeatProfiles.
func (d deskPorts) Seats(ctx context.Context) ([]floor.SeatProfile, error) {
	found, err := d.desk.SeatProfiles(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]floor.SeatProfile, len(found))
	for i, p := range found {
		list[i] = floor.SeatProfile(p)
	}
	return list, nil
}

// Line implements floor.LineBook.
func (d deskPorts) Line(ctx context.Context, called string) (floor.Line, error) {
	l, err := d.desk.Line(ctx, called)
	if errors.Is(err, service.ErrNoLine) {
		return floor.Line{}, fmt.Errorf("%w: %s", floor.ErrNoLine, called)
	}
	if err != nil {
		return floor.Line{}, err
	}
	return floor.Line{Called: l.Called, Label: l.Label, Menu: l.Menu, Queue: l.Queue}, nil
}

// NumberOfTicket implements floor.Dialable.
func (d deskPorts) NumberOfTicket(ctx context.Context, ticket, account string) (string, error) {
	number, err := d.desk.NumberOfTicket(ctx, ticket, account)
	return string(number), dialError(err)
}

// NumberOfCallback implements floor.Dialable.
func (d deskPorts) NumberOfCallback(ctx context.Context, row, account string) (string, error) {
	number, err := d.desk.NumberOfCallback(ctx, row, account)
	return string(number), dialError(err)
}

func dialError(err error) error {
	for _, no := range []error{service.ErrNoNumber, service.ErrNotFound, service.ErrForbidden, service.ErrNotYours} {
		if errors.Is(err, no) {
			return fmt.Errorf("%w: %w", floor.ErrNotDialable, err)
		}
	}
	return err
}

// Blacklisted implements floor.Blacklist.
func (d deskPorts) Blacklisted(ctx context.Context, number string) (bool, error) {
	return d.desk.Blacklisted(ctx, number)
}

func progress(p service.Progress) floor.Progress {
	return floor.Progress{Number: p.Number, State: string(p.State), Unit: p.Unit, Date: p.Date}
}
