package asterisk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

// endedInTheGap finds the sounds and recordings that ended while no events came: whoever waits
// for such an end would wait for ever, and the switch says it only once. Legs are not looked
// at: List tells which of them are left.
func (d *Driver) endedInTheGap(ctx context.Context) ([]cti.Event, error) {
	d.mu.Lock()
	busy := map[cti.LegID][]string{}
	for id, st := range d.track.legs {
		if len(st.busy) > 0 {
			busy[id] = slices.Clone(st.busy)
		}
	}
	d.mu.Unlock()
	var events []cti.Event
	for leg, keys := range busy {
		for _, key := range keys {
			e, path := cti.Event(nil), ""
			if id, ok := cutSound(key); ok {
				e, path = cti.PlaybackFinished{ID: cti.PlaybackID(id), Leg: leg, At: time.Now()}, "/playbacks/"+seg(id)
			} else {
				name := strings.TrimPrefix(key, recordingKey(""))
				e, path = cti.RecordingFinished{Name: name, Leg: leg, At: time.Now()}, "/recordings/live/"+seg(name)
			}
			err := d.do(ctx, request{op: "look for " + key, method: http.MethodGet, path: path}, nil)
			switch {
			case err == nil:
			case errors.Is(err, cti.ErrGone):
				d.mu.Lock()
				d.track.idle(leg, key)
				flushes := d.track.flushAfter(e)
				d.mu.Unlock()
				for _, f := range flushes {
					d.wg.Go(func() { d.flushVars(f) })
				}
				events = append(events, e)
			default:
				return nil, err
			}
		}
	}
	return events, nil
}
