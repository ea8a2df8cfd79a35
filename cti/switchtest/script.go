package switchtest

import (
	"errors"
	"time"

	"github.com/open12345/hotline/cti"
)

// Incoming lets a citizen dial; LegStarted with Args "inbound" and the number dialled follows. While the switch is
// disconnected the call stays in the dialplan. The leg records into
// YYYY/MM/DD/<unique id>.raw from its answer on.
func (s *Switch) Incoming(number, dialled string) cti.LegID {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextID()
	now := time.Now()
	source := now.UTC().Format("2006/01/02/") + id + ".raw"
	l := &leg{Leg: cti.Leg{ID: cti.LegID(id), UniqueID: id, Name: "PJSIP/trunk-" + id, Caller: number, Dialled: dialled,
		Created: now, Vars: map[string]string{cti.VarRecording: source, cti.VarCalled: dialled}, Ours: s.connected},
		args: []string{"inbound", dialled}, started: s.connected, source: source}
	s.legs[l.ID] = l
	if s.guard > 0 {
		l.timer = time.AfterFunc(s.guard, func() { s.takeBack(l) })
	}
	s.emit(cti.LegStarted{Leg: l.copy(), Args: l.args, At: now})
	return l.ID
}

// takeBack is the dialplan's guard: the floor did not claim the call in time.
func (s *Switch) takeBack(l *leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.Ours && !l.claimed {
		s.release(l, 0, "", "")
	}
}

// SeatDials lets a seat's phone dial an extension; LegStarted with Args "seat" follows.
func (s *Switch) SeatDials(phone, dialled string) cti.LegID {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextID()
	l := &leg{Leg: cti.Leg{ID: cti.LegID(id), UniqueID: id, Name: "PJSIP/" + phone + "-" + id, Caller: phone, Dialled: dialled,
		Created: time.Now(), Vars: map[string]string{}, Ours: s.connected, Phone: phone}, started: s.connected}
	s.legs[l.ID] = l
	s.emit(cti.LegStarted{Leg: l.copy(), Args: []string{"seat", dialled}, At: time.Now()})
	return l.ID
}

// FarEndHangsUp lets the citizen, or the phone, of the leg hang up. A leg that is gone is left alone.
func (s *Switch) FarEndHangsUp(id cti.LegID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.legs[id]
	if l == nil {
		return
	}
	if l.Ours {
		s.emit(cti.LegHangup{Leg: id, Cause: 16, At: time.Now()})
	}
	s.end(l, 16, "Normal Clearing", "")
}

// PhoneRings lets the far end of an originated leg ring, after RingByItself(false).
func (s *Switch) PhoneRings(id cti.LegID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[id]; l != nil && !l.Up {
		s.emit(cti.LegRinging{Leg: id, At: time.Now()})
	}
}

// PhoneAnswers lets the far end of an originated leg answer: LegAnswered, then LegStarted with
// the arguments of its Originate.
func (s *Switch) PhoneAnswers(id cti.LegID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[id]; l != nil && !l.Up {
		s.answer(l)
	}
}

// answer takes an originated leg up; the caller holds the lock.
func (s *Switch) answer(l *leg) {
	l.stopTimer()
	s.up(l)
	l.Ours, l.started = s.connected, s.connected
	if l.number != "" {
		l.source = l.Created.UTC().Format("2006/01/02/") + l.UniqueID + ".raw"
		l.Vars[cti.VarRecording] = l.source
	}
	s.emit(cti.LegStarted{Leg: l.copy(), Args: l.args, At: time.Now()})
}

// PhoneRejects lets the far end of an unanswered leg refuse: busy, LegEnded with status BUSY.
func (s *Switch) PhoneRejects(id cti.LegID) { s.fails(id, 17, "BUSY") }

// Unreachable lets an unanswered leg fail in the network.
func (s *Switch) Unreachable(id cti.LegID) { s.fails(id, 20, "CHANUNAVAIL") }

func (s *Switch) fails(id cti.LegID, cause int, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[id]; l != nil && !l.Up {
		s.end(l, cause, "", status)
	}
}

// Press lets the far end press keys.
func (s *Switch) Press(id cti.LegID, digits string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.legs[id]
	if l == nil {
		return
	}
	for _, d := range []byte(digits) {
		s.emit(cti.Digit{Leg: id, Digit: d, At: time.Now()})
		if r := s.recordings[l.rec]; r != nil && (r.StopOn == "any" || r.StopOn == string(d)) {
			s.stopRecording(l.rec)
		}
	}
}

// FinishPlayback lets a running playback reach its end.
func (s *Switch) FinishPlayback(id cti.PlaybackID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finish(id, false)
}

// FailPlayback lets a running playback fail.
func (s *Switch) FailPlayback(id cti.PlaybackID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finish(id, true)
}

// PlaybackOn names what plays on the leg now, "" for nothing.
func (s *Switch) PlaybackOn(id cti.LegID) cti.PlaybackID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[id]; l != nil && s.playbacks[l.play] != nil {
		return l.play
	}
	return ""
}

// HoldPlaybacks makes playbacks last until FinishPlayback or StopPlayback.
func (s *Switch) HoldPlaybacks(on bool) { s.set(func() { s.holdPlay = on }) }

// SetSoundTime makes each sound take d instead of ending at once.
func (s *Switch) SetSoundTime(d time.Duration) { s.set(func() { s.soundTime = d }) }

// MissingSound names a sound that fails to play.
func (s *Switch) MissingSound(name string) { s.set(func() { s.missing[name] = true }) }

// RingByItself decides whether an originated leg rings at once (it does by default).
func (s *Switch) RingByItself(on bool) { s.set(func() { s.silent = !on }) }

// EndlessSound names a sound that plays until it is stopped.
func (s *Switch) EndlessSound(name string) { s.set(func() { s.endless[name] = true }) }

// React sets what a phone, or an outside number, does at once with each call to it. Without
// it a call rings until the test says more.
func (s *Switch) React(phoneOrNumber string, r Reaction) {
	s.set(func() { s.reactions[phoneOrNumber] = r })
}

// SetGuard makes the dialplan take an inbound call back that is not claimed within d.
func (s *Switch) SetGuard(d time.Duration) { s.set(func() { s.guard = d }) }

// Refuse puts an outside number off the allow-list.
func (s *Switch) Refuse(number string) { s.set(func() { s.refused[number] = true }) }

// Register makes the phone, if need be, and registers it.
func (s *Switch) Register(id string) { s.register(id, true) }

// Unregister ends the phone's registration; its calls go on.
func (s *Switch) Unregister(id string) { s.register(id, false) }

func (s *Switch) register(id string, on bool) {
	s.set(func() {
		if p := s.phone(id); p.registered != on {
			p.registered = on
			s.emit(cti.PhoneChanged{Phone: id, Registered: on, At: time.Now()})
		}
	})
}

// phone finds or makes a phone; the caller holds the lock.
func (s *Switch) phone(id string) *phone {
	p := s.phones[id]
	if p == nil {
		p = &phone{Phone: cti.Phone{ID: id}}
		s.phones[id] = p
	}
	return p
}

// Disconnect loses the connection: calls go on, requests answer ErrUnavailable, events are
// lost for good.
func (s *Switch) Disconnect() {
	s.set(func() {
		s.connected = false
		s.emit(cti.Disconnected{At: time.Now(), Err: errors.New("connection lost")})
	})
}

// Connect brings it back; Connected follows, then the ends of sounds and recordings that came
// meanwhile.
func (s *Switch) Connect() {
	s.set(func() {
		s.connected = true
		s.emit(cti.Connected{At: time.Now()})
		missed := s.missed
		s.missed = nil
		for _, e := range missed {
			s.emit(e)
		}
	})
}

// Replace lets another server take over: Replaced follows, requests are refused from now on.
func (s *Switch) Replace() {
	s.set(func() {
		s.replaced = true
		s.emit(cti.Replaced{Reason: "application replaced"})
	})
}

// DuplicateEvents sends every event twice, but for LegEnded.
func (s *Switch) DuplicateEvents(on bool) { s.set(func() { s.duplicate = on }) }

// HoldEvents keeps events back until ReleaseEvents: late events.
func (s *Switch) HoldEvents() { s.set(func() { s.hold = true }) }

// ReleaseEvents sends what HoldEvents kept back, in order.
func (s *Switch) ReleaseEvents() {
	s.set(func() {
		s.hold = false
		held := s.held
		s.held = nil
		for _, e := range held {
			s.emit(e)
		}
	})
}

// Inject sends an event that no operation caused.
func (s *Switch) Inject(e cti.Event) { s.set(func() { s.emit(e) }) }

func (s *Switch) set(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn()
}
