package floor

import (
	"time"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/cti/calls"
)

// move takes a seat along the row of its table that fits the event, journals and shows the
// change, and tells the engine. change is applied together with it. False: the table has no such
// row, and nothing happened.
func (d *dispatcher) move(s *seat, on seatEvent, by string, change func()) bool {
	row, ok := rowFor(s, on)
	if !ok {
		return false
	}
	if change != nil {
		change()
	}
	to, reason := row.To, row.Reason
	if to == SeatNotReady && on != evSignIn || on == evSignIn {
		s.Wished = Wish{State: to, Reason: reason}
	}
	if to == asWished {
		to, reason = s.Wished.State, s.Wished.Reason
		if to == SeatIdle && !s.registered() {
			to, reason = SeatFaulty, ReasonUnregistered
		}
	}
	d.set(s, to, reason, by)
	return true
}

// set makes a change of state true, in this order: record, followers, engine.
func (d *dispatcher) set(s *seat, to SeatState, reason, by string) {
	from, was := s.state, s.Reason
	if from == to && was == reason {
		d.show(s)
		return
	}
	now := d.f.now()
	s.state, s.State, s.Reason, s.Since = to, to, reason, now
	s.needNote = s.NeedNote
	change := calls.SeatChange{Account: s.Profile.Account, From: string(from), To: string(to), Reason: reason, By: by, Device: s.Device}
	if err := d.f.hub.emit(event(calls.SeatChanged, now, s.Call, s.Profile.Seat, change), Update{Seat: s.view()}); err != nil {
		d.f.log.Error("journal", "seat", s.Profile.Seat, "err", err)
	}
	d.f.log.Info("seat changed", "seat", s.Profile.Seat, "call", s.Call, "from", from, "to", to, "reason", reason)
	d.f.saver.saveSeat(s)
	d.tellEngine(s)
}

// tellEngine says what the seat's new state means for routing.
func (d *dispatcher) tellEngine(s *seat) {
	id, now := acd.SeatID(s.Profile.Seat), d.f.now()
	d.dirty = true
	switch s.state {
	case SeatIdle:
		d.decide(d.engine.SeatFree(id, now))
	case SeatNotReady, SeatRest, SeatFaulty, SeatDialling:
		d.engine.SeatAway(id, now)
	case SeatSignedOut:
		d.engine.SeatSignedOut(id, now)
	default:
		d.engine.SeatBusy(id, now)
	}
}

// show tells the followers of a change that is no change of state.
func (d *dispatcher) show(s *seat) {
	s.needNote = s.NeedNote
	d.f.hub.show(Update{Seat: s.view()})
	d.f.saver.saveSeat(s)
}

func (s *seat) forgetCall() {
	s.Call, s.Queue, s.Masked, s.CallSince, s.NeedNote, s.WrapEnds = "", "", "", time.Time{}, false, time.Time{}
}

// settle applies the wish of a seat that is free to change.
func (d *dispatcher) settle(s *seat, by string) {
	if !d.move(s, evSettle, by, nil) {
		d.show(s)
	}
}

// wrapUp begins the time after a call. A call note is wanted of the seat whose call it was.
func (d *dispatcher) wrapUp(s *seat) {
	length := s.Profile.WrapUp
	if length <= 0 {
		length = d.f.cfg.WrapUp
	}
	d.move(s, evLeft, "", func() { s.WrapEnds = d.f.now().Add(length) })
}

// wrapUpDue ends a wrap-up whose time is over; without a call note the seat stays in it, marked.
func (d *dispatcher) wrapUpDue(s *seat) {
	if s.NeedNote {
		if s.Reason != reasonNoteMissing {
			d.set(s, SeatWrapUp, reasonNoteMissing, "")
		}
		return
	}
	d.wrapUpOver(s)
}

func (d *dispatcher) wrapUpOver(s *seat) {
	s.needNote = s.NeedNote
	id := s.Call
	if d.move(s, evWrapUpOver, "", s.forgetCall) {
		d.forgetCall(id)
	}
}

// forgetCall drops the last view of a call that is over for everybody.
func (d *dispatcher) forgetCall(id calls.ID) {
	if d.f.callOf(id) != nil {
		return
	}
	for _, s := range d.seats {
		if s.Call == id {
			return
		}
	}
	d.f.hub.forget(id)
}

// obey carries out a seat's or a supervisor's order about a seat.
func (d *dispatcher) obey(o *order) {
	switch args := o.args.(type) {
	case *signIn:
		d.signIn(o, args)
		return
	case *ForceArgs:
		d.force(o, args)
		return
	}
	s := d.seats[o.cmd.Seat]
	if s == nil || s.state == SeatSignedOut || s.Profile.Account != o.cmd.Account {
		o.refuse(RefusedNotSignedIn, "seat "+o.cmd.Seat)
		return
	}
	switch args := o.args.(type) {
	case *Wish:
		d.wish(o, s, *args, "")
	case *SecondsArgs:
		d.extend(o, s, args.Seconds)
	case *OnArgs:
		s.Auto = args.On
		d.show(s)
		o.accept(nil)
	case *NoteArgs:
		d.note(o, s, args)
	case *dialPlan:
		d.dial(o, s, args)
	case nil:
		if o.cmd.Name == CmdSignOut {
			d.wish(o, s, Wish{State: SeatSignedOut}, "")
			return
		}
		d.done(o, s)
	default:
		o.refuse(RefusedUnknownCommand, string(o.cmd.Name))
	}
}

// signIn takes an account in at its seat.
func (d *dispatcher) signIn(o *order, in *signIn) {
	name := in.profile.Seat
	s := d.seats[name]
	if s == nil {
		s = &seat{state: SeatSignedOut, State: SeatSignedOut}
		d.seats[name] = s
	}
	if s.state != SeatSignedOut {
		if s.Profile.Account != in.profile.Account || d.f.cfg.SecondSignIn == SecondSignInRefuse {
			o.refuse(RefusedSeatTaken, "signed in by "+s.Profile.Account)
			return
		}
		if s.Device != in.device && !s.free() {
			o.refuse(RefusedSeatBusy, "the device can't change during a call")
			return
		}
	}
	d.useDevice(s, in.profile, in.device)
	now := d.f.now()
	if s.state == SeatSignedOut {
		s.Auto = in.profile.AutoAnswer
		d.decide(d.engine.SeatSignedIn(s.engineSeat(), now))
		d.move(s, evSignIn, "", nil)
	} else {
		d.decide(d.engine.SeatSignedIn(s.engineSeat(), now))
		d.show(s)
		if s.free() {
			d.settle(s, "")
		}
	}
	o.accept(s.view())
}

// useDevice makes one of the seat's two phones its phone.
func (d *dispatcher) useDevice(s *seat, profile SeatProfile, device string) {
	delete(d.byPhone, phoneOf(profile.Seat, deviceBrowser))
	delete(d.byPhone, phoneOf(profile.Seat, devicePhone))
	s.Profile, s.Device = profile, device
	d.byPhone[s.phone()] = s
	nodes := d.phones[s.phone()]
	if nodes == nil {
		nodes = map[string]bool{}
		d.phones[s.phone()] = nodes
	}
	s.phoneUp = nodes
}

// wish notes what a seat is to be next, and makes it so if it is free.
func (d *dispatcher) wish(o *order, s *seat, w Wish, by string) {
	s.Wished = w
	if s.free() {
		d.settle(s, by)
	} else {
		d.show(s)
	}
	o.accept(s.view())
}

func (d *dispatcher) force(o *order, args *ForceArgs) {
	s := d.seats[args.Seat]
	if s == nil || s.state == SeatSignedOut {
		o.refuse(RefusedNotSignedIn, "seat "+args.Seat)
		return
	}
	w := Wish{State: args.State}
	if args.State == SeatNotReady {
		w.Reason = ReasonForced
	}
	d.wish(o, s, w, o.cmd.Account)
}

// longestWrapUp bounds how far a wrap-up can be extended.
const longestWrapUp = 30 * time.Minute

func (d *dispatcher) extend(o *order, s *seat, seconds int) {
	if s.state != SeatWrapUp {
		o.refuse(RefusedWrongStage, "not in wrap-up")
		return
	}
	now := d.f.now()
	end := s.WrapEnds
	if end.Before(now) {
		end = now
	}
	end = end.Add(time.Duration(seconds) * time.Second)
	if end.After(now.Add(longestWrapUp)) {
		o.refuse(RefusedBadArgs, "too long")
		return
	}
	s.WrapEnds = end
	if s.Reason == reasonNoteMissing {
		d.set(s, SeatWrapUp, "", "")
	} else {
		d.show(s)
	}
	o.accept(s.view())
}

func (d *dispatcher) done(o *order, s *seat) {
	switch {
	case s.state != SeatWrapUp:
		o.refuse(RefusedWrongStage, "not in wrap-up")
	case s.NeedNote:
		o.refuse(RefusedNoteMissing, "the call note is missing")
	default:
		d.wrapUpOver(s)
		o.accept(s.view())
	}
}

// note takes the call note, during the call or in its wrap-up.
func (d *dispatcher) note(o *order, s *seat, args *NoteArgs) {
	id := calls.ID(args.Call)
	if s.Call != id || s.CallSince.IsZero() {
		o.refuse(RefusedNoSuchCall, "not this seat's call")
		return
	}
	s.NeedNote = false
	data := calls.Noted{Account: s.Profile.Account, Note: calls.Note(args.Note), Text: args.Text}
	ups := []Update{{Seat: s.view()}}
	if v, ok := d.f.hub.call(id); ok && v.Seat == s.Profile.Seat {
		v.Note = data.Note
		ups = append(ups, Update{Call: &v})
	}
	if err := d.f.hub.emit(event(calls.CallNoted, d.f.now(), id, s.Profile.Seat, data), ups...); err != nil {
		d.f.log.Error("journal", "call", id, "err", err)
	}
	if c := d.f.callOf(id); c != nil {
		c.box.put(notedMsg{data.Note})
	}
	d.show(s)
	if s.state == SeatWrapUp && s.Reason == reasonNoteMissing {
		d.wrapUpOver(s)
	}
	o.accept(nil)
}

// dial begins an outbound call of a seat.
func (d *dispatcher) dial(o *order, s *seat, plan *dialPlan) {
	if !s.registered() {
		o.refuse(RefusedNotRegistered, s.phone())
		return
	}
	c := d.f.outbound(plan, s.part())
	if c == nil {
		o.refuse(RefusedSwitchDown, "no switch is connected")
		return
	}
	if !d.move(s, evDial, "", func() {
		s.Call, s.Masked = c.id, MaskNumber(plan.number)
	}) {
		o.refuse(RefusedSeatBusy, string(s.state))
		return
	}
	if !d.f.begin(c, (*call).dialSeat) {
		d.released(c.id, s.Profile.Seat)
		o.refuse(RefusedNoLeader, "the floor stops")
		return
	}
	o.accept(map[string]string{"call": string(c.id)})
}

// phone takes up that a phone registered or went.
func (d *dispatcher) phone(m phoneMsg) {
	nodes := d.phones[m.phone]
	if nodes == nil {
		nodes = map[string]bool{}
		d.phones[m.phone] = nodes
	}
	if nodes[m.node] == m.registered {
		return
	}
	nodes[m.node] = m.registered
	s := d.byPhone[m.phone]
	if s == nil {
		return
	}
	s.phoneUp = nodes
	switch {
	case s.registered():
		s.failures = 0
		if d.move(s, evRegistered, "", nil) {
			return
		}
	case d.move(s, evUnregistered, "", nil):
		return
	case s.state == SeatRinging:
		if c := d.f.callOf(s.Call); c != nil {
			c.box.put(seatGone{s.Profile.Seat, declinedUnregistered})
		}
	}
	d.show(s)
}
