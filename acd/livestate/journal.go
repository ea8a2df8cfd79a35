package livestate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// Sink is a follower's store. Store takes events in order and is idempotent by id; Last is the
// id of the newest event it holds, "" when it holds none.
type Sink interface {
	Store(ctx context.Context, events []calls.Event) error
	Last(ctx context.Context) (string, error)
}

// JournalConfig describes a journal. Dir and Epoch are required.
type JournalConfig struct {
	Dir   string
	Epoch uint64 // of this leader; higher than that of any event in Dir
	// SegmentSize is the size in bytes after which a new file begins; 16 MiB if 0.
	SegmentSize int64
	// SyncEvery is how long an event may be in the page cache only; 50 ms if 0.
	SyncEvery time.Duration
	// Lagging is told when a follower is more than a few seconds behind, and when it is no
	// longer; may be nil.
	Lagging func(follower string, behind bool, detail string)
	Log     *slog.Logger
}

// ErrEpoch is a journal that already holds events of this or a later epoch.
var ErrEpoch = errors.New("the journal holds events of this or a later epoch")

// Journal is the floor's append-only log. Append is safe for concurrent use.
type Journal struct {
	cfg JournalConfig
	log *slog.Logger

	mu    sync.Mutex
	file  *os.File
	first eventID // of the open file
	size  int64
	seq   uint64
	dirty bool

	followers []*follower
	cancel    context.CancelFunc
	workers   sync.WaitGroup
}

// OpenJournal opens the folder, mends what a killed predecessor left torn, and begins the epoch's
// first file.
func OpenJournal(cfg JournalConfig) (*Journal, error) {
	if cfg.SegmentSize <= 0 {
		cfg.SegmentSize = 16 << 20
	}
	if cfg.SyncEvery <= 0 {
		cfg.SyncEvery = 50 * time.Millisecond
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Epoch == 0 {
		return nil, errors.New("open the journal: the epoch is 0")
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	list, err := listSegments(cfg.Dir)
	if err != nil {
		return nil, err
	}
	for i, s := range list {
		if s.first.epoch >= cfg.Epoch {
			return nil, fmt.Errorf("open the journal for epoch %d: %w: %s", cfg.Epoch, ErrEpoch, s.first)
		}
		// Only an epoch's last file can be torn: the next one begins after a sync.
		if i == len(list)-1 || list[i+1].first.epoch != s.first.epoch {
			if err := s.mend(); err != nil {
				return nil, err
			}
		}
	}
	j := &Journal{cfg: cfg, log: cfg.Log}
	return j, j.begin()
}

// begin opens the file of the next event. mu is held, or nobody else knows j yet.
func (j *Journal) begin() error {
	first := eventID{j.cfg.Epoch, j.seq + 1}
	f, err := os.OpenFile(filepath.Join(j.cfg.Dir, first.String()+segmentSuffix), os.O_CREATE|os.O_WRONLY|os.O_APPEND|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("begin a journal file: %w", err)
	}
	j.file, j.first, j.size = f, first, 0
	return nil
}

// Append gives the event its id and writes it. When it returns, the event survives this process;
// within SyncEvery it survives the machine. On an error the event has no id and is not in the
// journal.
func (j *Journal) Append(e calls.Event) (calls.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return e, errors.New("the journal is closed")
	}
	given := e
	given.ID = eventID{j.cfg.Epoch, j.seq + 1}.String()
	line, err := json.Marshal(given)
	if err != nil {
		return e, fmt.Errorf("encode event: %w", err)
	}
	line = append(line, '\n')
	if n, err := j.file.Write(line); err != nil {
		if n > 0 {
			// Nothing may stand behind half a line.
			err = errors.Join(err, j.file.Truncate(j.size))
		}
		return e, fmt.Errorf("write event: %w", err)
	}
	j.seq++
	j.size += int64(len(line))
	j.dirty = true
	if j.size >= j.cfg.SegmentSize {
		j.rotate()
	}
	for _, f := range j.followers {
		f.poke()
	}
	return given, nil
}

// rotate ends the file and begins the next; if that fails the old one goes on. mu is held.
func (j *Journal) rotate() {
	old := j.file
	if err := old.Sync(); err != nil {
		j.log.Error("sync the journal", "err", err)
		return
	}
	if err := j.begin(); err != nil {
		j.log.Error("rotate the journal", "err", err)
		return
	}
	old.Close()
}

// Follow adds a follower; before Start only.
func (j *Journal) Follow(name string, sink Sink) {
	j.followers = append(j.followers, &follower{
		name: name, sink: sink, dir: j.cfg.Dir, log: j.log.With("follower", name), wake: make(chan struct{}, 1), patience: lagAfter, lagging: j.cfg.Lagging,
	})
}

// Start runs the sync and the followers. It does not wait for any of them.
func (j *Journal) Start(ctx context.Context) error {
	ctx, j.cancel = context.WithCancel(context.WithoutCancel(ctx))
	j.workers.Go(func() { j.keep(ctx) })
	for _, f := range j.followers {
		j.workers.Go(func() { f.run(ctx) })
	}
	return nil
}

// Stop syncs and closes the journal and ends the followers; what they have not read waits for the
// next Start of a journal in this folder. ctx bounds the time they get to read on.
func (j *Journal) Stop(ctx context.Context) error {
	if j.cancel == nil {
		return j.close()
	}
	for _, f := range j.followers {
		f.drain(ctx, eventID{j.cfg.Epoch, j.last()})
	}
	j.cancel()
	j.workers.Wait()
	return j.close()
}

func (j *Journal) last() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq
}

func (j *Journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	err := errors.Join(j.file.Sync(), j.file.Close())
	j.file = nil
	if err != nil {
		return fmt.Errorf("close the journal: %w", err)
	}
	return nil
}

const retainEvery = 10 * time.Second

// keep syncs what was written and drops files that every follower has passed.
func (j *Journal) keep(ctx context.Context) {
	sync := time.NewTicker(j.cfg.SyncEvery)
	defer sync.Stop()
	retain := time.NewTicker(retainEvery)
	defer retain.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sync.C:
			j.sync()
		case <-retain.C:
			if err := j.retain(); err != nil {
				j.log.Error("drop old journal files", "err", err)
			}
		}
	}
}

func (j *Journal) sync() {
	j.mu.Lock()
	f, dirty := j.file, j.dirty
	j.dirty = false
	j.mu.Unlock()
	if f == nil || !dirty {
		return
	}
	if err := f.Sync(); err != nil && !errors.Is(err, os.ErrClosed) {
		j.log.Error("sync the journal", "err", err)
	}
}

// retain deletes the files whose events every follower has stored.
func (j *Journal) retain() error {
	if len(j.followers) == 0 {
		return nil
	}
	list, err := listSegments(j.cfg.Dir)
	if err != nil {
		return err
	}
	for i := 0; i+1 < len(list); i++ {
		// A file is passed when a follower stands at or behind the first event of the next one.
		for _, f := range j.followers {
			if f.position().less(list[i+1].first) {
				return nil
			}
		}
		if err := os.Remove(list[i].path); err != nil {
			return fmt.Errorf("drop a journal file: %w", err)
		}
	}
	return nil
}
