package service

import (
	"context"
	"errors"
	"fmt"

	"github.com/open12345/hotline/tickets"
)

// OnlineSubmission is what a citizen, or another system for him, hands in by a network channel.
type OnlineSubmission struct {
	Source   tickets.Source      `json:"source" enum:"sms,web,wechat,app,rating,leader_board"`
	External tickets.ExternalRef `json:"external_ref,omitzero"`
	Type     tickets.Type        `json:"type,omitempty"`
	Title    string              `json:"title,omitempty" maxLength:"100"`
	Content  string              `json:"content" minLength:"1" maxLength:"20000"`
	Name     string              `json:"name,omitempty" maxLength:"60"`
	Gender   string              `json:"gender,omitempty" enum:"male,female"`
	Phone    string              `json:"phone,omitempty" maxLength:"24"`
	Email    string              `json:"email,omitempty" maxLength:"120"`
	Company  string              `json:"company,omitempty" maxLength:"120"`
	Place    tickets.Place       `json:"place,omitzero"`
	Happened string              `json:"happened_at,omitempty" maxLength:"200"`
	Secret   bool                `json:"secret,omitempty"`
	Key      string              `json:"-"` // a repeat with the same key gives the same ticket
}

// Submitted is what a citizen keeps of a submission.
type Submitted struct {
	Number    string `json:"number"`
	QueryCode string `json:"query_code"`
}

// SubmitOnline takes a submission into the pool of intake (待受理). *tickets.Refusal.
func (s *Service) SubmitOnline(ctx context.Context, in OnlineSubmission) (Submitted, error) {
	keyed := string(in.Source)
	if in.Key != "" {
		made, err := s.store.RecallAct(ctx, keyed, in.Key)
		if err == nil {
			return s.submitted(ctx, made)
		}
		if !errors.Is(err, ErrNotFound) {
			return Submitted{}, fmt.Errorf("submit online: %w", err)
		}
	}
	place, err := s.setting(ctx, Identity{})
	if err != nil {
		return Submitted{}, err
	}
	args := tickets.Args{ID: newID(), Source: in.Source, External: in.External, Fields: in.fields()}
	id, err := s.store.CreateTicket(ctx, func(ctx context.Context, tx Tx) (tickets.Outcome, error) {
		out, err := s.apply(ctx, tx, place, tickets.Ticket{}, tickets.SubmitOnline, citizenActor, args, place.facts())
		if err != nil || in.Key == "" {
			return out, err
		}
		return out, tx.Remember(ctx, keyed, in.Key, args.ID, place.now)
	})
	if err != nil {
		return Submitted{}, fmt.Errorf("submit online: %w", err)
	}
	return s.submitted(ctx, id)
}

func (s *Service) submitted(ctx context.Context, id string) (Submitted, error) {
	record, err := s.store.Ticket(ctx, id)
	if err != nil {
		return Submitted{}, fmt.Errorf("submit online: %w", err)
	}
	return Submitted{Number: record.Number, QueryCode: record.QueryCode}, nil
}

// fields are those of the ticket; a matter without a title gets the beginning of its content.
func (in OnlineSubmission) fields() tickets.Fields {
	title := in.Title
	if title == "" {
		title = beginning(in.Content, 30)
	}
	kind := tickets.Person
	if in.Company != "" {
		kind = tickets.Enterprise
	}
	same := false
	return tickets.Fields{
		Type: &in.Type, Title: &title, Content: &in.Content, Secret: &in.Secret, Place: &in.Place, HappenedAt: &in.Happened,
		Caller: &tickets.CallerPatch{
			Name: &in.Name, Gender: &in.Gender, Kind: &kind, Company: &in.Company, Phone: &in.Phone, ContactSame: &same, Email: &in.Email,
		},
	}
}

// beginning is the first characters of a text.
func beginning(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return text
}
