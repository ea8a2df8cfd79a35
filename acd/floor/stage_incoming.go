package floor

import (
	"context"
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// deskPatience is how long a caller may be kept by a question to the desk that has a default.
const deskPatience = 500 * time.Millisecond

// incoming takes a citizen's call over from the dialplan: open the record, refuse whom we don't
// serve, answer, and go to the menu.
func (c *call) incoming() stage {
	c.r.Line = c.f.line(c.ctx, c.r.Called)
	c.r.Menu = c.r.Line.Menu
	c.save()
	if !c.resumed {
		c.emit(calls.CallStarted, "", c.started())
	}
	c.enter(calls.StageIncoming)
	ctx, cancel := c.deadline()
	c.note(c.sw.Claim(ctx, c.r.Leg), "claim the call")
	cancel()
	if c.refused() {
		return c.finish(cti.HangupRejected, calls.End{Side: calls.SideSystem, Cause: calls.CauseRefused, Detail: "caller refused"})
	}
	c.fetchHistory()
	if !c.try("answer", func(ctx context.Context) error { return c.sw.Answer(ctx, c.r.Leg) }) || !c.toMusic() {
		return c.failed()
	}
	if c.r.UpAt.IsZero() {
		c.r.UpAt = c.f.now()
	}
	return (*call).menuStage
}

func (c *call) started() calls.Started {
	s := calls.Started{
		Direction: c.r.Direction, CallerSealed: c.f.seal(c.r.Caller), Called: c.r.Called, Line: c.r.Line.Label,
		Node: c.r.Node, UniqueID: c.r.UniqueID, Source: c.r.Source, Menu: c.r.Line.Menu,
		Ticket: c.r.Ticket, Purpose: c.r.Purpose, CallbackOf: c.r.Callback, Account: c.r.Account, Unit: c.r.Unit,
	}
	if p := c.clerk(); p != nil {
		clerk := c.partyEvent(*p)
		s.Clerk = &clerk
	}
	if c.r.Given != nil { // no citizen is in this call
		s.Clerk = &calls.Party{Kind: partyDuty, Label: c.r.Label, NumberSealed: s.CallerSealed}
		s.CallerSealed = ""
	}
	return s
}

// refused tells whether we don't talk to this caller. A desk that does not answer refuses nobody.
func (c *call) refused() bool {
	if spoofed := c.f.cfg.SpoofedSeat; spoofed != nil && c.r.Caller != "" && spoofed(c.r.Caller) {
		c.log.Warn("a call from the trunk shows a seat's number: refused")
		return true
	}
	if c.f.cfg.Blacklist == nil || c.r.Caller == "" {
		return false
	}
	ctx, cancel := context.WithTimeout(c.ctx, deskPatience)
	defer cancel()
	listed, err := c.f.cfg.Blacklist.Blacklisted(ctx, c.r.Caller)
	if err != nil {
		c.log.Warn("ask the blacklist", "err", err)
	}
	return listed && err == nil
}

// line looks the called number up; one that is unknown, or a desk that is silent, gives the
// default.
func (f *Floor) line(ctx context.Context, called string) Line {
	ctx, cancel := context.WithTimeout(ctx, deskPatience)
	defer cancel()
	line, err := f.cfg.Lines.Line(ctx, called)
	if err == nil {
		return line
	}
	f.log.Warn("look the called number up", "called", called, "err", err)
	line = f.cfg.Line
	line.Called = called
	return line
}

// historyPatience is how long the desk may take to tell who calls.
const historyPatience = 10 * time.Second

// fetchHistory asks the desk who calls; the answer comes as a message.
func (c *call) fetchHistory() {
	if c.f.cfg.History == nil || c.r.Caller == "" || c.history != nil {
		return
	}
	number := c.r.Caller
	c.f.workers.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, historyPatience)
		defer cancel()
		h, err := c.f.cfg.History.CallerHistory(ctx, number)
		if err != nil {
			c.log.Warn("fetch the caller's history", "err", err)
			return
		}
		c.box.put(historyMsg{h})
	})
}

// menuStage walks the caller through the menu of the called number, from the start or from where
// he stood.
func (c *call) menuStage() stage {
	m, err := c.walker(c.r.Menu)
	if err != nil && c.r.Given != nil {
		return c.finish(cti.HangupNormal, calls.End{Side: calls.SideSystem, Cause: calls.CausePlatformFailed, Detail: err.Error()})
	}
	if err != nil {
		c.log.Error("the menu is not to be had: straight to the queue", "menu", c.r.Menu, "err", err)
		m = directMenu{queue: c.r.Line.Queue}
	}
	c.menu = m
	switch {
	case c.r.Walk.Node != "":
		return c.walk(ivr.Input{Kind: ivr.InputResume})
	case c.r.Stage != calls.StageRating:
		c.enter(calls.StageMenu)
	}
	return c.walk(ivr.Input{Kind: ivr.InputStart, Caller: c.r.Caller, Called: c.r.Called, Language: c.r.Language, Given: c.r.Given})
}

// walker gives the version of a menu that the call began on.
func (c *call) walker(name string) (Walker, error) {
	switch {
	case name == "":
		return directMenu{queue: c.r.Line.Queue}, nil
	case c.r.Walk.Node != "" && c.r.Walk.Menu != "":
		return c.f.cfg.Menus.MenuVersion(name, c.r.Walk.Version)
	default:
		return c.f.cfg.Menus.Menu(name)
	}
}
