package recording_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/recording"
	"github.com/open12345/hotline/cti/switchtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a record of recordings in memory.
type desk struct {
	mu      sync.Mutex
	linked  map[string]calls.Recording
	pending []recording.Job
	open    map[string]bool
	fail    int
	links   int
}

func (d *desk) Link(_ context.Context, r calls.Recording) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail > 0 {
		d.fail--
		return errors.New("the database is away")
	}
	d.links++
	d.linked[r.Source] = r
	return nil
}

func (d *desk) Pending(context.Context) ([]recording.Job, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var left []recording.Job
	for _, j := range d.pending {
		if _, done := d.linked[j.Source]; !done {
			left = append(left, j)
		}
	}
	return left, nil
}

func (d *desk) Standing(_ context.Context, _ string, sources []string) (map[string]recording.Standing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := map[string]recording.Standing{}
	for _, s := range sources {
		if _, ok := d.linked[s]; ok {
			m[s] = recording.StandingLinked
		} else if d.open[s] {
			m[s] = recording.StandingOpen
		}
	}
	return m, nil
}

func (d *desk) of(source string) (calls.Recording, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.linked[source]
	return r, ok
}

// room is a sealer with everything around it.
type room struct {
	t      *testing.T
	sw     *switchtest.Switch
	desk   *desk
	store  *recording.Store
	dir    string
	mu     sync.Mutex
	alarms []recording.Alarm
}

func newRoom(t *testing.T) *room {
	r := &room{t: t, sw: switchtest.New(), dir: t.TempDir(), desk: &desk{linked: map[string]calls.Recording{}, open: map[string]bool{}}}
	var err error
	r.store, err = recording.OpenStore(t.Context(), "file://"+r.dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.store.Close()) })
	return r
}

func (r *room) start(change func(*recording.Config)) *recording.Sealer {
	cfg := recording.Config{
		Store: r.store, Desk: r.desk,
		Switch: func(node string) (recording.Switch, bool) { return r.sw, node == "sw1" },
		Nodes:  func() []string { return []string{"sw1"} },
		Alarm: func(a recording.Alarm) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.alarms = append(r.alarms, a)
		},
		Settle: time.Millisecond, FirstRetry: time.Millisecond, Grace: 200 * time.Millisecond, SweepEvery: 20 * time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(r.t.Output(), nil)),
	}
	if change != nil {
		change(&cfg)
	}
	s := recording.New(cfg)
	require.NoError(r.t, s.Start(context.Background()))
	r.t.Cleanup(s.Stop)
	return s
}

func (r *room) alarmed() []recording.Alarm {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]recording.Alarm(nil), r.alarms...)
}

func (r *room) linked(source string) calls.Recording {
	r.t.Helper()
	var rec calls.Recording
	require.Eventually(r.t, func() (ok bool) { rec, ok = r.desk.of(source); return ok }, 5*time.Second, time.Millisecond)
	return rec
}

func (r *room) stored(key string) []byte {
	b, err := os.ReadFile(filepath.Join(r.dir, key))
	require.NoError(r.t, err)
	return b
}

const source = "2026/11/24/1795563570.1.raw"

func job(expected time.Duration) recording.Job {
	began := time.Date(2026, 11, 24, 23, 39, 30, 0, time.UTC)
	return recording.Job{Call: calls.NewID(began, "sw1", "1795563570.1"), Kind: calls.RecordingCall, Node: "sw1", Source: source,
		Began: began, Ended: time.Now(), Expected: expected}
}

func TestACallsRecordingIsStoredHashedLinkedAndDeletedOnTheSwitch(t *testing.T) {
	r := newRoom(t)
	r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: 3 * time.Second})
	j := job(3 * time.Second)
	r.start(nil).Seal(j)
	rec := r.linked(source)
	require.Equal(t, "2026/11/24/"+string(j.Call)+".wav", rec.Key)
	require.Equal(t, 3*time.Second, rec.Duration)
	require.Equal(t, []int{2, 8000}, []int{rec.Channels, rec.Rate})
	require.Empty(t, rec.Flaws)
	b := r.stored(rec.Key)
	sum := sha256.Sum256(b)
	require.Equal(t, hex.EncodeToString(sum[:]), rec.SHA256)
	require.Equal(t, int64(len(b)), rec.Size)
	require.Equal(t, "RIFF", string(b[:4]))
	require.Equal(t, uint32(len(b)-8), binary.LittleEndian.Uint32(b[4:]))
	require.Equal(t, uint32(len(b)-44), binary.LittleEndian.Uint32(b[40:]))
	require.NoError(t, r.store.Verify(t.Context(), rec))
	require.Eventually(t, func() bool {
		_, _, err := r.sw.OpenRecording(context.Background(), source)
		return errors.Is(err, cti.ErrGone)
	}, time.Second, time.Millisecond)
	require.Empty(t, r.alarmed())
	left, err := filepath.Glob(filepath.Join(r.dir, "part", "*", "*", "*", "*"))
	require.NoError(t, err)
	require.Empty(t, left, "no temporary object stays")
}

func TestFlawsAreMarkedAndTheGraveOnesAreAnAlarm(t *testing.T) {
	for _, row := range []struct {
		name     string
		file     switchtest.File
		source   string
		expected time.Duration
		flaws    []string
		alarm    bool
	}{
		{"as long as the clock says", switchtest.File{Tone: []float64{440, 880}, Length: 100 * time.Second}, source, 100*time.Second + 400*time.Millisecond, nil, false},
		{"0.7 s off in two minutes", switchtest.File{Tone: []float64{440, 880}, Length: 120 * time.Second}, source, 120*time.Second + 700*time.Millisecond, []string{"length_off"}, false},
		{"0.7 s off in ten seconds is more than 1 %", switchtest.File{Tone: []float64{440, 880}, Length: 10 * time.Second}, source, 10*time.Second + 700*time.Millisecond, []string{"length_off", "length_alarm"}, true},
		{"3 s off in ten minutes", switchtest.File{Tone: []float64{440, 880}, Length: 600 * time.Second}, source, 597 * time.Second, []string{"length_off", "length_alarm"}, true},
		{"empty", switchtest.File{Data: []byte{}}, source, 0, []string{"empty"}, true},
		{"the citizen was not heard", switchtest.File{Tone: []float64{0, 880}, Length: 2 * time.Second}, source, 2 * time.Second, []string{"silent_left"}, true},
		{"the seat was not heard", switchtest.File{Tone: []float64{440, 0}, Length: 2 * time.Second}, source, 2 * time.Second, []string{"silent_right"}, true},
		{"voicemail of one channel", switchtest.File{Tone: []float64{440}, Length: 2 * time.Second, WAV: true}, "2026/11/24/v.wav", 2 * time.Second, nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRoom(t)
			r.sw.PutRecording(row.source, row.file)
			j := job(row.expected)
			j.Source = row.source
			r.start(func(c *recording.Config) { c.Grace = time.Nanosecond }).Seal(j)
			rec := r.linked(row.source)
			require.Equal(t, row.flaws, rec.Flaws)
			require.Eventually(t, func() bool { return (len(r.alarmed()) == 1) == row.alarm }, time.Second, time.Millisecond)
			require.NoError(t, r.store.Verify(t.Context(), rec))
		})
	}
}

func TestTheHeaderOfAKilledSwitchIsMadeGood(t *testing.T) {
	r := newRoom(t)
	whole := switchtest.File{Tone: []float64{440}, Length: time.Second, WAV: true}
	r.sw.PutRecording("v.wav", whole)
	body, _, err := r.sw.OpenRecording(t.Context(), "v.wav")
	require.NoError(t, err)
	b, err := io.ReadAll(body)
	require.NoError(t, err)
	clear(b[40:44]) // the size a killed switch leaves
	b = append(b, 7)
	r.sw.PutRecording("v.wav", switchtest.File{Data: b})
	j := job(time.Second)
	j.Source, j.Kind = "v.wav", calls.RecordingVoicemail
	r.start(nil).Seal(j)
	rec := r.linked("v.wav")
	require.Equal(t, time.Second, rec.Duration)
	require.Equal(t, "2026/11/24/"+string(j.Call)+"-voicemail.wav", rec.Key)
	require.Equal(t, uint32(16000), binary.LittleEndian.Uint32(r.stored(rec.Key)[40:]))
}

func TestAFileThatIsStillGrowingIsWaitedFor(t *testing.T) {
	r := newRoom(t)
	r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
	s := r.start(func(c *recording.Config) { c.Grace = time.Minute })
	s.Seal(job(3 * time.Second))
	require.Eventually(t, func() bool { return r.sw.Count("OpenRecording") > 3 }, time.Second, time.Millisecond)
	_, done := r.desk.of(source)
	require.False(t, done)
	r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: 3 * time.Second})
	require.Empty(t, r.linked(source).Flaws)
}

func TestFailuresAreTriedAgainAndAlarmedOnce(t *testing.T) {
	r := newRoom(t)
	r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
	r.sw.Fail("OpenRecording", cti.ErrUnavailable, 3)
	r.desk.fail = 4
	r.start(nil).Seal(job(time.Second))
	require.Empty(t, r.linked(source).Flaws)
	require.Len(t, r.alarmed(), 1)
	require.Error(t, r.alarmed()[0].Err)
}

func TestWhatAnEarlierProcessLeftIsTakenUp(t *testing.T) {
	t.Run("nothing was done yet", func(t *testing.T) {
		r := newRoom(t)
		r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
		r.desk.pending = []recording.Job{job(time.Second)}
		r.start(nil)
		require.Empty(t, r.linked(source).Flaws)
	})
	t.Run("it died between link and deletion", func(t *testing.T) {
		r := newRoom(t)
		r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
		r.desk.linked[source] = calls.Recording{Source: source}
		r.start(nil)
		require.Eventually(t, func() bool { return r.sw.Count("DeleteRecording") > 0 }, time.Second, time.Millisecond)
		require.Zero(t, r.desk.links)
	})
	t.Run("it died between store and link, and the source is gone", func(t *testing.T) {
		r := newRoom(t)
		r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
		first := r.start(nil)
		first.Seal(job(time.Second))
		was := r.linked(source)
		first.Stop()
		require.NoError(t, r.sw.DeleteRecording(t.Context(), source))
		r.desk.linked, r.desk.pending = map[string]calls.Recording{}, []recording.Job{job(time.Second)}
		r.start(nil)
		again := r.linked(source)
		require.Equal(t, was.SHA256, again.SHA256)
		require.Equal(t, was.Duration, again.Duration)
	})
	t.Run("the file is nowhere", func(t *testing.T) {
		r := newRoom(t)
		r.start(func(c *recording.Config) { c.Missing = 300 * time.Millisecond }).Seal(job(time.Second))
		rec := r.linked(source)
		require.Equal(t, []string{"empty"}, rec.Flaws)
		require.Empty(t, rec.Key)
		require.NotEmpty(t, r.alarmed())
	})
}

func TestAFileThatBelongsToNoCallIsToldOnceAndKept(t *testing.T) {
	r := newRoom(t)
	r.sw.PutRecording("2026/11/24/lost.raw", switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
	r.sw.PutRecording("2026/11/24/running.raw", switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
	r.desk.open["2026/11/24/running.raw"] = true
	r.start(nil)
	require.Eventually(t, func() bool { return r.sw.Count("Recordings") > 5 }, 2*time.Second, time.Millisecond)
	require.Len(t, r.alarmed(), 1)
	require.True(t, r.alarmed()[0].Orphan)
	require.Equal(t, "2026/11/24/lost.raw", r.alarmed()[0].Job.Source)
	require.Zero(t, r.sw.Count("DeleteRecording"))
}

func TestOneRecordingInHandIsNotTakenTwice(t *testing.T) {
	r := newRoom(t)
	r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
	r.sw.Slow("OpenRecording", 20*time.Millisecond, 1)
	s := r.start(nil)
	for range 10 {
		s.Seal(job(time.Second))
	}
	r.linked(source)
	require.Equal(t, 1, r.sw.Count("OpenRecording"))
}

func TestTheSealTellsAChangedByteAndAMissingObject(t *testing.T) {
	r := newRoom(t)
	r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 880}, Length: time.Second})
	r.start(nil).Seal(job(time.Second))
	rec := r.linked(source)
	file := filepath.Join(r.dir, rec.Key)
	b := r.stored(rec.Key)
	b[1000] ^= 1
	require.NoError(t, os.WriteFile(file, b, 0o600))
	require.ErrorIs(t, r.store.Verify(t.Context(), rec), recording.ErrAltered)
	require.NoError(t, os.Remove(file))
	require.ErrorIs(t, r.store.Verify(t.Context(), rec), recording.ErrNotFound)
	_, _, err := r.store.Open(t.Context(), rec.Key, 0, -1)
	require.ErrorIs(t, err, recording.ErrNotFound)
}

func TestRangesAndPeaksOfAStoredRecording(t *testing.T) {
	r := newRoom(t)
	r.sw.PutRecording(source, switchtest.File{Tone: []float64{440, 0}, Length: 2 * time.Second})
	r.start(nil).Seal(job(2 * time.Second))
	rec := r.linked(source)
	whole := r.stored(rec.Key)
	body, size, err := r.store.Open(t.Context(), rec.Key, 100, 50)
	require.NoError(t, err)
	part, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	require.Equal(t, whole[100:150], part)
	require.Equal(t, rec.Size, size)

	p, err := r.store.Peaks(t.Context(), rec.Key, 50)
	require.NoError(t, err)
	require.Len(t, p.Left, 50)
	require.Len(t, p.Right, 50)
	require.InDelta(t, 2, p.Seconds, 0.001)
	for i := range p.Left {
		require.InDelta(t, 8000.0/32768, p.Left[i], 0.01)
		require.Zero(t, p.Right[i])
	}
	_, err = r.store.Peaks(t.Context(), rec.Key, 0)
	require.Error(t, err)
}
