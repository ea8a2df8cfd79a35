package acd

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// replaced is a new engine that continues from this one's snapshot, as JSON, at a time.
func (d desk) replaced(cfg Config, now time.Time) (desk, []Decision) {
	d.t.Helper()
	text, err := json.Marshal(d.Snapshot())
	require.NoError(d.t, err)
	var snap Snapshot
	require.NoError(d.t, json.Unmarshal(text, &snap))
	e, err := New(cfg)
	require.NoError(d.t, err)
	decisions, err := e.Restore(snap, now)
	require.NoError(d.t, err)
	return desk{e, d.t}, decisions
}

func TestASuccessorContinuesWithTheSameOrderAndFigures(t *testing.T) {
	cfg := Config{Queues: []QueueConfig{{ID: "q", Ceiling: time.Minute}}}
	d := newDesk(t, cfg.Queues...)
	d.free("a", map[Skill]int{"tax": 2}, at(0))
	talked(d, 10, 5, "a")
	d.call("talks", "q", at(50), "tax")
	d.Answered("talks", "a", at(52))
	d.call("1", "q", at(53), "en")
	d.Offer(Request{Call: "2", Queue: "q", Priority: 3, EnteredAt: at(54), All: []Need{{Skill: "tax"}}}, at(54))
	d.call("3", "q", at(55), "tax")
	_, told, _ := d.Position("3", at(56))

	next, decisions := d.replaced(cfg, at(60))
	require.Empty(t, decisions)
	require.Equal(t, order(d, "q", at(60)), order(next, "q", at(60)))
	was, _ := d.Stats("q", at(60))
	is, _ := next.Stats("q", at(60))
	require.Equal(t, was, is)
	want, _ := d.Estimate("3", at(60))
	got, known := next.Estimate("3", at(60))
	require.True(t, known)
	require.InDelta(t, want.Seconds(), got.Seconds(), 1e-6)
	_, band, _ := next.Position("3", at(60))
	require.Equal(t, told, band)
	require.False(t, next.Answered("talks", "a", at(61)), "it was answered before")
	require.Equal(t, map[CallID]SeatID{"2": "a"}, assigned(next.SeatFree("a", at(62))))
}

func TestASuccessorCarriesOutWhatBecameDueMeanwhile(t *testing.T) {
	cfg := Config{Queues: []QueueConfig{{ID: "q", Ceiling: time.Minute}, {ID: "r", MaxWait: time.Minute}}}
	d := newDesk(t, cfg.Queues...)
	d.free("a", nil, at(0), "q")
	d.call("1", "q", at(0), "en")
	d.call("2", "r", at(0))
	_, decisions := d.replaced(cfg, at(65))
	require.Equal(t, []Decision{
		Assign{Call: "1", Seat: "a", Queue: "q", Waited: 65 * time.Second, Step: 1}, Refused{"2", "r", ReasonMaxWait},
	}, decisions)
}

func TestRingingAndReturnedCallsSurviveAReplacement(t *testing.T) {
	cfg := Config{Queues: []QueueConfig{{ID: "q"}}}
	d := newDesk(t, cfg.Queues...)
	d.free("a", nil, at(0))
	d.free("b", nil, at(0))
	d.call("1", "q", at(1))
	d.call("2", "q", at(2))
	req, ok := d.Declined("1", "a", at(10))
	require.True(t, ok)
	next, _ := d.replaced(cfg, at(11))
	require.True(t, next.Answered("2", "b", at(12)))
	require.Empty(t, next.Offer(req, at(12)))
	require.Equal(t, map[CallID]SeatID{"1": "a"}, assigned(next.SeatFree("a", at(13))))
}

func TestRestoreRefusesNonsense(t *testing.T) {
	cfg := Config{Queues: []QueueConfig{{ID: "q"}}}
	for name, snap := range map[string]Snapshot{
		"seat state":    {Seats: []SeatStatus{{Seat: Seat{ID: "a"}, State: "asleep"}}},
		"seat twice":    {Seats: []SeatStatus{{Seat: Seat{ID: "a"}, State: "idle"}, {Seat: Seat{ID: "a"}, State: "idle"}}},
		"call state":    {Calls: []CallState{{Request: Request{Call: "c", Queue: "q"}, State: "lost"}}},
		"call twice":    {Calls: []CallState{{Request: Request{Call: "c", Queue: "q"}, State: "waiting"}, {Request: Request{Call: "c", Queue: "q"}, State: "waiting"}}},
		"rings nowhere": {Calls: []CallState{{Request: Request{Call: "c", Queue: "q"}, State: "ringing", Seat: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := New(cfg)
			require.NoError(t, err)
			_, err = e.Restore(snap, at(0))
			require.Error(t, err)
		})
	}
	d := newDesk(t, cfg.Queues...)
	d.free("a", nil, at(0))
	_, err := d.Restore(d.Snapshot(), at(1))
	require.ErrorContains(t, err, "in use")
}

func TestConfigureChangesRulesWhileCallsWait(t *testing.T) {
	d := newDesk(t, QueueConfig{ID: "q", Ceiling: time.Hour}, QueueConfig{ID: "old"})
	d.free("a", map[Skill]int{"tax": 1}, at(0))
	d.call("1", "q", at(0), "en")
	d.call("2", "q", at(1), "ja")
	d.call("3", "old", at(2), "en")

	_, err := d.Configure(Config{Queues: []QueueConfig{{ID: "q", Target: -1}}}, at(10))
	require.ErrorIs(t, err, ErrConfig)
	require.Equal(t, []CallID{"1", "2"}, order(d, "q", at(10)), "a faulty configuration changes nothing")

	got, err := d.Configure(Config{Queues: []QueueConfig{{ID: "q", Ceiling: 30 * time.Second}}}, at(40))
	require.NoError(t, err)
	require.ElementsMatch(t, []Decision{
		Refused{"3", "old", ReasonUnknownQueue}, Assign{Call: "1", Seat: "a", Queue: "q", Waited: 40 * time.Second, Step: 1},
	}, got)
	require.Equal(t, []CallID{"2"}, order(d, "q", at(41)))
	cfg, ok := d.Queue("q")
	require.True(t, ok)
	require.Equal(t, 30*time.Second, cfg.Ceiling)
	require.Equal(t, DefaultTarget, cfg.Target)
	_, ok = d.Queue("old")
	require.False(t, ok)
}
