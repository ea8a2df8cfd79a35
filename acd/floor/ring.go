package floor

import (
	"context"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// questionHeard is the question of a notice's menu whose answer 1 confirms the message.
const questionHeard = "heard"

// givenTicket is what the duty menu is given beside: the number that is read out.
const givenTicket = "ticket_number"

// RingRequest asks the hotline to ring a unit's duty phone and read the message of the duty menu
// to it. One request is one call with its record; repeating is the desk's.
type RingRequest struct {
	Number       string // the duty phone, in clear
	Label        string // who is rung, in words: 市信息办值班电话
	Ticket       string // id of the ticket
	TicketNumber string // its number, read out
	Unit         string // code of the unit
}

// Ring begins the call and answers at once with its id. How it ended is told by CallEnded:
// CauseHeard, CauseNotHeard, CauseBusy, CauseNoAnswer, CauseUnreachable, CauseNumberNotAllowed.
// What can't be tried is a *Refusal; RefusedCalling while the phone is being rung.
func (f *Floor) Ring(ctx context.Context, req RingRequest) (calls.ID, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	number := NormalNumber(req.Number)
	if !f.subscriber(number) {
		return "", &Refusal{Code: RefusedNumber, Detail: "not a telephone"}
	}
	c := f.dialOut(record{
		Caller: number, Ticket: req.Ticket, Purpose: calls.PurposeDuty, Unit: req.Unit, Label: req.Label,
		Only: "duty " + number, Menu: f.cfg.DutyMenu, Given: map[string]string{givenTicket: req.TicketNumber},
	})
	if c == nil {
		return "", &Refusal{Code: RefusedSwitchDown, Detail: "no switch is connected"}
	}
	return f.launch(c, (*call).dialNotice)
}

// dialNotice rings the telephone that a message is for.
func (c *call) dialNotice() stage {
	c.emit(calls.CallStarted, "", c.started())
	c.enter(calls.StageDialling)
	c.r.Leg = c.r.DialLeg
	c.save()
	if err := c.dialNumber(c.r.Leg, c.r.Caller, partyDuty); err != nil {
		return c.dialRefused(err)
	}
	c.setAlarm(alarmDial, c.f.cfg.DialTimeout)
	return (*call).noticeRings
}

// noticeRings waits for somebody to answer.
func (c *call) noticeRings() stage {
	for {
		msg, ok := c.next()
		if !ok && c.gone != nil {
			side, cause := dialEnd(*c.gone, calls.SideClerk, !c.r.UpAt.IsZero())
			return c.dialFailed(side, cause, c.gone.Status)
		}
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.LegStarted:
			return (*call).noticeAnswered
		case alarmMsg:
			if m.name == alarmDial {
				return c.dialFailed(calls.SideClerk, calls.CauseNoAnswer, "")
			}
		case pictureMsg:
			if leg := m.legs[c.r.Leg]; leg.Up && leg.Ours {
				return (*call).noticeAnswered
			}
		default:
			c.wrong(msg)
		}
	}
}

// noticeAnswered reads the message by its menu.
func (c *call) noticeAnswered() stage {
	c.dropAlarm(alarmDial)
	c.r.UpAt = c.f.now()
	if !c.toMusic() {
		if c.gone != nil || c.leaving {
			return c.over()
		}
		return c.dialFailed(calls.SideSwitch, calls.CausePlatformFailed, errText(c.lastErr))
	}
	c.emit(calls.CallAnswered, "", calls.Answered{RangS: c.r.UpAt.Sub(c.r.StartedAt).Seconds()})
	return (*call).menuStage
}
