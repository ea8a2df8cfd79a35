package recording

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// seal takes one recording through all steps; each can be done again.
func (s *Sealer) seal(ctx context.Context, j Job) error {
	sw, err := s.source(j)
	if err != nil {
		return err
	}
	rec := calls.Recording{Call: j.Call, Kind: j.Kind, Node: j.Node, Source: j.Source, Key: j.key(), Expected: j.Expected}
	body, size, err := sw.OpenRecording(ctx, j.Source)
	switch {
	case errors.Is(err, cti.ErrGone):
		err = s.withoutSource(ctx, j, &rec)
	case err == nil:
		err = s.take(ctx, j, body, size, &rec)
	}
	if err != nil {
		return err
	}
	if rec.Key != "" {
		if rec.SHA256, rec.Size, err = s.cfg.Store.hash(ctx, rec.Key); err != nil {
			return err
		}
	}
	rec.SealedAt = s.cfg.Now().UTC()
	if err := s.cfg.Desk.Link(ctx, rec); err != nil {
		return fmt.Errorf("linking the recording of call %s: %w", j.Call, err)
	}
	if alarming(rec.Flaws) {
		s.cfg.Alarm(Alarm{Job: j, Flaws: rec.Flaws})
	}
	if err := sw.DeleteRecording(ctx, j.Source); err != nil {
		// It is safe and linked; the sweep deletes it later.
		s.cfg.Logger.Warn("deleting a sealed recording on the switch", "source", j.Source, "err", err)
	}
	return nil
}

// take streams the file into the store.
func (s *Sealer) take(ctx context.Context, j Job, body io.ReadCloser, size int64, rec *calls.Recording) error {
	defer body.Close()
	if size < 0 {
		return fmt.Errorf("recording %s: the switch does not tell its size", j.Source)
	}
	f, data, err := samples(j.Source, body, size)
	if err != nil {
		return fmt.Errorf("recording %s: %w", j.Source, err)
	}
	m := &meter{f: f}
	part := "part/" + rec.Key
	if err := s.cfg.Store.write(ctx, part, f, data, io.TeeReader(body, m)); err != nil {
		return err
	}
	m.describe(rec)
	if rec.Duration < j.Expected-lengthMark && s.cfg.Now().Sub(j.Ended) < s.cfg.Grace {
		return fmt.Errorf("recording %s has %s of %s: %w", j.Source, rec.Duration, j.Expected, errUnfinished)
	}
	return s.cfg.Store.rename(ctx, part, rec.Key)
}

// withoutSource is for a file that is not on the switch: an earlier process may have stored it
// and died before the link; else it is waited for, and at last counts as lost.
func (s *Sealer) withoutSource(ctx context.Context, j Job, rec *calls.Recording) error {
	body, size, err := s.cfg.Store.Open(ctx, rec.Key, 0, -1)
	if err == nil {
		defer body.Close()
		f, data, err := samples(rec.Key, body, size)
		if err != nil {
			return fmt.Errorf("stored recording %s: %w", rec.Key, err)
		}
		m := &meter{f: f}
		if _, err := io.CopyN(m, body, data); err != nil {
			return stored("reading", rec.Key, err)
		}
		m.describe(rec)
		return nil
	}
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	switch age := s.cfg.Now().Sub(j.Ended); {
	case age < s.cfg.Grace:
		return fmt.Errorf("recording %s: %w", j.Source, errUnfinished)
	case age < s.cfg.Missing:
		return fmt.Errorf("recording %s is not on the switch: %w", j.Source, ErrNotFound)
	}
	rec.Key, rec.Flaws = "", []string{FlawEmpty}
	return nil
}
