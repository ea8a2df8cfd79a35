package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets/directory"
)

// ExportKept is how long the file of an export is kept.
const ExportKept = 24 * time.Hour

// Exports shown to an account, that may wait or run at once for it, and rows of a file at most.
const (
	exportsShown = 20
	exportsAtime = 3
	exportMost   = 500000
	exportPage   = 2000
	exportBytes  = 2 << 30
)

// ErrTooManyExports is one export too many at a time.
var ErrTooManyExports = errors.New("too many exports at a time")

// ExportFiles keeps the files of exports.
type ExportFiles interface {
	// Put stores what is read, at most limit bytes, and returns its size.
	Put(ctx context.Context, key string, body io.Reader, limit int64) (int64, error)
	Delete(ctx context.Context, key string) error
}

func exportKey(id string) string { return "export/" + id + ".xlsx" }

// RequestExport begins to write what the filter finds into an Excel file. It is the one entry of
// the audit log. ErrTooManyExports.
func (s *Service) RequestExport(ctx context.Context, who Identity, f SearchFilter, label string) (Export, error) {
	if err := who.need(directory.ExportLists); err != nil {
		return Export{}, err
	}
	_, q, err := s.searchQuery(ctx, who, f)
	if err != nil {
		return Export{}, err
	}
	list, err := s.store.Exports(ctx, who.Account, exportsShown)
	if err != nil {
		return Export{}, fmt.Errorf("list exports: %w", err)
	}
	busy := 0
	for _, e := range list {
		if e.State == ExportWaiting || e.State == ExportRunning {
			busy++
		}
	}
	if busy >= exportsAtime {
		return Export{}, ErrTooManyExports
	}
	count, err := s.store.CountSearch(ctx, q)
	if err != nil {
		return Export{}, fmt.Errorf("count the export: %w", err)
	}
	e := Export{
		ID: uuid.NewString(), Account: who.Account, Filter: f, Label: label, State: ExportWaiting, Total: count.Total, CreatedAt: s.clock(),
	}
	if err := s.store.CreateExport(ctx, e); err != nil {
		return Export{}, fmt.Errorf("keep the export: %w", err)
	}
	f.Phone = "" // numbers of citizens do not belong into the log
	detail, err := json.Marshal(f)
	if err != nil {
		return Export{}, fmt.Errorf("note the export: %w", err)
	}
	return e, s.Audit(ctx, who, "ticket.export", e.ID, string(detail))
}

// Exports lists the asker's exports, newest first.
func (s *Service) Exports(ctx context.Context, who Identity) ([]Export, error) {
	if err := who.need(directory.ExportLists); err != nil {
		return nil, err
	}
	list, err := s.store.Exports(ctx, who.Account, exportsShown)
	if err != nil {
		return nil, fmt.Errorf("list exports: %w", err)
	}
	for i := range list {
		if list[i].State == ExportDone {
			list[i].Until = list[i].FinishedAt.Add(ExportKept)
		}
	}
	return list, nil
}

// CancelExport ends one of the asker's that waits or runs.
func (s *Service) CancelExport(ctx context.Context, who Identity, id string) error {
	if err := who.need(directory.ExportLists); err != nil {
		return err
	}
	return s.store.CancelExport(ctx, who.Account, id, s.clock())
}

// ExportFile names the file of one of the asker's exports that is done and still kept.
func (s *Service) ExportFile(ctx context.Context, who Identity, id string) (key, name string, size int64, err error) {
	if err := who.need(directory.ExportLists); err != nil {
		return "", "", 0, err
	}
	e, err := s.store.Export(ctx, id)
	if err != nil {
		return "", "", 0, err
	}
	if e.Account != who.Account || e.State != ExportDone || e.Swept {
		return "", "", 0, fmt.Errorf("export: %w", ErrNotFound)
	}
	return exportKey(id), "工单-" + e.CreatedAt.In(s.zone).Format("20060102-1504") + ".xlsx", e.Size, nil
}

// Exporter writes the exports that were asked for, one at a time, and removes old files. Start
// it once; Stop ends it, what it was writing is begun anew by the next one.
type Exporter struct {
	desk  *Service
	files ExportFiles
	log   *slog.Logger

	started chan struct{}
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

// How often the exporter looks for work and for old files, and how long a writer may be silent.
const (
	exportLook  = 500 * time.Millisecond
	exportSweep = time.Minute
	exportStale = 2 * time.Minute
	exportBeat  = time.Second
)

// NewExporter makes the writer of the desk's exports.
func NewExporter(desk *Service, files ExportFiles, log *slog.Logger) *Exporter {
	return &Exporter{desk: desk, files: files, log: log, started: make(chan struct{})}
}

// Start begins to work and returns.
func (x *Exporter) Start(ctx context.Context) error {
	ctx, x.cancel = context.WithCancel(ctx)
	x.done.Go(func() { x.run(ctx) })
	return nil
}

// Started is closed when it looks for work.
func (x *Exporter) Started() <-chan struct{} { return x.started }

// Stop ends it and waits for its end.
func (x *Exporter) Stop() {
	if x.cancel != nil {
		x.cancel()
	}
	x.done.Wait()
}

func (x *Exporter) run(ctx context.Context) {
	close(x.started)
	look, sweep := time.NewTicker(exportLook), time.NewTicker(exportSweep)
	defer look.Stop()
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			for x.next(ctx) {
				x.log.Debug("export ended")
			}
		case <-sweep.C:
			if err := x.Sweep(ctx); err != nil && ctx.Err() == nil {
				x.log.Error("exports not swept", "error", err)
			}
		}
	}
}

// next writes the next export; false: there is none.
func (x *Exporter) next(ctx context.Context) bool {
	wall := time.Now().UTC() // signs of life are compared across servers, whatever the demo's clock says
	e, err := x.desk.store.ClaimExport(ctx, wall, wall.Add(-exportStale))
	if err != nil {
		if !errors.Is(err, ErrNotFound) && ctx.Err() == nil {
			x.log.Error("exports not read", "error", err)
		}
		return false
	}
	err = x.write(ctx, &e)
	switch {
	case ctx.Err() != nil:
		return false
	case errors.Is(err, errCancelled):
		return true
	case err != nil:
		x.log.Error("export failed", "export", e.ID, "error", err)
		e.State, e.Failure = ExportFailed, "导出未完成，请缩小范围后重试"
	default:
		e.State = ExportDone
	}
	e.FinishedAt = x.desk.clock()
	if err := x.desk.store.FinishExport(ctx, e); err != nil {
		x.log.Error("export not finished", "export", e.ID, "error", err)
	}
	return true
}

// Sweep removes files that were kept long enough.
func (x *Exporter) Sweep(ctx context.Context) error {
	old, err := x.desk.store.OldExports(ctx, x.desk.clock().Add(-ExportKept), 100)
	if err != nil {
		return fmt.Errorf("list old exports: %w", err)
	}
	for _, id := range old {
		if err := x.files.Delete(ctx, exportKey(id)); err != nil {
			return fmt.Errorf("remove export %s: %w", id, err)
		}
		if err := x.desk.store.SweptExport(ctx, id); err != nil {
			return fmt.Errorf("note the removal of export %s: %w", id, err)
		}
	}
	return nil
}
