package service

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/place"
	"github.com/open12345/hotline/tickets/privacy"
)

// Calls lists call records in the asker's scope, newest first.
func (s *Service) Calls(ctx context.Context, who Identity, f CallFilter) (Page[CallRecord], error) {
	page := Page[CallRecord]{Items: []CallRecord{}}
	if err := who.need(directory.CallList); err != nil {
		return page, err
	}
	q := CallQuery{CallFilter: f}
	if who.Scope(directory.CallList) != directory.ScopeAll {
		q.OnlyAccount = who.Account
	}
	list, next, total, more, err := s.store.Calls(ctx, q)
	if err != nil {
		return page, fmt.Errorf("list calls: %w", err)
	}
	open, err := s.store.OpenCalls(ctx, who.Account)
	if err != nil {
		return page, fmt.Errorf("list calls: %w", err)
	}
	for _, record := range list {
		page.Items = append(page.Items, s.callView(who, record, open))
	}
	page.NextCursor, page.Total, page.TotalIsMore = next, total, more
	return page, nil
}

// Call is one call with its timeline. A call out of the asker's scope is ErrNotFound.
func (s *Service) Call(ctx context.Context, who Identity, id calls.ID) (CallRecord, error) {
	record, err := s.visibleCall(ctx, who, id)
	if err != nil {
		return CallRecord{}, err
	}
	open, err := s.store.OpenCalls(ctx, who.Account)
	if err != nil {
		return CallRecord{}, fmt.Errorf("read call: %w", err)
	}
	if record.Timeline, err = s.store.Timeline(ctx, id); err != nil {
		return CallRecord{}, fmt.Errorf("read timeline: %w", err)
	}
	return s.callView(who, record, open), nil
}

func (s *Service) visibleCall(ctx context.Context, who Identity, id calls.ID) (CallRecord, error) {
	if err := who.need(directory.CallList); err != nil {
		return CallRecord{}, err
	}
	if _, err := calls.ParseID(string(id)); err != nil {
		return CallRecord{}, fmt.Errorf("call %q: %w", id, ErrNotFound)
	}
	record, err := s.store.Call(ctx, id)
	if err != nil {
		return CallRecord{}, fmt.Errorf("read call: %w", err)
	}
	if who.Scope(directory.CallList) != directory.ScopeAll && !record.tookPart(who.Account) {
		return CallRecord{}, fmt.Errorf("read call: %w", ErrNotFound)
	}
	return record, nil
}

func (r CallRecord) tookPart(account string) bool {
	return account != "" && slices.ContainsFunc(r.Seats, func(s CallSeat) bool { return s.Account == account })
}

// callView masks the number for everybody but the call's agent until wrap-up ends.
func (s *Service) callView(who Identity, r CallRecord, open []calls.ID) CallRecord {
	if !slices.Contains(open, r.ID) {
		r.Caller = ""
	}
	r.Recordings = s.playable(who, r)
	return r
}

// playable shows the recordings of a call, with addresses where the asker may hear them.
func (s *Service) playable(who Identity, r CallRecord) []RecordingRef {
	refs := slices.Clone(orEmpty(r.Recordings))
	for i := range refs {
		if refs[i].Status != recordingSealed || !s.mayPlay(who, r, refs[i].Kind) {
			continue
		}
		refs[i].AudioURL = "/api/v1/recordings/" + refs[i].ID + "/audio"
		refs[i].PeaksURL = "/api/v1/recordings/" + refs[i].ID + "/peaks?n=800"
	}
	return refs
}

const recordingSealed = "sealed"

// mayPlay: by the scope of call.play; voicemails are for everybody who works the list.
func (s *Service) mayPlay(who Identity, r CallRecord, kind calls.RecordingKind) bool {
	switch who.Scope(directory.CallPlay) {
	case directory.ScopeAll:
		return true
	case directory.ScopeOwn:
		if r.tookPart(who.Account) {
			return true
		}
	}
	return kind == calls.RecordingVoicemail && who.Can(directory.CallbackWork)
}

// Recording gives a sealed recording to play, and notes who plays it. ErrNotFound: unknown, not
// sealed yet, or not the asker's to hear. why is "play" or "peaks"; only a play is audited.
func (s *Service) Recording(ctx context.Context, who Identity, id, why string) (SealedRecording, error) {
	rec, err := s.store.Recording(ctx, id)
	if err != nil {
		return SealedRecording{}, fmt.Errorf("read recording: %w", err)
	}
	record, err := s.store.Call(ctx, rec.Ref.Call)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return SealedRecording{}, fmt.Errorf("read recording: %w", err)
	}
	if rec.Ref.Status != recordingSealed || !s.mayPlay(who, record, rec.Ref.Kind) {
		return SealedRecording{}, fmt.Errorf("recording %s: %w", id, ErrNotFound)
	}
	if why == "play" {
		if err := s.Audit(ctx, who, "recording.play", id, string(rec.Ref.Call)); err != nil {
			return SealedRecording{}, err
		}
	}
	return rec, nil
}

// SuggestNote preselects the call note from what the asker did in the call; empty: nothing
// speaks for any.
func (s *Service) SuggestNote(ctx context.Context, who Identity, id calls.ID) (calls.Note, error) {
	record, err := s.visibleCall(ctx, who, id)
	if err != nil {
		return "", err
	}
	done := tickets.Done{}
	for _, t := range record.Tickets {
		state := tickets.State(t.State)
		switch tickets.CallRole(t.Role) {
		case tickets.CallUrge:
			done.Urged = true
		case tickets.CallSupplement:
			done.Added = true
		case tickets.CallProgress:
			done.Asked = true
		case tickets.CallComplaint:
			done.Drafted = done.Drafted || state == tickets.Draft
			done.Direct = done.Direct || state == tickets.Closed
			done.Submitted = done.Submitted || state != tickets.Draft && state != tickets.Closed && state != tickets.Discarded
		}
	}
	for _, seat := range record.Seats {
		if seat.Account == who.Account {
			done.TalkS += seat.TalkS
			done.Transferred = done.Transferred || seat.Why == "transferred"
			done.CitizenLeft = done.CitizenLeft || seat.Why == "citizen_left"
		}
	}
	return tickets.SuggestNote(done), nil
}

// CallerHistory is what the desk knows of a number, for the floor's screen pop.
func (s *Service) CallerHistory(ctx context.Context, number string) (History, error) {
	phone := privacy.Normalize(number)
	history := History{Tags: []string{}, Tickets: []HistoryTicket{}, Calls: []HistoryCall{}}
	if phone == "" {
		return history, nil
	}
	history, err := s.store.CallerFacts(ctx, phone, s.clock())
	if err != nil {
		return History{}, fmt.Errorf("read caller's history: %w", err)
	}
	at := place.Of(phone)
	history.Province, history.City, history.Carrier = at.Province, at.City, at.Carrier
	return history, nil
}

// HistoryOfCall is the history of the citizen of a call the asker took part in.
func (s *Service) HistoryOfCall(ctx context.Context, who Identity, id calls.ID) (History, error) {
	if err := who.need(directory.CallerHistory); err != nil {
		return History{}, err
	}
	if _, err := calls.ParseID(string(id)); err != nil {
		return History{}, fmt.Errorf("call %q: %w", id, ErrNotFound)
	}
	part, err := s.store.CallPart(ctx, id, who.Account)
	if err != nil {
		return History{}, fmt.Errorf("read caller's history: %w", err)
	}
	if !part.Took {
		return History{}, fmt.Errorf("read caller's history: %w", ErrNotFound)
	}
	return s.CallerHistory(ctx, part.Caller.Clear())
}

// Blacklisted tells whether a number is refused now.
func (s *Service) Blacklisted(ctx context.Context, number string) (bool, error) {
	phone := privacy.Normalize(number)
	if phone == "" {
		return false, nil
	}
	listed, err := s.store.Blacklisted(ctx, phone, s.clock())
	if err != nil {
		return false, fmt.Errorf("read blacklist: %w", err)
	}
	return listed, nil
}
