package floor

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// stage is one part of a call's script. It reads top to bottom like what the caller lives
// through, and returns the next one; nil ends the script. Entering a stage again, in a successor,
// asks what is already so and goes on from there.
type stage func(c *call) stage

// call is the actor of one call: it alone touches its record. It learns everything by messages
// in its mailbox and never waits for another actor.
type call struct {
	id   calls.ID
	f    *Floor
	node *node
	sw   cti.Switch
	log  *slog.Logger
	box  *mailbox
	r    record

	ctx    context.Context // ends with the floor; requests derive from it
	alarms map[string]time.Time
	timer  *time.Timer

	gone    *cti.LegEnded // the citizen's leg ended
	stuck   bool          // the citizen's leg could not be hung up
	leaving bool          // the floor stops; a successor goes on
	resumed bool          // the first stage is entered again

	menu          Walker
	history       *History
	popped        string // seat that saw an incomplete pop
	playing       cti.PlaybackID
	playSeq       int
	waitSeq       int
	keys          atomic.Int64
	joined        bool // the walk's Queue has been offered
	alive         map[cti.LegID]cti.Leg
	onMusic       bool // in the music bridge, as the picture said when the call was taken over
	recordingRuns bool // as the picture said when the call was taken over
	recorded      *cti.RecordingFinished
	later         []any // messages that came while the actor waited for something else
	pending       *invitation
	lastErr       error

	owned map[cti.LegID]time.Time // legs routed here, since when; guarded by the floor\'s lock
}

// Messages of a call's mailbox besides cti.Event and *order.
type (
	alarmMsg   struct{ name string }
	historyMsg struct{ history History }
	lookupMsg  struct {
		seq    int
		result ivr.Result
	}
	// assigned: a seat is reserved for this call; ring it.
	assigned struct {
		seat  seatPart
		queue string
	}
	// queueOver: the engine gave the call up.
	queueOver struct {
		outcome string // ivr.Outcome…
		detail  string
	}
	// queueMoved: the call waits in another queue now.
	queueMoved struct{ queue string }
	// placeMsg answers askPlace.
	placeMsg struct {
		seq      int // of the Wait that ran out
		position int
		estimate time.Duration
	}
	// seatGone: the seat that rings can't be reached any more.
	seatGone struct{ seat, reason string }
	// granted and denied answer reserveMsg.
	granted struct {
		party string
		seat  seatPart
	}
	denied struct {
		party string
		code  string
	}
	pictureMsg struct {
		at         time.Time // asked; what came later is not in it
		legs       map[cti.LegID]cti.Leg
		recordings []string
	}
	// notedMsg: the seat wrote its call note.
	notedMsg struct{ note calls.Note }
)

// maxKeys bounds the keys pressed in one call; a storm beyond it is ignored.
const maxKeys = 500

func newCall(f *Floor, n *node, r record) *call {
	return &call{
		id: r.ID, f: f, node: n, sw: n.sw, r: r, box: newMailbox(), ctx: f.ctx,
		log:    f.log.With("call", r.ID, "node", r.Node),
		alarms: map[string]time.Time{}, owned: map[cti.LegID]time.Time{},
		timer: stoppedTimer(),
	}
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// run walks the script to its end.
func (c *call) run(first stage) {
	for s := first; s != nil; {
		s = s(c)
	}
	c.timer.Stop()
	if !c.leaving {
		c.f.end(c)
	}
	for _, msg := range append(c.later, c.box.close()...) {
		if o, ok := msg.(*order); ok {
			o.refuse(RefusedNoSuchCall, "the call has ended")
		}
	}
}

// next waits for the next thing a stage has to see. False: the wait is over, because the citizen
// hung up or the floor stops; the stage returns (*call).over.
func (c *call) next() (any, bool) {
	for {
		if c.gone != nil || c.leaving {
			return nil, false
		}
		if len(c.later) > 0 {
			msg := c.later[0]
			c.later = c.later[1:]
			if msg = c.digest(msg); msg != nil {
				return msg, true
			}
			continue
		}
		c.armTimer()
		select {
		case <-c.ctx.Done():
			c.leaving = true
			return nil, false
		case <-c.timer.C:
			if name, due := c.dueAlarm(); due {
				return alarmMsg{name}, true
			}
		case <-c.box.ready:
			if msg, ok := c.box.take(); ok {
				if msg = c.digest(msg); msg != nil {
					return msg, true
				}
			}
		}
	}
}

// digest keeps what concerns every stage alike; nil means that the stage need not see it.
func (c *call) digest(msg any) any {
	switch m := msg.(type) {
	case cti.LegEnded:
		c.f.disown(m.Leg)
		if m.Leg == c.r.Leg {
			c.gone = &m
			return nil
		}
	case cti.LegAnswered:
		if m.Leg == c.r.Leg && c.r.UpAt.IsZero() {
			c.r.UpAt = m.At
		}
	case cti.Digit:
		if m.Leg != c.r.Leg {
			return nil
		}
	case cti.RecordingFinished:
		c.recorded = &m
	case cti.LegStarted:
		if !c.owns(m.Leg.ID) {
			// It answered in the moment in which it was given up.
			c.hangup(m.Leg.ID, cti.HangupNormal)
			return nil
		}
	case notedMsg:
		c.r.Note = m.note
		c.save()
		return nil
	case saveMsg:
		c.save()
		return nil
	case historyMsg:
		c.history = &m.history
		c.popLate()
		return nil
	case pictureMsg:
		return c.compare(m)
	}
	return msg
}

func (c *call) owns(leg cti.LegID) bool { return slices.Contains(c.r.legs(), leg) }

// seen looks a leg up in a picture. A leg that is younger than the picture counts as there.
func (c *call) seen(m pictureMsg, leg cti.LegID) (cti.Leg, bool) {
	l, there := m.legs[leg]
	if !there && !m.at.IsZero() && !c.f.ownedSince(c, leg).Before(m.at) {
		return cti.Leg{ID: leg}, true
	}
	return l, there
}

// compare finds what was missed while no events came.
func (c *call) compare(m pictureMsg) any {
	if c.r.Leg != "" {
		if _, there := c.seen(m, c.r.Leg); !there {
			c.gone = &cti.LegEnded{Leg: c.r.Leg, Text: endedUnseen, At: c.f.now()}
			return nil
		}
	}
	c.alive = m.legs
	return m
}

// over ends a stage whose wait ended: the script ends too, or is left to a successor.
func (c *call) over() stage {
	if c.leaving {
		return (*call).leave
	}
	return (*call).hungUp
}

// leave keeps the call for a successor.
func (c *call) leave() stage {
	c.save()
	return nil
}

// done is the end of the script.
func (c *call) done() stage { return nil }

func (c *call) setAlarm(name string, after time.Duration) {
	c.alarms[name] = time.Now().Add(after)
}

func (c *call) dropAlarm(names ...string) {
	for _, n := range names {
		delete(c.alarms, n)
	}
}

func (c *call) armTimer() {
	var first time.Time
	for _, at := range c.alarms {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	c.timer.Stop()
	if !first.IsZero() {
		c.timer.Reset(max(time.Until(first), 0))
	}
}

func (c *call) dueAlarm() (string, bool) {
	now := time.Now()
	var due string
	for name, at := range c.alarms {
		if !at.After(now) && (due == "" || at.Before(c.alarms[due])) {
			due = name
		}
	}
	if due == "" {
		return "", false
	}
	delete(c.alarms, due)
	return due, true
}

// enter records that the call is in a stage now, before anything of the stage happens.
func (c *call) enter(s calls.Stage) {
	c.r.Stage = s
	c.save()
	c.mark()
}

// save keeps the record for a successor.
func (c *call) save() { c.f.saver.saveCall(c.ctx, &c.r) }

// mark writes on the channel what a successor needs when the live state is gone.
func (c *call) mark() {
	if c.r.Leg == "" || c.gone != nil {
		return
	}
	ctx, cancel := c.deadline()
	defer cancel()
	c.note(c.sw.SetVars(ctx, c.r.Leg, c.r.vars()), "set variables")
}

// requestDeadline bounds one request to the switch.
const requestDeadline = 2 * time.Second

func (c *call) deadline() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.ctx), requestDeadline)
}

// note logs a failed request that the call can do without. ErrGone is ordinary: the end of the
// leg follows as an event.
func (c *call) note(err error, what string) bool {
	if err == nil {
		return true
	}
	c.lastErr = err
	if errors.Is(err, cti.ErrGone) {
		c.log.Debug("the leg was gone", "doing", what, "err", err)
	} else {
		c.log.Warn("the switch failed", "doing", what, "err", err)
	}
	return false
}

// try carries out a request that the call can't do without: up to three times, as long as the
// citizen is there.
func (c *call) try(what string, request func(ctx context.Context) error) bool {
	for attempt := range 3 {
		if attempt > 0 && !c.pause(time.Duration(attempt)*100*time.Millisecond) {
			return false
		}
		ctx, cancel := c.deadline()
		err := request(ctx)
		cancel()
		if c.note(err, what) {
			return true
		}
	}
	return false
}

// pause waits a moment and keeps what arrives for later; false when the call is over.
func (c *call) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			return true
		case <-c.ctx.Done():
			c.leaving = true
			return false
		case <-c.box.ready:
			msg, ok := c.box.take()
			if !ok {
				continue
			}
			if end, is := msg.(cti.LegEnded); is && end.Leg == c.r.Leg {
				c.digest(end)
				return false
			}
			c.later = append(c.later, msg)
		}
	}
}

// join puts a leg into a bridge, making the bridge if need be.
func (c *call) join(id cti.BridgeID, kind cti.BridgeKind, leg cti.LegID) bool {
	return c.try("join a bridge", func(ctx context.Context) error {
		if err := c.sw.CreateBridge(ctx, id, kind); err != nil {
			return err
		}
		return c.sw.Join(ctx, id, leg)
	})
}

// toMusic puts the citizen on music.
func (c *call) toMusic() bool { return c.join(c.r.holdBridge(), cti.Holding, c.r.Leg) }

// toTalk puts a leg into the conversation.
func (c *call) toTalk(leg cti.LegID) bool { return c.join(c.r.talkBridge(), cti.Mixing, leg) }

// hangup ends a leg of the call.
func (c *call) hangup(leg cti.LegID, why cti.HangupCause) {
	if leg == "" {
		return
	}
	ctx, cancel := c.deadline()
	defer cancel()
	if !c.note(c.sw.Hangup(ctx, leg, why), "hang up") && !errors.Is(c.lastErr, cti.ErrGone) {
		c.stuck = c.stuck || leg == c.r.Leg
		c.node.dropLater(leg, why)
	}
}

// emit journals an event of the call and shows what it changed.
func (c *call) emit(t calls.EventType, seat string, data any, more ...Update) {
	now := c.f.now()
	ups := append([]Update{{Call: c.r.view(now)}}, more...)
	if err := c.f.hub.emit(event(t, now, c.r.ID, seat, data), ups...); err != nil {
		c.log.Error("journal", "err", err)
		c.f.hub.raise(Alarm{alarmJournal, err.Error(), true}, "")
	}
}

// show tells the call's seat of a change that is no event.
func (c *call) show() { c.f.hub.show(Update{Call: c.r.view(c.f.now())}) }

// wrong refuses an order that makes no sense in this stage; other messages are left alone.
func (c *call) wrong(msg any) {
	if o, ok := msg.(*order); ok {
		if !c.mine(o) {
			o.refuse(RefusedNoSuchCall, "another seat's call")
			return
		}
		o.refuse(RefusedWrongStage, "the call is in stage "+string(c.r.Stage))
	}
}

// mine tells whether the order comes from the seat of this call.
func (c *call) mine(o *order) bool {
	return c.r.Seat != nil && !c.r.Seat.Left && o.cmd.Seat == c.r.Seat.Seat
}
