package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// Sounds reads sealed recordings.
type Sounds interface {
	// Open reads from offset to the end of what is stored under key.
	Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error)
	// Peaks gives n pairs of loudness (0–1), one list a channel.
	Peaks(ctx context.Context, key string, n int) ([][]float32, error)
}

// serveRecording plays a recording: range requests, and every play in the audit log.
func (s *Server) serveRecording(w http.ResponseWriter, r *http.Request) {
	who, ok := IdentityOf(r.Context())
	if !ok {
		writeProblem(w, problem(http.StatusUnauthorized, "not_signed_in", "sign in first"))
		return
	}
	if !mayListen(who) {
		writeProblem(w, problem(http.StatusForbidden, "forbidden", "this role plays no recordings"))
		return
	}
	// Only what begins at the start is a play; the ranges after it are the same one.
	rec, err := s.desk.Recording(r.Context(), who, r.PathValue("id"), playReason(r))
	if err != nil {
		p := problem(http.StatusNotFound, "not_found", "no such recording, or not yours to play")
		if !errors.Is(err, service.ErrNotFound) {
			slog.Error("recording not looked up", "recording", r.PathValue("id"), "error", err)
			p = problem(http.StatusServiceUnavailable, "unavailable", "the recording cannot be read now")
		}
		writeProblem(w, p)
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	w.Header().Set("ETag", fmt.Sprintf("%q", rec.SHA256))
	sound := &storedSound{ctx: r.Context(), sounds: s.sounds, key: rec.Key, size: rec.Size}
	defer sound.close()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(10 * time.Minute))
	http.ServeContent(w, r, "", time.Time{}, sound)
}

// mayListen tells whether the role hears any recordings; which ones the desk says. Who works 留言与回拨
// hears the voicemails.
func mayListen(who Identity) bool {
	return who.Can(directory.CallPlay) || who.Can(directory.CallbackWork)
}

// playReason is why the sound is read: a request that begins at the start is a play.
func playReason(r *http.Request) string {
	h := r.Header.Get("Range")
	if r.Method == http.MethodGet && (h == "" || strings.HasPrefix(h, "bytes=0-")) {
		return "play"
	}
	return "range"
}

// storedSound is a sealed recording as a seekable file: it opens the store where it is read.
type storedSound struct {
	ctx    context.Context //nolint:containedctx // of the one request it serves
	sounds Sounds
	key    string
	size   int64
	at     int64
	body   io.ReadCloser
}

func (f *storedSound) Read(p []byte) (int, error) {
	if f.at >= f.size {
		return 0, io.EOF
	}
	if f.body == nil {
		body, err := f.sounds.Open(f.ctx, f.key, f.at)
		if err != nil {
			return 0, fmt.Errorf("open recording %s: %w", f.key, err)
		}
		f.body = body
	}
	n, err := f.body.Read(p)
	f.at += int64(n)
	return n, err
}

func (f *storedSound) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start of a recording")
	}
	if offset != f.at {
		f.close()
		f.at = offset
	}
	return offset, nil
}

func (f *storedSound) close() {
	if f.body != nil {
		f.body.Close()
		f.body = nil
	}
}

// Waveform is a recording's loudness over its time.
type Waveform struct {
	Left      []float32 `json:"left"`
	Right     []float32 `json:"right"`
	DurationS float64   `json:"duration_s"`
}

func (s *Server) recordingRoutes() {
	type peaksInput struct {
		IDInput
		N int `query:"n" minimum:"10" maximum:"4000" default:"800"`
	}
	route(s, operation("get-recording-peaks", http.MethodGet, "/recordings/{id}/peaks", signedInOnly, "Waveform of a recording"),
		func(ctx context.Context, who Identity, in *peaksInput) (Waveform, error) {
			if !mayListen(who) {
				return Waveform{}, problem(http.StatusForbidden, "forbidden", "this role plays no recordings")
			}
			rec, err := s.desk.Recording(ctx, who, in.ID, "")
			if err != nil {
				return Waveform{}, err
			}
			peaks, err := s.sounds.Peaks(ctx, rec.Key, in.N)
			if err != nil {
				return Waveform{}, fmt.Errorf("read peaks: %w", err)
			}
			wave := Waveform{Left: []float32{}, Right: []float32{}, DurationS: rec.Ref.DurationS}
			if len(peaks) > 0 {
				wave.Left = peaks[0]
			}
			if len(peaks) > 1 {
				wave.Right = peaks[1]
			}
			return wave, nil
		})
}
