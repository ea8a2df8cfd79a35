package switchtest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

type playback struct {
	leg   cti.LegID
	timer *time.Timer
}

type recording struct {
	cti.Record
	leg   cti.LegID
	began time.Time
	timer *time.Timer
}

func (p *playback) stopTimer() {
	if p.timer != nil {
		p.timer.Stop()
	}
}

func (r *recording) stopTimer() {
	if r.timer != nil {
		r.timer.Stop()
	}
}

// Play implements cti.Switch. A playback ends at once, after the time of SetSoundTime, or by
// FinishPlayback when HoldPlaybacks is on.
func (s *Switch) Play(ctx context.Context, id cti.LegID, play cti.PlaybackID, sounds []string) error {
	return s.do(ctx, Op{Method: "Play", Leg: id, Detail: strings.Join(sounds, "&")}, func() error {
		l, err := s.own(id)
		if err != nil {
			return err
		}
		if len(sounds) == 0 || s.playbacks[play] != nil {
			return cti.ErrRejected
		}
		l.play = play
		p := &playback{leg: id}
		s.playbacks[play] = p
		if slices.ContainsFunc(sounds, func(n string) bool { return s.missing[n] }) {
			s.finish(play, true)
			return nil
		}
		if s.holdPlay || slices.ContainsFunc(sounds, func(n string) bool { return s.endless[n] }) {
			return nil
		}
		if s.soundTime == 0 {
			s.finish(play, false)
			return nil
		}
		p.timer = time.AfterFunc(s.soundTime*time.Duration(len(sounds)), func() { s.FinishPlayback(play) })
		return nil
	})
}

// finish ends a playback; the caller holds the lock.
func (s *Switch) finish(id cti.PlaybackID, failed bool) {
	p := s.playbacks[id]
	if p == nil {
		return
	}
	p.stopTimer()
	delete(s.playbacks, id)
	s.emit(cti.PlaybackFinished{ID: id, Leg: p.leg, Failed: failed, At: time.Now()})
}

// StopPlayback implements cti.Switch.
func (s *Switch) StopPlayback(ctx context.Context, id cti.PlaybackID) error {
	return s.do(ctx, Op{Method: "StopPlayback", Detail: string(id)}, func() error {
		s.finish(id, false)
		return nil
	})
}

// Record implements cti.Switch.
func (s *Switch) Record(ctx context.Context, id cti.LegID, r cti.Record) error {
	return s.do(ctx, Op{Method: "Record", Leg: id, Detail: r.Name}, func() error {
		l, err := s.own(id)
		if err != nil {
			return err
		}
		if r.Name == "" || (r.Format != "wav" && r.Format != "sln") || s.recordings[r.Name] != nil {
			return cti.ErrRejected
		}
		l.rec = r.Name
		rec := &recording{Record: r, leg: id, began: time.Now()}
		s.recordings[r.Name] = rec
		if r.MaxDuration > 0 {
			rec.timer = time.AfterFunc(r.MaxDuration, func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				if s.recordings[r.Name] == rec {
					s.stopRecording(r.Name)
				}
			})
		}
		return nil
	})
}

// stopRecording ends a recording and keeps it; the caller holds the lock.
func (s *Switch) stopRecording(name string) {
	r := s.recordings[name]
	r.stopTimer()
	delete(s.recordings, name)
	length := time.Since(r.began)
	s.files[name+"."+r.Format] = File{Tone: []float64{440}, Length: length, WAV: r.Format == "wav"}
	s.emit(cti.RecordingFinished{Name: name, Leg: r.leg, Duration: length.Truncate(time.Second), At: time.Now()})
}

// StopRecording implements cti.Switch.
func (s *Switch) StopRecording(ctx context.Context, name string) error {
	return s.do(ctx, Op{Method: "StopRecording", Detail: name}, func() error {
		if s.recordings[name] == nil {
			return cti.ErrGone
		}
		s.stopRecording(name)
		return nil
	})
}

// stopMedia ends what plays on or records the leg; the caller holds the lock.
func (s *Switch) stopMedia(l *leg) {
	s.finish(l.play, true)
	if s.recordings[l.rec] != nil {
		s.stopRecording(l.rec)
	}
}

// keepSource keeps the call's own recording when its leg ends; the caller holds the lock.
func (s *Switch) keepSource(l *leg) {
	if l.source == "" || l.answeredAt.IsZero() {
		return
	}
	if _, own := s.files[l.source]; !own {
		s.files[l.source] = File{Tone: []float64{440, 880}, Length: time.Since(l.answeredAt)}
	}
}

// OpenRecording implements cti.Switch.
func (s *Switch) OpenRecording(ctx context.Context, name string) (body io.ReadCloser, size int64, err error) {
	err = s.do(ctx, Op{Method: "OpenRecording", Detail: name}, func() error {
		full, ok := s.file(name)
		if !ok {
			return cti.ErrGone
		}
		b := s.files[full].bytes()
		body, size = io.NopCloser(bytes.NewReader(b)), int64(len(b))
		return nil
	})
	return body, size, err
}

// file finds a stored recording by its name with or without extension.
func (s *Switch) file(name string) (string, bool) {
	if _, ok := s.files[name]; ok {
		return name, true
	}
	for n := range s.files {
		if strings.TrimSuffix(n, path.Ext(n)) == name {
			return n, true
		}
	}
	return "", false
}

// DeleteRecording implements cti.Switch.
func (s *Switch) DeleteRecording(ctx context.Context, name string) error {
	return s.do(ctx, Op{Method: "DeleteRecording", Detail: name}, func() error {
		if full, ok := s.file(name); ok {
			delete(s.files, full)
		}
		return nil
	})
}

// Recordings implements cti.Switch.
func (s *Switch) Recordings(ctx context.Context) (names []string, err error) {
	err = s.do(ctx, Op{Method: "Recordings"}, func() error {
		names = slices.Sorted(maps.Keys(s.files))
		return nil
	})
	return names, err
}
