package floor

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// node listens to one switch and keeps our picture and its reality the same.
type node struct {
	f         *Floor
	sw        cti.Switch
	events    <-chan cti.Event
	connected atomic.Bool
	refresh   chan struct{} // a token: reconcile now
	known     bool          // reconciled since the floor began
	suspects  map[string]bool
}

func newNode(f *Floor, n Node) *node {
	return &node{f: f, sw: n.Switch, events: n.Events, refresh: make(chan struct{}, 1), suspects: map[string]bool{}}
}

// listen hands each event to the call it belongs to. It never waits for anything but events.
func (n *node) listen() {
	for {
		select {
		case <-n.f.ctx.Done():
			return
		case e, ok := <-n.events:
			if !ok {
				return
			}
			n.hear(e)
		}
	}
}

func (n *node) hear(e cti.Event) {
	switch e := e.(type) {
	case cti.Connected:
		n.connected.Store(true)
		n.f.hub.raise(Alarm{alarmSwitch, n.sw.Node(), false}, n.sw.Node())
		select {
		case n.refresh <- struct{}{}:
		default:
		}
	case cti.Disconnected:
		n.connected.Store(false)
		n.f.log.Error("the switch's connection is lost", "node", n.sw.Node(), "err", e.Err)
		n.f.hub.raise(Alarm{alarmSwitch, n.sw.Node(), true}, n.sw.Node())
	case cti.Replaced:
		n.f.log.Error("another floor took over this switch", "node", n.sw.Node(), "reason", e.Reason)
		n.connected.Store(false)
		n.f.replaced()
	case cti.LegStarted:
		n.started(e)
	case cti.PhoneChanged:
		n.f.disp.box.put(phoneMsg{n.sw.Node(), e.Phone, e.Registered})
	case cti.LegRinging:
		n.give(e.Leg, e)
	case cti.LegAnswered:
		n.give(e.Leg, e)
	case cti.LegEnded:
		n.give(e.Leg, e)
	case cti.Digit:
		n.key(e)
	case cti.PlaybackFinished:
		n.give(e.Leg, e)
	case cti.RecordingFinished:
		n.give(e.Leg, e)
	}
}

func (n *node) give(leg cti.LegID, e cti.Event) {
	if c := n.f.ownerOf(leg); c != nil {
		c.box.put(e)
	}
}

// key hands a key on, up to a bound for each call: a storm of them harms nobody.
func (n *node) key(e cti.Digit) {
	c := n.f.ownerOf(e.Leg)
	if c == nil {
		return
	}
	switch keys := c.keys.Add(1); {
	case keys <= maxKeys:
		c.box.put(e)
	case keys == maxKeys+1:
		c.log.Warn("too many keys: the rest of them is ignored")
	}
}

// started takes a leg that came under our control.
func (n *node) started(e cti.LegStarted) {
	if c := n.f.ownerOf(e.Leg.ID); c != nil {
		c.box.put(e)
		return
	}
	role := ""
	if len(e.Args) > 0 {
		role = e.Args[0]
	}
	switch role {
	case "inbound":
		if len(e.Args) > 1 && e.Args[1] != "" {
			e.Leg.Dialled = e.Args[1]
		}
		n.inbound(e.Leg)
	case "seat":
		// Seats dial by command only, so that every outbound call has its record.
		n.f.log.Warn("a seat's phone dialled by itself: hung up", "phone", e.Leg.Phone, "dialled", e.Leg.Dialled)
		n.drop(e.Leg.ID, cti.HangupRejected)
	}
}

// inbound begins the call of a citizen's leg, or goes on with it if a predecessor had it.
func (n *node) inbound(leg cti.Leg) {
	fresh := recordFromLeg(n.sw.Node(), leg, Line{})
	if old, ok := n.f.takeLeft(fresh.ID); ok {
		n.adopt(old, map[cti.LegID]cti.Leg{leg.ID: leg}, cti.Picture{})
		return
	}
	fresh.Stage = calls.StageIncoming
	fresh.Called = leg.Dialled
	c := newCall(n.f, n, fresh)
	if n.f.begin(c, (*call).incoming) {
		c.log.Info("call began", "called", fresh.Called)
	}
}

// dropLater hangs a leg up a moment later, after a request that failed. What fails again is left
// to the sweep.
func (n *node) dropLater(leg cti.LegID, why cti.HangupCause) {
	n.f.workers.Go(func() {
		t := time.NewTimer(time.Second)
		defer t.Stop()
		select {
		case <-t.C:
			n.drop(leg, why)
		case <-n.f.ctx.Done():
		}
	})
}

// drop hangs a leg up in the background of the event reader.
func (n *node) drop(leg cti.LegID, why cti.HangupCause) {
	n.f.workers.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(n.f.ctx), requestDeadline)
		defer cancel()
		if err := n.sw.Hangup(ctx, leg, why); err != nil {
			n.f.log.Warn("hang up a stray leg", "leg", leg, "err", err)
		}
	})
}

// keep reconciles after each connect and sweeps in between.
func (n *node) keep() {
	tick := time.NewTicker(n.f.cfg.SweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-n.f.ctx.Done():
			return
		case <-n.refresh:
			for !n.reconcile() {
				select {
				case <-n.f.ctx.Done():
					return
				case <-n.refresh:
				case <-time.After(time.Second):
				}
				if !n.connected.Load() {
					break
				}
			}
		case <-tick.C:
			if n.connected.Load() && n.known {
				n.sweep()
			}
		}
	}
}

// picture takes what the switch holds now.
func (n *node) picture() (cti.Picture, map[cti.LegID]cti.Leg, bool) {
	ctx, cancel := context.WithTimeout(n.f.ctx, 5*time.Second)
	defer cancel()
	pic, err := n.sw.List(ctx)
	if err != nil {
		n.f.log.Warn("list the switch's legs", "node", n.sw.Node(), "err", err)
		return pic, nil, false
	}
	legs := make(map[cti.LegID]cti.Leg, len(pic.Legs))
	for _, l := range pic.Legs {
		legs[l.ID] = l
	}
	return pic, legs, true
}

// callOfName finds the call that a leg, bridge or recording of ours is named after.
func callOfName(name string) (calls.ID, bool) {
	head, _, dotted := strings.Cut(name, ".")
	if !dotted {
		return "", false
	}
	id, err := calls.ParseID(head)
	return id, err == nil
}
