package asterisk

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/open12345/hotline/cti"
)

// reported is a variable that rides on the leg's events.
type reported struct {
	Value  string `json:"value"`
	Report bool   `json:"report_events"`
}

func reportedAll(vars map[string]string) map[string]any {
	m := make(map[string]any, len(vars))
	for k, v := range vars {
		m[k] = reported{v, true}
	}
	return m
}

// SetVars implements cti.Switch. ARI alone can make a variable ride on events, but waits for
// the end of a running sound; AMI sets one at once, and one that rides already goes on riding.
func (d *Driver) SetVars(ctx context.Context, leg cti.LegID, vars map[string]string) error {
	if err := d.over("set variables of", leg); err != nil {
		return err
	}
	d.mu.Lock()
	st := d.track.legs[leg]
	busy := st == nil || !st.started || len(st.busy) > 0
	riding := st != nil
	for name := range vars {
		riding = riding && st.flagged[name]
	}
	if busy && !riding && st != nil {
		if st.pending == nil {
			st.pending = map[string]string{}
		}
		maps.Copy(st.pending, vars)
	}
	d.mu.Unlock()
	if busy || riding {
		err := d.setVarsByAMI(ctx, leg, vars)
		if err == nil || !errors.Is(err, cti.ErrUnavailable) {
			return err
		}
		d.log.Warn("setting variables by AMI failed, trying ARI", "leg", leg, "err", err)
	}
	return d.setVarsByARI(ctx, leg, vars)
}

func (d *Driver) setVarsByARI(ctx context.Context, leg cti.LegID, vars map[string]string) error {
	err := d.do(ctx, request{op: opLeg("set variables of", leg), method: http.MethodPost, path: legPath(leg, "/variables"),
		body: map[string]any{"variables": reportedAll(vars)}}, nil)
	if err == nil {
		d.mu.Lock()
		if st := d.track.legs[leg]; st != nil && !st.ended {
			st.flag(vars)
		}
		d.mu.Unlock()
	}
	return err
}

func (d *Driver) setVarsByAMI(ctx context.Context, leg cti.LegID, vars map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if _, err := d.amiDo(ctx, opLeg("set variable of", leg), "Setvar", "Channel", string(leg), "Variable", name, "Value", vars[name]); err != nil {
			return err
		}
	}
	return nil
}

// flush is what must be said again by ARI when a leg is no longer busy.
type flush struct {
	leg  cti.LegID
	vars map[string]string
}

// flushAfter takes a leg's pending variables when its last sound or recording has ended.
func (t *tracker) flushAfter(e cti.Event) []flush {
	var leg cti.LegID
	switch e := e.(type) {
	case cti.PlaybackFinished:
		leg = e.Leg
	case cti.RecordingFinished:
		leg = e.Leg
	default:
		return nil
	}
	st := t.legs[leg]
	if st == nil || st.ended || len(st.busy) > 0 || len(st.pending) == 0 {
		return nil
	}
	f := flush{leg, st.pending}
	st.pending = nil
	return []flush{f}
}

func (d *Driver) flushVars(f flush) {
	ctx, cancel := context.WithTimeout(context.Background(), d.cfg.RequestTimeout)
	defer cancel()
	if err := unlessGone(d.setVarsByARI(ctx, f.leg, f.vars)); err != nil {
		d.log.Warn("variables don't ride on events", "leg", f.leg, "err", err)
	}
}

// Claim implements cti.Switch.
func (d *Driver) Claim(ctx context.Context, leg cti.LegID) error {
	const guard = "TIMEOUT(absolute)"
	if err := d.over("claim", leg); err != nil {
		return err
	}
	_, err := d.amiDo(ctx, opLeg("claim", leg), "Setvar", "Channel", string(leg), "Variable", guard, "Value", "0")
	if !errors.Is(err, cti.ErrUnavailable) {
		return err
	}
	return d.do(ctx, request{op: opLeg("claim", leg), method: http.MethodPost, path: legPath(leg, "/variables"),
		body: map[string]any{"variables": map[string]string{guard: "0"}}}, nil)
}

// over answers for a leg whose end was told already; for a moment more the switch would still
// do what doesn't need our application.
func (d *Driver) over(op string, leg cti.LegID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if st := d.track.legs[leg]; st != nil && st.ended {
		return d.failed(request{op: opLeg(op, leg)}, cti.ErrGone, 0, "it has ended")
	}
	return nil
}

// occupy notes that a sound or recording holds up the leg's requests; done takes it back.
func (d *Driver) occupy(leg cti.LegID, what string) (done func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if st := d.track.live(leg); st != nil {
		st.busy = append(st.busy, what)
	}
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.track.idle(leg, what)
	}
}

// stopSounds ends what plays on the leg, as far as this process began it: the switch would hold
// the next request until the end of the sound.
func (d *Driver) stopSounds(ctx context.Context, leg cti.LegID) error {
	d.mu.Lock()
	var playing []string
	if st := d.track.legs[leg]; st != nil {
		for _, b := range st.busy {
			if id, ok := cutSound(b); ok {
				playing = append(playing, id)
			}
		}
	}
	d.mu.Unlock()
	for i := len(playing) - 1; i >= 0; i-- { // the last queued first, so that none begins
		if err := d.StopPlayback(ctx, cti.PlaybackID(playing[i])); err != nil {
			return err
		}
	}
	return nil
}

// SetGlobal implements cti.Switch.
func (d *Driver) SetGlobal(ctx context.Context, name, value string) error {
	return d.do(ctx, request{op: "set global " + name, method: http.MethodPost, path: "/asterisk/variable",
		query: map[string][]string{"variable": {name}, "value": {value}}}, nil)
}
