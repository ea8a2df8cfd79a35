package service

import (
	"context"
	"fmt"
)

// ReplyLike is how a ticket like the one at hand was answered.
type ReplyLike struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Title  string `json:"title"`
	Answer string `json:"answer"` // as the citizen got it
}

// repliesShown is how many replies are offered.
const repliesShown = 8

// RepliesLike lists the public replies of closed tickets like this one, the most alike first: to a
// unit those that it had a part in.
func (s *Service) RepliesLike(ctx context.Context, who Identity, id string) ([]ReplyLike, error) {
	record, err := s.visibleTicket(ctx, who, id)
	if err != nil {
		return nil, err
	}
	units, err := s.unitsOf(ctx, who)
	if err != nil {
		return nil, err
	}
	records, err := s.store.RepliesLike(ctx, record.Ticket, units, repliesShown)
	if err != nil {
		return nil, fmt.Errorf("find replies: %w", err)
	}
	list := make([]ReplyLike, len(records))
	for i, r := range records {
		list[i] = ReplyLike{ID: r.ID, Number: r.Number, Title: r.Title, Answer: r.PublicReply}
	}
	return list, nil
}
