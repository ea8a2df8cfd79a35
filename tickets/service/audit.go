package service

import (
	"context"
	"fmt"

	"github.com/open12345/hotline/tickets/directory"
)

// Audit notes what somebody did or saw: the act (recording.play, seat.force …), its object and
// what else matters. The log is chained; numbers of citizens do not belong into it.
func (s *Service) Audit(ctx context.Context, who Identity, act, object, detail string) error {
	err := s.store.Audit(ctx, AuditEntry{
		At: s.clock(), Actor: who.Account, Act: act, Object: object, Detail: detail, Remote: who.Remote,
	})
	if err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	return nil
}

// AuditLog lists the log, newest first.
func (s *Service) AuditLog(ctx context.Context, who Identity, f AuditFilter) (Page[AuditEntry], error) {
	page := Page[AuditEntry]{Items: []AuditEntry{}}
	if err := who.need(directory.AdminAudit); err != nil {
		return page, err
	}
	list, next, err := s.store.AuditLog(ctx, f)
	if err != nil {
		return page, fmt.Errorf("read audit log: %w", err)
	}
	page.Items, page.NextCursor = orEmpty(list), next
	return page, nil
}

// Changes returns the desk's changes after the cursor, for live sockets; the empty cursor
// starts at the present. ErrCursorTooOld: fetch everything anew.
func (s *Service) Changes(ctx context.Context, after Cursor, limit int) ([]Change, Cursor, error) {
	list, next, err := s.store.Changes(ctx, after, limit)
	if err != nil {
		return nil, after, fmt.Errorf("read changes: %w", err)
	}
	return list, next, nil
}

// WaitChange returns when something changed or ctx ends; then ask Changes again. It may return
// without a change.
func (s *Service) WaitChange(ctx context.Context) error { return s.store.WaitChange(ctx) }
