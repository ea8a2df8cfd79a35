package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/open12345/hotline/configs/aims"
	usecases "github.com/open12345/hotline/tickets/service"
)

const (
	exportRows    = 100_000
	exportPatient = 10 * time.Minute
)

// measureExport asks for an Excel file of 100,000 tickets and watches the server's memory while
// it is written. A smaller city is exported whole.
func measureExport(ctx context.Context, w *ticketWorld, crowd benchCrowd, sheet *aims.Sheet) error {
	from, _, _ := w.city.created(0)
	to := w.city.end
	rows := w.city.tickets
	if rows > exportRows {
		rows = exportRows
		to, _, _ = w.city.created(exportRows)
	}
	pid, err := w.server.pid()
	if err != nil {
		return err
	}
	// From now on the kernel counts the peak anew.
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o600); err != nil {
		fmt.Fprintf(w.out, "the peak of the server's memory is that since its start: %v\n", err)
	}
	began := time.Now()
	job, err := w.export(ctx, crowd["b-office"], http.MethodPost, "/exports", map[string]any{
		"filter": usecases.SearchFilter{SubmittedFrom: from, SubmittedTo: to.Add(4 * time.Minute)}, "label": "bench",
	})
	if err != nil {
		return err
	}
	for job.State == usecases.ExportWaiting || job.State == usecases.ExportRunning {
		if time.Since(began) > exportPatient {
			return fmt.Errorf("export: %d rows after %v", job.Written, time.Since(began))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		if job, err = w.findExport(ctx, crowd["b-office"], job.ID); err != nil {
			return err
		}
	}
	spent := time.Since(began)
	if job.State != usecases.ExportDone || job.Written != rows {
		return fmt.Errorf("export: %s with %d of %d rows: %s", job.State, job.Written, rows, job.Failure)
	}
	peak, err := peakMemory(pid)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%d rows in a file of %d bytes\n", job.Written, job.Size)
	if err := sheet.Result("tickets_export_100k", spent.Seconds()); err != nil {
		return err
	}
	return sheet.Result("tickets_export_memory", float64(peak)/1e6)
}

func (w *ticketWorld) export(ctx context.Context, token, method, path string, body any) (usecases.Export, error) {
	var job usecases.Export
	a, err := ask(ctx, method, w.server.url+"/api/v1"+path, token, body)
	if err != nil {
		return job, err
	}
	if a.status != http.StatusAccepted {
		return job, fmt.Errorf("ask for an export: %d %s", a.status, a.body)
	}
	return job, json.Unmarshal(a.body, &job)
}

func (w *ticketWorld) findExport(ctx context.Context, token, id string) (usecases.Export, error) {
	var page struct {
		Items []usecases.Export `json:"items"`
	}
	a, err := get(ctx, w.server.url+"/api/v1/exports", token)
	if err != nil {
		return usecases.Export{}, err
	}
	if err := json.Unmarshal(a.body, &page); err != nil || a.status != http.StatusOK {
		return usecases.Export{}, fmt.Errorf("look at the exports: %d %s", a.status, a.body)
	}
	for _, e := range page.Items {
		if e.ID == id {
			return e, nil
		}
	}
	return usecases.Export{}, errors.New("the export is not among the own ones")
}

// pid finds the server among the stack's own children.
func (s *benchServer) pid() (int, error) {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, list := range lists {
		children, err := os.ReadFile(list)
		if err != nil {
			continue // the thread ended
		}
		for _, child := range strings.Fields(string(children)) {
			line, err := os.ReadFile("/proc/" + child + "/cmdline")
			if err == nil && bytes.Contains(line, []byte("hotline\x00serve")) {
				return strconv.Atoi(child)
			}
		}
	}
	return 0, errors.New("the server is not among the stack's children")
}

// peakMemory is the most memory that the process had resident, in bytes.
func peakMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("no peak of memory in the status of process %d", pid)
}
