package floor

import (
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
)

// hangUpCauses tells what a citizen's hang-up means by the stage he was in; a call whose outcome
// was decided before (a message left, a call-back wanted) ends with that.
var hangUpCauses = map[calls.Stage]calls.Cause{
	calls.StageIncoming:  calls.CauseMenuAbandoned,
	calls.StageMenu:      calls.CauseMenuAbandoned,
	calls.StageQueue:     calls.CauseQueueAbandoned,
	calls.StageRinging:   calls.CauseRingAbandoned,
	calls.StageTalk:      calls.CauseNormal,
	calls.StageHold:      calls.CauseNormal,
	calls.StageConsult:   calls.CauseNormal,
	calls.StageThreeWay:  calls.CauseNormal,
	calls.StageRating:    calls.CauseNormal,
	calls.StageVoicemail: calls.CauseVoicemailLeft,
	calls.StageCallback:  calls.CauseCallbackWanted,
	calls.StageTransfer:  calls.CauseMenuAbandoned, // the outside number did not answer yet
	calls.StageDialling:  calls.CauseNoAnswer,
}

// hungUp ends a call whose citizen is gone.
func (c *call) hungUp() stage {
	end := calls.End{Side: calls.SideCitizen, Detail: c.gone.Text, Cause: hangUpCauses[c.r.Stage]}
	switch {
	case c.r.Stage == calls.StageVoicemail && !c.messageLeft():
		end.Cause = calls.CauseQueueAbandoned
		if c.r.Outcome != "" {
			end.Cause = c.r.Outcome
		} else if c.r.Request == nil {
			end.Cause = calls.CauseMenuAbandoned
		}
	case c.r.Stage == calls.StageDialling && (c.r.Leg == "" || c.r.Given != nil): // ended while no server lived
		end.Side, end.Cause = calls.SideSystem, calls.CauseCancelled
	case c.r.Given != nil:
		end.Side, end.Cause = calls.SideClerk, calls.CauseNotHeard
		if c.r.Outcome != "" {
			end.Cause = c.r.Outcome
		}
	case c.r.Outcome != "" && (!c.r.Talked || c.r.Stage == calls.StageTransfer):
		end.Cause = c.r.Outcome
	case c.r.Stage == calls.StageMenu && len(c.r.Walk.Data) > 0:
		end.Cause = calls.CauseSelfServed
	case c.r.Stage == calls.StageTalk && c.r.Seat != nil && !c.r.Seat.AnsweredAt.IsZero() &&
		c.f.now().Sub(c.r.Seat.AnsweredAt) < conversation && c.r.Direction == calls.Inbound:
		end.Cause = calls.CauseNoConversation
	case c.r.Talked:
		end.Cause = calls.CauseNormal
	}
	if c.r.HungUpBy != "" {
		end.Side = c.r.HungUpBy
	}
	if networkFailed(c.gone.Cause) {
		end.Side = calls.SideSwitch
	}
	return c.close(end)
}

// conversation is the shortest time that counts as having talked.
const conversation = time.Second

// networkFailed tells whether the cause (Q.850) is a failure of the network or the switch, no
// wish of a person.
func networkFailed(cause int) bool {
	switch cause {
	case 27, 34, 38, 41, 42, 44, 47:
		return true
	}
	return false
}

// finish hangs the citizen up and ends the call.
func (c *call) finish(why cti.HangupCause, end calls.End) stage {
	c.quiet()
	c.hangup(c.r.Leg, why)
	return c.close(end)
}

// close ends the call's record and leaves nothing of it on the switch.
func (c *call) close(end calls.End) stage {
	c.quiet()
	end.Stage = c.r.Stage
	end.At = c.f.now()
	for _, leg := range c.r.legs() {
		if leg != c.r.Leg {
			c.hangup(leg, cti.HangupNormal)
		}
	}
	c.partiesLeft()
	if s := c.r.Seat; s != nil && !s.Left && !s.AnsweredAt.IsZero() {
		c.seatLeft("citizen_left", "")
	}
	c.visited(true)
	c.r.Stage = calls.StageEnded
	view := c.r.view(end.At)
	view.End = &end
	ended := calls.Ended{End: end, Recorded: !c.r.UpAt.IsZero(), Account: c.r.Account}
	if s := c.r.Seat; s != nil && !s.AnsweredAt.IsZero() {
		ended.Seat, ended.Account = s.Seat, s.Account
	}
	if !c.r.UpAt.IsZero() {
		ended.AnsweredS = end.At.Sub(c.r.UpAt).Seconds()
	}
	if err := c.f.hub.emit(event(calls.CallEnded, end.At, c.r.ID, ended.Seat, ended), Update{Call: view}); err != nil {
		c.log.Error("journal", "err", err)
	}
	c.log.Info("call ended", "seat", ended.Seat, "side", end.Side, "stage", end.Stage, "cause", end.Cause)
	c.f.disp.box.put(goneMsg{c})
	c.clean()
	if c.stuck && c.gone == nil {
		c.save() // a successor has to know that the leg it finds is of no call
	} else {
		c.f.saver.dropCall(c.r.ID)
	}
	return (*call).done
}

// endAgain hangs up what was left of a call whose end is in the journal.
func (c *call) endAgain() stage {
	c.hangup(c.r.Leg, cti.HangupNormal)
	c.clean()
	if !c.stuck {
		c.f.saver.dropCall(c.r.ID)
	}
	return (*call).done
}

// clean removes the call's bridges; what can't be removed now, the sweep finds.
func (c *call) clean() {
	for _, id := range []cti.BridgeID{c.r.talkBridge(), c.r.holdBridge()} {
		ctx, cancel := c.deadline()
		c.note(c.sw.DestroyBridge(ctx, id), "remove a bridge")
		cancel()
	}
	for _, p := range c.r.Parties {
		if p.Source != "" {
			ctx, cancel := c.deadline()
			c.note(c.sw.DeleteRecording(ctx, p.Source), "delete a third party's recording")
			cancel()
		}
	}
}
