package floor_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/switchtest"
)

func withHistory(slow time.Duration) func(w *world) {
	return func(w *world) {
		w.desk.slow = slow
		w.desk.histories = map[string]floor.History{"13800005678": {Name: "王女士", OpenTickets: 2}}
		w.cfg.History = w.desk
	}
}

func TestTheScreenPopIsOutBeforeThePhoneIsAskedToRing(t *testing.T) {
	inWorldWith(t, withHistory(0), func(w *world) {
		w.ready("8001")
		popsAtOriginate := -1
		w.sw.Before(func(op switchtest.Op) {
			if op.Method == "Originate" {
				popsAtOriginate = len(w.updates.pops())
			}
		})
		w.queued("13800005678")
		require.Equal(t, 1, popsAtOriginate)
		pop := w.updates.pops()[0]
		require.True(t, pop.Complete)
		require.Equal(t, "王女士", pop.Caller.Name)
		require.Equal(t, "8001", pop.Call.Seat)
		require.Equal(t, "13800005678", pop.Call.Caller)
		require.Equal(t, "0", pop.Call.Path[0].Input)
	})
}

func TestALateHistoryCompletesThePop(t *testing.T) {
	inWorldWith(t, withHistory(3*time.Second), func(w *world) {
		w.ready("8001")
		w.queued("13800005678")
		require.Len(t, w.updates.pops(), 1)
		require.False(t, w.updates.pops()[0].Complete)
		w.sees("8001", floor.SeatRinging)
		w.pass(3 * time.Second)
		pops := w.updates.pops()
		require.Len(t, pops, 2)
		require.True(t, pops[1].Complete)
		require.Equal(t, "王女士", pops[1].Caller.Name)
	})
}

func TestADeskThatNeverAnswersStopsNoCall(t *testing.T) {
	inWorldWith(t, withHistory(time.Hour), func(w *world) {
		citizen, _, _ := w.talking()
		w.sw.FarEndHangsUp(citizen)
		w.pass(15 * time.Second)
		w.nothingLeft()
	})
}

func TestABrowserSeatThatWantsItIsAnsweredByItself(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ready("8001")
		w.must("8001", floor.CmdAutoAnswer, floor.OnArgs{On: true})
		w.queued("13800005678")
		require.Contains(t, w.sw.Headers(w.sw.LegOfPhone("w8001"))["Call-Info"], "answer-after=0")
	})
}

func TestNoNumberIsInClearInJournalAndLiveState(t *testing.T) {
	inWorld(t, func(w *world) {
		w.talking()
		for _, e := range w.journal.events {
			require.NotContains(t, strings.ReplaceAll(string(e.Data), "sealed:13800005678", ""), "13800005678", e.Type)
		}
		for _, v := range w.live.calls {
			require.True(t, strings.HasPrefix(string(v), "sealed:"))
		}
	})
}

func TestUpdatesCarryTheIdOfTheirEventInOrder(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen, _, _ := w.talking()
		w.sw.FarEndHangsUp(citizen)
		w.wait()
		at := 0
		for _, u := range w.updates.list {
			if u.Event == nil {
				continue
			}
			require.Equal(t, w.journal.events[at].ID, u.ID)
			at++
		}
		require.Equal(t, len(w.journal.events), at)
		require.Equal(t, w.journal.events[at-1].ID, w.floor.Snapshot().ID)
	})
}

func TestAFollowerThatComesLaterContinuesFromItsSnapshot(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ready("8001")
		late := &recorder{}
		snap, stop := w.floor.Watch(late)
		require.Equal(t, floor.SeatIdle, snap.Seats[0].State)
		w.queued("13800005678")
		require.NotEmpty(t, late.list)
		stop()
		before := len(late.list)
		w.pass(time.Minute)
		require.Len(t, late.list, before)
	})
}

func TestAMessageIsRecordedAndListed(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen := w.arrives()
		w.sw.Press(citizen, "3")
		w.wait()
		require.Empty(t, w.sw.BridgeOf(citizen), "the switch records no channel in a bridge")
		w.pass(8 * time.Second)
		w.sw.Press(citizen, "#")
		w.nothingLeft()
		var v calls.Voicemail
		require.NoError(t, json.Unmarshal(w.journal.last(calls.CallVoicemail).Data, &v))
		require.Equal(t, "general", v.Queue)
		require.InDelta(t, 8, v.DurationS, 0.1)
		require.True(t, strings.HasSuffix(v.Source, ".voicemail.wav"))
		require.Equal(t, calls.CauseVoicemailLeft, w.end().Cause)
	})
}

func TestAWishToBeCalledBackLeavesTheQueueWithItsEntryTime(t *testing.T) {
	inWorld(t, func(w *world) {
		citizen := w.queued("13800005678")
		entered := w.stage(calls.StageQueue).EnteredAt
		w.pass(31 * time.Second)
		w.sw.Press(citizen, "1")
		w.wait()
		w.sw.Press(citizen, "1")
		w.nothingLeft()
		var wish calls.CallbackWish
		require.NoError(t, json.Unmarshal(w.journal.last(calls.CallCallbackWanted).Data, &wish))
		require.Equal(t, "sealed:13800005678", wish.NumberSealed)
		require.Equal(t, entered, wish.EnteredAt.Local())
		require.Equal(t, calls.CauseCallbackWanted, w.end().Cause)
		w.pass(time.Second)
		require.Zero(t, w.queue("general").Waiting)
	})
}

func TestTheMenuConnects110(t *testing.T) {
	t.Run("answered", func(t *testing.T) {
		inWorld(t, func(w *world) {
			citizen := w.arrives()
			w.sw.Press(citizen, "5")
			w.wait()
			police := w.sw.LegOfNumber("110")
			w.sw.PhoneAnswers(police)
			w.wait()
			require.Equal(t, w.sw.BridgeOf(police), w.sw.BridgeOf(citizen))
			w.sw.FarEndHangsUp(police)
			w.nothingLeft()
			require.Equal(t, calls.CauseTransferred, w.end().Cause)
		})
	})
	t.Run("not answered: a person instead", func(t *testing.T) {
		inWorld(t, func(w *world) {
			citizen := w.arrives()
			w.sw.Press(citizen, "5")
			w.pass(61 * time.Second)
			w.stage(calls.StageQueue)
			require.True(t, w.onMusic(citizen))
			w.sw.FarEndHangsUp(citizen)
			w.nothingLeft()
			require.Equal(t, calls.CauseQueueAbandoned, w.end().Cause)
		})
	})
}

func TestAQueueOutsideItsHoursLeadsWhereTheMenuSays(t *testing.T) {
	inWorldWith(t, func(w *world) {
		w.cfg.Queues[0].Schedule = "office"
		w.cfg.Open = func(string, time.Time) bool { return false }
	}, func(w *world) {
		w.ready("8001")
		w.queued("13800005678")
		w.stage(calls.StageVoicemail)
	})
}

func TestALineWithoutAMenuGoesStraightToTheQueue(t *testing.T) {
	inWorldWith(t, func(w *world) {
		w.desk.lines["12315"] = floor.Line{Called: "12315", Label: "12315消费", Queue: "general"}
	}, func(w *world) {
		w.ready("8001")
		leg := w.sw.Incoming("13800005678", "12315")
		w.wait()
		require.Equal(t, "12315消费", w.stage(calls.StageRinging).Line)
		w.sw.FarEndHangsUp(leg)
		w.nothingLeft()
	})
}

func TestTheQueuesFiguresAreShownWithoutNumbers(t *testing.T) {
	inWorld(t, func(w *world) {
		w.queued("13800005678")
		w.pass(20 * time.Second)
		q := w.queue("general")
		require.Equal(t, "综合", q.Name)
		require.Equal(t, 1, q.Waiting)
		require.InDelta(t, 20, q.LongestS, 1.1)
		require.Equal(t, "138****5678", q.Waiters[0].Masked)
		raw, err := json.Marshal(q)
		require.NoError(t, err)
		require.NotContains(t, string(raw), "13800005678")
	})
}

func TestQueuesAreConfiguredWhileCallersWait(t *testing.T) {
	inWorld(t, func(w *world) {
		w.queued("13800005678")
		engine := acd.Config{Queues: []acd.QueueConfig{{ID: "general", Target: 10 * time.Second}, {ID: "enterprise"}}}
		require.NoError(t, w.floor.Configure(w.t.Context(), engine, []floor.Queue{{ID: "general", Name: "综合服务"}}))
		w.pass(time.Second)
		require.Equal(t, "综合服务", w.queue("general").Name)
		require.Equal(t, 1, w.queue("general").Waiting)
		require.Empty(t, w.queue("english").Queue)
		require.Error(t, w.floor.Configure(w.t.Context(), acd.Config{Queues: []acd.QueueConfig{{}}}, nil))
	})
}

func TestASeatGetsItsNewSkillsAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ready("8001")
		w.desk.seats = []floor.SeatProfile{{Seat: "8001", Account: "8001", Name: "新名", Queues: []string{"english"}, PhoneHA1: strings.Repeat("a", 32)}}
		require.NoError(t, w.floor.Refresh(w.t.Context()))
		w.wait()
		require.Equal(t, "新名", w.seat("8001").Name)
		w.queued("13800005678")
		w.stage(calls.StageQueue)
	})
}

func TestASeatFoundInTheMomentOfAnotherChoiceIsFreeAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		w.must("8001", floor.CmdSignIn, floor.SignInArgs{Device: "browser"})
		citizen := w.queued("13800005678")
		w.pass(31 * time.Second)
		w.sw.HoldPlaybacks(true)
		w.sw.Press(citizen, "2")
		w.wait()
		found := false
		// The call's record is saved once more while it still waits.
		w.live.beforeSave = func() {
			if !found {
				found = true
				_, _ = w.floor.Do(context.Background(), floor.Command{
					Name: floor.CmdWish, Account: "8001", Seat: "8001", Args: json.RawMessage(`{"state":"idle"}`),
				})
				require.Equal(t, floor.SeatRinging, w.seat("8001").State)
			}
		}
		w.sw.FinishPlayback(w.sw.PlaybackOn(citizen))
		w.wait()
		w.stage(calls.StageVoicemail)
		require.True(t, found)
		w.sees("8001", floor.SeatIdle)
	})
}
