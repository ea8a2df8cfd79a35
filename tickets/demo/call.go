package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/cti/calls"
)

// uuid is drawn like everything else, so that the city is the same again.
func (l *loader) uuid() string {
	var u uuid.UUID
	for i := range u {
		u[i] = byte(l.rng.UintN(256))
	}
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return u.String()
}

// emit stores one event of the floor at the clock's time.
func (l *loader) emit(ctx context.Context, call calls.ID, seat string, kind calls.EventType, data any) error {
	l.seq++
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return l.cfg.Events(ctx, []calls.Event{{
		ID: fmt.Sprintf("0-%d", l.seq), Type: kind, At: l.clock.UTC().Truncate(time.Microsecond), Call: call, Seat: seat, Data: raw,
	}})
}

func (l *loader) forward(seconds float64) {
	l.clock = l.clock.Add(time.Duration(seconds * float64(time.Second)))
}

// begin opens the record of a call.
func (l *loader) begin(ctx context.Context, v visit) (calls.ID, error) {
	unique := fmt.Sprintf("%d.%d", v.at.Unix(), l.seq)
	call := calls.NewID(v.at, l.cfg.Node, unique)
	sealed, err := l.cfg.Keys.Seal(v.caller.Number)
	if err != nil {
		return "", err
	}
	started := calls.Started{
		Direction: calls.Inbound, CallerSealed: sealed, Called: "12345", Line: "12345 政务服务热线", Node: l.cfg.Node, UniqueID: unique,
		Source: v.at.UTC().Format("2006/01/02/") + unique + ".raw", Menu: "12345",
	}
	if v.matter.Queue == "consumer" {
		started.Called, started.Line, started.Menu = "12315", "12315 消费维权", "12315"
	}
	l.result.Calls++
	return call, l.emit(ctx, call, "", calls.CallStarted, started)
}

// throughMenu presses the key that leads to the queue.
func (l *loader) throughMenu(ctx context.Context, call calls.ID, v visit) error {
	l.forward(9 + 6*l.rng.Float64())
	visits := []calls.MenuVisit{{Node: "main", Label: "主菜单", Input: "1"}}
	switch v.matter.Queue {
	case "enterprise":
		visits = []calls.MenuVisit{{Node: "main", Label: "主菜单", Input: "2"}, {Node: "enterprise", Label: "企业服务专席"}}
	case "english":
		visits = []calls.MenuVisit{{Node: "main", Label: "主菜单", Input: "9"}, {Node: "english", Label: "英语坐席"}}
	}
	for _, m := range visits {
		if err := l.emit(ctx, call, "", calls.CallMenuVisited, m); err != nil {
			return err
		}
	}
	return nil
}

func queueOf(v visit) string {
	if v.matter.Queue != "" {
		return v.matter.Queue
	}
	return "general"
}

func (l *loader) enterQueue(ctx context.Context, call calls.ID, v visit) (time.Time, error) {
	entered := l.clock
	language := "zh"
	if v.matter.Queue == "english" {
		language = "en"
	}
	return entered, l.emit(ctx, call, "", calls.CallQueued, calls.Queued{Queue: queueOf(v), EnteredAt: entered.UTC(), Language: language})
}

// answered plays a call that a seat takes: during does the agent's work in it and says the note.
func (l *loader) answered(ctx context.Context, v visit, during func(calls.ID) (calls.Note, error)) error {
	call, err := l.begin(ctx, v)
	if err != nil {
		return err
	}
	if err := l.throughMenu(ctx, call, v); err != nil {
		return err
	}
	entered, err := l.enterQueue(ctx, call, v)
	if err != nil {
		return err
	}
	wait := 1 + 12*l.rng.Float64()
	if l.rng.IntN(10) == 0 {
		wait += 40 * l.rng.Float64()
	}
	l.forward(wait)
	offered := calls.Offered{Queue: queueOf(v), Account: v.agent, WaitedS: wait}
	if err := l.emit(ctx, call, v.agent, calls.CallOffered, offered); err != nil {
		return err
	}
	rang := 1 + 4*l.rng.Float64()
	l.forward(rang)
	answeredAt := l.clock
	waited := answeredAt.Sub(entered).Seconds()
	if err := l.emit(ctx, call, v.agent, calls.CallAnswered, calls.Answered{Queue: queueOf(v), Account: v.agent, WaitedS: waited, RangS: rang}); err != nil {
		return err
	}
	sound, err := l.conversation(ctx, v)
	if err != nil {
		return err
	}
	l.forward(5)
	note, err := during(call)
	if err != nil {
		return err
	}
	return l.hangUp(ctx, call, v, note, answeredAt, sound)
}

// hangUp ends the talk when the sound or the agent's work is over, whichever is later.
func (l *loader) hangUp(ctx context.Context, call calls.ID, v visit, note calls.Note, answeredAt time.Time, sound stereo) error {
	talk := max(l.clock.Sub(answeredAt).Seconds()+4, sound.seconds())
	if len(sound.left) > 0 {
		talk = sound.seconds() // a recording tells how long the talk was
	}
	typed := l.clock
	l.clock = answeredAt.Add(time.Duration(talk * float64(time.Second)))
	why, side, text := "hung_up_rating", calls.SideSeat, ""
	if l.rng.IntN(3) == 0 || note == calls.NoteSilent || note == calls.NoteDropped {
		why, side = "citizen_left", calls.SideCitizen
	}
	if words := l.book.Notes[string(note)]; v.what == "note" && len(words) > 0 {
		text = pick(l, words)
	}
	steps := []func() error{
		func() error {
			return l.emit(ctx, call, v.agent, calls.CallSeatLeft, calls.SeatLeft{Account: v.agent, TalkS: talk, Why: why})
		},
		func() error {
			if why != "hung_up_rating" || l.rng.IntN(3) == 0 {
				return nil
			}
			l.forward(6)
			scores := []int{1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 5}
			return l.emit(ctx, call, "", calls.CallRated, calls.Rated{Score: pick(l, scores), Account: v.agent})
		},
		func() error {
			return l.emit(ctx, call, "", calls.CallEnded, calls.Ended{
				End:  calls.End{Side: side, Stage: calls.StageTalk, Cause: calls.CauseNormal, At: l.clock.UTC()},
				Seat: v.agent, Account: v.agent, AnsweredS: talk, Recorded: len(sound.left) > 0,
			})
		},
		func() error {
			return l.keepSound(ctx, call, calls.RecordingCall, sound)
		},
		func() error {
			l.forward(10 + 20*l.rng.Float64())
			if typed.After(l.clock) {
				l.clock = typed
			}
			return l.emit(ctx, call, v.agent, calls.CallNoted, calls.Noted{Account: v.agent, Note: note, Text: text})
		},
		func() error {
			l.forward(2)
			return l.emit(ctx, "", v.agent, calls.SeatChanged, calls.SeatChange{Account: v.agent, From: "wrap_up", To: "idle"})
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// keepSound stores the sound and links it to the call.
func (l *loader) keepSound(ctx context.Context, call calls.ID, kind calls.RecordingKind, sound stereo) error {
	if len(sound.left) == 0 || l.cfg.PutRecording == nil {
		return nil
	}
	wav := sound.wav()
	channels := 2
	if sound.right == nil {
		channels = 1
	}
	key := fmt.Sprintf("demo/%s/%s-%s.wav", l.clock.UTC().Format("2006/01/02"), call, kind)
	if err := l.cfg.PutRecording(ctx, key, wav); err != nil {
		return fmt.Errorf("keep recording %s: %w", key, err)
	}
	sum := sha256.Sum256(wav)
	l.result.Recordings++
	length := time.Duration(sound.seconds() * float64(time.Second))
	return l.cfg.Store.LinkRecording(ctx, calls.Recording{
		Call: call, Kind: kind, Node: l.cfg.Node, Source: key, Key: key, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(wav)),
		Channels: channels, Rate: sampleRate, Duration: length, Expected: length, SealedAt: l.clock.Add(3 * time.Second).UTC(),
	})
}

func (l *loader) ended(ctx context.Context, call calls.ID, end calls.End) error {
	end.At = l.clock.UTC()
	return l.emit(ctx, call, "", calls.CallEnded, calls.Ended{End: end})
}

func playSelfServed(ctx context.Context, l *loader, v visit) error {
	call, err := l.begin(ctx, v)
	if err != nil {
		return err
	}
	l.forward(11)
	for _, m := range []calls.MenuVisit{
		{Node: "main", Label: "主菜单", Input: "3"}, {Node: "progress", Label: "工单进度", Input: "***"}, {Node: "progress_told", Label: "播报进度"},
	} {
		if err := l.emit(ctx, call, "", calls.CallMenuVisited, m); err != nil {
			return err
		}
		l.forward(8)
	}
	return l.ended(ctx, call, calls.End{Side: calls.SideCitizen, Stage: calls.StageMenu, Cause: calls.CauseSelfServed})
}

func playMenuAbandoned(ctx context.Context, l *loader, v visit) error {
	call, err := l.begin(ctx, v)
	if err != nil {
		return err
	}
	l.forward(4 + 8*l.rng.Float64())
	return l.ended(ctx, call, calls.End{Side: calls.SideCitizen, Stage: calls.StageMenu, Cause: calls.CauseMenuAbandoned})
}

// queued plays a call up to the queue.
func (l *loader) queued(ctx context.Context, v visit) (calls.ID, time.Time, error) {
	call, err := l.begin(ctx, v)
	if err != nil {
		return "", time.Time{}, err
	}
	if err := l.throughMenu(ctx, call, v); err != nil {
		return "", time.Time{}, err
	}
	entered, err := l.enterQueue(ctx, call, v)
	return call, entered, err
}

func playLost(ctx context.Context, l *loader, v visit) error {
	call, _, err := l.queued(ctx, v)
	if err != nil {
		return err
	}
	l.forward(8 + 60*l.rng.Float64())
	return l.ended(ctx, call, calls.End{Side: calls.SideCitizen, Stage: calls.StageQueue, Cause: calls.CauseQueueAbandoned})
}

func playCallback(ctx context.Context, l *loader, v visit) error {
	call, entered, err := l.queued(ctx, v)
	if err != nil {
		return err
	}
	l.forward(45)
	sealed, err := l.cfg.Keys.Seal(v.caller.Number)
	if err != nil {
		return err
	}
	wish := calls.CallbackWish{Queue: queueOf(v), NumberSealed: sealed, EnteredAt: entered.UTC()}
	if err := l.emit(ctx, call, "", calls.CallCallbackWanted, wish); err != nil {
		return err
	}
	l.forward(4)
	return l.ended(ctx, call, calls.End{Side: calls.SideSystem, Stage: calls.StageCallback, Cause: calls.CauseCallbackWanted})
}

func playVoicemail(ctx context.Context, l *loader, v visit) error {
	v.matter.Queue = ""
	call, entered, err := l.queued(ctx, v)
	if err != nil {
		return err
	}
	l.forward(40)
	sound, err := l.message(ctx, pick(l, l.book.Voicemails))
	if err != nil {
		return err
	}
	l.forward(sound.seconds())
	if len(sound.left) > 0 {
		left := calls.Voicemail{Queue: "general", EnteredAt: entered.UTC(), Source: "voicemail/" + string(call), DurationS: sound.seconds()}
		if err := l.emit(ctx, call, "", calls.CallVoicemail, left); err != nil {
			return err
		}
		if err := l.keepSound(ctx, call, calls.RecordingVoicemail, sound); err != nil {
			return err
		}
	}
	return l.ended(ctx, call, calls.End{Side: calls.SideCitizen, Stage: calls.StageVoicemail, Cause: calls.CauseVoicemailLeft})
}
