package asterisk

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

// soundKey and recordingKey name what holds up a leg.
func soundKey(id cti.PlaybackID) string { return "sound " + string(id) }
func recordingKey(name string) string   { return "recording " + name }

func cutSound(key string) (string, bool) { return strings.CutPrefix(key, "sound ") }

// Play implements cti.Switch. A sound is a name below the switch's sounds, or a URI the switch
// knows (sound:, tone:, digits:).
func (d *Driver) Play(ctx context.Context, leg cti.LegID, id cti.PlaybackID, sounds []string) error {
	media := make([]string, len(sounds))
	for i, s := range sounds {
		if !strings.Contains(s, ":") {
			s = "sound:" + s
		}
		media[i] = s
	}
	idle := d.occupy(leg, soundKey(id))
	err := d.do(ctx, request{op: opLeg("play to", leg), method: http.MethodPost, path: legPath(leg, "/play/"+seg(string(id))),
		query: url.Values{"media": {strings.Join(media, ",")}}}, nil)
	if err != nil && !errors.Is(err, cti.ErrUnavailable) {
		idle()
	}
	return err
}

// StopPlayback implements cti.Switch.
func (d *Driver) StopPlayback(ctx context.Context, id cti.PlaybackID) error {
	return unlessGone(d.do(ctx, request{op: "stop playback " + string(id), method: http.MethodDelete, path: "/playbacks/" + seg(string(id))}, nil))
}

// Record implements cti.Switch. A running recording is also named in a variable of the leg, so
// that List finds it in another process.
func (d *Driver) Record(ctx context.Context, leg cti.LegID, r cti.Record) error {
	if err := d.SetVars(ctx, leg, map[string]string{varLive: r.Name}); err != nil {
		return err
	}
	stop := r.StopOn
	if stop == "" {
		stop = "none"
	}
	idle := d.occupy(leg, recordingKey(r.Name))
	err := d.do(ctx, request{op: opLeg("record", leg), method: http.MethodPost, path: legPath(leg, "/record"), query: url.Values{
		"name": {r.Name}, "format": {r.Format}, "ifExists": {"fail"}, "beep": {strconv.FormatBool(r.Beep)}, "terminateOn": {stop},
		"maxDurationSeconds": {wholeSeconds(r.MaxDuration)}, "maxSilenceSeconds": {wholeSeconds(r.MaxSilence)}}}, nil)
	if err != nil && !errors.Is(err, cti.ErrUnavailable) {
		idle()
	}
	if err == nil {
		d.awaitRecording(ctx, r.Name)
	}
	return err
}

// awaitRecording waits until the recording has begun: one that is stopped before is dropped by
// the switch without a word. Behind a running sound it begins later, so the wait is short.
func (d *Driver) awaitRecording(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	for ctx.Err() == nil {
		var live struct{ State string }
		err := d.do(ctx, request{op: "look for recording " + name, method: http.MethodGet, path: "/recordings/live/" + seg(name)}, &live)
		if err != nil || live.State != "queued" {
			return
		}
		t := time.NewTimer(2 * time.Millisecond)
		select {
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

func wholeSeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// StopRecording implements cti.Switch.
func (d *Driver) StopRecording(ctx context.Context, name string) error {
	return d.do(ctx, request{op: "stop recording " + name, method: http.MethodPost, path: "/recordings/live/" + seg(name) + "/stop"}, nil)
}

// storedName is the switch's name of a stored recording: without the extension of its format.
func storedName(name string) string {
	switch ext := path.Ext(name); ext {
	case ".raw", ".wav", ".sln":
		return strings.TrimSuffix(name, ext)
	}
	return name
}

// OpenRecording implements cti.Switch. The body is read under ctx, without another deadline.
func (d *Driver) OpenRecording(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	r := request{op: "open recording " + name, method: http.MethodGet, path: "/recordings/stored/" + seg(storedName(name)) + "/file"}
	resp, err := d.send(ctx, d.stream, r)
	if err != nil {
		return nil, 0, err
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		return nil, 0, d.refused(r, resp.StatusCode, body)
	}
	d.metrics.requests.WithLabelValues("ok").Inc()
	return resp.Body, resp.ContentLength, nil
}

// DeleteRecording implements cti.Switch.
func (d *Driver) DeleteRecording(ctx context.Context, name string) error {
	return unlessGone(d.do(ctx, request{op: "delete recording " + name, method: http.MethodDelete, path: "/recordings/stored/" + seg(storedName(name))}, nil))
}

// Recordings implements cti.Switch.
func (d *Driver) Recordings(ctx context.Context) ([]string, error) {
	var stored []struct{ Name, Format string }
	if err := d.do(ctx, request{op: "list recordings", method: http.MethodGet, path: "/recordings/stored"}, &stored); err != nil {
		return nil, err
	}
	names := make([]string, len(stored))
	for i, s := range stored {
		names[i] = s.Name + "." + s.Format
	}
	return names, nil
}
