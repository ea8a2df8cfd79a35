package asterisk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/open12345/hotline/cti"
)

// Answer implements cti.Switch.
func (d *Driver) Answer(ctx context.Context, leg cti.LegID) error {
	if err := d.stopSounds(ctx, leg); err != nil {
		return err
	}
	return d.do(ctx, request{op: opLeg("answer", leg), method: http.MethodPost, path: legPath(leg, "/answer")}, nil)
}

// Ring implements cti.Switch.
func (d *Driver) Ring(ctx context.Context, leg cti.LegID) error {
	return d.do(ctx, request{op: opLeg("ring", leg), method: http.MethodPost, path: legPath(leg, "/ring")}, nil)
}

// causes are the Q.850 numbers of our hang-up causes.
var causes = map[cti.HangupCause]int{
	cti.HangupNormal:     16,
	cti.HangupBusy:       17,
	cti.HangupNoAnswer:   19,
	cti.HangupCongestion: 34,
	cti.HangupRejected:   21,
}

// Hangup implements cti.Switch.
func (d *Driver) Hangup(ctx context.Context, leg cti.LegID, why cti.HangupCause) error {
	cause := causes[why]
	if cause == 0 {
		cause = causes[cti.HangupNormal]
	}
	d.mu.Lock()
	if st := d.track.legs[leg]; st != nil && !st.ended && !st.hangup {
		st.cause = cause
	}
	d.mu.Unlock()
	return unlessGone(d.do(ctx, request{op: opLeg("hang up", leg), method: http.MethodDelete, path: legPath(leg, ""),
		query: url.Values{"reason_code": {strconv.Itoa(cause)}}}, nil))
}

// Continue implements cti.Switch.
func (d *Driver) Continue(ctx context.Context, leg cti.LegID, dialplanContext, extension string) error {
	if err := d.stopSounds(ctx, leg); err != nil {
		return err
	}
	return d.do(ctx, request{op: opLeg("give back", leg), method: http.MethodPost, path: legPath(leg, "/continue"),
		query: url.Values{"context": {dialplanContext}, "extension": {extension}, "priority": {"1"}}}, nil)
}

// SendDTMF implements cti.Switch.
func (d *Driver) SendDTMF(ctx context.Context, leg cti.LegID, digits string) error {
	return d.do(ctx, request{op: opLeg("send keys to", leg), method: http.MethodPost, path: legPath(leg, "/dtmf"),
		query: url.Values{"dtmf": {digits}}}, nil)
}

// Snoop implements cti.Switch.
func (d *Driver) Snoop(ctx context.Context, target, id cti.LegID, hear, speak cti.Direction) error {
	if err := d.over("snoop on", target); err != nil {
		return err
	}
	return d.do(ctx, request{op: opLeg("snoop on", target), method: http.MethodPost, path: legPath(target, "/snoop/"+seg(string(id))),
		query: url.Values{"spy": {direction(hear)}, "whisper": {direction(speak)}, "app": {d.cfg.App},
			"appArgs": {"snoop," + string(target) + "," + direction(hear) + "," + direction(speak)}}}, nil)
}

func direction(d cti.Direction) string {
	if d == "" {
		return string(cti.None)
	}
	return string(d)
}

// rtpStats is the switch's model; jitter and round trip are in seconds, jitter in samples'
// time already converted by the switch.
type rtpStats struct {
	TxCount  int64   `json:"txcount"`
	RxCount  int64   `json:"rxcount"`
	TxLost   int64   `json:"txploss"`
	RxLost   int64   `json:"rxploss"`
	TxJitter float64 `json:"txjitter"`
	RxJitter float64 `json:"rxjitter"`
	RTT      float64 `json:"rtt"`
}

// Stats implements cti.Switch. A leg without media of its own has empty statistics.
func (d *Driver) Stats(ctx context.Context, leg cti.LegID) (cti.MediaStats, error) {
	var s rtpStats
	err := d.do(ctx, request{op: opLeg("media statistics of", leg), method: http.MethodGet, path: legPath(leg, "/rtp_statistics")}, &s)
	var e *cti.Error
	if errors.As(err, &e) && e.Status == http.StatusForbidden {
		return cti.MediaStats{}, nil
	}
	return cti.MediaStats{RxPackets: s.RxCount, TxPackets: s.TxCount, RxLost: s.RxLost, TxLost: s.TxLost,
		RxJitter: seconds(s.RxJitter), TxJitter: seconds(s.TxJitter), RTT: seconds(s.RTT)}, err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
