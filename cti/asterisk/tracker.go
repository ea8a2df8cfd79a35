package asterisk

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

const (
	// varArgs carries the arguments of an outside number's Originate through the dialplan.
	varArgs = "HOTLINE_ARGS"
	// varLeg is the dialplan's name for the same leg.
	varLeg = "HOTLINE_LEG"
	// varLive names a running recording, so that a successor can find it: the switch has no
	// list of running recordings.
	varLive = "HOTLINE_LIVE"
)

// tracker remembers of each leg what is needed to tell its events once and in the port's terms.
type tracker struct {
	app, trunk string
	legs       map[cti.LegID]*legState
	phones     map[string]bool
}

type legState struct {
	originated bool // by this process
	started    bool
	ended      bool
	destroyed  bool
	rang, up   bool
	hangup     bool // the far end's wish was told
	cause      int  // why it will end
	dialStatus string
	endedAt    time.Time
	missing    time.Time         // a list did not have it first
	busy       []string          // playbacks and recordings that hold up requests
	flagged    map[string]bool   // variables that ride on events
	pending    map[string]string // set while busy, not yet riding on events
}

func newTracker(app, trunk string) *tracker {
	return &tracker{app: app, trunk: trunk, legs: map[cti.LegID]*legState{}, phones: map[string]bool{}}
}

// otherHalf tells whether the id is the far half of a Local channel, which is the switch's own.
func otherHalf(id cti.LegID) bool { return strings.HasSuffix(string(id), ";2") }

// begin makes the leg one of ours, also again after an end.
func (t *tracker) begin(id cti.LegID) *legState {
	st := t.legs[id]
	if st == nil || st.ended {
		st = &legState{flagged: map[string]bool{}}
		t.legs[id] = st
	}
	st.started = true
	return st
}

// live finds the state of a leg that has not ended; one never heard of is made, but for the
// switch's own halves.
func (t *tracker) live(id cti.LegID) *legState {
	st := t.legs[id]
	if st == nil {
		if otherHalf(id) {
			return nil
		}
		st = &legState{flagged: map[string]bool{}}
		t.legs[id] = st
	}
	if st.ended {
		return nil
	}
	return st
}

// end tells the end of a leg, once.
func (t *tracker) end(id cti.LegID, cause int, text string, now time.Time) []cti.Event {
	st := t.legs[id]
	if st == nil {
		st = &legState{}
		t.legs[id] = st
	}
	if st.ended {
		return nil
	}
	if cause == 0 {
		cause = st.cause
	}
	e := cti.LegEnded{Leg: id, Cause: cause, Text: text, At: now}
	if !st.started {
		e.Status = st.status(cause)
	}
	*st = legState{originated: st.originated, ended: true, endedAt: now}
	return []cti.Event{e}
}

// status says why an originated leg was not answered; the switch doesn't always.
func (st *legState) status(cause int) string {
	switch {
	case st.dialStatus != "":
		return st.dialStatus
	case cause == 17:
		return "BUSY"
	case cause == 16, cause == 18, cause == 19, cause == 21:
		return "NOANSWER"
	case cause == 34, cause == 38, cause == 41, cause == 42:
		return "CONGESTION"
	}
	return "CHANUNAVAIL"
}

func (st *legState) ringing(id cti.LegID, now time.Time) []cti.Event {
	if st.rang || st.up {
		return nil
	}
	st.rang = true
	return []cti.Event{cti.LegRinging{Leg: id, At: now}}
}

func (st *legState) flag(vars map[string]string) {
	for name := range vars {
		st.flagged[name] = true
	}
}

// idle notes the end of a playback or recording.
func (t *tracker) idle(id cti.LegID, what string) {
	if st := t.legs[id]; st != nil {
		st.busy = slices.DeleteFunc(st.busy, func(b string) bool { return b == what })
	}
}

// phone notes a registration and tells it if it changed.
func (t *tracker) phone(id string, registered bool, now time.Time) []cti.Event {
	was, known := t.phones[id]
	t.phones[id] = registered
	if was == registered && (known || !registered) {
		return nil
	}
	return []cti.Event{cti.PhoneChanged{Phone: id, Registered: registered, At: now}}
}

// forget is the shrinker: ended legs stay as long as a late event of theirs may come. A leg we
// originated tells its destruction even after it went back to the dialplan.
func (t *tracker) forget(now time.Time) {
	maps.DeleteFunc(t.legs, func(_ cti.LegID, st *legState) bool {
		age := now.Sub(st.endedAt)
		return st.ended && (age > 2*time.Hour || age > time.Minute && (st.destroyed || !st.originated))
	})
}

// lateEvents is how long a leg that a list does not have may still be made, or its end be told:
// requests and events are on their way beside the list.
const lateEvents = 5 * time.Second

// keepOnly forgets live legs that the switch doesn't list any more: their end was in a gap of
// events. Legs newer than the list must not be forgotten, so the caller takes `before` first.
func (t *tracker) keepOnly(listed []cti.Leg, before map[cti.LegID]bool, now time.Time) {
	exists := map[cti.LegID]bool{}
	for _, l := range listed {
		exists[l.ID] = true
	}
	maps.DeleteFunc(t.legs, func(id cti.LegID, st *legState) bool {
		switch {
		case st.ended || !before[id]:
		case exists[id]:
			st.missing = time.Time{}
		case st.missing.IsZero():
			st.missing = now
		default:
			return now.Sub(st.missing) > lateEvents
		}
		return false
	})
}

// adopt takes up a listed leg whose events we missed.
func (t *tracker) adopt(l cti.Leg, c channel) {
	st := t.legs[l.ID]
	_, originated := c.Vars[varArgs]
	switch {
	case l.Ours && (st == nil || st.ended && time.Since(st.endedAt) > time.Second):
		st = t.begin(l.ID)
	case st == nil && originated:
		st = &legState{flagged: map[string]bool{}}
		t.legs[l.ID] = st
	default:
		return
	}
	st.originated, st.up = originated, l.Up
	st.flag(c.Vars)
}

func (t *tracker) ids() map[cti.LegID]bool {
	ids := make(map[cti.LegID]bool, len(t.legs))
	for id := range t.legs {
		ids[id] = true
	}
	return ids
}

// anonymous are the switch's words for a caller without a number.
var anonymous = map[string]bool{"anonymous": true, "unknown": true, "unavailable": true, "restricted": true, "withheld": true}

// leg describes a channel in the port's terms.
func (t *tracker) leg(c channel) cti.Leg {
	l := cti.Leg{
		ID:       cti.LegID(c.ID),
		UniqueID: c.ID,
		Name:     c.Name,
		Up:       c.State == "Up",
		Caller:   c.Caller.Number,
		Dialled:  c.Dialplan.Exten,
		Created:  at(c.Created),
		Vars:     map[string]string{},
	}
	if anonymous[strings.ToLower(l.Caller)] {
		l.Caller = ""
	}
	for k, v := range c.Vars {
		if k != varArgs && k != varLeg && k != varLive && v != "" {
			l.Vars[k] = v
		}
	}
	if called := l.Vars[cti.VarCalled]; called != "" {
		l.Dialled = called
	}
	if rest, ok := strings.CutPrefix(c.Name, "PJSIP/"); ok {
		if i := strings.LastIndexByte(rest, '-'); i > 0 && rest[:i] != t.trunk {
			l.Phone = rest[:i]
		}
	}
	st := t.legs[l.ID]
	l.Ours = st != nil && st.started && !st.ended ||
		c.Dialplan.App == "Stasis" && (c.Dialplan.Data == t.app || strings.HasPrefix(c.Dialplan.Data, t.app+",")) ||
		strings.HasPrefix(c.Name, "Snoop/")
	return l
}
