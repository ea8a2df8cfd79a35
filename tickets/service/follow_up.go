package service

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
)

// FollowUpPlan is what a follow-up works from: whom to call when, and what to read out.
type FollowUpPlan struct {
	Ticket      string            `json:"ticket"`
	Reply       string            `json:"reply"` // the public reply, to read out
	Unit        *UnitRef          `json:"unit,omitempty"`
	Round       int               `json:"round"`
	ReworksLeft int               `json:"reworks_left"` // more rounds that dissatisfaction may begin
	AllowedNow  bool              `json:"allowed_now"`  // within the hours in which citizens may be called
	Tries       int               `json:"tries" doc:"Tries on different half-days before a citizen counts as not reached"`
	Citizens    []FollowUpCitizen `json:"citizens"` // the ticket's own first, then those of merged tickets
}

// FollowUpCitizen is one citizen to be followed up.
type FollowUpCitizen struct {
	For       string     `json:"for,omitempty"` // id of the merged ticket; empty: the ticket's own
	Number    string     `json:"number"`        // of the ticket
	Caller    CallerView `json:"caller"`
	Wanted    bool       `json:"wanted"` // wants to be followed up and can be reached
	Done      bool       `json:"done"`   // reached in this round
	HalfDays  []string   `json:"half_days"`
	NextAt    time.Time  `json:"next_at,omitzero" doc:"Proposed: the next half-day not tried yet, in allowed hours"`
	LinkUntil time.Time  `json:"link_until,omitzero" doc:"How long the link in the message is open"`
	BySMS     bool       `json:"by_sms"` // prefers the link
}

// FollowUp tells who works on the follow-up of a ticket whom to call when.
func (s *Service) FollowUp(ctx context.Context, who Identity, id string) (FollowUpPlan, error) {
	if !who.Actor().Has(tickets.FollowUp, tickets.Office, tickets.Reviewer) {
		return FollowUpPlan{}, fmt.Errorf("follow-up: %w", ErrForbidden)
	}
	record, err := s.visibleTicket(ctx, who, id)
	if err != nil {
		return FollowUpPlan{}, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return FollowUpPlan{}, err
	}
	merged, err := s.store.MergedInto(ctx, record.ID)
	if err != nil {
		return FollowUpPlan{}, fmt.Errorf("follow-up: %w", err)
	}
	t, rule := record.Ticket, place.rules.Policy.FollowUp
	plan := FollowUpPlan{
		Ticket: t.ID, Reply: t.PublicReply, Round: t.Round, ReworksLeft: max(place.rules.Policy.Reworks-t.Reworks, 0),
		AllowedNow: place.rules.Calendar.Open(rule.Hours, place.now), Tries: rule.Tries, Citizens: []FollowUpCitizen{},
	}
	if t.Unit != "" {
		plan.Unit = &UnitRef{ID: t.Unit, Name: place.unitName(t.Unit)}
	}
	plan.Citizens = append(plan.Citizens, s.citizenToVisit(who, place, t, t, ""))
	for _, m := range merged {
		plan.Citizens = append(plan.Citizens, s.citizenToVisit(who, place, t, m.Ticket, m.ID))
	}
	return plan, nil
}

func (s *Service) citizenToVisit(who Identity, place setting, master, own tickets.Ticket, merged string) FollowUpCitizen {
	c := FollowUpCitizen{
		For: merged, Number: own.Number, Caller: s.callerView(who, own, nil), Done: followed(master, merged),
		Wanted: own.NeedFollowUp && own.Notice != tickets.NoticeNone && own.Caller.Reach() != "", BySMS: own.Notice == tickets.NoticeBySMS,
	}
	c.HalfDays = orEmpty(place.triedHalves(master, merged))
	if c.Wanted && !c.Done {
		c.NextAt = nextHalfDay(place.rules.Calendar, place.rules.Policy.FollowUp.Hours, place.now, place.local, c.HalfDays)
		if c.BySMS {
			c.LinkUntil = linkUntil(master, place.rules)
		}
	}
	return c
}

// linkUntil is how long the link of a follow-up stays open, from the beginning of the stage.
func linkUntil(t tickets.Ticket, rules tickets.Rules) time.Time {
	return firstTime(t.StageAt, t.UpdatedAt).AddDate(0, 0, rules.Policy.FollowUp.LinkDays)
}

// halfDay names the half of a day, in the words of the list.
func halfDay(local time.Time) string {
	if local.Hour() < 12 {
		return local.Format("2006-01-02") + " 上午"
	}
	return local.Format("2006-01-02") + " 下午"
}

// How far ahead a half-day is looked for, and how finely.
const (
	halfDaySearch = 15 * 24 * time.Hour
	halfDayStep   = 15 * time.Minute
)

// nextHalfDay is the next moment in the schedule that lies in a half-day not tried yet; the
// present one if that may be. Zero: the schedule is not open for long.
func nextHalfDay(c calendar.Calendar, schedule string, now time.Time, local *time.Location, tried []string) time.Time {
	open := func(t time.Time) bool { return !slices.Contains(tried, halfDay(t.In(local))) && c.Open(schedule, t) }
	if open(now) {
		return now
	}
	end := now.Add(halfDaySearch)
	for t := now.Truncate(halfDayStep).Add(halfDayStep); t.Before(end); t = t.Add(halfDayStep) {
		if open(t) {
			return t
		}
	}
	return time.Time{}
}
