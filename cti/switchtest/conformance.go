package switchtest

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti"
)

// Harness is a switch with its surroundings: a citizen's phone on the trunk, a seat's phone, a
// carrier for outside numbers, and a connection that can be lost. The dialplan's guard must
// be Guard.
type Harness interface {
	Switch() cti.Switch
	Events() <-chan cti.Event
	// Dial lets a citizen with this number ("" anonymous) dial; it returns at once.
	Dial(t *testing.T, number, dialled string) Party
	// Seat is a phone named "8001" that the driver knows; it starts unregistered.
	Seat(t *testing.T) Handset
	// Carrier takes calls to outside numbers.
	Carrier(t *testing.T) Handset
	// Allowed is an outside number that may be dialled, Refused one that may not.
	Allowed() string
	Refused() string
	// Sound is a short sound that the switch has.
	Sound() string
	// Lose breaks the connection to the switch until Restore.
	Lose(t *testing.T)
	Restore(t *testing.T)
}

// Guard is how long the dialplan waits for Claim.
const Guard = time.Second

// Party is a citizen in a call.
type Party interface {
	Hangup(t *testing.T)
	Press(t *testing.T, keys string)
}

// Reaction is what a phone does with a call.
type Reaction string

// Reactions of a phone.
const (
	Answers Reaction = "answers" // rings, then answers
	Rings   Reaction = "rings"   // rings on
	Rejects Reaction = "rejects" // is busy
)

// Handset is a phone that takes calls.
type Handset interface {
	ID() string
	Register(t *testing.T)
	Unregister(t *testing.T)
	// Will sets what it does with the next calls.
	Will(r Reaction)
	// Hangup ends its newest call.
	Hangup(t *testing.T)
	// Header reads a header of its newest call's INVITE.
	Header(t *testing.T, name string) string
	// Keys waits for that many keys sent to it in its newest call.
	Keys(t *testing.T, n int) string
}

// row is one fact of the switch.
type row struct {
	fact string
	test func(*testing.T, *bench)
}

// bench is the switch during one row.
type bench struct {
	Harness
	ctx    context.Context
	sw     cti.Switch
	prefix string
	seen   []cti.Event
	n      int
	taken  int // events that the row has asked for
}

var benches atomic.Int64

// Conformance checks every fact of the table. After each row the switch must be empty.
func Conformance(t *testing.T, h Harness) {
	b0 := newBench(t, h)
	await(t, b0, func(cti.Connected) bool { return true })
	var table []row
	for _, part := range [][]row{inboundRows, goneRows, bridgeRows, soundRows, variableRows, recordRows, originateRows, phoneRows, connectionRows} {
		table = append(table, part...)
	}
	require.GreaterOrEqual(t, len(table), 40)
	for _, r := range table {
		t.Run(strings.ReplaceAll(r.fact, " ", "_"), func(t *testing.T) {
			b := newBench(t, h)
			defer b.clear(t)
			r.test(t, b)
		})
	}
}

func newBench(t *testing.T, h Harness) *bench {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return &bench{Harness: h, ctx: ctx, sw: h.Switch(), prefix: fmt.Sprintf("row%d", benches.Add(1))}
}

func (b *bench) id(role string) string {
	b.n++
	return fmt.Sprintf("%s.%s.%d", b.prefix, role, b.n)
}

func (b *bench) leg(role string) cti.LegID { return cti.LegID(b.id(role)) }

func (b *bench) bridge(t *testing.T, kind cti.BridgeKind) cti.BridgeID {
	id := cti.BridgeID(b.id("bridge"))
	require.NoError(t, b.sw.CreateBridge(b.ctx, id, kind))
	return id
}

// await reads events until one of the type matches; those before it are kept in seen.
func await[E cti.Event](t *testing.T, b *bench, match func(E) bool) E {
	t.Helper()
	deadline := time.NewTimer(5 * time.Second)
	defer deadline.Stop()
	for {
		for b.taken < len(b.seen) {
			e, ok := b.seen[b.taken].(E)
			b.taken++
			if ok && match(e) {
				return e
			}
		}
		select {
		case e, open := <-b.Events():
			require.True(t, open, "the events ended")
			b.seen = append(b.seen, e)
		case <-deadline.C:
			var none E
			require.FailNowf(t, "an event did not come", "%T; seen: %+v", none, b.seen)
		}
	}
}

// count tells how many events of the type matched so far.
func count[E cti.Event](b *bench, match func(E) bool) int {
	n := 0
	for _, e := range b.seen {
		if e, ok := e.(E); ok && match(e) {
			n++
		}
	}
	return n
}

// settle reads every event that was caused before now: a leg made and ended here comes last.
func (b *bench) settle(t *testing.T) {
	t.Helper()
	party := b.Dial(t, "13900000000", "12345")
	started := await(t, b, func(e cti.LegStarted) bool { return e.Leg.Caller == "13900000000" })
	party.Hangup(t)
	await(t, b, func(e cti.LegEnded) bool { return e.Leg == started.Leg.ID })
}

// inbound is a citizen's call that is ours.
func (b *bench) inbound(t *testing.T) (cti.LegID, Party) {
	t.Helper()
	party := b.Dial(t, "13800000000", "12345")
	started := await(t, b, func(e cti.LegStarted) bool { return len(e.Args) > 0 && e.Args[0] == "inbound" })
	require.NoError(t, b.sw.Claim(b.ctx, started.Leg.ID))
	return started.Leg.ID, party
}

func (b *bench) answered(t *testing.T) (cti.LegID, Party) {
	t.Helper()
	leg, party := b.inbound(t)
	require.NoError(t, b.sw.Answer(b.ctx, leg))
	await(t, b, func(e cti.LegAnswered) bool { return e.Leg == leg })
	return leg, party
}

// gone is a leg that has just ended.
func (b *bench) gone(t *testing.T) cti.LegID {
	t.Helper()
	leg, party := b.inbound(t)
	party.Hangup(t)
	await(t, b, func(e cti.LegEnded) bool { return e.Leg == leg })
	return leg
}

// find looks a leg up in the list.
func (b *bench) find(t *testing.T, id cti.LegID) (cti.Leg, bool) {
	t.Helper()
	pic, err := b.sw.List(b.ctx)
	require.NoError(t, err)
	for _, l := range pic.Legs {
		if l.ID == id {
			return l, true
		}
	}
	return cti.Leg{}, false
}

// clear ends everything, and checks that it is gone.
func (b *bench) clear(t *testing.T) {
	pic, err := b.sw.List(b.ctx)
	require.NoError(t, err)
	for _, l := range pic.Legs {
		require.NoError(t, b.sw.Hangup(b.ctx, l.ID, cti.HangupNormal))
	}
	for _, br := range pic.Bridges {
		require.NoError(t, b.sw.DestroyBridge(b.ctx, br.ID))
	}
	files, err := b.sw.Recordings(b.ctx)
	require.NoError(t, err)
	for _, f := range files {
		require.NoError(t, b.sw.DeleteRecording(b.ctx, f))
	}
	require.Eventually(t, func() bool {
		pic, err := b.sw.List(b.ctx)
		return err == nil && len(pic.Legs) == 0 && len(pic.Bridges) == 0 && len(pic.Recordings) == 0
	}, 5*time.Second, 10*time.Millisecond, "the switch is not empty")
	b.drain()
}

// drain throws away what has been said and not asked for.
func (b *bench) drain() {
	for {
		select {
		case _, open := <-b.Events():
			if !open {
				return
			}
		default:
			return
		}
	}
}
