package floor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// emergencyLines are the numbers a warm transfer at once may go to.
var emergencyLines = []string{"110", "119", "120", "122"}

// maxParties bounds the third parties of one call.
const maxParties = 3

var noTime time.Time

// activeParty is the third party that is being dialled or talks, the newest first.
func (c *call) activeParty() *party {
	for i := len(c.r.Parties) - 1; i >= 0; i-- {
		if p := &c.r.Parties[i]; p.State != partyFailed {
			return p
		}
	}
	return nil
}

// joinedParty is a third party that talks to the citizen.
func (c *call) joinedParty() *party {
	for i := range c.r.Parties {
		if p := &c.r.Parties[i]; p.State == partyJoined {
			return p
		}
	}
	return nil
}

func (c *call) partyOf(leg cti.LegID) *party {
	for i := range c.r.Parties {
		if p := &c.r.Parties[i]; p.Leg == leg && leg != "" && p.State != partyFailed {
			return p
		}
	}
	return nil
}

func (c *call) partyByID(id string) *party {
	for i := range c.r.Parties {
		if p := &c.r.Parties[i]; p.ID == id && p.State != partyFailed {
			return p
		}
	}
	return nil
}

// consult begins to ask a third party: the citizen hears music meanwhile.
func (c *call) consult(o *order, args *PartyArgs) {
	if c.r.Stage != calls.StageTalk && c.r.Stage != calls.StageHold || c.activeParty() != nil {
		o.refuse(RefusedWrongStage, "a third party is there already")
		return
	}
	c.invite(o, args, true)
}

// emergency calls an emergency line into the conversation at once; the citizen stays in it.
func (c *call) emergency(o *order, args *PartyArgs) {
	switch {
	case !slices.Contains(emergencyLines, args.Number):
		o.refuse(RefusedNumber, "not an emergency line")
	case len(c.liveParties()) >= maxParties:
		o.refuse(RefusedWrongStage, "too many parties")
	case c.r.Stage == calls.StageConsult:
		o.refuse(RefusedWrongStage, "a consultation is going on")
	case !c.freeCitizen():
		o.refuse(RefusedSwitchDown, errText(c.lastErr))
	default:
		c.invite(o, args, false)
	}
}

func (c *call) liveParties() []party {
	return slices.DeleteFunc(slices.Clone(c.r.Parties), func(p party) bool { return p.State == partyFailed })
}

// invite dials a third party; a seat is reserved first.
func (c *call) invite(o *order, args *PartyArgs, hold bool) {
	c.r.LegCount++
	p := party{ID: fmt.Sprintf("party%d", c.r.LegCount), Label: args.Label, State: partyDialling}
	switch {
	case args.Seat != "":
		if args.Seat == c.r.Seat.Seat {
			o.refuse(RefusedBadArgs, "the seat itself")
			return
		}
		p.Kind = partySeat
		if p.Label == "" {
			p.Label = args.Seat
		}
		c.pending = &invitation{order: o, party: p, hold: hold}
		c.f.disp.box.put(reserveMsg{c, p.ID, args.Seat, seatConsulted})
		return
	case slices.Contains(emergencyLines, args.Number):
		p.Kind, p.Number = partyEmergency, args.Number
	default:
		p.Kind, p.Number = partyNumber, NormalNumber(args.Number)
	}
	if p.Number == "" {
		o.refuse(RefusedNumber, "not a number")
		return
	}
	if p.Label == "" {
		p.Label = MaskNumber(p.Number)
		if publicNumber(p.Number) {
			p.Label = p.Number
		}
	}
	c.dialParty(o, p, hold)
}

// invitation is a third seat that the dispatcher has not answered for yet.
type invitation struct {
	order *order
	party party
	hold  bool
}

func (c *call) partyGranted(m granted) {
	inv := c.pending
	if inv == nil || inv.party.ID != m.party {
		c.f.disp.box.put(releaseMsg{c, m.seat.Seat})
		return
	}
	c.pending = nil
	part := m.seat
	part.OfferedAt = c.f.now()
	inv.party.Seat = &part
	inv.party.Label = part.Seat + " " + part.Name
	c.f.hub.show(c.pop(part.Seat))
	c.dialParty(inv.order, inv.party, inv.hold)
}

func (c *call) partyDenied(m denied) {
	if c.pending == nil || c.pending.party.ID != m.party {
		return
	}
	c.pending.order.refuse(m.code, "the seat can't take a call now")
	c.pending = nil
}

// dialParty holds the citizen if asked to, and lets the third party ring.
func (c *call) dialParty(o *order, p party, hold bool) {
	release := func() {
		if p.Seat != nil {
			c.f.disp.box.put(releaseMsg{c, p.Seat.Seat})
		}
	}
	if hold && !c.holdCitizen() {
		release()
		o.refuse(RefusedSwitchDown, errText(c.lastErr))
		return
	}
	p.Leg = c.r.newLeg("party")
	if p.Seat != nil {
		p.Seat.Leg = p.Leg
	}
	c.r.Parties = append(c.r.Parties, p)
	c.settle()
	c.emit(calls.CallConsulting, c.seatName(), c.partyEvent(p))
	if err := c.ringParty(p); err != nil {
		release()
		c.hangup(p.Leg, cti.HangupNormal)
		c.partyFailed(c.partyByID(p.ID), err.Error())
		o.refuse(refusalOf(err), err.Error())
		return
	}
	c.setAlarm("party "+p.ID, c.partyPatience(p))
	o.accept(map[string]string{"party": p.ID})
}

func (c *call) partyPatience(p party) time.Duration {
	if p.Seat != nil {
		return c.f.cfg.RingTimeout
	}
	return c.f.cfg.DialTimeout
}

func (c *call) ringParty(p party) error {
	if p.Seat != nil {
		return c.ring(*p.Seat, c.f.cfg.RingTimeout)
	}
	return c.dialNumber(p.Leg, p.Number, "party")
}

// dialNumber asks the switch to call an outside number.
func (c *call) dialNumber(leg cti.LegID, number, role string) error {
	c.f.own(leg, c)
	ctx, cancel := c.deadline()
	defer cancel()
	return c.sw.Originate(ctx, cti.Originate{
		Leg: leg, Number: number, CallerID: c.f.cfg.CallerID, Timeout: c.f.cfg.DialTimeout + 5*time.Second,
		Args: []string{"leg", string(c.r.ID)},
		Vars: map[string]string{varCall: string(c.r.ID), varRole: role},
	})
}

// refusalOf is the code of a request that the switch refused.
func refusalOf(err error) string {
	switch {
	case errors.Is(err, cti.ErrNotAllowed):
		return RefusedNumber
	case errors.Is(err, cti.ErrNoPhone):
		return RefusedTargetNotReady
	default:
		return RefusedSwitchDown
	}
}

func (c *call) partyEvent(p party) calls.Party {
	e := calls.Party{Kind: p.Kind, Label: p.Label, NumberSealed: c.f.seal(p.Number)}
	if p.Seat != nil {
		e.Seat = p.Seat.Seat
	}
	return e
}

// partyAnswered lets a third party that answered into the conversation.
func (c *call) partyAnswered(l cti.Leg) {
	leg := l.ID
	p := c.partyOf(leg)
	if p == nil || p.State != partyDialling {
		return
	}
	c.dropAlarm("party " + p.ID)
	if !c.toTalk(leg) {
		c.dropParty(p, "failed")
		return
	}
	if p.Seat != nil {
		p.Seat.AnsweredAt = c.f.now()
	}
	p.keepSource(l)
	p.State = partyConsulting
	if c.r.HeldSince.IsZero() {
		p.State = partyJoined
	}
	if p.Seat != nil {
		c.f.disp.box.put(stageMsg{c, p.Seat.Seat, calls.StageConsult})
	}
	c.settle()
	if p.State == partyJoined {
		c.emit(calls.CallThreeWay, c.seatName(), c.partyEvent(*p))
		return
	}
	c.show()
}

// keepSource remembers the recording that the dialplan makes of every outside leg. What is said
// is in the citizen's own recording, so it is deleted at the end.
func (p *party) keepSource(l cti.Leg) {
	if p.Seat == nil && !l.Created.IsZero() {
		p.Source = source(l)
	}
}

// partyEnded takes up that a third party is gone.
func (c *call) partyEnded(m cti.LegEnded) {
	p := c.partyOf(m.Leg)
	if p == nil {
		return
	}
	c.dropAlarm("party " + p.ID)
	cause := m.Status
	if p.State != partyDialling {
		cause = "left"
	} else if cause == "" {
		cause = m.Text
	}
	c.partyFailed(p, strings.ToLower(cause))
}

// partyFailed notes the end of a third party. A citizen who is held stays held: the seat brings
// him back.
func (c *call) partyFailed(p *party, cause string) {
	if p == nil {
		return
	}
	p.State, p.Cause = partyFailed, cause
	if p.Seat != nil {
		c.f.disp.box.put(partyDoneMsg{c, p.Seat.Seat, !p.Seat.AnsweredAt.IsZero()})
		p.Seat.Left = true
	}
	left := c.partyEvent(*p)
	c.settle()
	c.emit(calls.CallPartyLeft, c.seatName(), left)
	c.forgetParties()
}

// forgetParties keeps the list of third parties short.
func (c *call) forgetParties() {
	for len(c.r.Parties) > 2*maxParties {
		i := slices.IndexFunc(c.r.Parties, func(p party) bool { return p.State == partyFailed })
		if i < 0 {
			return
		}
		c.r.Parties = slices.Delete(c.r.Parties, i, i+1)
	}
}

// dropParty hangs a third party up.
func (c *call) dropParty(p *party, cause string) {
	c.dropAlarm("party " + p.ID)
	c.hangup(p.Leg, cti.HangupNormal)
	c.partyFailed(p, cause)
}

// partiesLeft drops everybody but seat and citizen.
func (c *call) partiesLeft() {
	if c.pending != nil {
		c.pending.order.refuse(RefusedNoSuchCall, "the call has ended")
		c.pending = nil
	}
	for i := range c.r.Parties {
		if p := &c.r.Parties[i]; p.State != partyFailed {
			c.dropAlarm("party " + p.ID)
			c.hangup(p.Leg, cti.HangupNormal)
			p.State, p.Cause = partyFailed, "dropped"
			if p.Seat != nil {
				c.f.disp.box.put(partyDoneMsg{c, p.Seat.Seat, !p.Seat.AnsweredAt.IsZero()})
				p.Seat.Left = true
			}
			c.emit(calls.CallPartyLeft, c.seatName(), c.partyEvent(*p))
		}
	}
}

func (c *call) partyTimeout(alarm string) {
	id, is := strings.CutPrefix(alarm, "party ")
	if p := c.partyByID(id); is && p != nil && p.State == partyDialling {
		c.dropParty(p, "no_answer")
	}
}

// partySeatGone drops a third seat whose phone was lost while it rang.
func (c *call) partySeatGone(m seatGone) {
	for i := range c.r.Parties {
		p := &c.r.Parties[i]
		if p.Seat != nil && p.Seat.Seat == m.seat && p.State == partyDialling {
			c.dropParty(p, m.reason)
			return
		}
	}
}

// partyOrder lets a third seat leave by its own order; false if the seat is not in the call.
func (c *call) partyOrder(o *order) bool {
	for i := range c.r.Parties {
		p := &c.r.Parties[i]
		if p.Seat == nil || p.State == partyFailed || p.Seat.Seat != o.cmd.Seat {
			continue
		}
		if o.cmd.Name != CmdHangup {
			o.refuse(RefusedWrongStage, "a third party can only leave")
			return true
		}
		c.dropParty(p, "left")
		o.accept(nil)
		return true
	}
	return false
}

func (c *call) consultCancel(o *order) {
	p := c.activeParty()
	if c.r.Stage != calls.StageConsult || p == nil {
		o.refuse(RefusedWrongStage, "nobody is being consulted")
		return
	}
	c.dropParty(p, "cancelled")
	if !c.freeCitizen() {
		o.refuse(RefusedSwitchDown, errText(c.lastErr))
		return
	}
	c.settle()
	c.emit(calls.CallResumed, c.seatName(), nil)
	o.accept(nil)
}

func (c *call) threeWay(o *order) {
	p := c.activeParty()
	if c.r.Stage != calls.StageConsult || p == nil || p.State != partyConsulting {
		o.refuse(RefusedWrongStage, "nobody is being consulted")
		return
	}
	if !c.freeCitizen() {
		o.refuse(RefusedSwitchDown, errText(c.lastErr))
		return
	}
	p.State = partyJoined
	c.settle()
	c.emit(calls.CallThreeWay, c.seatName(), c.partyEvent(*p))
	o.accept(nil)
}

func (c *call) dropOrder(o *order, id string) {
	p := c.partyByID(id)
	if p == nil {
		o.refuse(RefusedBadArgs, "no such party")
		return
	}
	c.dropParty(p, "dropped")
	o.accept(nil)
}

// transfer gives the citizen to the third party; the seat leaves.
func (c *call) transfer(o *order) stage {
	p := c.activeParty()
	if p == nil || p.State == partyDialling {
		o.refuse(RefusedWrongStage, "nobody is there to take the call")
		return nil
	}
	if !c.freeCitizen() {
		o.refuse(RefusedSwitchDown, errText(c.lastErr))
		return nil
	}
	p.State = partyJoined
	o.accept(nil)
	c.hangup(c.r.Seat.Leg, cti.HangupNormal)
	c.seatLeft("transferred", "")
	return c.handOver()
}

// handOver lets those who are joined go on without the seat: another seat becomes the call's
// seat, an outside number talks to the citizen alone.
func (c *call) handOver() stage {
	from := c.r.Seat.Seat
	for i := range c.r.Parties {
		p := c.r.Parties[i]
		if p.Seat == nil || p.State != partyJoined {
			continue
		}
		c.r.Parties = slices.Delete(c.r.Parties, i, i+1)
		c.r.Seat = p.Seat
		c.settle()
		c.emit(calls.CallTransferred, p.Seat.Seat, calls.Transferred{From: from, To: c.partyEvent(p), Account: p.Seat.Account}, c.pop(p.Seat.Seat))
		c.f.disp.box.put(tookOverMsg{c, p.Seat.Seat, c.r.Stage})
		return (*call).talk
	}
	p := c.joinedParty()
	c.r.Outcome = calls.CauseTransferred
	c.enter(calls.StageTransfer)
	c.emit(calls.CallTransferred, "", calls.Transferred{From: from, To: c.partyEvent(*p)})
	return (*call).transferred
}
