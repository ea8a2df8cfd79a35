package floor

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// load reads what a predecessor left in the live state.
func (f *Floor) load(ctx context.Context) (seats map[string][]byte, err error) {
	if f.cfg.Live == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	byID, seats, err := f.cfg.Live.Load(ctx)
	if err != nil {
		return nil, err
	}
	var faults []error
	for id, value := range byID {
		var r record
		if e := openRecord(f.cfg.Sealer, value, &r); e != nil {
			faults = append(faults, e)
			continue
		}
		f.left[id] = r
	}
	return seats, errors.Join(faults...)
}

// takeLeft takes the record that a predecessor left of a call.
func (f *Floor) takeLeft(id calls.ID) (record, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r, ok := f.left[id]
	delete(f.left, id)
	return r, ok
}

// reconcile makes our picture that of the switch after a connect: phones are put again, calls of
// a predecessor go on, calls whose leg is gone end, and each live call hears what is there.
func (n *node) reconcile() bool {
	n.putPhones()
	at := time.Now()
	pic, legs, ok := n.picture()
	if !ok {
		return false
	}
	for _, c := range n.live() {
		c.box.put(pictureMsg{at, legs, pic.Recordings})
	}
	n.adoptAll(pic, legs)
	n.buryLost(legs)
	n.known = true
	n.f.disp.box.put(reconciled{})
	n.f.log.Info("reconciled with the switch", "node", n.sw.Node(), "legs", len(pic.Legs), "bridges", len(pic.Bridges))
	return true
}

// reconciled says that all calls which go on are live.
type reconciled struct{}

// putPhones provisions the seats' phones and learns which are registered.
func (n *node) putPhones() {
	ctx, cancel := context.WithTimeout(n.f.ctx, 10*time.Second)
	defer cancel()
	seats, err := n.f.cfg.Seats.Seats(ctx)
	if err != nil {
		n.f.log.Warn("ask the desk for the seats", "err", err)
	}
	phones := map[string]cti.Phone{}
	for _, s := range seats {
		if s.PhoneHA1 != "" {
			phones[s.Seat] = cti.Phone{ID: s.Seat, HA1: s.PhoneHA1, CallerID: s.Seat}
		}
	}
	n.f.mu.RLock()
	maps.Copy(phones, n.f.phones)
	n.f.mu.RUnlock()
	for id, p := range phones {
		if err := n.sw.PutPhone(ctx, p); err != nil {
			n.f.log.Warn("put a phone", "phone", id, "node", n.sw.Node(), "err", err)
		}
	}
	up, err := n.sw.Phones(ctx)
	if err != nil {
		n.f.log.Warn("ask which phones are registered", "node", n.sw.Node(), "err", err)
		return
	}
	for id, registered := range up {
		n.f.disp.box.put(phoneMsg{n.sw.Node(), id, registered})
	}
}

// adoptAll goes on with the calls whose citizens are on the switch and belong to no live call.
func (n *node) adoptAll(pic cti.Picture, legs map[cti.LegID]cti.Leg) {
	for _, leg := range pic.Legs {
		if n.f.ownerOf(leg.ID) != nil {
			continue
		}
		if r, ok := n.leftOf(leg); ok {
			n.adopt(r, legs, pic)
			continue
		}
		_, ours := callOfName(string(leg.ID))
		if leg.Ours && !ours && leg.Phone == "" && leg.Vars[varRole] != "seat" && !n.f.hasEnded(recordFromLeg(n.sw.Node(), leg, Line{}).ID) {
			n.adoptLeg(leg, legs, pic)
		}
	}
	// Outbound calls whose citizen was not dialled yet have only the leg of a seat or a clerk.
	for id, r := range n.f.remaining(n.sw.Node()) {
		if r.Leg != "" {
			continue
		}
		for _, leg := range r.legs() {
			if _, there := legs[leg]; there {
				if r, ok := n.f.takeLeft(id); ok {
					n.adopt(r, legs, pic)
				}
			}
		}
	}
}

// leftOf takes the record of the call whose citizen the leg is.
func (n *node) leftOf(leg cti.Leg) (record, bool) {
	for id, r := range n.f.remaining(n.sw.Node()) {
		// A citizen who is being called is not under our control before he answers.
		if r.Leg == leg.ID && (leg.Ours || r.Stage == calls.StageDialling) {
			return n.f.takeLeft(id)
		}
	}
	return record{}, false
}

// remaining lists what a predecessor left on a node and was not found yet.
func (f *Floor) remaining(node string) map[calls.ID]record {
	f.mu.RLock()
	defer f.mu.RUnlock()
	out := map[calls.ID]record{}
	for id, r := range f.left {
		if r.Node == node {
			out[id] = r
		}
	}
	return out
}

// adopt goes on with a call of a predecessor.
func (n *node) adopt(r record, legs map[cti.LegID]cti.Leg, pic cti.Picture) {
	c := newCall(n.f, n, r)
	c.resumed = true
	c.alive = legs
	c.recordingRuns = slices.Contains(pic.Recordings, r.Voicemail)
	c.onMusic = slices.ContainsFunc(pic.Bridges, func(b cti.Bridge) bool {
		return b.ID == r.holdBridge() && slices.Contains(b.Members, r.Leg)
	})
	c.log.Info("a call goes on", "stage", r.Stage, "seat", c.seatName())
	n.f.begin(c, (*call).goOn)
}

// adoptLeg goes on with a call of which only the switch knows.
func (n *node) adoptLeg(leg cti.Leg, legs map[cti.LegID]cti.Leg, pic cti.Picture) {
	r := recordFromLeg(n.sw.Node(), leg, n.f.cfg.Line)
	r.Holds = holdsOf(r.ID, pic.Bridges)
	r.Plays = unused()
	if leg.Vars[varCall] == "" {
		n.inbound(leg)
		return
	}
	// The stages that depend on more than the channel says begin again with what is known.
	switch r.Stage {
	case calls.StageQueue, calls.StageRinging, calls.StageTalk, calls.StageHold, calls.StageConsult, calls.StageThreeWay:
		r.rebuild(leg, legs)
	default:
		r.Stage = calls.StageMenu
	}
	n.adopt(r, legs, pic)
}

// holdsOf finds the number of the call's music bridge; without one, a number that was not used
// before.
func holdsOf(id calls.ID, bridges []cti.Bridge) int {
	holds := -1
	for _, b := range bridges {
		if n, ok := strings.CutPrefix(string(b.ID), string(id)+".hold."); ok {
			if i, err := strconv.Atoi(n); err == nil {
				holds = max(holds, i)
			}
		}
	}
	if holds < 0 {
		return unused()
	}
	return holds
}

// unused is a number that a predecessor of whom nothing is known did not count to.
func unused() int { return int(time.Now().Unix() % 1_000_000_000) }

// buryLost closes the records of calls that ended while no server lived.
func (n *node) buryLost(legs map[cti.LegID]cti.Leg) {
	for id := range n.f.remaining(n.sw.Node()) {
		r, ok := n.f.takeLeft(id)
		if !ok {
			continue
		}
		if r.Stage == calls.StageEnded {
			n.f.saver.dropCall(id)
			continue
		}
		c := newCall(n.f, n, r)
		c.resumed, c.alive = true, legs
		c.gone = &cti.LegEnded{Leg: r.Leg, Text: "ended while no server lived", At: n.f.now()}
		n.f.begin(c, (*call).hungUp)
	}
}

// live lists the live calls of the node.
func (n *node) live() []*call {
	n.f.mu.RLock()
	defer n.f.mu.RUnlock()
	var out []*call
	for _, c := range n.f.byID {
		if c.node == n {
			out = append(out, c)
		}
	}
	return out
}

// sweep finds what nobody owns and what has vanished. A thing must be suspect in two sweeps in a
// row, since requests may be under way.
func (n *node) sweep() {
	pic, legs, ok := n.picture()
	if !ok {
		return
	}
	seen := map[string]bool{}
	suspect := func(what string) bool {
		seen[what] = true
		return n.suspects[what]
	}
	for _, leg := range pic.Legs {
		id, named := callOfName(string(leg.ID))
		switch {
		case n.f.ownerOf(leg.ID) != nil:
		case named && n.f.callOf(id) == nil && suspect("leg "+string(leg.ID)):
			n.f.log.Warn("a leg of no call: hung up", "leg", leg.ID, "call", id)
			n.drop(leg.ID, cti.HangupNormal)
		case !named && leg.Ours && leg.Phone == "" && n.f.hasEnded(recordFromLeg(n.sw.Node(), leg, Line{}).ID):
			n.f.log.Warn("a leg of an ended call: hung up", "leg", leg.ID)
			n.drop(leg.ID, cti.HangupNormal)
		case !named && leg.Ours && leg.Phone == "" && suspect("call "+string(leg.ID)):
			n.f.log.Warn("a call whose beginning was missed", "leg", leg.ID)
			n.adoptLeg(leg, legs, pic)
		}
	}
	for _, b := range pic.Bridges {
		id, named := callOfName(string(b.ID))
		if named && n.f.callOf(id) == nil && suspect("bridge "+string(b.ID)) {
			n.f.log.Warn("a bridge of no call: removed", "bridge", b.ID, "call", id)
			n.removeBridge(b.ID)
		}
	}
	for _, c := range n.live() {
		for _, leg := range n.f.legsOf(c) {
			if _, there := legs[leg]; !there && suspect("gone "+string(leg)) {
				c.box.put(cti.LegEnded{Leg: leg, Text: endedUnseen, At: n.f.now()})
			}
		}
	}
	n.suspects = seen
	n.f.forgetEnded(time.Now().Add(-endedMemory))
}

// endedMemory is how long an ended call is remembered: longer than a hang-up can fail.
const endedMemory = time.Hour

func (f *Floor) hasEnded(id calls.ID) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	_, ok := f.ended[id]
	return ok
}

func (f *Floor) forgetEnded(before time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(f.ended, func(_ calls.ID, at time.Time) bool { return at.Before(before) })
}

func (n *node) removeBridge(id cti.BridgeID) {
	ctx, cancel := context.WithTimeout(n.f.ctx, requestDeadline)
	defer cancel()
	if err := n.sw.DestroyBridge(ctx, id); err != nil {
		n.f.log.Warn("remove a bridge", "bridge", id, "err", err)
	}
}

// legsOf lists the legs that are routed to a call.
func (f *Floor) legsOf(c *call) []cti.LegID {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return slices.Collect(maps.Keys(c.owned))
}

// goOn enters the stage a predecessor was in.
func (c *call) goOn() stage {
	if c.r.Stage == calls.StageEnded {
		return (*call).endAgain
	}
	c.show()
	c.fetchHistory()
	switch c.r.Stage {
	case calls.StageQueue:
		return c.resumeQueue()
	case calls.StageRinging:
		return c.resumeRing()
	case calls.StageTalk, calls.StageHold, calls.StageConsult, calls.StageThreeWay:
		if c.clerk() != nil {
			c.later = append(c.later, pictureMsg{legs: c.alive})
			return (*call).bridged
		}
		return c.resumeTalk()
	case calls.StageVoicemail:
		return c.resumeVoicemail()
	case calls.StageTransfer:
		return c.resumeOutside()
	case calls.StageDialling:
		return c.resumeDial()
	case calls.StageMenu, calls.StageRating, calls.StageCallback:
		if c.resumeMusic() {
			return (*call).menuStage
		}
		return c.failed()
	default:
		return (*call).incoming
	}
}

// resumeMusic makes sure that the caller hears something. What the predecessor was saying is
// stopped first: while it plays the switch carries out no other request for the leg.
func (c *call) resumeMusic() bool {
	if c.r.Plays > 0 {
		c.playing = c.r.playback()
		c.stopPlaying()
	}
	return c.onMusic || c.toMusic() || c.gone != nil
}

// resumeQueue waits on at the place the caller had.
func (c *call) resumeQueue() stage {
	if !c.resumeMusic() {
		return c.failed()
	}
	c.r.Queued = true
	c.r.Request.AtHead = true // known to the engine as counted before, and ahead of new calls
	return (*call).menuStage
}
