package service

import (
	"context"
	"sync"
	"time"

	files "github.com/open12345/hotline/configs/calendar"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
)

var interimRules = sync.OnceValues(func() (tickets.Rules, error) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return tickets.Rules{}, err
	}
	days := func(n float64) tickets.Span { return tickets.Span{N: n, Unit: tickets.WorkingDays} }
	hours := func(n float64) tickets.Span { return tickets.Span{N: n, Unit: tickets.WorkingHours} }
	c, err := calendar.Load(files.Files, zone)
	return tickets.Rules{Calendar: c, Policy: &tickets.Policy{
		ID: "common", Name: "通用", Office: "office",
		Limits: []tickets.LimitRule{{Dispatch: hours(4), Sign: days(1), Return: days(1), Handle: days(5)}},
		Inner:  tickets.InnerRule{Earlier: days(1), Assist: days(1), AtLeast: hours(4)},
		Extend: tickets.ExtendRule{Times: 1, MaxDays: 5}, Returns: 2, Reworks: 2, Rework: days(3), ReviewRework: days(1),
		Deciders: map[tickets.RequestKind]tickets.Span{
			tickets.RequestReturn: hours(4), tickets.RequestExtension: days(1), tickets.RequestSuspension: days(2),
			tickets.RequestUnreasonable: days(1), tickets.RequestAppeal: days(3), tickets.RequestDeliberation: days(1),
			tickets.RequestReopening: days(1), tickets.RequestVoid: days(1), tickets.RequestWithdrawal: days(1), tickets.RequestAtLimit: days(1),
		},
		AfterDenial: hours(4), Stages: tickets.StageRule{Review: days(1), FollowUp: days(2), Deliberation: days(3)},
		FollowUp: tickets.FollowUpRule{Tries: 3, Hours: "follow_up", LinkDays: 3},
		Light:    tickets.LightRule{Yellow: days(1), Share: 0.25}, Card: tickets.CardRule{Yellow: true, RedAfter: days(2), RedOnSecond: true},
		Archive: days(15), Reopen: days(15), Supplement: days(3), Remind: days(1), Depth: 2, UrgeAlarm: 3,
	}}, err
})

// Rules are the policy and calendar of the city.
func (s *Service) Rules(context.Context) (tickets.Rules, error) { return interimRules() }

// proposed are the units the dispatch catalogue gives for the ticket: lead first.
func (s *Service) proposed(context.Context, tickets.Ticket) ([]string, error) { return nil, nil }
