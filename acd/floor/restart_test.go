package floor_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// restart ends the floor without a word to the switch and starts another one, which has what
// the live state and the switch hold. Between them, something may happen on the switch.
func (w *world) restart(between func()) {
	w.t.Helper()
	w.sw.Disconnect()
	w.wait()
	// What a killed process would have written at its end is not written.
	w.live.setDown(true)
	w.floor.Stop()
	w.live.setDown(false)
	if between != nil {
		between()
	}
	w.sw.Connect()
	w.boot()
	w.pass(2 * time.Second)
}

// forgotten empties the live state, as a Redis that was lost.
func (w *world) forgotten() {
	w.live.mu.Lock()
	defer w.live.mu.Unlock()
	clear(w.live.calls)
	clear(w.live.seats)
}

func TestASuccessorGoesOnWithACallAtEveryStage(t *testing.T) {
	cases := []struct {
		stage string
		goTo  func(w *world) cti.LegID
		while func(w *world, citizen cti.LegID) // with no floor alive
		then  func(w *world, citizen cti.LegID)
	}{
		{stage: "menu: same node", goTo: func(w *world) cti.LegID {
			w.sw.HoldPlaybacks(true)
			return w.arrives()
		}, then: func(w *world, citizen cti.LegID) {
			require.Equal(w.t, "welcome", last(w.stage(calls.StageMenu).Path).Node)
			require.NotEmpty(w.t, w.sw.PlaybackOn(citizen), "the menu is said again")
			w.sw.Press(citizen, "0")
			w.wait()
			w.stage(calls.StageRinging)
		}},
		{stage: "queue: same place", goTo: func(w *world) cti.LegID {
			w.must("8001", floor.CmdWish, floor.Wish{State: floor.SeatNotReady})
			leg := w.queued("13800005678")
			w.pass(10 * time.Second)
			return leg
		}, then: func(w *world, _ cti.LegID) {
			v := w.stage(calls.StageQueue)
			require.InDelta(w.t, 12, w.queue("general").LongestS, 1.1)
			second := w.sw.Incoming("13900001111", "12345")
			w.wait()
			w.sw.Press(second, "0")
			w.wait()
			w.must("8001", floor.CmdWish, floor.Wish{State: floor.SeatIdle})
			require.Equal(w.t, v.ID, w.seat("8001").Call, "he is served before those who came later")
			w.sw.FarEndHangsUp(second)
			w.wait()
		}},
		{stage: "ringing: the phone rings on", goTo: func(w *world) cti.LegID { return w.queued("13800005678") },
			then: func(w *world, _ cti.LegID) {
				w.stage(calls.StageRinging)
				w.sees("8001", floor.SeatRinging)
				w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
				w.wait()
				w.stage(calls.StageTalk)
				w.sees("8001", floor.SeatTalking)
			}},
		{stage: "ringing: answered while nobody could take the leg, rung again", goTo: func(w *world) cti.LegID { return w.queued("13800005678") },
			while: func(w *world, _ cti.LegID) { w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001")) },
			then: func(w *world, citizen cti.LegID) {
				w.stage(calls.StageRinging)
				leg, _ := w.sw.Leg(w.sw.LegOfPhone("w8001"))
				require.False(w.t, leg.Up)
			}},
		{stage: "ringing: stopped meanwhile, moved on", goTo: func(w *world) cti.LegID {
			leg := w.queued("13800005678")
			w.ready("8002")
			return leg
		},
			while: func(w *world, _ cti.LegID) { w.sw.PhoneRejects(w.sw.LegOfPhone("w8001")) },
			then: func(w *world, _ cti.LegID) {
				w.stage(calls.StageRinging)
			}},
		{stage: "talk: untouched", goTo: func(w *world) cti.LegID { return w.talks() },
			while: func(w *world, _ cti.LegID) { w.requests = len(w.sw.Ops()) },
			then: func(w *world, citizen cti.LegID) {
				w.stage(calls.StageTalk)
				w.sees("8001", floor.SeatTalking)
				for _, op := range w.sw.Ops()[w.requests:] {
					require.NotContains(w.t, []string{"Join", "Leave", "Hangup", "DestroyBridge", "Play"}, op.Method)
				}
				require.Equal(w.t, w.sw.BridgeOf(citizen), w.sw.BridgeOf(w.sw.LegOfPhone("w8001")))
			}},
		{stage: "talk: the seat's phone was lost meanwhile", goTo: func(w *world) cti.LegID { return w.talks() },
			while: func(w *world, _ cti.LegID) { w.sw.FarEndHangsUp(w.sw.LegOfPhone("w8001")) },
			then: func(w *world, citizen cti.LegID) {
				w.stage(calls.StageQueue)
				require.True(w.t, w.onMusic(citizen))
				w.sees("8001", floor.SeatWrapUp)
			}},
		{stage: "hold", goTo: func(w *world) cti.LegID {
			leg := w.talks()
			w.must("8001", floor.CmdHold, floor.CallArgs{Call: string(w.call().ID)})
			return leg
		}, then: func(w *world, citizen cti.LegID) {
			v := w.stage(calls.StageHold)
			w.must("8001", floor.CmdResume, floor.CallArgs{Call: string(v.ID)})
			require.Equal(w.t, w.sw.BridgeOf(citizen), w.sw.BridgeOf(w.sw.LegOfPhone("w8001")))
		}},
		{stage: "consult", goTo: func(w *world) cti.LegID {
			leg := w.talks()
			w.must("8001", floor.CmdConsult, floor.PartyArgs{Call: string(w.call().ID), Number: "12315"})
			return leg
		},
			then: func(w *world, _ cti.LegID) {
				v := w.stage(calls.StageConsult)
				w.sw.PhoneAnswers(w.sw.LegOfNumber("12315"))
				w.wait()
				require.Equal(w.t, "consulting", w.call().Parties[0].State)
				w.must("8001", floor.CmdThreeWay, floor.CallArgs{Call: string(v.ID)})
				w.stage(calls.StageThreeWay)
			}},
		{stage: "rating", goTo: func(w *world) cti.LegID {
			leg := w.talks()
			w.must("8001", floor.CmdHangup, floor.HangupArgs{Call: string(w.call().ID), Rating: true})
			return leg
		}, then: func(w *world, citizen cti.LegID) {
			w.stage(calls.StageRating)
			w.sw.Press(citizen, "3")
			w.wait()
			require.Equal(w.t, 1, w.journal.count(calls.CallRated))
		}},
		{stage: "voicemail", goTo: func(w *world) cti.LegID {
			leg := w.arrives()
			w.sw.Press(leg, "3")
			w.pass(10 * time.Second)
			return leg
		}, then: func(w *world, citizen cti.LegID) {
			w.stage(calls.StageVoicemail)
			w.sw.Press(citizen, "#")
			w.wait()
			require.Equal(w.t, 1, w.journal.count(calls.CallVoicemail))
		}},
		{stage: "given to 110", goTo: func(w *world) cti.LegID {
			leg := w.arrives()
			w.sw.Press(leg, "5")
			w.wait()
			w.sw.PhoneAnswers(w.sw.LegOfNumber("110"))
			w.wait()
			return leg
		}, then: func(w *world, citizen cti.LegID) {
			w.stage(calls.StageTransfer)
			require.Equal(w.t, w.sw.BridgeOf(citizen), w.sw.BridgeOf(w.sw.LegOfNumber("110")))
		}},
		{stage: "dialling a citizen", goTo: func(w *world) cti.LegID {
			w.must("8001", floor.CmdDial, floor.DialArgs{Number: "13911112222"})
			w.sw.PhoneAnswers(w.sw.LegOfPhone("w8001"))
			w.wait()
			return w.sw.LegOfNumber("13911112222")
		}, then: func(w *world, citizen cti.LegID) {
			w.stage(calls.StageDialling)
			w.sees("8001", floor.SeatDialling)
			w.sw.PhoneAnswers(citizen)
			w.wait()
			w.stage(calls.StageTalk)
		}},
	}
	for _, c := range cases {
		t.Run(c.stage, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ready("8001")
				citizen := c.goTo(w)
				id := w.call().ID
				w.restart(func() {
					if c.while != nil {
						c.while(w, citizen)
					}
				})
				if live := w.floor.Snapshot().Calls; len(live) > 0 {
					require.Equal(t, id, live[0].ID)
				}
				c.then(w, citizen)
				w.sw.FarEndHangsUp(citizen)
				w.pass(30 * time.Second)
				w.nothingLeft()
				require.Equal(t, 1, w.journal.countOf(calls.CallEnded, id))
			})
		})
	}
}

func last(path []floor.MenuStep) floor.MenuStep { return path[len(path)-1] }

func TestACallThatEndedWhileNoServerLivedIsClosedTyped(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen := w.talks8001()
		w.restart(func() { w.sw.FarEndHangsUp(citizen) })
		w.nothingLeft()
		require.Equal(t, calls.CauseNormal, w.end().Cause)
		require.Contains(t, w.end().Detail, "no server")
		w.sees("8001", floor.SeatWrapUp)
	})
}

func TestASuccessorWithoutTheLiveStateRebuildsFromTheSwitch(t *testing.T) {
	t.Run("a waiting caller keeps his entry time", func(t *testing.T) {
		inWorld(t, func(w *world) {
			citizen := w.queued("13800005678")
			before := w.stage(calls.StageQueue)
			w.pass(10 * time.Second)
			w.restart(w.forgotten)
			after := w.stage(calls.StageQueue)
			require.Equal(t, before.ID, after.ID)
			require.WithinDuration(t, before.EnteredAt, after.EnteredAt, time.Millisecond)
			require.Equal(t, "13800005678", after.Caller)
			w.sw.FarEndHangsUp(citizen)
			w.nothingLeft()
		})
	})
	t.Run("a conversation goes on", func(t *testing.T) {
		inWorld(t, func(w *world) {
			citizen := w.talks8001()
			w.restart(w.forgotten)
			require.Equal(t, "8001", w.stage(calls.StageTalk).Seat)
			require.Equal(t, w.sw.BridgeOf(citizen), w.sw.BridgeOf(w.sw.LegOfPhone("w8001")))
			w.sw.FarEndHangsUp(citizen)
			w.nothingLeft()
			require.Equal(t, calls.CauseNormal, w.end().Cause)
		})
	})
	t.Run("a caller in the menu begins it again", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.sw.HoldPlaybacks(true)
			citizen := w.arrives()
			w.restart(w.forgotten)
			w.stage(calls.StageMenu)
			w.sw.FarEndHangsUp(citizen)
			w.nothingLeft()
		})
	})
}

func (w *world) talks8001() cti.LegID {
	w.ready("8001")
	return w.talks()
}

func TestALostConnectionIsReconciledInPlace(t *testing.T) {
	cases := []struct {
		what   string
		unseen func(w *world, citizen cti.LegID)
		stage  calls.Stage
	}{
		{"nothing happened", func(*world, cti.LegID) {}, calls.StageTalk},
		{"the citizen hung up", func(w *world, citizen cti.LegID) { w.sw.FarEndHangsUp(citizen) }, calls.StageEnded},
		{"the seat's phone went", func(w *world, _ cti.LegID) { w.sw.FarEndHangsUp(w.sw.LegOfPhone("w8001")) }, calls.StageQueue},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			inWorld(t, func(w *world) {
				citizen := w.talks8001()
				w.sw.Disconnect()
				w.wait()
				require.Equal(t, "switch_down", w.floor.Snapshot().Alarms[0].Code)
				c.unseen(w, citizen)
				w.sw.Connect()
				w.pass(2 * time.Second)
				require.Empty(t, w.floor.Snapshot().Alarms)
				w.stage(c.stage)
				w.sw.FarEndHangsUp(citizen)
				w.pass(time.Second)
				w.nothingLeft()
			})
		})
	}
}

func TestTheFloorGoesOnFromMemoryWhileTheLiveStateIsDownAndWritesItAfterwards(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ready("8001")
		w.live.setDown(true)
		citizen := w.talks()
		require.Equal(t, "state_store_down", w.floor.Snapshot().Alarms[0].Code)
		require.Empty(t, w.live.calls)
		w.live.setDown(false)
		w.pass(2 * time.Second)
		require.Empty(t, w.floor.Snapshot().Alarms)
		require.Len(t, w.live.calls, 1)
		w.restart(nil)
		w.stage(calls.StageTalk)
		w.sw.FarEndHangsUp(citizen)
		w.pass(time.Second)
		w.nothingLeft()
		require.Empty(t, w.live.calls)
	})
}

func TestAReplacedFloorSaysSo(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sw.Replace()
		w.wait()
		select {
		case <-w.floor.Lost():
		default:
			t.Fatal("the floor goes on")
		}
	})
}

func TestTheCountersOfTheDaySurviveARestart(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen := w.talks8001()
		w.sw.FarEndHangsUp(citizen)
		w.pass(6 * time.Second)
		w.restart(nil)
		q := w.queue("general")
		require.Equal(t, []int{1, 1, 1}, []int{q.Offered, q.Answered, q.InTarget})
	})
}

func TestTheSweepRemovesWhatNobodyOwns(t *testing.T) {
	inWorld(t, func(w *world) {
		stray := calls.NewID(time.Now(), "sw1", "stray")
		require.NoError(t, w.sw.CreateBridge(w.t.Context(), cti.BridgeID(stray+".talk"), cti.Mixing))
		require.NoError(t, w.sw.Originate(w.t.Context(), cti.Originate{Leg: cti.LegID(stray + ".seat.1"), Phone: "w8001"}))
		w.sw.PhoneAnswers(cti.LegID(stray + ".seat.1"))
		w.pass(25 * time.Second)
		w.nothingLeft()
	})
}
