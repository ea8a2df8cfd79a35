package floor

import (
	"errors"
	"slices"
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// dialSeat begins an outbound call: the seat's own phone rings first, so that nobody is called
// whom nobody waits for.
func (c *call) dialSeat() stage {
	c.emit(calls.CallStarted, c.r.Seat.Seat, c.started())
	c.enter(calls.StageDialling)
	c.fetchHistory()
	c.f.hub.show(c.pop(c.r.Seat.Seat))
	if err := c.ring(*c.r.Seat, c.f.cfg.RingTimeout); err != nil {
		return c.dialFailed(calls.SideSeat, calls.CauseCancelled, err.Error())
	}
	c.setAlarm(alarmRing, c.f.cfg.RingTimeout)
	return (*call).seatPicksUp
}

// seatPicksUp waits for the seat's own phone.
func (c *call) seatPicksUp() stage {
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.LegStarted:
			if m.Leg.ID == c.r.Seat.Leg {
				return (*call).dialCitizen
			}
		case cti.LegEnded:
			if m.Leg == c.r.Seat.Leg {
				return c.dialFailed(calls.SideSeat, calls.CauseCancelled, ringEnd(m))
			}
		case alarmMsg:
			if m.name == alarmRing {
				return c.dialFailed(calls.SideSeat, calls.CauseCancelled, declinedNoAnswer)
			}
		case seatGone:
			return c.dialFailed(calls.SideSeat, calls.CauseCancelled, m.reason)
		case pictureMsg:
			leg, there := c.seen(m, c.r.Seat.Leg)
			switch {
			case !there:
				return c.dialFailed(calls.SideSeat, calls.CauseCancelled, endedUnseen)
			case leg.Up && leg.Ours:
				return (*call).dialCitizen
			}
		case *order:
			if next := c.cancelDial(m); next != nil {
				return next
			}
		}
	}
}

func (c *call) cancelDial(o *order) stage {
	if o.cmd.Name != CmdHangup || !c.mine(o) {
		c.wrong(o)
		return nil
	}
	o.accept(nil)
	return c.dialFailed(calls.SideSeat, calls.CauseCancelled, "")
}

// near is the leg of an outbound call that waits for the citizen, a seat's or a clerk's, and
// whose side its end is.
func (c *call) near() (cti.LegID, calls.Side) {
	if p := c.clerk(); p != nil {
		return p.Leg, calls.SideClerk
	}
	return c.r.Seat.Leg, calls.SideSeat
}

// dialCitizen calls the citizen; who waits for him hears music until he answers.
func (c *call) dialCitizen() stage {
	c.dropAlarm(alarmRing)
	near, side := c.near()
	if !c.join(c.r.holdBridge(), cti.Holding, near) {
		if errors.Is(c.lastErr, cti.ErrGone) {
			return c.dialFailed(side, calls.CauseCancelled, "")
		}
		return c.dialFailed(calls.SideSwitch, calls.CausePlatformFailed, errText(c.lastErr))
	}
	c.r.Leg = c.r.DialLeg
	c.save()
	if err := c.dialNumber(c.r.Leg, c.r.Caller, "citizen"); err != nil {
		return c.dialRefused(err)
	}
	c.setAlarm(alarmDial, c.f.cfg.DialTimeout)
	return (*call).citizenRings
}

// dialRefused ends an outbound call whose number the switch did not dial.
func (c *call) dialRefused(err error) stage {
	cause := calls.CausePlatformFailed
	if refusalOf(err) == RefusedNumber {
		cause = calls.CauseNumberNotAllowed
	}
	return c.dialFailed(calls.SideSystem, cause, err.Error())
}

// citizenRings waits for the citizen to answer.
func (c *call) citizenRings() stage {
	near, side := c.near()
	for {
		msg, ok := c.next()
		if !ok && c.gone != nil {
			side, cause := dialEnd(*c.gone, calls.SideCitizen, !c.r.UpAt.IsZero())
			return c.dialFailed(side, cause, c.gone.Status)
		}
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.LegStarted:
			if m.Leg.ID == c.r.Leg {
				return (*call).citizenAnswered
			}
		case cti.LegEnded:
			if m.Leg == near {
				return c.dialFailed(side, calls.CauseCancelled, m.Text)
			}
		case alarmMsg:
			if m.name == alarmDial {
				return c.dialFailed(calls.SideCitizen, calls.CauseNoAnswer, "")
			}
		case pictureMsg:
			if _, there := c.seen(m, near); !there {
				return c.dialFailed(side, calls.CauseCancelled, endedUnseen)
			}
			if leg := m.legs[c.r.Leg]; leg.Up && leg.Ours {
				return (*call).citizenAnswered
			}
		case *order:
			if next := c.cancelDial(m); next != nil {
				return next
			}
		}
	}
}

// dialEnd tells why the side that was rung could not be reached. One who answered and was gone
// before the switch handed his leg over gave up.
func dialEnd(m cti.LegEnded, rung calls.Side, answered bool) (calls.Side, calls.Cause) {
	switch {
	case answered:
		return rung, calls.CauseCancelled
	case networkFailed(m.Cause), slices.Contains(noSuchPhone, m.Cause): // the status says NOANSWER of some
		return calls.SideSwitch, calls.CauseUnreachable
	case m.Status == "BUSY", m.Cause == 17, m.Cause == 21:
		return rung, calls.CauseBusy
	case m.Status == "NOANSWER", m.Status == "CANCEL", m.Cause == 18, m.Cause == 19:
		return rung, calls.CauseNoAnswer
	default:
		return calls.SideSwitch, calls.CauseUnreachable
	}
}

// noSuchPhone are the causes (Q.850) of a number that is nobody's, or whose phone is off.
var noSuchPhone = []int{1, 2, 3, 20, 22, 28}

// citizenAnswered joins both and goes to the conversation.
func (c *call) citizenAnswered() stage {
	c.dropAlarm(alarmDial)
	if c.clerk() != nil {
		return (*call).bridge
	}
	now := c.f.now()
	c.r.UpAt, c.r.Seat.AnsweredAt = now, now
	if !c.toTalk(c.r.Seat.Leg) || !c.toTalk(c.r.Leg) {
		c.r.Seat.AnsweredAt = time.Time{}
		if c.gone == nil && c.leaving {
			return c.over()
		}
		return c.dialFailed(calls.SideSwitch, calls.CausePlatformFailed, errText(c.lastErr))
	}
	c.r.Talked = true
	c.enter(calls.StageTalk)
	c.f.disp.box.put(answeredMsg{c, c.r.Seat.Seat})
	c.emit(calls.CallAnswered, c.r.Seat.Seat, calls.Answered{
		Account: c.r.Seat.Account, RangS: now.Sub(c.r.Seat.OfferedAt).Seconds(),
	})
	c.dropHold()
	return (*call).talk
}

// dialFailed ends an outbound call that came to no conversation.
func (c *call) dialFailed(side calls.Side, cause calls.Cause, detail string) stage {
	c.dropAlarm(alarmRing, alarmDial)
	return c.finish(cti.HangupNormal, calls.End{Side: side, Cause: cause, Detail: detail})
}

// resumeDial goes on with an outbound call that was being dialled.
func (c *call) resumeDial() stage {
	c.later = append(c.later, pictureMsg{legs: c.alive})
	switch {
	case c.r.Given != nil:
		c.setAlarm(alarmDial, c.f.cfg.DialTimeout)
		return (*call).noticeRings
	case c.r.Leg != "":
		c.setAlarm(alarmDial, c.f.cfg.DialTimeout)
		return (*call).citizenRings
	case c.clerk() != nil:
		c.setAlarm(alarmRing, c.f.cfg.DialTimeout)
		return (*call).clerkRings
	}
	c.setAlarm(alarmRing, c.f.cfg.RingTimeout)
	return (*call).seatPicksUp
}
