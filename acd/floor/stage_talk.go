package floor

import (
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// talk is the conversation: seat and citizen in the call's one mixing bridge, third parties
// coming and going, the citizen on music while he is held. It follows the seat's orders.
func (c *call) talk() stage {
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		var next stage
		switch m := msg.(type) {
		case cti.LegEnded:
			if m.Leg == c.r.Seat.Leg {
				next = c.seatEnded(m)
			} else {
				c.partyEnded(m)
			}
		case cti.LegStarted:
			c.partyAnswered(m.Leg)
		case alarmMsg:
			c.partyTimeout(m.name)
		case granted:
			c.partyGranted(m)
		case denied:
			c.partyDenied(m)
		case seatGone:
			c.partySeatGone(m)
		case assigned:
			// A seat that was given to this call in the moment in which another took it.
			c.f.disp.box.put(releaseMsg{c, m.seat.Seat})
		case pictureMsg:
			next = c.missed(m)
		case *order:
			next = c.obey(m)
		}
		if next != nil {
			return next
		}
	}
}

// missed takes up what happened to the other legs while no events came.
func (c *call) missed(m pictureMsg) stage {
	for i := range c.r.Parties {
		p := &c.r.Parties[i]
		leg, there := c.seen(m, p.Leg)
		switch {
		case p.State == partyFailed || p.Leg == "":
		case !there:
			c.partyEnded(cti.LegEnded{Leg: p.Leg, Text: endedUnseen})
		case p.State == partyDialling && leg.Up && leg.Ours:
			c.partyAnswered(leg)
		case leg.Up && !leg.Ours:
			c.dropParty(p, "failed")
		}
	}
	if _, there := c.seen(m, c.r.Seat.Leg); !there {
		return c.seatEnded(cti.LegEnded{Leg: c.r.Seat.Leg, Text: endedUnseen})
	}
	return nil
}

// endedUnseen is the text of a leg's end that no event told.
const endedUnseen = "ended unseen"

// obey carries out an order of the call's seat.
func (c *call) obey(o *order) stage {
	if !c.mine(o) {
		if !c.partyOrder(o) {
			o.refuse(RefusedNoSuchCall, "another seat's call")
		}
		return nil
	}
	switch args := o.args.(type) {
	case *HangupArgs:
		return c.seatHangsUp(o, args)
	case *PartyArgs:
		if o.cmd.Name == CmdEmergency {
			c.emergency(o, args)
		} else {
			c.consult(o, args)
		}
	case *PartyDropArgs:
		c.dropOrder(o, args.Party)
	case *DTMFArgs:
		c.sendKeys(o, args.Digits)
	case *CallArgs:
		return c.obeyPlain(o)
	default:
		o.refuse(RefusedUnknownCommand, string(o.cmd.Name))
	}
	return nil
}

func (c *call) obeyPlain(o *order) stage {
	switch o.cmd.Name {
	case CmdHold:
		c.hold(o)
	case CmdResume:
		c.resume(o)
	case CmdConsultCancel:
		c.consultCancel(o)
	case CmdThreeWay:
		c.threeWay(o)
	case CmdTransfer:
		return c.transfer(o)
	default:
		o.refuse(RefusedUnknownCommand, string(o.cmd.Name))
	}
	return nil
}

// settle derives the stage from who is where, records it and tells the seat's state.
func (c *call) settle() {
	s := calls.StageTalk
	switch {
	case !c.r.HeldSince.IsZero() && c.activeParty() != nil:
		s = calls.StageConsult
	case !c.r.HeldSince.IsZero():
		s = calls.StageHold
	case c.joinedParty() != nil:
		s = calls.StageThreeWay
	}
	changed := s != c.r.Stage
	if changed {
		c.enter(s)
	} else {
		c.save()
	}
	if changed && c.r.Seat != nil && !c.r.Seat.Left {
		c.f.disp.box.put(stageMsg{c, c.r.Seat.Seat, s})
	}
}

// holdCitizen puts the citizen on music.
func (c *call) holdCitizen() bool {
	if !c.r.HeldSince.IsZero() {
		return true
	}
	if !c.toMusic() {
		return false
	}
	c.r.HeldSince = c.f.now()
	return true
}

// freeCitizen brings the citizen back into the conversation.
func (c *call) freeCitizen() bool {
	if c.r.HeldSince.IsZero() {
		return true
	}
	if !c.toTalk(c.r.Leg) {
		return false
	}
	c.r.HeldFor += c.f.now().Sub(c.r.HeldSince)
	c.r.HeldSince = noTime
	c.dropHold()
	return true
}

func (c *call) hold(o *order) {
	if c.r.Stage != calls.StageTalk {
		o.refuse(RefusedWrongStage, "only a conversation of two can be held")
		return
	}
	if !c.holdCitizen() {
		o.refuse(RefusedSwitchDown, errText(c.lastErr))
		return
	}
	c.settle()
	c.emit(calls.CallHeld, c.seatName(), nil)
	o.accept(nil)
}

func (c *call) resume(o *order) {
	if c.r.Stage != calls.StageHold {
		o.refuse(RefusedWrongStage, "the citizen is not on hold")
		return
	}
	if !c.freeCitizen() {
		o.refuse(RefusedSwitchDown, errText(c.lastErr))
		return
	}
	c.settle()
	c.emit(calls.CallResumed, c.seatName(), nil)
	o.accept(nil)
}

// sendKeys presses keys towards a third party that listens, else towards the citizen.
func (c *call) sendKeys(o *order, digits string) {
	leg := c.r.Leg
	if p := c.activeParty(); p != nil && p.State != partyDialling {
		leg = p.Leg
	}
	ctx, cancel := c.deadline()
	defer cancel()
	if !c.note(c.sw.SendDTMF(ctx, leg, digits), "send keys") {
		o.refuse(RefusedSwitchDown, errText(c.lastErr))
		return
	}
	o.accept(nil)
}

// seatHangsUp ends the seat's part by its own order.
func (c *call) seatHangsUp(o *order, args *HangupArgs) stage {
	if !args.Rating && args.Reason == "" && c.r.Direction == calls.Inbound {
		o.refuse(RefusedReasonMissing, "a plain hang-up needs a reason")
		return nil
	}
	o.accept(nil)
	c.hangup(c.r.Seat.Leg, cti.HangupNormal)
	why := "hung_up"
	if args.Rating {
		why = "hung_up_rating"
	}
	return c.withoutSeat(why, args.Reason, args.Rating)
}

// seatEnded takes up the end of the seat's leg: the agent put the phone down, or it was lost.
func (c *call) seatEnded(m cti.LegEnded) stage {
	if networkFailed(m.Cause) || m.Text == endedUnseen {
		c.log.Warn("the seat's phone was lost", "seat", c.r.Seat.Seat, "cause", m.Cause, "text", m.Text)
		return c.withoutSeat("phone_lost", m.Text, false)
	}
	return c.withoutSeat("hung_up", "", true)
}

// withoutSeat goes on when the seat's part is over: those who are joined talk on, a caller whose
// seat was lost waits at the head of his queue, others rate or are done.
func (c *call) withoutSeat(why, reason string, rating bool) stage {
	joined := c.joinedParty() != nil && c.r.HeldSince.IsZero()
	if !joined {
		c.partiesLeft()
	}
	c.seatLeft(why, reason)
	switch {
	case joined:
		return c.handOver()
	case why == "phone_lost" && c.r.Request != nil:
		return c.seatLost()
	case why == "phone_lost":
		return c.finish(cti.HangupNormal, calls.End{Side: calls.SideSwitch, Cause: calls.CauseNormal, Detail: reason})
	}
	c.r.HungUpBy = calls.SideSeat
	if rating && c.r.Direction == calls.Inbound {
		return (*call).rate
	}
	end := calls.End{Side: calls.SideSeat, Cause: calls.CauseNormal, Detail: reason}
	if c.f.now().Sub(c.r.Seat.AnsweredAt) < conversation && c.r.Direction == calls.Inbound {
		end.Cause = calls.CauseSeatHungUpEarly
	}
	return c.finish(cti.HangupNormal, end)
}

// seatLost keeps the citizen on music and finds another seat.
func (c *call) seatLost() stage {
	if c.r.HeldSince.IsZero() && !c.toMusic() {
		if c.gone != nil || c.leaving {
			return c.over()
		}
		return c.failed()
	}
	c.r.HeldSince = noTime
	c.r.Queued = true
	next := c.backToQueue()
	c.f.disp.box.put(c.offer())
	return next
}

// seatLeft ends the part of the call's seat.
func (c *call) seatLeft(why, reason string) {
	part := c.r.Seat
	now := c.f.now()
	if !c.r.HeldSince.IsZero() && why != "phone_lost" {
		c.r.HeldFor += now.Sub(c.r.HeldSince)
	}
	part.Left = true
	c.save()
	c.emit(calls.CallSeatLeft, part.Seat, calls.SeatLeft{
		Account: part.Account, TalkS: now.Sub(part.AnsweredAt).Seconds(), HoldS: c.r.HeldFor.Seconds(), Why: why, Reason: reason,
	})
	c.r.HeldFor = 0
	c.f.disp.box.put(leftMsg{c, part.Seat, why})
}

// rate asks the citizen for his rating after the seat hung up.
func (c *call) rate() stage {
	end := calls.End{Side: calls.SideSeat, Cause: calls.CauseNormal}
	m, err := c.f.cfg.Menus.Menu(c.f.cfg.RatingMenu)
	if err != nil {
		c.log.Warn("the rating menu is not to be had", "err", err)
		return c.finish(cti.HangupNormal, end)
	}
	c.r.keepPath()
	c.menu, c.r.Menu, c.r.Walk, c.r.Journaled = m, c.f.cfg.RatingMenu, ivr.State{}, 0
	held := !c.r.HeldSince.IsZero()
	c.r.HeldSince = noTime
	c.enter(calls.StageRating)
	c.show()
	if !held && !c.toMusic() {
		if c.gone != nil || c.leaving {
			return c.over()
		}
		return c.finish(cti.HangupNormal, end)
	}
	ctx, cancel := c.deadline()
	c.note(c.sw.DestroyBridge(ctx, c.r.talkBridge()), "remove the conversation")
	cancel()
	return c.walk(ivr.Input{Kind: ivr.InputStart, Caller: c.r.Caller, Called: c.r.Called, Language: c.r.Language})
}

// resumeTalk goes on with a conversation that a predecessor left; it is not touched.
func (c *call) resumeTalk() stage {
	if next := c.missed(pictureMsg{legs: c.alive}); next != nil {
		return next
	}
	c.f.hub.show(c.pop(c.r.Seat.Seat))
	return (*call).talk
}
