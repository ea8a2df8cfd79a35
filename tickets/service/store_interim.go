package service

import (
	"context"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/privacy"
)

// emptyLife stands in for a store that keeps nothing of the life yet.
type emptyLife struct{}

func (emptyLife) FlowSince(context.Context, string, int) ([]tickets.FlowStep, error) { return nil, nil }
func (emptyLife) MergedInto(context.Context, string) ([]TicketRecord, error)         { return nil, nil }
func (emptyLife) ReturnsOfClass(context.Context, []string, time.Time) (map[string]int, error) {
	return nil, nil
}
func (emptyLife) RatesOf(context.Context, []string, time.Time, time.Time) (RateCounts, error) {
	return RateCounts{}, nil
}
func (emptyLife) SaveFile(context.Context, FileRecord) error { return ErrForbidden }
func (emptyLife) File(context.Context, string) (FileRecord, error) {
	return FileRecord{}, ErrNotFound
}
func (emptyLife) FilesOf(context.Context, string) ([]FileRecord, error) { return nil, nil }
func (emptyLife) Deputies(context.Context, string) ([]Deputy, error)    { return nil, nil }
func (emptyLife) SaveDeputy(context.Context, Deputy) error              { return ErrForbidden }
func (emptyLife) DeleteDeputy(context.Context, string, string) error    { return ErrNotFound }

type emptyLifeTx struct{}

func (emptyLifeTx) Schedule(context.Context, string, []tickets.Timer) error { return nil }
func (emptyLifeTx) MergedInto(context.Context, string) ([]tickets.Ticket, error) {
	return nil, nil
}
func (emptyLifeTx) UrgesSince(context.Context, privacy.Phone, time.Time) (int, error) { return 0, nil }
func (emptyLifeTx) LinkFiles(context.Context, string, []string, int) error            { return nil }

func lifeOf(tx Tx) LifeTx {
	if l, ok := tx.(LifeTx); ok {
		return l
	}
	return emptyLifeTx{}
}
