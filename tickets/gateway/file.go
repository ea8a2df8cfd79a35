package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/open12345/hotline/tickets/message"
)

// File appends each message as a line of JSON to a file that only its owner can read. A key that
// is there already is not written again.
type File struct {
	path string
	now  func() time.Time

	mu   sync.Mutex
	seen map[string]string // key → id
}

// line is how a message stands in the file.
type line struct {
	ID      string          `json:"id"`
	At      time.Time       `json:"at"`
	Key     string          `json:"key"`
	Channel message.Channel `json:"channel"`
	To      string          `json:"to"`
	Title   string          `json:"title,omitempty"`
	Text    string          `json:"text"`
}

// keepKeys bounds the keys held in memory; a message is tried again within hours.
const keepKeys = 100_000

// OpenFile reads which keys the file has and goes on behind them.
func OpenFile(path string) (*File, error) {
	f := &File{path: path, now: time.Now, seen: map[string]string{}}
	in, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the message file: %w", err)
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l line
		if json.Unmarshal(lines.Bytes(), &l) == nil { // a line cut by a crash was not confirmed
			f.remember(l.Key, l.ID)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the message file: %w", err)
	}
	return f, nil
}

func (f *File) remember(key, id string) {
	if len(f.seen) >= keepKeys {
		for k := range f.seen {
			delete(f.seen, k)
			if len(f.seen) < keepKeys/2 {
				break
			}
		}
	}
	f.seen[key] = id
}

// Send appends the message and waits until it is on the disk.
func (f *File) Send(_ context.Context, m message.Message) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if id, ok := f.seen[m.Key]; ok {
		return id, nil
	}
	now := f.now().UTC()
	id := strconv.FormatInt(now.UnixNano(), 36)
	raw, err := json.Marshal(line{ID: id, At: now, Key: m.Key, Channel: m.Channel, To: m.To, Title: m.Title, Text: m.Text})
	if err != nil {
		return "", fmt.Errorf("write message: %w", err)
	}
	out, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("write message: %w", err)
	}
	_, err = out.Write(append(raw, '\n'))
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return "", fmt.Errorf("write message: %w", err)
	}
	f.remember(m.Key, id)
	return id, nil
}
