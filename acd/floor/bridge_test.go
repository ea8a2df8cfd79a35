package floor_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

const (
	clerkNumber   = "13700001111"
	citizenNumber = "13911112222"
)

func contact() floor.BridgeRequest {
	return floor.BridgeRequest{
		From: clerkNumber, Label: "市信息办 王芳", To: citizenNumber, Ticket: "ticket-1", Account: "pt-xxb-xxk", Unit: "xxb-xxk",
	}
}

// bridges asks for 联系群众; the clerk's telephone rings.
func (w *world) bridges() (calls.ID, cti.LegID) {
	w.t.Helper()
	id, err := w.floor.Bridge(context.Background(), contact())
	require.NoError(w.t, err)
	w.wait()
	leg := w.sw.LegOfNumber(clerkNumber)
	require.NotEmpty(w.t, leg, "the clerk's telephone rings")
	return id, leg
}

// bridged brings clerk and citizen together.
func (w *world) bridged() (id calls.ID, clerk, citizen cti.LegID) {
	w.t.Helper()
	id, clerk = w.bridges()
	w.sw.PhoneAnswers(clerk)
	w.wait()
	citizen = w.sw.LegOfNumber(citizenNumber)
	require.NotEmpty(w.t, citizen, "the citizen's telephone rings")
	w.sw.PhoneAnswers(citizen)
	w.pass(3 * time.Second)
	w.stage(calls.StageTalk)
	return id, clerk, citizen
}

func (w *world) started() calls.Started {
	w.t.Helper()
	var s calls.Started
	require.NoError(w.t, json.Unmarshal(w.journal.last(calls.CallStarted).Data, &s))
	return s
}

func TestContactRingsTheClerkSaysALineAndOnlyThenCallsTheCitizen(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sw.HoldPlaybacks(true)
		id, clerk := w.bridges()
		w.stage(calls.StageDialling)
		w.sw.PhoneAnswers(clerk)
		w.wait()
		require.NotEmpty(t, w.sw.PlaybackOn(clerk), "the line is said")
		require.Empty(t, w.sw.LegOfNumber(citizenNumber), "nobody rings him before it is said")
		w.sw.FinishPlayback(w.sw.PlaybackOn(clerk))
		w.wait()
		citizen := w.sw.LegOfNumber(citizenNumber)
		require.True(t, w.onMusic(clerk), "the clerk hears music meanwhile")
		w.sw.PhoneAnswers(citizen)
		w.pass(3 * time.Second)
		require.Equal(t, cti.BridgeID(id+".talk"), w.sw.BridgeOf(clerk))
		require.Equal(t, w.sw.BridgeOf(clerk), w.sw.BridgeOf(citizen))
		w.sw.FarEndHangsUp(citizen)
		w.nothingLeft()

		for _, op := range w.sw.Ops() {
			if op.Method == "Originate" {
				require.Contains(t, []string{clerkNumber, citizenNumber}, op.Detail)
			}
		}
		s := w.started()
		require.Equal(t, calls.Outbound, s.Direction)
		require.Equal(t, calls.PurposeClickToCall, s.Purpose)
		require.Equal(t, "ticket-1", s.Ticket)
		require.Equal(t, "pt-xxb-xxk", s.Account)
		require.Equal(t, "xxb-xxk", s.Unit)
		require.Equal(t, "sealed:"+citizenNumber, s.CallerSealed)
		require.Equal(t, &calls.Party{Kind: "clerk", Label: "市信息办 王芳", NumberSealed: "sealed:" + clerkNumber}, s.Clerk)
		require.Equal(t, []calls.EventType{calls.CallStarted, calls.CallAnswered, calls.CallPartyLeft, calls.CallEnded}, w.journal.types(id))
		require.Equal(t, "pt-xxb-xxk", w.end().Account)
		require.True(t, w.end().Recorded)
		require.InDelta(t, 3, w.end().AnsweredS, 0.1)
	})
}

func TestNoNumberOfAContactIsInTheJournalOrOnAnyPageInClear(t *testing.T) {
	inWorld(t, func(w *world) {
		_, clerk, _ := w.bridged()
		w.sw.FarEndHangsUp(clerk)
		w.nothingLeft()
		for _, e := range w.journal.all() {
			data := strings.NewReplacer("sealed:"+clerkNumber, "", "sealed:"+citizenNumber, "").Replace(string(e.Data))
			require.NotContains(t, data, clerkNumber, e.Type)
			require.NotContains(t, data, citizenNumber, e.Type)
		}
		for _, v := range w.updates.views() {
			require.Empty(t, v.Seat, "no seat may see it in full")
			for _, p := range v.Parties {
				require.NotContains(t, p.Label, clerkNumber)
			}
		}
	})
}

func TestAContactEndsTypedAtEachOfItsInstants(t *testing.T) {
	cases := []struct {
		how      string
		call     func(w *world)
		side     calls.Side
		cause    calls.Cause
		recorded bool
	}{
		{"clerk busy", func(w *world) {
			_, clerk := w.bridges()
			w.sw.PhoneRejects(clerk)
		}, calls.SideClerk, calls.CauseBusy, false},
		{"clerk does not answer", func(w *world) {
			w.bridges()
			w.pass(61 * time.Second)
		}, calls.SideClerk, calls.CauseNoAnswer, false},
		{"clerk unreachable", func(w *world) {
			_, clerk := w.bridges()
			w.sw.Unreachable(clerk)
		}, calls.SideSwitch, calls.CauseUnreachable, false},
		{"clerk's number not allowed", func(w *world) {
			w.sw.Refuse(clerkNumber)
			_, err := w.floor.Bridge(context.Background(), contact())
			require.NoError(w.t, err)
		}, calls.SideSystem, calls.CauseNumberNotAllowed, false},
		{"clerk hangs up while the line is said", func(w *world) {
			w.sw.HoldPlaybacks(true)
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
			w.wait()
			w.sw.FarEndHangsUp(clerk)
		}, calls.SideClerk, calls.CauseCancelled, false},
		{"clerk hangs up while the citizen rings", func(w *world) {
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
			w.wait()
			require.NotEmpty(w.t, w.sw.LegOfNumber(citizenNumber))
			w.sw.FarEndHangsUp(clerk)
		}, calls.SideClerk, calls.CauseCancelled, false},
		{"citizen busy", func(w *world) {
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
			w.wait()
			w.sw.PhoneRejects(w.sw.LegOfNumber(citizenNumber))
		}, calls.SideCitizen, calls.CauseBusy, false},
		{"citizen does not answer", func(w *world) {
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
			w.pass(61 * time.Second)
		}, calls.SideCitizen, calls.CauseNoAnswer, false},
		{"citizen's number not allowed", func(w *world) {
			w.sw.Refuse(citizenNumber)
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
		}, calls.SideSystem, calls.CauseNumberNotAllowed, false},
		{"a line that can't be said holds nobody up", func(w *world) {
			w.sw.MissingSound("contact.clerk")
			_, clerk, _ := w.bridged()
			w.sw.FarEndHangsUp(clerk)
		}, calls.SideClerk, calls.CauseNormal, true},
		{"a line that never ends is cut", func(w *world) {
			w.sw.HoldPlaybacks(true)
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
			w.pass(21 * time.Second)
			w.sw.PhoneAnswers(w.sw.LegOfNumber(citizenNumber))
			w.wait()
			w.stage(calls.StageTalk)
			w.sw.FarEndHangsUp(clerk)
		}, calls.SideClerk, calls.CauseNormal, true},
		{"clerk hangs up in the talk", func(w *world) {
			_, clerk, _ := w.bridged()
			w.sw.FarEndHangsUp(clerk)
		}, calls.SideClerk, calls.CauseNormal, true},
		{"citizen hangs up in the talk", func(w *world) {
			_, _, citizen := w.bridged()
			w.sw.FarEndHangsUp(citizen)
		}, calls.SideCitizen, calls.CauseNormal, true},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			inWorld(t, func(w *world) {
				c.call(w)
				w.pass(time.Second)
				w.nothingLeft()
				end := w.end()
				require.Equal(t, c.side, end.Side)
				require.Equal(t, c.cause, end.Cause)
				require.Equal(t, c.recorded, end.Recorded)
				require.Equal(t, 1, w.journal.count(calls.CallStarted))
				require.Equal(t, 1, w.journal.count(calls.CallEnded))
				w.sw.HoldPlaybacks(false)
				id, _ := w.bridgesAgain()
				require.NotEmpty(t, id, "the account may call again")
			})
		})
	}
}

// bridgesAgain asks for a call after another one, to numbers that may have been refused.
func (w *world) bridgesAgain() (calls.ID, error) {
	id, err := w.floor.Bridge(context.Background(), contact())
	require.NoError(w.t, err)
	w.pass(2 * time.Minute)
	w.nothingLeft()
	return id, err
}

func TestAnAccountHasOneContactAtATime(t *testing.T) {
	inWorld(t, func(w *world) {
		_, clerk := w.bridges()
		_, err := w.floor.Bridge(context.Background(), contact())
		w.refused(err, floor.RefusedCalling)
		other := contact()
		other.Account, other.From = "pt-gaj-jb", "13700002222"
		_, err = w.floor.Bridge(context.Background(), other)
		require.NoError(t, err, "another account may")
		w.wait()
		w.sw.FarEndHangsUp(clerk)
		w.sw.FarEndHangsUp(w.sw.LegOfNumber("13700002222"))
		w.nothingLeft()
	})
}

func (w *world) refused(err error, code string) {
	w.t.Helper()
	var r *floor.Refusal
	require.True(w.t, errors.As(err, &r), "%v", err)
	require.Equal(w.t, code, r.Code)
}

func TestOnlyTelephonesOfPeopleAreConnected(t *testing.T) {
	inWorldWith(t, func(w *world) {
		w.cfg.SpoofedSeat = func(number string) bool { return number == "80011001" }
	}, func(w *world) {
		for what, change := range map[string]func(*floor.BridgeRequest){
			"a seat's number":       func(r *floor.BridgeRequest) { r.From = "80011001" },
			"no number":             func(r *floor.BridgeRequest) { r.From = "" },
			"the police":            func(r *floor.BridgeRequest) { r.To = "110" },
			"an anonymous citizen":  func(r *floor.BridgeRequest) { r.To = "anonymous" },
			"oneself":               func(r *floor.BridgeRequest) { r.To = "+86 137 0000 1111" },
			"another address's SIP": func(r *floor.BridgeRequest) { r.To = "sip:root@10.0.0.1" },
		} {
			req := contact()
			change(&req)
			_, err := w.floor.Bridge(context.Background(), req)
			w.refused(err, floor.RefusedNumber)
			require.Empty(t, w.sw.Legs(), what)
		}
	})
}

func TestWithoutASwitchNobodyIsConnected(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sw.Disconnect()
		w.wait()
		_, err := w.floor.Bridge(context.Background(), contact())
		w.refused(err, floor.RefusedSwitchDown)
		_, err = w.floor.Ring(context.Background(), floor.RingRequest{Number: "059912345678"})
		w.refused(err, floor.RefusedSwitchDown)
		w.sw.Connect()
	})
}

func TestASuccessorGoesOnWithAContactAtEveryInstant(t *testing.T) {
	cases := []struct {
		stage string
		goTo  func(w *world)
		while func(w *world)
		then  func(w *world)
	}{
		{stage: "the clerk rings", goTo: func(w *world) { w.bridges() }, then: func(w *world) {
			w.sw.PhoneAnswers(w.sw.LegOfNumber(clerkNumber))
			w.wait()
			w.sw.PhoneAnswers(w.sw.LegOfNumber(citizenNumber))
			w.wait()
			w.stage(calls.StageTalk)
		}},
		{stage: "the line is said", goTo: func(w *world) {
			w.sw.HoldPlaybacks(true)
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
			w.wait()
			w.sw.HoldPlaybacks(false)
		}, then: func(w *world) {
			w.sw.PhoneAnswers(w.sw.LegOfNumber(citizenNumber))
			w.wait()
			w.stage(calls.StageTalk)
		}},
		{stage: "the citizen rings", goTo: func(w *world) {
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
			w.wait()
		}, then: func(w *world) {
			w.stage(calls.StageDialling)
			w.sw.PhoneAnswers(w.sw.LegOfNumber(citizenNumber))
			w.wait()
			w.stage(calls.StageTalk)
		}},
		{stage: "they talk: untouched", goTo: func(w *world) { w.bridged() }, while: func(w *world) { w.requests = len(w.sw.Ops()) }, then: func(w *world) {
			w.stage(calls.StageTalk)
			for _, op := range w.sw.Ops()[w.requests:] {
				require.NotContains(w.t, []string{"Join", "Leave", "Hangup", "DestroyBridge", "Play"}, op.Method)
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.stage, func(t *testing.T) {
			inWorld(t, func(w *world) {
				c.goTo(w)
				id := w.call().ID
				w.restart(func() {
					if c.while != nil {
						c.while(w)
					}
				})
				require.Equal(t, id, w.call().ID)
				_, err := w.floor.Bridge(context.Background(), contact())
				w.refused(err, floor.RefusedCalling)
				c.then(w)
				clerk, citizen := w.sw.LegOfNumber(clerkNumber), w.sw.LegOfNumber(citizenNumber)
				require.Equal(t, w.sw.BridgeOf(clerk), w.sw.BridgeOf(citizen))
				w.sw.FarEndHangsUp(clerk)
				w.nothingLeft()
				require.Equal(t, calls.CauseNormal, w.end().Cause)
				require.Equal(t, calls.SideClerk, w.end().Side)
			})
		})
	}
}

func TestASuccessorEndsAContactWhosePartiesLeftMeanwhile(t *testing.T) {
	cases := []struct {
		how   string
		goTo  func(w *world)
		while func(w *world)
		side  calls.Side
		cause calls.Cause
	}{
		{"the clerk gave up ringing", func(w *world) { w.bridges() },
			func(w *world) { w.sw.FarEndHangsUp(w.sw.LegOfNumber(clerkNumber)) }, calls.SideSystem, calls.CauseCancelled},
		{"the clerk left while the citizen rang", func(w *world) {
			_, clerk := w.bridges()
			w.sw.PhoneAnswers(clerk)
			w.wait()
		}, func(w *world) { w.sw.FarEndHangsUp(w.sw.LegOfNumber(clerkNumber)) }, calls.SideClerk, calls.CauseCancelled},
		{"the clerk left the talk", func(w *world) { w.bridged() },
			func(w *world) { w.sw.FarEndHangsUp(w.sw.LegOfNumber(clerkNumber)) }, calls.SideClerk, calls.CauseNormal},
		{"the citizen left the talk", func(w *world) { w.bridged() },
			func(w *world) { w.sw.FarEndHangsUp(w.sw.LegOfNumber(citizenNumber)) }, calls.SideCitizen, calls.CauseNormal},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			inWorld(t, func(w *world) {
				c.goTo(w)
				w.restart(func() { c.while(w) })
				w.pass(30 * time.Second)
				w.nothingLeft()
				require.Equal(t, c.side, w.end().Side)
				require.Equal(t, c.cause, w.end().Cause)
			})
		})
	}
}
