package service

import (
	"context"
	"fmt"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// States of a row of 留言与回拨.
const (
	CallbackWaiting = "waiting"
	CallbackTaken   = "taken"
	CallbackDone    = "done"
)

// Kinds of rows of 留言与回拨.
const (
	KindVoicemail = "voicemail"
	KindCallback  = "callback"
	KindMissed    = "missed"
)

// Callbacks lists 留言与回拨, those waiting longest first.
func (s *Service) Callbacks(ctx context.Context, who Identity, f CallbackFilter) (Page[CallbackView], error) {
	page := Page[CallbackView]{Items: []CallbackView{}}
	if err := who.need(directory.CallbackWork); err != nil {
		return page, err
	}
	list, next, total, err := s.store.Callbacks(ctx, f)
	if err != nil {
		return page, fmt.Errorf("list callbacks: %w", err)
	}
	for _, cb := range list {
		page.Items = append(page.Items, s.callbackView(who, cb))
	}
	page.NextCursor, page.Total = next, total
	return page, nil
}

func (s *Service) callbackView(who Identity, cb CallbackView) CallbackView {
	cb.DialableByYou = who.Can(directory.FloorSeat) && cb.CallerMasked != "" &&
		cb.State == CallbackTaken && cb.TakenBy == who.Account
	if cb.Recording != nil {
		refs := s.playable(who, CallRecord{Recordings: []RecordingRef{*cb.Recording}})
		cb.Recording = &refs[0]
	}
	cb.Attempts = orEmpty(cb.Attempts)
	return cb
}

// TakeCallback puts a waiting row into the asker's hands. ErrNotYours: somebody was faster.
func (s *Service) TakeCallback(ctx context.Context, who Identity, id string) (CallbackView, error) {
	return s.changeCallback(ctx, who, id, func(cb CallbackView) (CallbackView, error) {
		if cb.State == CallbackTaken && cb.TakenBy == who.Account {
			return cb, nil
		}
		if cb.State != CallbackWaiting {
			return cb, ErrNotYours
		}
		cb.State, cb.TakenBy, cb.TakenAt = CallbackTaken, who.Account, s.clock()
		return cb, nil
	})
}

// ReleaseCallback puts a row back; a supervisor may put back anybody's.
func (s *Service) ReleaseCallback(ctx context.Context, who Identity, id string) (CallbackView, error) {
	return s.changeCallback(ctx, who, id, func(cb CallbackView) (CallbackView, error) {
		if cb.State != CallbackTaken || cb.TakenBy != who.Account && !who.Can(directory.FloorWatch) {
			return cb, ErrNotYours
		}
		cb.State, cb.TakenBy = CallbackWaiting, ""
		return cb, nil
	})
}

// FinishCallback ends a row the asker has in hand.
func (s *Service) FinishCallback(ctx context.Context, who Identity, id string, in FinishCallback) (CallbackView, error) {
	switch in.Result {
	case "contacted", "unreachable", "duplicate", "other":
	default:
		return CallbackView{}, fmt.Errorf("result %q: %w", in.Result, directory.ErrInvalid)
	}
	ticket := ""
	if in.Ticket != "" {
		record, err := s.visibleTicket(ctx, who, in.Ticket)
		if err != nil {
			return CallbackView{}, err
		}
		ticket = record.ID
	}
	return s.changeCallback(ctx, who, id, func(cb CallbackView) (CallbackView, error) {
		if cb.State != CallbackTaken || cb.TakenBy != who.Account {
			return cb, ErrNotYours
		}
		cb.State, cb.DoneAt, cb.DoneBy = CallbackDone, s.clock(), who.Account
		cb.Result, cb.Text = in.Result, in.Text
		if ticket != "" {
			cb.Ticket = ticket
		}
		return cb, nil
	})
}

func (s *Service) changeCallback(ctx context.Context, who Identity, id string, fn func(CallbackView) (CallbackView, error)) (CallbackView, error) {
	if err := who.need(directory.CallbackWork); err != nil {
		return CallbackView{}, err
	}
	if err := s.store.UpdateCallback(ctx, id, fn); err != nil {
		return CallbackView{}, fmt.Errorf("change callback: %w", err)
	}
	cb, err := s.store.Callback(ctx, id)
	if err != nil {
		return CallbackView{}, fmt.Errorf("read callback: %w", err)
	}
	return s.callbackView(who, cb), nil
}

// NumberOfCallback is the number behind a row, for the floor to dial: only for who took it.
// ErrNotYours, ErrNoNumber.
func (s *Service) NumberOfCallback(ctx context.Context, id, account string) (privacy.Phone, error) {
	who, err := s.Identity(ctx, account)
	if err != nil {
		return "", err
	}
	if err := who.need(directory.FloorSeat); err != nil {
		return "", err
	}
	cb, err := s.store.Callback(ctx, id)
	if err != nil {
		return "", fmt.Errorf("read callback: %w", err)
	}
	if cb.State != CallbackTaken || cb.TakenBy != account {
		return "", fmt.Errorf("callback %s: %w", id, ErrNotYours)
	}
	number, err := s.store.CallbackNumber(ctx, id)
	if err != nil {
		return "", fmt.Errorf("read callback: %w", err)
	}
	if number == "" {
		return "", ErrNoNumber
	}
	return number, s.Audit(ctx, who, "callback.dial", id, "")
}
