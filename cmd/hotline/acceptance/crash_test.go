package acceptance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/tickets/service"
)

// largestGap is what a conversation may lose while its server is killed and comes back.
const largestGap = 100 * time.Millisecond

func TestAKilledServerFindsEveryCallWhereItWas(t *testing.T) {
	boss := supervise(t, shared)
	first, firstPhone, talker, talk, talkID := talking(t, "8001", "13812340081")
	waitA, idA := waitForDialect(t, boss, "13812340082")
	waitB, idB := waitForDialect(t, boss, "13812340083")
	chooser := dial(t, shared, citizen(t, "13812340084"), "12345")
	require.NoError(t, chooser.WaitSound(within(t)))
	require.NoError(t, chooser.Press(within(t), "4"))
	boss.callFrom("13812340084", "listens to the guides", past("main"))
	second, secondPhone := agentAt(t, shared, "8002")
	ringer := dial(t, shared, citizen(t, "13812340085"), "12345")
	require.NoError(t, ringer.WaitSound(within(t)))
	require.NoError(t, ringer.Press(within(t), "1"))
	ringID := second.waitPop().Call.ID
	ringing, err := secondPhone.Accept(within(t))
	require.NoError(t, err)
	require.NoError(t, ringing.Ring())
	before := places(boss)
	require.Equal(t, []calls.ID{idA, idB}, []calls.ID{before[0].Call, before[1].Call})
	talk.MarkGap()
	talker.MarkGap()

	written := shared.killServer(t)

	for name, call := range map[string]*testcall.Call{"talking": talker, "talking seat": talk, "queued": waitA, "queued second": waitB, "in the menu": chooser, "ringing": ringer} {
		require.Equal(t, testcall.StateAnswered, call.State(), "%s: nobody is hung up on", name)
	}
	require.Equal(t, testcall.StateRinging, ringing.State(), "the seat's phone rings on")
	require.Less(t, talker.Stats().MaxGap, largestGap, "the citizen hears the agent all the time")
	require.Less(t, talk.Stats().MaxGap, largestGap, "the agent hears the citizen all the time")
	requireTalk(t, talker, talk)
	require.Eventually(t, func() bool { return len(places(boss)) == 2 }, patience, tick, "both still wait")
	require.Equal(t, before, places(boss), "in the same place, since the same time")

	ringing.Send(testcall.Tone(seatTone))
	require.NoError(t, ringing.Answer(within(t)))
	requireTalk(t, ringer, ringing)
	require.NoError(t, chooser.WaitSound(within(t)), "the guides are offered again")
	require.NoError(t, chooser.Press(within(t), "1"))
	chosen := boss.callFrom("13812340084", "chose a guide", past("guide_list"))
	require.Equal(t, []string{"4", "1"}, []string{inputAt(chosen, "main"), inputAt(chosen, "guide_list")})
	require.NoError(t, chooser.Hangup(within(t)))

	first.connect()
	second.connect()
	first.do(floor.CmdHangup, floor.HangupArgs{Call: string(talkID), Reason: "handled"})
	_, err = talker.WaitEnded(within(t))
	require.NoError(t, err)
	first.finish(talkID)
	first.wait("the pop of who waited longest", "pop", func(raw json.RawMessage) bool {
		var pop floor.Pop
		return json.Unmarshal(raw, &pop) == nil && pop.Call.ID == idA
	})
	next := answerNext(t, firstPhone)
	requireTalk(t, waitA, next)
	for _, call := range []*testcall.Call{waitA, waitB, ringer} {
		require.NoError(t, call.Hangup(within(t)))
	}
	for _, number := range []string{"13812340081", "13812340082", "13812340083", "13812340084", "13812340085"} {
		requireWholeRecording(t, boss, number)
	}
	require.Equal(t, ringID, boss.callFrom("13812340085", "ended", ended).ID)
	requireQuietSwitch(t, shared)
	shared.requireGapless(t, written)
}

// waitForDialect calls for a seat of a skill that nobody has free.
func waitForDialect(t *testing.T, boss *person, number string) (*testcall.Call, calls.ID) {
	t.Helper()
	call := dial(t, shared, citizen(t, number), "12345")
	require.NoError(t, call.WaitSound(within(t)))
	require.NoError(t, call.Press(within(t), "81"))
	return call, boss.callFrom(number, "waits", waiting).ID
}

// place is where a caller waits in a queue.
type place struct {
	Call  calls.ID
	Since time.Time
}

// places are the waiting callers in their order.
func places(boss *person) []place {
	boss.t.Helper()
	var list []place
	for _, w := range boss.queue("general").Waiters {
		list = append(list, place{w.Call, w.EnteredAt})
	}
	return list
}

// finish ends the wrap-up of a seat whose page came back.
func (p *person) finish(call calls.ID) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return p.seatNow().State == floor.SeatWrapUp }, patience, tick)
	p.do(floor.CmdNote, floor.NoteArgs{Call: string(call), Note: string(calls.NoteAnswered)})
	p.do(floor.CmdWrapUpDone, nil)
}

// requireWholeRecording asserts that the call's recording is sealed, has no flaw and lasts as
// long as the call did.
func requireWholeRecording(t *testing.T, boss *person, number string) {
	t.Helper()
	record := boss.callFrom(number, "the recording is sealed", func(r service.CallRecord) bool {
		return r.End != nil && len(r.Recordings) == 1 && r.Recordings[0].Status == "sealed"
	})
	require.Empty(t, record.Recordings[0].Flaws, number)
	require.InDelta(t, record.EndedAt.Sub(record.StartedAt).Seconds(), record.Recordings[0].DurationS, 1, number)
}

// killServer kills the server as a crash would and waits for its successor. It gives the ids of
// the events the dead one had written down.
func (s *stack) killServer(t *testing.T) []string {
	t.Helper()
	pid, err := s.serverPID()
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	require.Eventually(t, func() bool { return !s.ready() }, patience, time.Millisecond, "the server is gone")
	written := s.journal(t)
	require.NotEmpty(t, written)
	require.Eventually(t, func() bool {
		now, err := s.serverPID()
		return err == nil && now != pid && s.ready()
	}, patience, 20*time.Millisecond, "the server is back")
	return written
}

// journal gives the ids of the events in the journal's files.
func (s *stack) journal(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.data(), "journal", "*.events"))
	require.NoError(t, err)
	var ids []string
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
			var event calls.Event
			if json.Unmarshal(lines.Bytes(), &event) == nil { // the last line may be torn
				ids = append(ids, event.ID)
			}
		}
	}
	return ids
}

// requireGapless asserts that the database holds these events, and of each epoch every event.
func (s *stack) requireGapless(t *testing.T, written []string) {
	t.Helper()
	password, err := os.ReadFile(filepath.Join(s.data(), "postgres/password"))
	require.NoError(t, err)
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword("hotline", strings.TrimSpace(string(password))),
		Host: net.JoinHostPort("127.0.0.1", s.postgres), Path: "/hotline",
	}
	db, err := pgx.Connect(within(t), address.String())
	require.NoError(t, err)
	defer db.Close(t.Context())
	stored := map[string]bool{}
	require.Eventually(t, func() bool {
		rows, err := db.Query(within(t), `SELECT epoch::text || '-' || seq FROM call_event UNION SELECT epoch::text || '-' || seq FROM seat_event`)
		require.NoError(t, err)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		for _, id := range ids {
			stored[id] = true
		}
		for _, id := range written {
			if !stored[id] {
				return false
			}
		}
		return true
	}, patience, tick, "the journal reaches the database")
	var gaps int
	require.NoError(t, db.QueryRow(within(t), `
		SELECT count(*) FROM (
			SELECT epoch, count(*) AS n, min(seq) AS first, max(seq) AS last
			FROM (SELECT epoch, seq FROM call_event UNION SELECT epoch, seq FROM seat_event) e GROUP BY epoch
		) x WHERE first <> 1 OR n <> last`).Scan(&gaps))
	require.Zero(t, gaps, "epochs with a missing event")
}
