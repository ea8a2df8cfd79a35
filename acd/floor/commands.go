package floor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/open12345/hotline/cti/calls"
)

// commandPatience is how long a command may take.
const commandPatience = 2 * time.Second

// order is a command on its way to the seat or call it is for.
type order struct {
	cmd  Command
	args any
	once sync.Once
	done chan struct{}
	data json.RawMessage
	err  error
}

func newOrder(cmd Command, args any) *order {
	return &order{cmd: cmd, args: args, done: make(chan struct{})}
}

// accept answers that the command was carried out; the first answer counts.
func (o *order) accept(data any) {
	o.once.Do(func() {
		o.data = json.RawMessage("{}")
		if data != nil {
			if o.data, o.err = json.Marshal(data); o.err != nil {
				o.data = nil
			}
		}
		close(o.done)
	})
}

// refuse answers that it was not.
func (o *order) refuse(code, detail string) {
	o.once.Do(func() {
		o.err = &Refusal{Code: code, Detail: detail}
		close(o.done)
	})
}

// Do carries out one command. It implements Commander.
func (f *Floor) Do(ctx context.Context, cmd Command) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, commandPatience)
	defer cancel()
	o, first := f.cmds.order(cmd, f.now())
	if first {
		f.send(ctx, o)
	}
	select {
	case <-o.done:
	case <-ctx.Done():
		o.refuse(RefusedSwitchDown, "the command took too long")
		<-o.done
	}
	var r *Refusal
	if errors.As(o.err, &r) {
		f.log.Info("command refused", "command", cmd.Name, "account", cmd.Account, "seat", cmd.Seat, "code", r.Code, "detail", r.Detail)
	}
	return o.data, o.err
}

// signIn is a sign-in with what the desk says of the account.
type signIn struct {
	profile SeatProfile
	device  string
}

// dialPlan is an outbound call with the number that the desk gave for it.
type dialPlan struct {
	number, ticket, callback, purpose, command string
}

// send reads the arguments and gives the order to whom it concerns.
func (f *Floor) send(ctx context.Context, o *order) {
	args, err := f.arguments(ctx, o.cmd)
	if err != nil {
		var r *Refusal
		if errors.As(err, &r) {
			o.refuse(r.Code, r.Detail)
		} else {
			o.refuse(RefusedBadArgs, err.Error())
		}
		return
	}
	o.args = args
	if id, is := callOf(args); is && o.cmd.Name != CmdNote {
		c := f.callOf(id)
		if c == nil || !c.box.put(o) {
			o.refuse(RefusedNoSuchCall, string(id))
		}
		return
	}
	if !f.disp.box.put(o) {
		o.refuse(RefusedNoLeader, "the floor stops")
	}
}

// callOf is the call that arguments are about.
func callOf(args any) (calls.ID, bool) {
	switch a := args.(type) {
	case *HangupArgs:
		return calls.ID(a.Call), true
	case *CallArgs:
		return calls.ID(a.Call), true
	case *PartyArgs:
		return calls.ID(a.Call), true
	case *PartyDropArgs:
		return calls.ID(a.Call), true
	case *DTMFArgs:
		return calls.ID(a.Call), true
	case *NoteArgs:
		return calls.ID(a.Call), true
	}
	return "", false
}

// arguments decodes and checks a command's arguments; an unknown field is an error.
func (f *Floor) arguments(ctx context.Context, cmd Command) (any, error) {
	switch cmd.Name {
	case CmdSignOut, CmdWrapUpDone:
		return nil, nil
	case CmdSignIn:
		return f.signInArgs(ctx, cmd)
	case CmdDial:
		return f.dialArgs(ctx, cmd)
	case CmdWish:
		return decode(cmd, checkWish)
	case CmdWrapUpExtend:
		return decode(cmd, func(a *SecondsArgs) string { return unless(a.Seconds > 0 && a.Seconds <= 1800, "seconds out of range") })
	case CmdAutoAnswer:
		return decode(cmd, func(*OnArgs) string { return "" })
	case CmdHangup:
		return decode(cmd, func(a *HangupArgs) string { return unless(len(a.Reason) <= 200, "reason too long") })
	case CmdHold, CmdResume, CmdConsultCancel, CmdThreeWay, CmdTransfer:
		return decode(cmd, func(*CallArgs) string { return "" })
	case CmdConsult, CmdEmergency:
		return decode(cmd, func(a *PartyArgs) string {
			return unless((a.Seat == "") != (a.Number == "") && len(a.Label) <= 60, "exactly one of seat and number")
		})
	case CmdPartyDrop:
		return decode(cmd, func(a *PartyDropArgs) string { return unless(a.Party != "", "party is missing") })
	case CmdDTMF:
		return decode(cmd, checkKeys)
	case CmdNote:
		return decode(cmd, checkNote)
	case CmdForce:
		return decode(cmd, func(a *ForceArgs) string {
			return unless(slices.Contains([]SeatState{SeatIdle, SeatNotReady, SeatSignedOut}, a.State), "state can't be forced")
		})
	}
	return nil, &Refusal{Code: RefusedUnknownCommand, Detail: string(cmd.Name)}
}

func unless(ok bool, fault string) string {
	if ok {
		return ""
	}
	return fault
}

func decode[T any](cmd Command, check func(*T) string) (any, error) {
	args := new(T)
	dec := json.NewDecoder(bytes.NewReader(cmd.Args))
	dec.DisallowUnknownFields()
	if err := dec.Decode(args); err != nil {
		return nil, &Refusal{Code: RefusedBadArgs, Detail: err.Error()}
	}
	if fault := check(args); fault != "" {
		return nil, &Refusal{Code: RefusedBadArgs, Detail: fault}
	}
	return args, nil
}

func checkWish(w *Wish) string {
	reasons := map[SeatState][]string{
		SeatIdle:      {""},
		SeatSignedOut: {""},
		SeatNotReady:  {"", ReasonSelf},
		SeatRest:      {"", ReasonRest, ReasonMeal, ReasonMeeting, ReasonTraining, ReasonCoaching},
	}
	allowed, ok := reasons[w.State]
	if !ok || !slices.Contains(allowed, w.Reason) {
		return "no such state or reason"
	}
	if w.Reason == "" && w.State == SeatNotReady {
		w.Reason = ReasonSelf
	}
	if w.Reason == "" && w.State == SeatRest {
		w.Reason = ReasonRest
	}
	return ""
}

func checkKeys(a *DTMFArgs) string {
	if a.Digits == "" || len(a.Digits) > 32 {
		return "1 to 32 keys"
	}
	for i := range len(a.Digits) {
		if !isKey(a.Digits[i]) {
			return "keys are 0–9, * and #"
		}
	}
	return ""
}

func isKey(b byte) bool { return b >= '0' && b <= '9' || b == '*' || b == '#' }

var notes = []calls.Note{
	calls.NoteTicket, calls.NoteUrge, calls.NoteProgress, calls.NoteAnswered, calls.NoteSilent,
	calls.NoteHarassment, calls.NoteMisdialled, calls.NoteTransferred, calls.NoteDropped,
}

func checkNote(a *NoteArgs) string {
	return unless(slices.Contains(notes, calls.Note(a.Note)) && len(a.Text) <= 2000, "no such note, or text too long")
}

// signInArgs asks the desk which seat the account owns.
func (f *Floor) signInArgs(ctx context.Context, cmd Command) (any, error) {
	v, err := decode(cmd, func(a *SignInArgs) string {
		return unless(a.Device == deviceBrowser || a.Device == devicePhone, "device is browser or phone")
	})
	if err != nil {
		return nil, err
	}
	args := v.(*SignInArgs)
	profile, err := f.cfg.Seats.SeatProfile(ctx, cmd.Account)
	switch {
	case errors.Is(err, ErrNoSeat):
		return nil, &Refusal{Code: RefusedNotYourSeat, Detail: "the account owns no seat"}
	case err != nil:
		return nil, &Refusal{Code: RefusedNotFound, Detail: err.Error()}
	case args.Seat != "" && args.Seat != profile.Seat:
		return nil, &Refusal{Code: RefusedNotYourSeat, Detail: args.Seat}
	}
	return &signIn{profile: profile, device: args.Device}, nil
}

// dialArgs asks the desk for the number to dial.
func (f *Floor) dialArgs(ctx context.Context, cmd Command) (any, error) {
	v, err := decode(cmd, func(a *DialArgs) string {
		given := 0
		for _, s := range []string{a.Ticket, a.Callback, a.Number} {
			if s != "" {
				given++
			}
		}
		if a.Purpose == "" {
			a.Purpose = calls.PurposeClickToCall
		}
		if a.Purpose != calls.PurposeClickToCall && (a.Purpose != calls.PurposeFollowUp || a.Ticket == "") {
			return "purpose is click_to_call, or follow_up of a ticket"
		}
		return unless(given == 1, "exactly one of ticket, callback and number")
	})
	if err != nil {
		return nil, err
	}
	args := v.(*DialArgs)
	plan := &dialPlan{number: args.Number, ticket: args.Ticket, callback: args.Callback, purpose: args.Purpose, command: cmd.ID}
	desk := f.cfg.Dialable
	switch {
	case args.Number == "" && desk == nil:
		return nil, &Refusal{Code: RefusedNotFound, Detail: "no desk to ask for the number"}
	case args.Ticket != "":
		plan.number, err = desk.NumberOfTicket(ctx, args.Ticket, cmd.Account)
	case args.Callback != "":
		plan.purpose = calls.PurposeCallback
		plan.number, err = desk.NumberOfCallback(ctx, args.Callback, cmd.Account)
	}
	if err != nil {
		return nil, &Refusal{Code: RefusedNotFound, Detail: err.Error()}
	}
	if plan.number = NormalNumber(plan.number); plan.number == "" {
		return nil, &Refusal{Code: RefusedNumber, Detail: "not a telephone number"}
	}
	return plan, nil
}

// commandMemory is how long the same command id is answered with what it did.
const commandMemory = 5 * time.Minute

// commandLog remembers recent commands, so that one that is sent twice is done once.
type commandLog struct {
	mu     sync.Mutex
	orders map[string]*order
	byAge  []agedCommand
}

type agedCommand struct {
	key string
	at  time.Time
}

func newCommandLog() *commandLog { return &commandLog{orders: map[string]*order{}} }

// order gives the order of a command, and whether it is the first of its id.
func (l *commandLog) order(cmd Command, now time.Time) (*order, bool) {
	if cmd.ID == "" {
		return newOrder(cmd, nil), true
	}
	key := cmd.Account + "\x00" + cmd.ID
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.byAge) > 0 && now.Sub(l.byAge[0].at) > commandMemory {
		delete(l.orders, l.byAge[0].key)
		l.byAge = l.byAge[1:]
	}
	if o := l.orders[key]; o != nil {
		return o, false
	}
	o := newOrder(cmd, nil)
	l.orders[key] = o
	l.byAge = append(l.byAge, agedCommand{key, now})
	return o, true
}
