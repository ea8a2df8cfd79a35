package asterisk_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/asterisk"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/recording"
	"github.com/open12345/hotline/cti/switchtest"
	"github.com/open12345/hotline/cti/testcall"
)

// memoryDesk keeps what was linked.
type memoryDesk struct {
	mu     sync.Mutex
	linked map[string]calls.Recording
	came   chan calls.Recording
}

func (d *memoryDesk) Link(_ context.Context, r calls.Recording) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.linked[r.Source] = r
	d.came <- r
	return nil
}

func (d *memoryDesk) Pending(context.Context) ([]recording.Job, error) { return nil, nil }

func (d *memoryDesk) Standing(_ context.Context, _ string, sources []string) (map[string]recording.Standing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := map[string]recording.Standing{}
	for _, s := range sources {
		m[s] = recording.StandingOpen
		if _, ok := d.linked[s]; ok {
			m[s] = recording.StandingLinked
		}
	}
	return m, nil
}

// power is the strength of a frequency in one channel of 8 kHz samples.
func power(samples []float64, hz float64) float64 {
	var re, im float64
	for i, v := range samples {
		re += v * math.Cos(2*math.Pi*hz*float64(i)/8000)
		im += v * math.Sin(2*math.Pi*hz*float64(i)/8000)
	}
	return math.Hypot(re, im) / float64(len(samples))
}

func channels(t *testing.T, wav []byte) (left, right []float64) {
	require.Greater(t, len(wav), 44)
	for b := wav[44:]; len(b) >= 4; b = b[4:] {
		left = append(left, float64(int16(uint16(b[0])|uint16(b[1])<<8)))
		right = append(right, float64(int16(uint16(b[2])|uint16(b[3])<<8)))
	}
	return left, right
}

func TestACallIsRecordedFromAnswerToEndAndSealedInTime(t *testing.T) {
	registry := prometheus.NewRegistry()
	l := startLab(t, func(c *asterisk.Config) { c.Registerer = registry })
	ctx, d := t.Context(), l.driver
	next[cti.Connected](t, d, patience)
	require.NoError(t, d.PutPhone(ctx, cti.Phone{ID: "8001", HA1: switchtest.HA1("8001", switchtest.SeatSecret)}))
	l.seat.Register(t)
	l.seat.Will(switchtest.Answers)
	const citizenTone, seatTone = 440.0, 880.0
	l.seat.speaks(testcall.Tone(seatTone))

	call, err := l.citizen.Dial(ctx, "sip:12345@"+l.node.SIPAddr(), testcall.From("13800138000"), testcall.Sends(testcall.Tone(citizenTone)))
	require.NoError(t, err)
	started := next[cti.LegStarted](t, d, patience)
	leg := started.Leg.ID
	require.NoError(t, d.Claim(ctx, leg))
	require.NoError(t, d.Ring(ctx, leg)) // sound before the answer is not part of the recording
	require.NoError(t, call.WaitRinging(ctx))
	require.NoError(t, d.Answer(ctx, leg))
	answered := next[cti.LegAnswered](t, d, patience).At

	require.NoError(t, d.CreateBridge(ctx, "wait", cti.Holding))
	require.NoError(t, d.CreateBridge(ctx, "talk", cti.Mixing))
	require.NoError(t, d.Join(ctx, "wait", leg))
	require.NoError(t, call.WaitSound(ctx)) // music
	require.NoError(t, d.Originate(ctx, cti.Originate{Leg: "c.seat.1", Phone: "8001", CallerID: "13800138000", Timeout: patience}))
	next[cti.LegStarted](t, d, patience)
	require.NoError(t, d.Join(ctx, "talk", "c.seat.1"))
	require.NoError(t, d.Join(ctx, "talk", leg))
	require.NoError(t, call.WaitTone(ctx, seatTone))
	require.NoError(t, l.seat.call(t).WaitTone(ctx, citizenTone))
	require.Eventually(t, func() bool { return time.Since(answered) > 3*time.Second }, patience, 10*time.Millisecond) // a call of some length
	stats, err := d.Stats(ctx, leg)
	require.NoError(t, err)
	require.Positive(t, stats.RxPackets)
	require.NoError(t, call.Hangup(ctx))
	ended := next[cti.LegEnded](t, d, patience).At
	require.LessOrEqual(t, counted(t, registry, "hotline_switch_events_total", ""), 30.0, "the filter is on and nothing comes twice")

	store, err := recording.OpenStore(ctx, "file://"+t.TempDir())
	require.NoError(t, err)
	desk := &memoryDesk{linked: map[string]calls.Recording{}, came: make(chan calls.Recording, 1)}
	s := recording.New(recording.Config{Store: store, Desk: desk, Switch: func(string) (recording.Switch, bool) { return d, true },
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
	require.NoError(t, s.Start(ctx))
	defer s.Stop()
	s.Seal(recording.Job{Call: calls.NewID(started.Leg.Created, "sw1", started.Leg.UniqueID), Kind: calls.RecordingCall, Node: "sw1",
		Source: started.Leg.Vars[cti.VarRecording], Began: started.Leg.Created, Ended: ended, Expected: ended.Sub(answered)})

	rec := <-desk.came
	require.Less(t, time.Since(ended), 5*time.Second)
	require.Empty(t, rec.Flaws, fmt.Sprintf("%s of %s", rec.Duration, rec.Expected))
	require.InDelta(t, rec.Expected.Seconds(), rec.Duration.Seconds(), 0.5)
	require.NoError(t, store.Verify(ctx, rec))
	body, _, err := store.Open(ctx, rec.Key, 0, -1)
	require.NoError(t, err)
	var wav bytes.Buffer
	_, err = io.Copy(&wav, body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	left, right := channels(t, wav.Bytes())
	end := len(left) - 4000 // the last half second is talk
	left, right = left[end-4000:end], right[end-4000:end]
	require.Greater(t, power(left, citizenTone), 10*power(left, seatTone), "the citizen is on the left")
	require.Greater(t, power(right, seatTone), 10*power(right, citizenTone), "the seat is on the right")
	require.Eventually(t, func() bool {
		_, _, err := d.OpenRecording(ctx, rec.Source)
		return err != nil
	}, patience, 10*time.Millisecond, "deleted on the switch")
}
