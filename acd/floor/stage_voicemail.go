package floor

import (
	"slices"
	"time"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// Alarms of a message.
const (
	alarmBeep      = "beep"      // the tone's end was not told
	alarmVoicemail = "voicemail" // the recording's end was not told
)

// beepPatience is how long the tone before a message may take.
const beepPatience = 3 * time.Second

// voicemail takes the caller's message, after a tone.
func (c *call) voicemail(v ivr.Voicemail) stage {
	c.quiet()
	c.r.VMQueue = v.Queue
	if c.r.VMQueue == "" {
		c.r.VMQueue = c.queueName()
	}
	c.r.VMLimit = time.Duration(min(max(v.MaxSeconds, 5), 180)) * time.Second
	return (*call).beep
}

// beep says that the message may begin. A missing sound delays nobody.
func (c *call) beep() stage {
	c.r.Voicemail = c.f.now().UTC().Format("2006/01/02/") + string(c.r.ID) + ".voicemail"
	c.r.VMFrom = time.Time{}
	c.recorded = nil
	c.enter(calls.StageVoicemail)
	c.show()
	c.play(ivr.Play{Prompts: []ivr.Prompt{{ID: "beep", Language: c.r.Language, Optional: true}}})
	c.setAlarm(alarmBeep, beepPatience)
	return (*call).recording
}

// record begins the recording. The switch records no channel that is in a bridge.
func (c *call) record() stage {
	c.dropAlarm(alarmBeep)
	c.stopPlaying()
	c.r.VMFrom = c.f.now()
	c.save()
	ctx, cancel := c.deadline()
	defer cancel()
	c.note(c.sw.Leave(ctx, c.r.holdBridge(), c.r.Leg), "leave the music")
	err := c.sw.Record(ctx, c.r.Leg, cti.Record{Name: c.r.Voicemail, Format: "wav", MaxDuration: c.r.VMLimit, StopOn: "#"})
	if !c.note(err, "record a message") {
		if c.gone == nil {
			c.toMusic()
		}
		return c.handBack(actionVoicemail, ivr.OutcomeFailed)
	}
	c.setAlarm(alarmVoicemail, c.r.VMLimit+5*time.Second)
	return nil
}

// recording waits for the end of the message.
func (c *call) recording() stage {
	for {
		msg, ok := c.next()
		if !ok {
			return c.over()
		}
		switch m := msg.(type) {
		case cti.PlaybackFinished:
			if m.ID == c.playing && c.playing != "" {
				c.playing = ""
				if next := c.record(); next != nil {
					return next
				}
			}
		case cti.RecordingFinished:
			if m.Name == c.r.Voicemail {
				return c.messageDone(m)
			}
		case alarmMsg:
			switch m.name {
			case alarmBeep:
				if next := c.record(); next != nil {
					return next
				}
			case alarmVoicemail:
				c.stopRecording()
				return c.messageDone(cti.RecordingFinished{Name: c.r.Voicemail, Duration: c.f.now().Sub(c.r.VMFrom)})
			}
		case pictureMsg:
			if !c.r.VMFrom.IsZero() && !slices.Contains(m.recordings, c.r.Voicemail) { // it ended unseen
				c.setAlarm(alarmVoicemail, 0)
			}
		default:
			c.wrong(msg)
		}
	}
}

func (c *call) stopRecording() {
	ctx, cancel := c.deadline()
	defer cancel()
	c.note(c.sw.StopRecording(ctx, c.r.Voicemail), "stop the recording")
}

// shortestMessage is what counts as a message; less is a hang-up at the beep.
const shortestMessage = time.Second

// messageDone notes the message and goes on in the menu.
func (c *call) messageDone(m cti.RecordingFinished) stage {
	c.dropAlarm(alarmVoicemail)
	c.keepMessage(m)
	if !c.toMusic() && (c.gone != nil || c.leaving) {
		return c.over()
	}
	if m.Failed {
		return c.handBack(actionVoicemail, ivr.OutcomeFailed)
	}
	return c.handBack(actionVoicemail, ivr.OutcomeDone)
}

// keepMessage lists the message, once.
func (c *call) keepMessage(m cti.RecordingFinished) bool {
	c.r.VMFrom = time.Time{}
	if m.Failed || m.Duration < shortestMessage {
		return false
	}
	c.r.Outcome = calls.CauseVoicemailLeft
	c.emit(calls.CallVoicemail, "", calls.Voicemail{
		Queue: c.r.VMQueue, EnteredAt: c.firstAsked(), Source: c.r.Voicemail + ".wav", DurationS: m.Duration.Seconds(),
	})
	return true
}

// messageLeft tells, when the caller hung up while his message was recorded, whether there is
// one. The end of the recording may follow the end of the leg.
func (c *call) messageLeft() bool {
	if c.r.VMFrom.IsZero() { // not begun, or listed already
		return c.r.Outcome == calls.CauseVoicemailLeft
	}
	if c.recorded == nil || c.recorded.Name != c.r.Voicemail {
		c.recorded = nil
		c.awaitRecording(2 * time.Second)
	}
	if c.recorded == nil {
		c.recorded = &cti.RecordingFinished{Name: c.r.Voicemail, Duration: c.gone.At.Sub(c.r.VMFrom)}
	}
	return c.keepMessage(*c.recorded)
}

func (c *call) awaitRecording(patience time.Duration) {
	t := time.NewTimer(patience)
	defer t.Stop()
	for c.recorded == nil {
		select {
		case <-t.C:
			return
		case <-c.ctx.Done():
			return
		case <-c.box.ready:
			msg, ok := c.box.take()
			if m, is := msg.(cti.RecordingFinished); ok && is && m.Name == c.r.Voicemail {
				c.recorded = &m
			} else if o, is := msg.(*order); ok && is {
				o.refuse(RefusedNoSuchCall, "the call has ended")
			}
		}
	}
}

// resumeVoicemail goes on with a message that was being recorded.
func (c *call) resumeVoicemail() stage {
	if c.r.VMFrom.IsZero() {
		return (*call).beep
	}
	left := c.r.VMLimit + 5*time.Second - c.f.now().Sub(c.r.VMFrom)
	if !c.recordingRuns {
		left = 0
	}
	c.setAlarm(alarmVoicemail, max(left, 0))
	return (*call).recording
}
