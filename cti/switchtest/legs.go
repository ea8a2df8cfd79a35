package switchtest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

// own finds a leg under our control; the caller holds the lock.
func (s *Switch) own(id cti.LegID) (*leg, error) {
	l := s.legs[id]
	if l == nil || !l.Ours {
		return nil, cti.ErrGone
	}
	return l, nil
}

// Answer implements cti.Switch.
func (s *Switch) Answer(ctx context.Context, id cti.LegID) error {
	return s.do(ctx, Op{Method: "Answer", Leg: id}, func() error {
		l, err := s.own(id)
		if err != nil || l.Up {
			return err
		}
		s.up(l)
		return nil
	})
}

func (s *Switch) up(l *leg) {
	l.Up, l.answeredAt = true, time.Now()
	s.emit(cti.LegAnswered{Leg: l.ID, At: time.Now()})
}

// Ring implements cti.Switch.
func (s *Switch) Ring(ctx context.Context, id cti.LegID) error {
	return s.do(ctx, Op{Method: "Ring", Leg: id}, func() error {
		_, err := s.own(id)
		return err
	})
}

// Hangup implements cti.Switch.
func (s *Switch) Hangup(ctx context.Context, id cti.LegID, why cti.HangupCause) error {
	return s.do(ctx, Op{Method: "Hangup", Leg: id, Detail: string(why)}, func() error {
		l := s.legs[id]
		if l == nil {
			return nil
		}
		status := ""
		if !l.started {
			status = "NOANSWER"
		}
		s.end(l, causes[why], string(why), status)
		return nil
	})
}

// causes are the Q.850 numbers of our hang-up causes.
var causes = map[cti.HangupCause]int{
	cti.HangupNormal:     16,
	cti.HangupBusy:       17,
	cti.HangupNoAnswer:   19,
	cti.HangupCongestion: 34,
	cti.HangupRejected:   21,
}

// Continue implements cti.Switch.
func (s *Switch) Continue(ctx context.Context, id cti.LegID, dialplanContext, extension string) error {
	return s.do(ctx, Op{Method: "Continue", Leg: id, Detail: dialplanContext + "," + extension}, func() error {
		l, err := s.own(id)
		if err != nil {
			return err
		}
		l.Dialled = extension
		s.release(l, 0, "", "")
		return nil
	})
}

// Originate implements cti.Switch.
func (s *Switch) Originate(ctx context.Context, c cti.Originate) error {
	return s.do(ctx, Op{Method: "Originate", Leg: c.Leg, Detail: c.Phone + c.Number}, func() error {
		if s.legs[c.Leg] != nil || (c.Phone == "") == (c.Number == "") {
			return cti.ErrRejected
		}
		p := s.phones[c.Phone]
		switch {
		case c.Number != "" && s.refused[c.Number]:
			return cti.ErrNotAllowed
		case c.Phone != "" && (p == nil || !p.registered):
			return cti.ErrNoPhone
		}
		l := &leg{Leg: cti.Leg{
			ID: c.Leg, UniqueID: string(c.Leg), Name: "PJSIP/" + c.Phone + c.Number, Created: time.Now(),
			Caller: c.Number, Vars: maps.Clone(c.Vars), Phone: c.Phone,
		}, number: c.Number, args: c.Args, headers: maps.Clone(c.Headers)}
		if l.Vars == nil {
			l.Vars = map[string]string{}
		}
		s.legs[c.Leg] = l
		if c.Timeout > 0 {
			l.timer = time.AfterFunc(c.Timeout, func() { s.fails(c.Leg, 19, "NOANSWER") })
		}
		if !s.silent && s.reactions[c.Phone+c.Number] != Rejects {
			s.emit(cti.LegRinging{Leg: l.ID, At: time.Now()})
		}
		switch s.reactions[c.Phone+c.Number] {
		case Answers:
			s.answer(l)
		case Rejects:
			s.end(l, 17, "User busy", "BUSY")
		}
		return nil
	})
}

// SendDTMF implements cti.Switch.
func (s *Switch) SendDTMF(ctx context.Context, id cti.LegID, digits string) error {
	return s.do(ctx, Op{Method: "SendDTMF", Leg: id, Detail: digits}, func() error {
		l, err := s.own(id)
		if err == nil {
			l.sent += digits
		}
		return err
	})
}

// Snoop implements cti.Switch.
func (s *Switch) Snoop(ctx context.Context, target, id cti.LegID, hear, speak cti.Direction) error {
	return s.do(ctx, Op{Method: "Snoop", Leg: target, Detail: string(id)}, func() error {
		if s.legs[target] == nil {
			return cti.ErrGone
		}
		if s.legs[id] != nil {
			return cti.ErrRejected
		}
		l := &leg{Leg: cti.Leg{ID: id, UniqueID: string(id), Name: "Snoop/" + string(target), Up: true, Ours: true,
			Created: time.Now(), Vars: map[string]string{}}, snoopOf: target, started: true}
		s.legs[id] = l
		s.emit(cti.LegStarted{Leg: l.copy(), Args: []string{"snoop", string(target), string(hear), string(speak)}, At: time.Now()})
		return nil
	})
}

// SetVars implements cti.Switch.
func (s *Switch) SetVars(ctx context.Context, id cti.LegID, vars map[string]string) error {
	return s.do(ctx, Op{Method: "SetVars", Leg: id}, func() error {
		l, err := s.own(id)
		if err == nil {
			maps.Copy(l.Vars, vars)
		}
		return err
	})
}

// Claim implements cti.Switch.
func (s *Switch) Claim(ctx context.Context, id cti.LegID) error {
	return s.do(ctx, Op{Method: "Claim", Leg: id}, func() error {
		l, err := s.own(id)
		if err == nil {
			l.claimed = true
			l.stopTimer()
		}
		return err
	})
}

// Stats implements cti.Switch.
func (s *Switch) Stats(ctx context.Context, id cti.LegID) (m cti.MediaStats, err error) {
	err = s.do(ctx, Op{Method: "Stats", Leg: id}, func() error {
		if s.legs[id] == nil {
			return cti.ErrGone
		}
		return nil
	})
	return m, err
}

// List implements cti.Switch.
func (s *Switch) List(ctx context.Context) (pic cti.Picture, err error) {
	err = s.do(ctx, Op{Method: "List"}, func() error {
		for _, l := range s.legs {
			pic.Legs = append(pic.Legs, l.copy())
		}
		for id, b := range s.bridges {
			pic.Bridges = append(pic.Bridges, cti.Bridge{ID: id, Kind: b.kind, Members: slices.Clone(b.members)})
		}
		pic.Recordings = slices.Sorted(maps.Keys(s.recordings))
		return nil
	})
	slices.SortFunc(pic.Legs, func(a, b cti.Leg) int { return strings.Compare(string(a.ID), string(b.ID)) })
	slices.SortFunc(pic.Bridges, func(a, b cti.Bridge) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return pic, err
}

func (l *leg) copy() cti.Leg {
	c := l.Leg
	c.Vars = maps.Clone(l.Vars)
	return c
}
