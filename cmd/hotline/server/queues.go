package server

import (
	"fmt"
	"strings"
	"time"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/tickets/directory"
)

// engineConfig turns the desk's queues into the engine's rules and the floor's names.
func engineConfig(queues []directory.Queue) (acd.Config, []floor.Queue, error) {
	var (
		cfg   acd.Config
		named []floor.Queue
	)
	seconds := func(s int) time.Duration { return time.Duration(s) * time.Second }
	for _, q := range queues {
		if q.Disabled {
			continue
		}
		rules := acd.QueueConfig{
			ID: acd.QueueID(q.ID), Target: seconds(q.TargetS), Choice: seatChoice(q.Strategy),
			Ceiling: seconds(q.CeilingS), MaxLength: q.MaxLength, MaxWait: seconds(q.MaxWaitS),
			Announce: acd.Announce{Every: seconds(q.AnnounceEvery), Position: true, Wait: true},
		}
		for _, r := range q.Relax {
			rules.Relax = append(rules.Relax, acd.RelaxStep{
				After: seconds(r.AfterS), Skill: acd.Skill(r.Skill), Drop: r.Level == 0, LowerTo: r.Level,
			})
		}
		for i, o := range q.Overflow {
			to, err := target(o.To)
			if err != nil {
				return acd.Config{}, nil, fmt.Errorf("queue %s: overflow[%d].to: %w", q.ID, i, err)
			}
			rules.Overflow = append(rules.Overflow, acd.OverflowRule{After: seconds(o.AfterS), AtLength: o.Length, To: to})
		}
		if q.MaxLength > 0 {
			rules.WhenFull = acd.Target{Kind: acd.ToVoicemail}
		}
		if q.MaxWaitS > 0 {
			rules.AtMaxWait = acd.Target{Kind: acd.ToCallback}
		}
		cfg.Queues = append(cfg.Queues, rules)
		named = append(named, floor.Queue{ID: acd.QueueID(q.ID), Name: q.Name, Schedule: q.Schedule})
	}
	return cfg, named, nil
}

func seatChoice(s directory.Strategy) acd.SeatChoice {
	switch s {
	case directory.LeastOccupied:
		return acd.LeastOccupied
	case directory.RoundRobin:
		return acd.RoundRobin
	}
	return acd.SpecialistsFirst
}

func target(text string) (acd.Target, error) {
	switch {
	case text == string(acd.ToCallback), text == string(acd.ToVoicemail):
		return acd.Target{Kind: acd.TargetKind(text)}, nil
	case strings.HasPrefix(text, "queue:"):
		return acd.Target{Kind: acd.ToQueue, Queue: acd.QueueID(strings.TrimPrefix(text, "queue:"))}, nil
	}
	return acd.Target{}, fmt.Errorf("%q is none of queue:<id>, callback, voicemail", text)
}
