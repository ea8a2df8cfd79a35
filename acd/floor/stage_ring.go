package floor

import (
	"errors"
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// Why a seat did not take a call; also the reasons of its state.
const (
	declinedNoAnswer     = ReasonNoAnswer
	declinedRejected     = ReasonRejected
	declinedUnregistered = ReasonUnregistered
	declinedFailed       = "failed"
)

const alarmRing = "ring"

// ringSeat shows the call to the seat it was given to, and only then lets its phone ring.
func (c *call) ringSeat(m assigned) stage {
	part := m.seat
	part.Leg = c.r.newLeg("seat")
	part.OfferedAt = c.f.now()
	c.r.Seat = &part
	c.r.Stage = calls.StageRinging
	c.save()
	c.emit(calls.CallOffered, part.Seat, calls.Offered{
		Queue: m.queue, Account: part.Account, WaitedS: part.OfferedAt.Sub(c.r.EnteredAt).Seconds(),
	}, c.pop(part.Seat))
	if err := c.ring(part, c.f.cfg.RingTimeout); err != nil {
		c.log.Warn("the seat's phone does not ring", "seat", part.Seat, "err", err)
		return c.declined(declinedBy(err))
	}
	c.quiet()
	c.mark()
	c.setAlarm(alarmRing, c.f.cfg.RingTimeout)
	return (*call).ringing
}

// ring asks the switch to call a seat's phone.
func (c *call) ring(part seatPart, timeout time.Duration) error {
	headers := map[string]string{"X-Call-Id": string(c.r.ID)}
	if part.AutoAnswer {
		headers["Call-Info"] = "<sip:hotline>;answer-after=0"
	}
	c.f.own(part.Leg, c)
	ctx, cancel := c.deadline()
	defer cancel()
	return c.sw.Originate(ctx, cti.Originate{
		Leg: part.Leg, Phone: part.Phone, CallerID: c.r.Caller, Name: MaskNumber(c.r.Caller),
		// The switch's own limit is only for the case that this server dies.
		Timeout: timeout + 5*time.Second,
		Args:    []string{"leg", string(c.r.ID)},
		Vars:    map[string]string{varCall: string(c.r.ID), varRole: "seat", varSeat: part.Seat},
		Headers: headers,
	})
}

// declinedBy is the reason for which a seat's phone could not be made to ring.
func declinedBy(err error) string {
	if errors.Is(err, cti.ErrNoPhone) {
		return declinedUnregistered
	}
	return declinedFailed
}

// ringing waits for the seat to answer; the citizen hears music.
func (c *call) ringing() stage {
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.LegStarted:
			if m.Leg.ID == c.r.Seat.Leg {
				return (*call).answered
			}
		case cti.LegEnded:
			if m.Leg == c.r.Seat.Leg {
				return c.declined(ringEnd(m))
			}
		case alarmMsg:
			if m.name == alarmRing {
				return c.declined(declinedNoAnswer)
			}
		case seatGone:
			if m.seat == c.r.Seat.Seat {
				return c.declined(m.reason)
			}
		case *order:
			if m.cmd.Name == CmdHangup && c.mine(m) {
				m.accept(nil)
				return c.declined(declinedRejected)
			}
			c.wrong(m)
		case pictureMsg:
			leg, there := c.seen(m, c.r.Seat.Leg)
			if next := c.ringSeen(leg, there); next != nil {
				return next
			}
		}
	}
}

// ringSeen tells what became of a ringing phone while no events came. One that answered while
// nobody could take its leg is of no use any more.
func (c *call) ringSeen(leg cti.Leg, there bool) stage {
	switch {
	case !there, leg.Up && !leg.Ours:
		return c.declined(declinedFailed)
	case leg.Up:
		return (*call).answered
	}
	return nil
}

// ringEnd tells why a ringing phone stopped.
func ringEnd(m cti.LegEnded) string {
	switch {
	case m.Status == "CHANUNAVAIL", m.Cause == 20, m.Cause == 3:
		return declinedUnregistered
	case m.Status == "NOANSWER", m.Status == "CANCEL", m.Cause == 18, m.Cause == 19:
		return declinedNoAnswer
	case m.Status == "BUSY", m.Cause == 17, m.Cause == 21, m.Cause == 16, m.Cause == 0:
		return declinedRejected
	default:
		return declinedFailed
	}
}

// declined takes the call back to the head of its queue; the dispatcher finds the next seat.
func (c *call) declined(reason string) stage {
	part := *c.r.Seat
	c.dropAlarm(alarmRing)
	c.hangup(part.Leg, cti.HangupNoAnswer)
	c.r.Seat.Left = true
	c.emit(calls.CallNotAnswered, part.Seat, calls.NotAnswered{Account: part.Account, Reason: reason})
	c.f.disp.box.put(declinedMsg{c.offer(), part.Seat, reason})
	return c.backToQueue()
}

// backToQueue lets the walk go on where the caller waits.
func (c *call) backToQueue() stage {
	if c.r.Request != nil {
		c.r.Request.AtHead = true
	}
	c.joined = true
	c.enter(calls.StageQueue)
	c.emit(calls.CallQueued, "", c.queuedEvent())
	if c.menu == nil {
		return (*call).menuStage
	}
	return func(c *call) stage { return c.walk(ivr.Input{Kind: ivr.InputResume}) }
}

// answered joins seat and citizen.
func (c *call) answered() stage {
	c.dropAlarm(alarmRing)
	part := c.r.Seat
	part.AnsweredAt = c.f.now()
	if !c.toTalk(part.Leg) {
		if c.gone != nil || c.leaving {
			return c.over()
		}
		part.AnsweredAt = time.Time{}
		return c.declined(declinedFailed)
	}
	c.stopPlaying()
	if !c.toTalk(c.r.Leg) {
		if c.gone != nil || c.leaving {
			return c.over()
		}
		part.AnsweredAt = time.Time{}
		c.toMusic()
		return c.declined(declinedFailed)
	}
	c.visited(true)
	c.r.Talked, c.r.Queued, c.joined = true, false, false
	c.r.Outcome = ""
	c.enter(calls.StageTalk)
	c.f.disp.box.put(answeredMsg{c, part.Seat})
	c.emit(calls.CallAnswered, part.Seat, calls.Answered{
		Queue: c.queueName(), Account: part.Account,
		WaitedS: part.AnsweredAt.Sub(c.r.EnteredAt).Seconds(), RangS: part.AnsweredAt.Sub(part.OfferedAt).Seconds(),
	})
	c.dropHold()
	return (*call).talk
}

func (c *call) queueName() string {
	if c.r.Request == nil {
		return ""
	}
	return string(c.r.Request.Queue)
}

// dropHold removes the music bridge while nobody is in it; the next music has another.
func (c *call) dropHold() {
	defer func() { c.r.Holds++; c.save() }()
	ctx, cancel := c.deadline()
	defer cancel()
	c.note(c.sw.DestroyBridge(ctx, c.r.holdBridge()), "remove the music bridge")
}

// pop is the screen pop for a seat, with what is known now.
func (c *call) pop(seat string) Update {
	p := Pop{Call: *c.r.view(c.f.now()), Caller: History{Tickets: []HistoryTicket{}, Calls: []HistoryCall{}}}
	p.Call.Seat = seat
	switch {
	case c.history != nil:
		p.Caller, p.Complete = *c.history, true
	case c.f.cfg.History == nil || c.r.Caller == "":
		p.Complete = true
	default:
		c.popped = seat
	}
	return Update{Pop: &p}
}

// popLate completes the pop of the seat that saw an incomplete one.
func (c *call) popLate() {
	if c.popped == "" {
		return
	}
	seat := c.popped
	c.popped = ""
	c.f.hub.show(c.pop(seat))
}

// resumeRing goes on ringing, or takes what happened while nobody looked.
func (c *call) resumeRing() stage {
	leg, there := c.alive[c.r.Seat.Leg]
	if next := c.ringSeen(leg, there); next != nil {
		return next
	}
	left := c.f.cfg.RingTimeout - c.f.now().Sub(c.r.Seat.OfferedAt)
	c.setAlarm(alarmRing, max(left, 0))
	c.f.hub.show(c.pop(c.r.Seat.Seat))
	return (*call).ringing
}

// failed gives a call that can't be served to the switch's own last resort.
func (c *call) failed() stage {
	if c.gone != nil || c.leaving {
		return c.over()
	}
	c.log.Error("the call can't be served: last resort", "err", c.lastErr)
	ctx, cancel := c.deadline()
	defer cancel()
	to := c.f.cfg.LastResort
	c.note(c.sw.Continue(ctx, c.r.Leg, to.Context, to.Extension), "continue in the dialplan")
	return c.close(calls.End{Side: calls.SideSwitch, Cause: calls.CausePlatformFailed, Detail: errText(c.lastErr)})
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
