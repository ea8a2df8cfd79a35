package server

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/cti/recording"
	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/web"
)

// recordingDesk shows the database to the sealer.
type recordingDesk struct{ store *postgres.Store }

var _ recording.Desk = recordingDesk{}

// Link implements recording.Desk.
func (d recordingDesk) Link(ctx context.Context, r calls.Recording) error {
	return d.store.LinkRecording(ctx, r)
}

// Pending implements recording.Desk.
func (d recordingDesk) Pending(ctx context.Context) ([]recording.Job, error) {
	rows, err := d.store.PendingRecordings(ctx)
	if err != nil {
		return nil, err
	}
	jobs := make([]recording.Job, len(rows))
	for i, r := range rows {
		jobs[i] = recording.Job{
			Call: r.Call, Kind: r.Kind, Node: r.Node, Source: r.Source, Began: r.Call.Created(), Ended: r.Since, Expected: r.Expected,
		}
	}
	return jobs, nil
}

// Standing implements recording.Desk.
func (d recordingDesk) Standing(ctx context.Context, node string, sources []string) (map[string]recording.Standing, error) {
	rows, err := d.store.RecordingStanding(ctx, node, sources)
	if err != nil {
		return nil, err
	}
	standing := make(map[string]recording.Standing, len(rows))
	for source, how := range rows {
		standing[source] = recording.Standing(how)
	}
	return standing, nil
}

// sealingSink stores the floor's events and then hands recordings that have become complete to
// the sealer: by then the desk knows the calls they belong to.
type sealingSink struct {
	*postgres.EventSink
	desk recordingDesk
	seal func(recording.Job)
	log  *slog.Logger
}

// Store implements livestate.Sink.
func (s sealingSink) Store(ctx context.Context, events []calls.Event) error {
	if err := s.EventSink.Store(ctx, events); err != nil {
		return err
	}
	for _, e := range events {
		if e.Type == calls.CallEnded || e.Type == calls.CallVoicemail {
			// The sweep finds what this look misses.
			jobs, err := s.desk.Pending(ctx)
			if err != nil {
				s.log.Warn("look for recordings to seal", "err", err)
			}
			for _, job := range jobs {
				s.seal(job)
			}
			break
		}
	}
	return nil
}

// storedSounds reads sealed recordings for the web.
type storedSounds struct{ store *recording.Store }

var _ web.Sounds = storedSounds{}

// Open implements web.Sounds.
func (s storedSounds) Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	body, _, err := s.store.Open(ctx, key, offset, -1)
	return body, err
}

// Peaks implements web.Sounds.
func (s storedSounds) Peaks(ctx context.Context, key string, n int) ([][]float32, error) {
	p, err := s.store.Peaks(ctx, key, n)
	if err != nil {
		return nil, err
	}
	if p.Channels < 2 {
		return [][]float32{p.Left}, nil
	}
	return [][]float32{p.Left, p.Right}, nil
}

// flawTime is how long a recording's flaw stands on the boards; it stays at the call for good.
const flawTime = 10 * time.Minute

// recordingAlarms makes the sealer's alarms visible on the boards for a while.
type recordingAlarms struct {
	raise func(floor.Alarm)
	log   *slog.Logger

	mu    sync.Mutex
	since map[string]time.Time // by alarm code
}

// tell is the sealer's Alarm.
func (r *recordingAlarms) tell(a recording.Alarm) {
	detail := strings.Join(a.Flaws, ",")
	switch {
	case a.Err != nil:
		detail = "not_sealed: " + a.Err.Error()
	case a.Orphan:
		detail = "orphan: " + a.Job.Source
	}
	if a.Err == nil && !a.Orphan && a.Job.Expected < shortSound && onlySilent(a.Flaws) {
		return // a few silent seconds, such as in the menu, prove nothing; the flaw is marked all the same
	}
	r.log.Warn("recording needs a look", "call", a.Job.Call, "source", a.Job.Source, "detail", detail)
	code := "recording_flaw:" + string(a.Job.Call)
	r.mu.Lock()
	r.since[code] = time.Now()
	r.mu.Unlock()
	r.raise(floor.Alarm{Code: code, Detail: detail, On: true})
}

// shortSound is how long a recording must be for its silence to mean something.
const shortSound = 5 * time.Second

func onlySilent(flaws []string) bool {
	return !slices.ContainsFunc(flaws, func(f string) bool { return !strings.HasPrefix(f, "silent_") })
}

// clear takes the old ones off the boards.
func (r *recordingAlarms) clear(now time.Time) {
	r.mu.Lock()
	var old []string
	for code, at := range r.since {
		if now.Sub(at) > flawTime {
			old = append(old, code)
			delete(r.since, code)
		}
	}
	r.mu.Unlock()
	for _, code := range old {
		r.raise(floor.Alarm{Code: code, On: false})
	}
}
