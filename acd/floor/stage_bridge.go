package floor

import (
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

const (
	// promptClerk is what a clerk hears before the citizen is called.
	promptClerk = "contact.clerk"

	alarmLine = "line"
	// linePatience bounds the line said to the clerk.
	linePatience = 20 * time.Second
)

// clerk is the one who asked to be connected to the citizen; nil in calls of seats.
func (c *call) clerk() *party { return c.partyByID(partyClerk) }

// dialClerk begins 联系群众: the clerk's telephone rings first, so that nobody is called whom
// nobody waits for.
func (c *call) dialClerk() stage {
	c.emit(calls.CallStarted, "", c.started())
	c.enter(calls.StageDialling)
	p := c.clerk()
	if err := c.dialNumber(p.Leg, p.Number, partyClerk); err != nil {
		return c.dialRefused(err)
	}
	c.setAlarm(alarmRing, c.f.cfg.DialTimeout)
	return (*call).clerkRings
}

// clerkRings waits for the clerk to answer.
func (c *call) clerkRings() stage {
	p := c.clerk()
	answered := false
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.LegAnswered:
			answered = answered || m.Leg == p.Leg
		case cti.LegStarted:
			if m.Leg.ID == p.Leg {
				p.keepSource(m.Leg)
				return (*call).clerkAnswered
			}
		case cti.LegEnded:
			if m.Leg == p.Leg {
				side, cause := dialEnd(m, calls.SideClerk, answered)
				return c.dialFailed(side, cause, m.Status)
			}
		case alarmMsg:
			if m.name == alarmRing {
				return c.dialFailed(calls.SideClerk, calls.CauseNoAnswer, "")
			}
		case pictureMsg:
			leg, there := c.seen(m, p.Leg)
			switch {
			case !there:
				return c.dialFailed(calls.SideClerk, calls.CauseNoAnswer, endedUnseen)
			case leg.Up && leg.Ours:
				p.keepSource(leg)
				return (*call).clerkAnswered
			}
		default:
			c.wrong(msg)
		}
	}
}

// clerkAnswered tells the clerk what happens next, and calls the citizen when it is said.
func (c *call) clerkAnswered() stage {
	c.dropAlarm(alarmRing)
	p := c.clerk()
	if c.resumed && c.r.Plays > 0 { // a predecessor was saying it
		c.playing = c.r.playback()
		c.stopPlaying() // the switch would do nothing else with the leg meanwhile
	}
	p.State = partyConsulting
	c.save()
	c.playTo(p.Leg, ivr.Play{Prompts: []ivr.Prompt{ivr.Line(promptClerk).In("zh")}})
	c.setAlarm(alarmLine, linePatience)
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.PlaybackFinished:
			if m.ID == c.playing {
				c.playing = ""
				c.dropAlarm(alarmLine)
				return (*call).dialCitizen
			}
		case alarmMsg:
			if m.name == alarmLine {
				c.stopPlaying()
				return (*call).dialCitizen
			}
		case cti.LegEnded:
			if m.Leg == p.Leg {
				return c.dialFailed(calls.SideClerk, calls.CauseCancelled, m.Text)
			}
		case pictureMsg:
			if _, there := c.seen(m, p.Leg); !there {
				return c.dialFailed(calls.SideClerk, calls.CauseCancelled, endedUnseen)
			}
		default:
			c.wrong(msg)
		}
	}
}

// bridge joins clerk and citizen.
func (c *call) bridge() stage {
	p := c.clerk()
	c.r.UpAt = c.f.now()
	if !c.toTalk(p.Leg) || !c.toTalk(c.r.Leg) {
		if c.gone != nil || c.leaving {
			return c.over()
		}
		return c.dialFailed(calls.SideSwitch, calls.CausePlatformFailed, errText(c.lastErr))
	}
	p.State = partyJoined
	c.r.Talked = true
	c.enter(calls.StageTalk)
	c.emit(calls.CallAnswered, "", calls.Answered{Account: c.r.Account, RangS: c.r.UpAt.Sub(c.r.StartedAt).Seconds()})
	c.dropHold()
	return (*call).bridged
}

// bridged lets clerk and citizen talk until one of them hangs up.
func (c *call) bridged() stage {
	p := c.clerk()
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.LegEnded:
			if m.Leg == p.Leg {
				return c.clerkLeft(m)
			}
		case pictureMsg:
			if _, there := c.seen(m, p.Leg); !there {
				return c.clerkLeft(cti.LegEnded{Leg: p.Leg, Text: endedUnseen})
			}
		default:
			c.wrong(msg)
		}
	}
}

// clerkLeft ends the call of a clerk who hung up or whose telephone was lost.
func (c *call) clerkLeft(m cti.LegEnded) stage {
	end := calls.End{Side: calls.SideClerk, Cause: calls.CauseNormal, Detail: m.Text}
	if networkFailed(m.Cause) {
		end.Side = calls.SideSwitch
	}
	return c.finish(cti.HangupNormal, end)
}
