package floor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// Names of hand-offs in ivr.Input.Name.
const (
	actionQueue     = "queue"
	actionVoicemail = "voicemail"
	actionCallback  = "callback"
	actionTransfer  = "transfer"
)

const alarmWalk = "walk"

// walk takes the caller through the menu: each thing that happens is an input of the
// interpreter, each action it answers with is carried out. The walk goes on while he waits in a
// queue, until a seat is found or the menu gives him away.
func (c *call) walk(in ivr.Input) stage {
	for {
		if next := c.step(in); next != nil {
			return next
		}
		var next stage
		if in, next = c.await(); next != nil {
			return next
		}
	}
}

// await waits for the next input of the walk, or for what leads out of it.
func (c *call) await() (ivr.Input, stage) {
	for {
		msg, ok := c.next()
		if !ok {
			return ivr.Input{}, c.over()
		}
		switch m := msg.(type) {
		case cti.Digit:
			return ivr.Input{Kind: ivr.InputDigit, Digit: m.Digit}, nil
		case cti.PlaybackFinished:
			if m.ID == c.playing && c.playing != "" {
				c.playing = ""
				if m.Failed {
					return ivr.Input{Kind: ivr.InputPlaybackFailed, Seq: c.playSeq}, nil
				}
				return ivr.Input{Kind: ivr.InputPlaybackDone, Seq: c.playSeq}, nil
			}
		case alarmMsg:
			if m.name == alarmWalk && c.r.Queued {
				c.f.disp.box.put(askPlace{c, c.waitSeq})
			} else if m.name == alarmWalk {
				return ivr.Input{Kind: ivr.InputTimeout, Seq: c.waitSeq}, nil
			}
		case placeMsg:
			return ivr.Input{Kind: ivr.InputTimeout, Seq: m.seq, Position: m.position, Estimate: m.estimate}, nil
		case lookupMsg:
			return ivr.Input{Kind: ivr.InputLookupResult, Seq: m.seq, Result: m.result}, nil
		case assigned:
			return ivr.Input{}, c.ringSeat(m)
		case queueMoved:
			c.moved(m.queue)
		case queueOver:
			c.leftQueue(m.detail)
			return ivr.Input{Kind: ivr.InputActionDone, Name: actionQueue, Outcome: m.outcome}, nil
		case pictureMsg:
			// Playbacks may have ended unseen: say again what stands.
			return ivr.Input{Kind: ivr.InputResume}, nil
		default:
			c.wrong(msg)
		}
	}
}

// step feeds one input to the menu and carries out what it answers.
func (c *call) step(in ivr.Input) stage {
	seen := c.r.Walk.Visits
	walk, actions := c.menu.Step(c.r.Walk, in, c.f.now(), c.f.cfg.Open)
	c.r.Walk = walk
	if walk.Language != "" {
		c.r.Language = walk.Language
	}
	c.visited(false)
	if walk.Visits != seen {
		c.show()
	}
	if walk.Visits != seen || in.Kind != ivr.InputPlaybackDone {
		c.save()
	}
	for _, a := range actions {
		if next := c.act(a); next != nil {
			return next
		}
	}
	return nil
}

// visited journals the nodes the caller has left, with what he entered there.
func (c *call) visited(all bool) {
	if c.r.Stage == calls.StageRating {
		return // his answer is an event of its own
	}
	path := c.r.Walk.Path
	first := c.r.Walk.Visits - len(path) // number of the first visit that is still kept
	last := c.r.Walk.Visits
	if !all {
		last-- // he is still there
	}
	for c.r.Journaled = max(c.r.Journaled, first); c.r.Journaled < last; c.r.Journaled++ {
		v := path[c.r.Journaled-first]
		c.emit(calls.CallMenuVisited, "", calls.MenuVisit{Node: v.Node, Label: v.Title, Input: publicInput(v)})
	}
}

// publicInput keeps one key and hides collected digits.
func publicInput(v ivr.Visit) string {
	if len(v.Input) > 1 && onlyDigits(v.Input) {
		return "***"
	}
	return v.Input
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// act carries out one action of the menu.
func (c *call) act(a ivr.Action) stage {
	switch a := a.(type) {
	case ivr.Play:
		c.dropAlarm(alarmWalk)
		c.play(a)
	case ivr.StopPlayback:
		c.stopPlaying()
	case ivr.Wait:
		c.waitSeq = a.Seq
		c.setAlarm(alarmWalk, a.For)
	case ivr.Lookup:
		c.lookup(a)
	case ivr.Queue:
		return c.queue(a.Request)
	case ivr.Voicemail:
		c.leaveQueue()
		return c.voicemail(a)
	case ivr.Callback:
		c.leaveQueue()
		return c.wish(a)
	case ivr.Transfer:
		c.leaveQueue()
		return c.outside(a)
	case ivr.Rate:
		c.rated(a)
	case ivr.Hangup:
		return c.served(a.Cause)
	default:
		c.log.Error("unknown action of the menu", "action", fmt.Sprintf("%T", a))
	}
	return nil
}

// play plays lines to the caller in place of what plays now.
func (c *call) play(p ivr.Play) { c.playTo(c.r.Leg, p) }

func (c *call) playTo(leg cti.LegID, p ivr.Play) {
	c.stopPlaying()
	var sounds []string
	failed := false
	for _, prompt := range p.Prompts {
		s, err := c.f.cfg.Sounds.Sounds(prompt)
		if err != nil && !prompt.Optional {
			c.log.Error("a prompt has no sound", "prompt", prompt.ID, "language", prompt.Language, "err", err)
			failed = true
			continue
		}
		sounds = append(sounds, s...)
	}
	c.r.Plays++
	c.save() // a successor has to stop it
	id := c.r.playback()
	c.playing, c.playSeq = id, p.Seq
	if len(sounds) == 0 {
		c.later = append(c.later, cti.PlaybackFinished{ID: id, Leg: leg, Failed: failed, At: c.f.now()})
		return
	}
	ctx, cancel := c.deadline()
	defer cancel()
	if !c.note(c.sw.Play(ctx, leg, id, sounds), "play") {
		c.later = append(c.later, cti.PlaybackFinished{ID: id, Leg: leg, Failed: true, At: c.f.now()})
	}
}

func (c *call) stopPlaying() {
	if c.playing == "" {
		return
	}
	id := c.playing
	c.playing = ""
	ctx, cancel := c.deadline()
	defer cancel()
	c.note(c.sw.StopPlayback(ctx, id), "stop a playback")
}

// quiet ends everything of the walk that goes on by itself.
func (c *call) quiet() {
	c.stopPlaying()
	c.dropAlarm(alarmWalk)
}

// lookup asks the desk; the answer comes as a message.
func (c *call) lookup(l ivr.Lookup) {
	caller := c.r.Caller
	c.f.workers.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, historyPatience)
		defer cancel()
		r := ivr.Result{Code: ivr.ResultError}
		switch p := c.f.cfg.Progress; {
		case l.Name == "guides":
			r = guides(c.f.cfg.Guides)
		case p != nil:
			r = progress(ctx, p, l, caller)
		}
		if r.Code == ivr.ResultError {
			c.log.Warn("the desk did not answer a lookup", "lookup", l.Name)
		}
		c.box.put(lookupMsg{l.Seq, r})
	})
}

// guides answers the lookup of what can be read aloud.
func guides(from Guides) ivr.Result {
	items := []any{}
	if from != nil {
		for _, g := range from.Guides() {
			items = append(items, map[string]any{"title": g.Title, "text": g.Text})
		}
	}
	if len(items) == 0 {
		return ivr.Result{Code: ivr.ResultNone}
	}
	return ivr.Result{Code: ivr.ResultFound, Fields: map[string]any{"items": items}}
}

// progress answers the two lookups of a ticket's progress.
func progress(ctx context.Context, p TicketProgress, l ivr.Lookup, caller string) ivr.Result {
	var found []Progress
	var err error
	switch l.Name {
	case "progress_by_caller":
		if caller == "" {
			return ivr.Result{Code: ivr.ResultNone}
		}
		found, err = p.ProgressByCaller(ctx, caller)
		if err == nil && len(found) == 0 || errors.Is(err, ErrNoProgress) {
			return ivr.Result{Code: ivr.ResultNone}
		}
	case "progress_by_number":
		var one Progress
		one, err = p.ProgressByNumber(ctx, caller, l.Args["number"], l.Args["code"])
		found = []Progress{one}
		if errors.Is(err, ErrNoProgress) {
			return ivr.Result{Code: ivr.ResultWrong}
		}
	default:
		return ivr.Result{Code: ivr.ResultError}
	}
	switch {
	case errors.Is(err, ErrProgressLimited):
		return ivr.Result{Code: ivr.ResultLimited}
	case err != nil:
		return ivr.Result{Code: ivr.ResultError}
	}
	return ivr.Result{Code: ivr.ResultFound, Fields: spoken(found)}
}

// maxSpoken is how many tickets are read out.
const maxSpoken = 5

// spokenStates are the menu's words for public states.
var spokenStates = map[string]string{"in_progress": "handling", "not_accepted": "rejected"}

func spoken(found []Progress) map[string]any {
	items := make([]any, 0, maxSpoken)
	for _, p := range found[:min(len(found), maxSpoken)] {
		state := p.State
		if s, ok := spokenStates[state]; ok {
			state = s
		}
		date := ""
		if !p.Date.IsZero() {
			date = p.Date.Format(time.RFC3339)
		}
		items = append(items, map[string]any{"number": p.Number, "state": state, "date": date})
	}
	return map[string]any{"count": len(found), "items": items}
}

// queue puts the caller into a queue; one who is in it already keeps his place.
func (c *call) queue(want ivr.Request) stage {
	if c.joined && c.r.Queued {
		return nil
	}
	req := c.request(want)
	c.r.Request = &req
	if c.f.queueClosed(string(req.Queue), c.f.now()) {
		c.later = append(c.later, queueOver{outcome: ivr.OutcomeClosed, detail: "closed"})
		return nil
	}
	c.r.Queued = true
	c.enter(calls.StageQueue)
	if !c.joined && !c.resumed || !req.AtHead {
		c.emit(calls.CallQueued, "", c.queuedEvent())
	} else {
		c.show()
	}
	c.joined = true
	c.f.disp.box.put(c.offer())
	return nil
}

func (c *call) offer() offerMsg {
	return offerMsg{call: c, req: *c.r.Request, masked: c.r.masked(), language: c.r.Language}
}

func (c *call) queuedEvent() calls.Queued {
	req := c.r.Request
	q := calls.Queued{
		Queue: string(req.Queue), EnteredAt: c.r.EnteredAt, Language: c.r.Language,
		Priority: req.Priority, Again: req.AtHead, Skills: map[string]int{},
	}
	for _, n := range append(req.All, req.Any...) {
		q.Skills[string(n.Skill)] = n.Min
	}
	return q
}

// request is what the engine is asked for. A call that was queued before keeps its first entry.
func (c *call) request(want ivr.Request) acd.Request {
	if c.r.Request != nil && c.r.Queued {
		return *c.r.Request
	}
	if c.r.EnteredAt.IsZero() {
		c.r.EnteredAt = c.f.now()
	}
	queue := want.Queue
	if queue == "" {
		queue = c.r.Line.Queue
	}
	req := acd.Request{Call: c.r.ID, Queue: acd.QueueID(queue), Priority: want.Priority, EnteredAt: c.r.EnteredAt}
	for _, n := range want.Needs {
		req.All = append(req.All, acd.Need{Skill: acd.Skill(n.Skill), Min: n.Level})
	}
	for _, n := range want.AnyOf {
		req.Any = append(req.Any, acd.Need{Skill: acd.Skill(n.Skill), Min: n.Level})
	}
	return req
}

// moved follows an overflow to another queue.
func (c *call) moved(queue string) {
	c.r.Request.Queue = acd.QueueID(queue)
	c.save()
	c.mark()
	c.emit(calls.CallQueued, "", c.queuedEvent())
}

// leaveQueue takes the caller out of the queue by his own choice.
func (c *call) leaveQueue() {
	if !c.r.Queued {
		return
	}
	c.leftQueue("")
	c.f.disp.box.put(abandonMsg{c})
}

// leftQueue notes that the engine doesn't hold the call any more.
func (c *call) leftQueue(why string) {
	c.r.Queued, c.joined = false, false
	if why != "" {
		c.r.Outcome = calls.CauseQueueCleared
	}
	c.save()
}

// rated records the caller's answer to the question of satisfaction.
func (c *call) rated(a ivr.Rate) {
	if c.r.Given != nil && a.Question == questionHeard && a.Score == 1 {
		c.r.Outcome = calls.CauseHeard
		c.save()
	}
	if a.Question != "satisfaction" || a.Score < 1 || a.Score > 5 {
		c.emit(calls.CallMenuVisited, "", calls.MenuVisit{Node: a.Question, Input: fmt.Sprint(a.Score)})
		return
	}
	c.r.Rating = a.Score
	c.save()
	account := ""
	if c.r.Seat != nil {
		account = c.r.Seat.Account
	}
	c.emit(calls.CallRated, c.seatName(), calls.Rated{Score: a.Score, Account: account})
}

func (c *call) seatName() string {
	if c.r.Seat == nil {
		return ""
	}
	return c.r.Seat.Seat
}

// served ends the call where the menu ends.
func (c *call) served(cause string) stage {
	end := calls.End{Side: calls.SideSystem, Cause: calls.CauseSelfServed, Detail: cause}
	switch {
	case c.r.Outcome != "":
		end.Cause = c.r.Outcome
	case c.r.Given != nil:
		end.Cause = calls.CauseNotHeard
	case c.r.Talked:
		end.Side, end.Cause = calls.SideSeat, calls.CauseNormal
	case c.r.Request != nil:
		end.Cause = calls.CauseQueueCleared
	}
	if c.r.HungUpBy != "" {
		end.Side = c.r.HungUpBy
	}
	return c.finish(cti.HangupNormal, end)
}
