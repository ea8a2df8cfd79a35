package livestate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/open12345/hotline/cti/calls"
)

// segment is one file of the journal: events one a line, in order. It is named by its first.
type segment struct {
	first eventID
	path  string
}

const segmentSuffix = ".events"

// listSegments finds the journal's files, oldest first.
func listSegments(dir string) ([]segment, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list the journal: %w", err)
	}
	var list []segment
	for _, e := range entries {
		name, ok := bytes.CutSuffix([]byte(e.Name()), []byte(segmentSuffix))
		if !ok {
			continue
		}
		first, err := parseEventID(string(name))
		if err != nil {
			return nil, fmt.Errorf("journal file %s: %w", e.Name(), err)
		}
		list = append(list, segment{first, filepath.Join(dir, e.Name())})
	}
	slices.SortFunc(list, func(a, b segment) int {
		if a.first.less(b.first) {
			return -1
		}
		return 1
	})
	return list, nil
}

// mend cuts off a torn last line, which a killed server can leave. A fault before the last line
// is an error: that is damage, not a crash.
func (s segment) mend() error {
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("open journal file: %w", err)
	}
	defer f.Close()
	reader := bufio.NewReader(f)
	var whole int64
	for {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if len(line) > 0 {
				if err := f.Truncate(whole); err != nil {
					return fmt.Errorf("cut the torn end of %s: %w", filepath.Base(s.path), err)
				}
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("read journal file: %w", err)
		}
		if !json.Valid(line) {
			return fmt.Errorf("journal file %s is damaged at byte %d", filepath.Base(s.path), whole)
		}
		whole += int64(len(line))
	}
}

// reader goes through the journal from a place on. Not for several goroutines.
type reader struct {
	dir    string
	after  eventID // the last event returned
	file   *os.File
	buf    *bufio.Reader
	first  eventID // of the open file
	unread []byte  // a line without its end yet
}

// next returns up to limit events after the last one, fewer when there are no more now.
func (r *reader) next(limit int) ([]calls.Event, error) {
	var list []calls.Event
	for len(list) < limit {
		if r.file == nil {
			if opened, err := r.open(); err != nil || !opened {
				return list, err
			}
		}
		line, err := r.buf.ReadBytes('\n')
		r.unread = append(r.unread, line...)
		if errors.Is(err, io.EOF) {
			moved, err := r.advance()
			if err != nil || !moved {
				return list, err
			}
			continue
		}
		if err != nil {
			return list, fmt.Errorf("read the journal: %w", err)
		}
		var e calls.Event
		err = json.Unmarshal(r.unread, &e)
		r.unread = r.unread[:0]
		if err != nil {
			// A write that failed half-way was cut off again under us: read this file anew.
			r.close()
			return list, fmt.Errorf("read the journal after %s: %w", r.after, err)
		}
		id, err := parseEventID(e.ID)
		if err != nil {
			return list, fmt.Errorf("read the journal: %w", err)
		}
		if r.after.less(id) {
			list = append(list, e)
			r.after = id
		}
	}
	return list, nil
}

// open opens the file that holds the next event; false if there is none yet.
func (r *reader) open() (bool, error) {
	list, err := listSegments(r.dir)
	if err != nil || len(list) == 0 {
		return false, err
	}
	// The last file that begins at or before the place; everything before it was read.
	at := 0
	for i, s := range list {
		if !r.after.less(s.first) {
			at = i
		}
	}
	return true, r.use(list[at])
}

func (r *reader) use(s segment) error {
	f, err := os.Open(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // retention was faster; the next look finds its successor
	}
	if err != nil {
		return fmt.Errorf("open journal file: %w", err)
	}
	r.close()
	r.file, r.buf, r.first, r.unread = f, bufio.NewReaderSize(f, 64<<10), s.first, nil
	return nil
}

// advance goes on to the next file when the open one is finished; false if there is none.
func (r *reader) advance() (bool, error) {
	list, err := listSegments(r.dir)
	if err != nil {
		return false, err
	}
	for _, s := range list {
		if r.first.less(s.first) {
			// Lines written between our read and the rotation are still in the open file.
			if more, err := r.buf.Peek(1); err == nil && len(more) > 0 {
				return true, nil
			}
			return true, r.use(s)
		}
	}
	return false, nil
}

func (r *reader) close() {
	if r.file != nil {
		r.file.Close()
		r.file = nil
	}
}
