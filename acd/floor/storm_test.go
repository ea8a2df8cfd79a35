package floor_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// storm lets many citizens and seats do anything at any moment.
type storm struct {
	*world
	rng   *rand.Rand
	seats []string
	legs  []cti.LegID
	weak  bool // the switch fails now and then

	restarts bool
}

var failing = []string{"Answer", "CreateBridge", "Join", "SetVars", "Play", "Originate", "Hangup", "DestroyBridge", "Record"}

// fault lets one request fail in one way.
func (s *storm) fault() {
	method := failing[s.rng.IntN(len(failing))]
	switch s.rng.IntN(4) {
	case 0:
		s.sw.LoseReply(method, 1)
	case 1:
		s.sw.Slow(method, time.Duration(s.rng.IntN(3000))*time.Millisecond, 1)
	default:
		kinds := []error{cti.ErrGone, cti.ErrUnavailable, cti.ErrRejected}
		s.sw.Fail(method, kinds[s.rng.IntN(len(kinds))], 1)
	}
}

func (s *storm) any(list []cti.LegID) (cti.LegID, bool) {
	if len(list) == 0 {
		return "", false
	}
	return list[s.rng.IntN(len(list))], true
}

// ringing lists the legs of phones and outside numbers that have not been answered.
func (s *storm) ringing() (out []cti.LegID) {
	for _, id := range s.sw.Legs() {
		if l, ok := s.sw.Leg(id); ok && !l.Up && l.Dialled != "12345" {
			out = append(out, id)
		}
	}
	return out
}

func (s *storm) act() {
	seat := s.seats[s.rng.IntN(len(s.seats))]
	switch s.rng.IntN(20) {
	case 0, 1, 2:
		s.legs = append(s.legs, s.sw.Incoming(fmt.Sprintf("138%08d", s.rng.IntN(1e8)), "12345"))
	case 3, 4, 5:
		if leg, ok := s.any(s.legs); ok {
			s.sw.Press(leg, string("0012345#*"[s.rng.IntN(9)]))
		}
	case 6, 7, 8, 9:
		if leg, ok := s.any(s.ringing()); ok {
			s.sw.PhoneAnswers(leg)
		}
	case 10:
		if leg, ok := s.any(s.ringing()); ok {
			s.sw.PhoneRejects(leg)
		}
	case 11, 12:
		if leg, ok := s.any(s.sw.Legs()); ok {
			s.sw.FarEndHangsUp(leg)
		}
	case 13:
		s.sw.Unregister("w" + seat)
		s.sw.Register("w" + seat)
	case 14:
		_ = s.do(seat, floor.CmdWish, floor.Wish{State: floor.SeatIdle})
	case 15:
		_ = s.do(seat, floor.CmdDial, floor.DialArgs{Number: "13911112222"})
	default:
		s.command(seat)
	}
}

// command lets the seat ask anything about its call.
func (s *storm) command(seat string) {
	id := string(s.seat(seat).Call)
	other := s.seats[s.rng.IntN(len(s.seats))]
	args := floor.CallArgs{Call: id}
	switch s.rng.IntN(12) {
	case 0:
		_ = s.do(seat, floor.CmdHold, args)
	case 1:
		_ = s.do(seat, floor.CmdResume, args)
	case 2:
		_ = s.do(seat, floor.CmdConsult, floor.PartyArgs{Call: id, Seat: other})
	case 3:
		_ = s.do(seat, floor.CmdConsult, floor.PartyArgs{Call: id, Number: "12315"})
	case 4:
		_ = s.do(seat, floor.CmdThreeWay, args)
	case 5:
		_ = s.do(seat, floor.CmdTransfer, args)
	case 6:
		_ = s.do(seat, floor.CmdEmergency, floor.PartyArgs{Call: id, Number: "110"})
	case 7:
		_ = s.do(seat, floor.CmdConsultCancel, args)
	case 8:
		_ = s.do(seat, floor.CmdHangup, floor.HangupArgs{Call: id, Rating: true})
	case 9:
		_ = s.do(seat, floor.CmdHangup, floor.HangupArgs{Call: id, Reason: "silent"})
	default:
		_ = s.do(seat, floor.CmdNote, floor.NoteArgs{Call: id, Note: "answered"})
		_ = s.do(seat, floor.CmdWrapUpDone, nil)
	}
}

func TestWhateverHappensNothingIsLeftAndNoSeatHasTwoCalls(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inWorld(t, func(w *world) {
				s := &storm{world: w, rng: rand.New(rand.NewPCG(seed, 7)), seats: []string{"8001", "8002", "8003", "8004"}}
				s.weak, s.restarts = seed%4 == 3, seed%2 == 1
				if seed%3 == 0 {
					w.sw.DuplicateEvents(true)
				}
				for _, seat := range s.seats {
					w.sw.Register("w" + seat)
					w.wait()
					w.ready(seat)
				}
				for step := range 1500 {
					s.act()
					if s.rng.IntN(3) == 0 {
						w.pass(time.Duration(s.rng.IntN(4000)) * time.Millisecond)
					}
					if step%500 == 499 && s.restarts {
						w.restart(nil)
					}
					if s.weak && s.rng.IntN(10) == 0 {
						s.fault()
						continue
					}
					s.oneCallASeat()
				}
				s.clear()
			})
		})
	}
}

// oneCallASeat requires that no seat's phone is in two legs at once.
func (s *storm) oneCallASeat() {
	phones := map[string]int{}
	for _, id := range s.sw.Legs() {
		if l, ok := s.sw.Leg(id); ok && l.Phone != "" {
			phones[l.Phone]++
		}
	}
	for phone, legs := range phones {
		if s.weak {
			continue // a hang-up that failed is made up for by the sweep
		}
		require.LessOrEqual(s.t, legs, 1, phone)
	}
}

// clear lets everybody hang up and requires that all accounts are closed.
func (s *storm) clear() {
	for _, method := range failing {
		s.freshSwitch(method)
	}
	s.pass(time.Minute)
	for _, leg := range s.sw.Legs() {
		s.sw.FarEndHangsUp(leg)
		s.wait()
	}
	s.pass(10 * time.Minute)
	s.nothingLeft()
	ends := map[calls.ID]int{}
	for _, e := range s.journal.all() {
		switch e.Type {
		case calls.CallStarted:
			ends[e.Call] += 0
		case calls.CallEnded:
			ends[e.Call]++
		}
	}
	for id, n := range ends {
		if s.restarts {
			// A server killed between the end's event and its record tells the end again.
			require.Contains(s.t, []int{1, 2}, n, id)
		} else {
			require.Equal(s.t, 1, n, id)
		}
	}
	require.Zero(s.t, s.queue("general").Waiting)
	for _, v := range s.floor.Snapshot().Calls {
		require.NotNil(s.t, v.End, "a call nobody has is shown: %+v", v)
	}
	for _, seat := range s.seats[1:] {
		s.must(seat, floor.CmdWish, floor.Wish{State: floor.SeatNotReady})
		if v := s.seat(seat); v.State == floor.SeatWrapUp {
			_ = s.do(seat, floor.CmdNote, floor.NoteArgs{Call: string(v.Call), Note: "dropped"})
			_ = s.do(seat, floor.CmdWrapUpDone, nil)
		}
		s.sees(seat, floor.SeatNotReady)
	}
	s.takesNext("8001")
}
