package floor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// Each request of a call fails in each way the switch can fail; whatever becomes of the call, it
// ends, nothing of it is left, and the seat takes a next one.
func TestNoFailureOfTheSwitchLeavesAnythingBehind(t *testing.T) {
	methods := []string{
		"Claim", "Answer", "CreateBridge", "Join", "SetVars", "Play", "StopPlayback", "Originate",
		"Hangup", "DestroyBridge", "Leave", "Record", "StopRecording",
	}
	faults := []struct {
		name string
		set  func(w *world, method string)
	}{
		{"once gone", func(w *world, m string) { w.sw.Fail(m, cti.ErrGone, 1) }},
		{"once refused (500)", func(w *world, m string) { w.sw.Fail(m, cti.ErrRejected, 1) }},
		{"often refused", func(w *world, m string) { w.sw.Fail(m, cti.ErrRejected, 6) }},
		{"not answered", func(w *world, m string) { w.sw.Fail(m, cti.ErrUnavailable, 1) }},
		{"done but the answer is lost", func(w *world, m string) { w.sw.LoseReply(m, 1) }},
		{"slow", func(w *world, m string) { w.sw.Slow(m, time.Second, 2) }},
		{"too slow", func(w *world, m string) { w.sw.Slow(m, 5*time.Second, 1) }},
	}
	moments := []struct {
		name string
		call func(w *world, fault func()) // sets the fault at its moment and goes on
	}{
		{"from the start", func(w *world, fault func()) {
			fault()
			w.goOn(w.sw.Incoming("13800005678", "12345"))
		}},
		{"at the seat's answer", func(w *world, fault func()) {
			leg := w.queued("13800005678")
			fault()
			w.goOn(leg)
		}},
		{"in the conversation", func(w *world, fault func()) {
			leg := w.queued("13800005678")
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
			w.wait()
			fault()
			id := string(w.call().ID)
			_ = w.do("8001", floor.CmdHold, floor.CallArgs{Call: id})
			_ = w.do("8001", floor.CmdResume, floor.CallArgs{Call: id})
			_ = w.do("8001", floor.CmdConsult, floor.PartyArgs{Call: id, Number: "12315"})
			w.sw.PhoneAnswers(w.sw.LegOfNumber("12315"))
			w.pass(3 * time.Second)
			_ = w.do("8001", floor.CmdThreeWay, floor.CallArgs{Call: id})
			_ = w.do("8001", floor.CmdHangup, floor.HangupArgs{Call: id, Rating: true})
			w.pass(3 * time.Second)
			w.sw.FarEndHangsUp(leg)
		}},
		{"in a message", func(w *world, fault func()) {
			leg := w.arrives()
			fault()
			w.sw.Press(leg, "3")
			w.pass(10 * time.Second)
			w.sw.Press(leg, "#")
			w.pass(10 * time.Second)
			w.sw.FarEndHangsUp(leg)
		}},
	}
	for _, m := range moments {
		for _, method := range methods {
			for _, f := range faults {
				t.Run(m.name+", "+method+" "+f.name, func(t *testing.T) {
					inWorld(t, func(w *world) {
						w.ready("8001")
						m.call(w, func() { f.set(w, method) })
						w.pass(10 * time.Minute)
						for _, leg := range w.sw.Legs() {
							// What was given back to the dialplan is its own.
							if l, _ := w.sw.Leg(leg); !l.Ours {
								w.sw.FarEndHangsUp(leg)
							}
						}
						w.nothingLeft()
						require.Equal(t, w.journal.count(calls.CallStarted), w.journal.count(calls.CallEnded))
						w.sw.Fail(method, cti.ErrGone, 0)
						w.freshSwitch(method)
						w.takesNext("8001")
					})
				})
			}
		}
	}
}

// goOn lets a call take its course: menu, seat, a minute's talk, hang-up.
func (w *world) goOn(leg cti.LegID) {
	w.pass(15 * time.Second)
	w.sw.Press(leg, "0")
	for range 3 {
		w.pass(3 * time.Second)
		w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
	}
	w.pass(10 * time.Second)
	w.sw.FarEndHangsUp(leg)
}

// freshSwitch uses up what is left of the injected faults.
func (w *world) freshSwitch(method string) {
	for range 10 {
		switch method {
		case "Claim":
			_ = w.sw.Claim(w.t.Context(), "none")
		case "Answer":
			_ = w.sw.Answer(w.t.Context(), "none")
		case "CreateBridge":
			_ = w.sw.CreateBridge(w.t.Context(), "none", cti.Mixing)
			_ = w.sw.DestroyBridge(w.t.Context(), "none")
		case "Join":
			_ = w.sw.Join(w.t.Context(), "none", "none")
		case "SetVars":
			_ = w.sw.SetVars(w.t.Context(), "none", nil)
		case "Play":
			_ = w.sw.Play(w.t.Context(), "none", "none", []string{"x"})
		case "StopPlayback":
			_ = w.sw.StopPlayback(w.t.Context(), "none")
		case "Originate":
			_ = w.sw.Originate(w.t.Context(), cti.Originate{Leg: "none"})
		case "Hangup":
			_ = w.sw.Hangup(w.t.Context(), "none", cti.HangupNormal)
		case "DestroyBridge":
			_ = w.sw.DestroyBridge(w.t.Context(), "none")
		case "Leave":
			_ = w.sw.Leave(w.t.Context(), "none", "none")
		case "Record":
			_ = w.sw.Record(w.t.Context(), "none", cti.Record{})
		case "StopRecording":
			_ = w.sw.StopRecording(w.t.Context(), "none")
		}
	}
}

func TestDuplicateAndLateEventsDoNoHarm(t *testing.T) {
	t.Run("every event twice", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.sw.DuplicateEvents(true)
			w.ready("8001")
			leg := w.arrives()
			w.sw.Press(leg, "0")
			w.wait()
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
			w.pass(5 * time.Second)
			w.stage(calls.StageTalk)
			w.sw.FarEndHangsUp(leg)
			w.nothingLeft()
			require.Equal(t, 1, w.journal.count(calls.CallStarted))
			require.Equal(t, 1, w.journal.count(calls.CallAnswered))
			require.Equal(t, 1, w.journal.count(calls.CallEnded))
		})
	})
	t.Run("late", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.ready("8001")
			leg := w.queued("13800005678")
			w.sw.HoldEvents()
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
			w.pass(16 * time.Second) // it is no answer for us by now
			w.stage(calls.StageQueue)
			w.sw.ReleaseEvents()
			w.pass(time.Second)
			w.stage(calls.StageQueue)
			require.Equal(t, []cti.LegID{leg}, w.sw.Legs())
			w.sw.FarEndHangsUp(leg)
			w.nothingLeft()
		})
	})
	t.Run("of nobody", func(t *testing.T) {
		inWorld(t, func(w *world) {
			for _, e := range []cti.Event{
				cti.LegEnded{Leg: "x"}, cti.Digit{Leg: "x", Digit: '1'}, cti.PlaybackFinished{ID: "x"}, cti.LegAnswered{Leg: "x"},
				cti.RecordingFinished{Name: "x"}, cti.BridgeChanged{Bridge: "x"}, cti.PhoneChanged{Phone: "x", Registered: true},
				cti.LegStarted{Leg: cti.Leg{ID: "x"}}, cti.LegStarted{Leg: cti.Leg{ID: "y"}, Args: []string{"strange"}},
			} {
				w.sw.Inject(e)
			}
			w.wait()
			require.Empty(t, w.floor.Snapshot().Calls)
		})
	})
}

func TestAnUnplayablePromptHoldsNobody(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sw.MissingSound("welcome")
		w.ready("8001")
		w.arrives()
		w.pass(10 * time.Second)
		w.stage(calls.StageRinging)
	})
}

func TestBadCallersAreServedAndStormsBounded(t *testing.T) {
	for _, number := range []string{"", "anonymous", "abc", strings.Repeat("9", 40), "+8613800005678", "'; DROP TABLE calls; --"} {
		t.Run(fmt.Sprintf("%.20q", number), func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ready("8001")
				leg := w.sw.Incoming(number, "12345")
				w.wait()
				w.sw.Press(leg, strings.Repeat("9*#", 2000))
				w.pass(10 * time.Second)
				w.stage(calls.StageRinging)
				require.Equal(t, floor.NormalNumber(number), w.call().Caller)
				w.sw.FarEndHangsUp(leg)
				w.nothingLeft()
			})
		})
	}
}

func TestWhoIsNotServedIsRefused(t *testing.T) {
	inWorldWith(t, func(w *world) {
		w.desk.listed = map[string]bool{"13800005678": true}
		w.cfg.Blacklist = w.desk
		w.cfg.SpoofedSeat = func(n string) bool { return n == "8001" }
	}, func(w *world) {
		for _, number := range []string{"13800005678", "8001"} {
			w.sw.Incoming(number, "12345")
			w.nothingLeft()
			require.Equal(t, calls.CauseRefused, w.end().Cause)
			require.Zero(t, w.sw.Count("Answer"))
		}
	})
}

func TestASeatsPhoneThatDialsByItselfIsHungUp(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sw.SeatDials("w8001", "110")
		w.nothingLeft()
	})
}

func TestNormalNumber(t *testing.T) {
	for in, want := range map[string]string{
		"13800005678": "13800005678", "+86 138-0000-5678": "13800005678", "008613800005678": "13800005678",
		"8613800005678": "13800005678", "013800005678": "13800005678", "059412345678": "059412345678",
		"(0594) 1234.5678": "059412345678", "tel:+8613800005678": "13800005678", "+4930123456": "004930123456",
		"110": "110", "12": "", "": "", "anonymous": "", "1e5": "", strings.Repeat("1", 40): "",
	} {
		require.Equal(t, want, floor.NormalNumber(in), in)
	}
}

func TestMaskNumber(t *testing.T) {
	for in, want := range map[string]string{
		"13800005678": "138****5678", "059412345678": "0594****5678", "12345678": "****5678", "110": "**0", "": "",
	} {
		require.Equal(t, want, floor.MaskNumber(in), in)
	}
}
