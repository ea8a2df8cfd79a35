package floor

import (
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

const alarmDial = "dial"

// transferred lets citizen and outside number talk until one of them hangs up.
func (c *call) transferred() stage {
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.LegEnded:
			c.partyEndedQuietly(m.Leg)
		case *order:
			m.refuse(RefusedNoSuchCall, "the call was given away")
		case pictureMsg:
			for _, p := range c.r.Parties {
				if _, there := c.seen(m, p.Leg); !there {
					c.partyEndedQuietly(p.Leg)
				}
			}
		}
		if c.joinedParty() == nil {
			return c.finish(cti.HangupNormal, calls.End{Side: calls.SideSystem, Cause: calls.CauseTransferred})
		}
	}
}

func (c *call) partyEndedQuietly(leg cti.LegID) {
	if p := c.partyOf(leg); p != nil {
		p.State, p.Cause = partyFailed, "left"
		c.save()
		c.emit(calls.CallPartyLeft, "", c.partyEvent(*p))
	}
}

// outside connects the caller from the menu to an outside number, such as 110.
func (c *call) outside(t ivr.Transfer) stage {
	p := party{ID: "menu", Kind: partyNumber, Label: t.Label, Number: NormalNumber(t.Number), State: partyDialling, Leg: c.r.newLeg("party")}
	for _, e := range emergencyLines {
		if e == p.Number {
			p.Kind = partyEmergency
		}
	}
	if p.Label == "" {
		p.Label = t.Number
	}
	c.r.Parties = append(c.liveParties(), p)
	c.enter(calls.StageTransfer)
	c.emit(calls.CallConsulting, "", c.partyEvent(p))
	if p.Number == "" {
		return c.outsideFailed("not a number")
	}
	if err := c.dialNumber(p.Leg, p.Number, "party"); err != nil {
		c.log.Warn("dial the outside number", "label", p.Label, "err", err)
		return c.outsideFailed(refusalOf(err))
	}
	c.setAlarm(alarmDial, c.f.cfg.DialTimeout)
	return (*call).outsideRinging
}

// outsideRinging waits for the outside number; the caller hears music.
func (c *call) outsideRinging() stage {
	p := c.activeParty()
	if p == nil {
		return c.outsideFailed("gone")
	}
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.LegStarted:
			if m.Leg.ID == p.Leg {
				p.keepSource(m.Leg)
				return c.outsideAnswered(p)
			}
		case cti.LegEnded:
			if m.Leg == p.Leg {
				return c.outsideFailed(m.Status)
			}
		case alarmMsg:
			if m.name == alarmDial {
				return c.outsideFailed("no_answer")
			}
		case pictureMsg:
			leg, there := c.seen(m, p.Leg)
			switch {
			case !there:
				return c.outsideFailed(endedUnseen)
			case leg.Up && leg.Ours:
				p.keepSource(leg)
				return c.outsideAnswered(p)
			}
		default:
			c.wrong(msg)
		}
	}
}

func (c *call) outsideAnswered(p *party) stage {
	c.dropAlarm(alarmDial)
	c.quiet()
	if !c.toTalk(p.Leg) || !c.toTalk(c.r.Leg) {
		if c.gone != nil || c.leaving {
			return c.over()
		}
		return c.outsideFailed("failed")
	}
	p.State = partyJoined
	c.r.Outcome = calls.CauseTransferred
	c.save()
	c.emit(calls.CallTransferred, "", calls.Transferred{To: c.partyEvent(*p)})
	c.dropHold()
	return (*call).transferred
}

// outsideFailed goes on in the menu where the outside number can't be had.
func (c *call) outsideFailed(cause string) stage {
	c.dropAlarm(alarmDial)
	if p := c.activeParty(); p != nil {
		c.hangup(p.Leg, cti.HangupNormal)
		p.State, p.Cause = partyFailed, cause
		c.emit(calls.CallPartyLeft, "", c.partyEvent(*p))
	}
	if !c.toMusic() && (c.gone != nil || c.leaving) {
		return c.over()
	}
	return c.handBack(actionTransfer, ivr.OutcomeFailed)
}

// handBack goes on in the menu after a hand-off.
func (c *call) handBack(name, outcome string) stage {
	c.enter(calls.StageMenu)
	if c.menu == nil {
		m, err := c.walker(c.r.Menu)
		if err != nil {
			m = directMenu{queue: c.r.Line.Queue}
		}
		c.menu = m
	}
	return c.walk(ivr.Input{Kind: ivr.InputActionDone, Name: name, Outcome: outcome})
}

// wish takes down the caller's wish to be called back.
func (c *call) wish(w ivr.Callback) stage {
	number := NormalNumber(w.Number)
	c.enter(calls.StageCallback)
	if number == "" {
		return c.handBack(actionCallback, ivr.OutcomeFailed)
	}
	queue := w.Queue
	if queue == "" {
		queue = c.queueName()
	}
	c.r.Outcome = calls.CauseCallbackWanted
	c.emit(calls.CallCallbackWanted, "", calls.CallbackWish{Queue: queue, NumberSealed: c.f.seal(number), EnteredAt: c.firstAsked()})
	return c.handBack(actionCallback, ivr.OutcomeDone)
}

// firstAsked is when the caller first asked for a person, or began to call.
func (c *call) firstAsked() time.Time {
	if c.r.EnteredAt.IsZero() {
		return c.r.StartedAt
	}
	return c.r.EnteredAt
}

// resumeOutside goes on with a transfer to an outside number.
func (c *call) resumeOutside() stage {
	p := c.activeParty()
	switch {
	case p == nil:
		return c.outsideFailed("gone")
	case p.State == partyJoined:
		c.later = append(c.later, pictureMsg{legs: c.alive})
		return (*call).transferred
	}
	c.setAlarm(alarmDial, c.f.cfg.DialTimeout)
	c.later = append(c.later, pictureMsg{legs: c.alive})
	return (*call).outsideRinging
}
