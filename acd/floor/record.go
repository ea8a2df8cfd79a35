package floor

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/open12345/hotline/acd"
	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/ivr"
)

// record is everything a successor needs to go on with a call. It holds numbers in clear and is
// sealed as a whole before it leaves this process.
type record struct {
	ID        calls.ID        `json:"id"`
	Node      string          `json:"node"`
	Direction calls.Direction `json:"direction"`
	Stage     calls.Stage     `json:"stage"`
	Leg       cti.LegID       `json:"leg"`                // the citizen's; "" until an outbound call dials it
	DialLeg   cti.LegID       `json:"dial_leg,omitempty"` // the citizen's of an outbound call, before it is dialled
	UniqueID  string          `json:"unique_id"`
	Source    string          `json:"source"` // recording below spool/recording
	Caller    string          `json:"caller"` // the citizen's number
	Called    string          `json:"called"`
	Line      Line            `json:"line"`
	StartedAt time.Time       `json:"started_at"`
	UpAt      time.Time       `json:"up_at,omitzero"` // the citizen's leg was answered

	Walk      ivr.State     `json:"walk"`
	Menu      string        `json:"menu"`                // of Walk
	Journaled int           `json:"journaled,omitempty"` // visits of Walk that are in the journal
	Before    []MenuStep    `json:"before,omitempty"`    // path of earlier walks of this call
	Rating    int           `json:"rating,omitempty"`    // 1–5
	Request   *acd.Request  `json:"request,omitempty"`
	Language  string        `json:"language,omitempty"`
	EnteredAt time.Time     `json:"entered_at,omitzero"`
	Outcome   calls.Cause   `json:"outcome,omitempty"` // cause of the end if the caller hangs up from here on
	Voicemail string        `json:"voicemail,omitempty"`
	VMQueue   string        `json:"vm_queue,omitempty"`
	VMFrom    time.Time     `json:"vm_from,omitzero"` // the message's recording began
	VMLimit   time.Duration `json:"vm_limit,omitempty"`

	Seat      *seatPart     `json:"seat,omitempty"` // who rings, talks or talked last
	Parties   []party       `json:"parties,omitempty"`
	LegCount  int           `json:"leg_count"` // numbers our own legs
	HeldSince time.Time     `json:"held_since,omitzero"`
	Holds     int           `json:"holds,omitempty"` // music bridges used up
	Plays     int           `json:"plays,omitempty"` // playbacks begun
	HeldFor   time.Duration `json:"held_for,omitempty"`
	Queued    bool          `json:"queued,omitempty"` // the engine holds it
	Talked    bool          `json:"talked,omitempty"`
	HungUpBy  calls.Side    `json:"hung_up_by,omitempty"`

	Note     calls.Note `json:"note,omitempty"`
	Ticket   string     `json:"ticket,omitempty"`
	Callback string     `json:"callback,omitempty"`
	Purpose  string     `json:"purpose,omitempty"`

	// Of an outbound call without a seat.
	Account string            `json:"account,omitempty"` // who asked for it
	Unit    string            `json:"unit,omitempty"`
	Label   string            `json:"label,omitempty"` // who is rung, in words
	Only    string            `json:"only,omitempty"`  // at most one live call has the same
	Given   map[string]string `json:"given,omitempty"` // what the menu of a notice is given; nil: no notice
}

// seatPart is a seat's part in a call.
type seatPart struct {
	Seat       string    `json:"seat"`
	Account    string    `json:"account"`
	Name       string    `json:"name,omitempty"`
	Phone      string    `json:"phone"`
	AutoAnswer bool      `json:"auto_answer,omitempty"`
	Leg        cti.LegID `json:"leg"`
	OfferedAt  time.Time `json:"offered_at"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	Left       bool      `json:"left,omitempty"`
}

// party is a third party of a call.
type party struct {
	ID     string    `json:"id"`
	Kind   string    `json:"kind"` // seat, number, emergency
	Label  string    `json:"label"`
	Number string    `json:"number,omitempty"`
	Seat   *seatPart `json:"seat,omitempty"`
	Leg    cti.LegID `json:"leg"`
	State  string    `json:"state"`
	Cause  string    `json:"cause,omitempty"`
	Source string    `json:"source,omitempty"`
}

// States of a party.
const (
	partyDialling   = "dialling"
	partyConsulting = "consulting"
	partyJoined     = "joined"
	partyFailed     = "failed"
)

// Kinds of a party.
const (
	partySeat      = "seat"
	partyNumber    = "number"
	partyEmergency = "emergency"
	partyClerk     = "clerk" // who asked to be connected to the citizen
	partyDuty      = "duty"  // a unit's duty phone
)

// Variables on the citizen's channel: enough to go on when the live state is gone.
const (
	varCall    = "HOTLINE_CALL"
	varStage   = "HOTLINE_STAGE"
	varQueue   = "HOTLINE_QUEUE"
	varEntered = "HOTLINE_ENTERED" // milliseconds since 1970
	varSeat    = "HOTLINE_SEAT"    // seat and its leg
	varRole    = "HOTLINE_ROLE"    // citizen, seat, party
	varSource  = "HOTLINE_RECORDING"
	varCalled  = "HOTLINE_CALLED"
)

func (r *record) talkBridge() cti.BridgeID { return cti.BridgeID(r.ID + ".talk") }

// holdBridge is where the citizen hears music. The switch takes the id of a removed bridge for
// one that exists, so each time has its own.
func (r *record) holdBridge() cti.BridgeID {
	return cti.BridgeID(fmt.Sprintf("%s.hold.%d", r.ID, r.Holds))
}

// playback is the name of the playback begun last.
func (r *record) playback() cti.PlaybackID {
	return cti.PlaybackID(fmt.Sprintf("%s.play.%d", r.ID, r.Plays))
}

// newLeg names a new leg of ours.
func (r *record) newLeg(role string) cti.LegID {
	r.LegCount++
	return cti.LegID(fmt.Sprintf("%s.%s.%d", r.ID, role, r.LegCount))
}

// legs lists the legs the call owns.
func (r *record) legs() []cti.LegID {
	var out []cti.LegID
	if r.Leg != "" {
		out = append(out, r.Leg)
	}
	if r.Seat != nil && r.Seat.Leg != "" && !r.Seat.Left {
		out = append(out, r.Seat.Leg)
	}
	for _, p := range r.Parties {
		if p.State != partyFailed {
			out = append(out, p.Leg)
		}
	}
	return out
}

// vars are the channel variables of the citizen's leg.
func (r *record) vars() map[string]string {
	v := map[string]string{varCall: string(r.ID), varStage: string(r.Stage), varRole: "citizen"}
	if r.Request != nil {
		v[varQueue] = string(r.Request.Queue)
		v[varEntered] = strconv.FormatInt(r.EnteredAt.UnixMilli(), 10)
	}
	if r.Seat != nil && !r.Seat.Left {
		v[varSeat] = r.Seat.Seat + " " + string(r.Seat.Leg)
	}
	return v
}

// masked is the caller's number for everybody.
func (r *record) masked() string { return MaskNumber(r.Caller) }

// view is the call as its seat sees it.
func (r *record) view(now time.Time) *CallView {
	v := &CallView{
		ID: r.ID, Direction: r.Direction, Stage: r.Stage, Caller: r.Caller, Masked: r.masked(),
		Called: r.Called, Line: r.Line.Label, Language: r.Language, Path: append([]MenuStep{}, r.Before...),
		StartedAt: r.StartedAt, EnteredAt: r.EnteredAt, HeldSince: r.HeldSince,
		Ticket: r.Ticket, Callback: r.Callback, Rating: r.Rating, Note: r.Note,
	}
	v.Path = append(v.Path, steps(r.Walk)...)
	if r.Request != nil {
		v.Queue = string(r.Request.Queue)
	}
	// A seat that did not take the call has nothing more to do with it.
	if s := r.Seat; s != nil && (!s.Left || !s.AnsweredAt.IsZero() && r.Stage != calls.StageQueue) {
		v.Seat, v.AnsweredAt = s.Seat, s.AnsweredAt
	}
	if !r.EnteredAt.IsZero() {
		until := now
		if !v.AnsweredAt.IsZero() {
			until = v.AnsweredAt
		}
		v.WaitedS = until.Sub(r.EnteredAt).Seconds()
	}
	for _, p := range r.Parties {
		v.Parties = append(v.Parties, PartyView{ID: p.ID, Kind: p.Kind, Label: p.Label, State: p.State, Cause: p.Cause})
	}
	return v
}

func steps(w ivr.State) []MenuStep {
	out := make([]MenuStep, 0, len(w.Path))
	for _, s := range w.Path {
		out = append(out, MenuStep{Node: s.Node, Label: s.Title, Input: s.Input})
	}
	return out
}

// keepPath keeps the path of the walk that ends here.
func (r *record) keepPath() { r.Before = append(r.Before, steps(r.Walk)...) }

// sealRecord makes a value for the live state.
func sealRecord(s Sealer, r any) ([]byte, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode a record: %w", err)
	}
	sealed, err := s.Seal(string(raw))
	if err != nil {
		return nil, fmt.Errorf("seal a record: %w", err)
	}
	return []byte(sealed), nil
}

// openRecord reads a value of the live state.
func openRecord(s Sealer, value []byte, into any) error {
	raw, err := s.Open(string(value))
	if err != nil {
		return fmt.Errorf("unseal a record: %w", err)
	}
	if err := json.Unmarshal([]byte(raw), into); err != nil {
		return fmt.Errorf("decode a record: %w", err)
	}
	return nil
}

// recordFromLeg rebuilds what the switch alone knows of a call.
func recordFromLeg(node string, leg cti.Leg, line Line) record {
	r := record{
		ID: calls.NewID(leg.Created, node, leg.UniqueID), Node: node, Direction: calls.Inbound,
		Stage: calls.Stage(leg.Vars[varStage]), Leg: leg.ID, UniqueID: leg.UniqueID, Source: source(leg),
		Caller: NormalNumber(leg.Caller), Called: leg.Dialled, Line: line, Menu: line.Menu, StartedAt: leg.Created,
	}
	if called := leg.Vars[varCalled]; called != "" {
		r.Called = called
	}
	if id, err := calls.ParseID(leg.Vars[varCall]); err == nil {
		r.ID = id
	}
	if leg.Up {
		r.UpAt = leg.Created
	}
	if q := leg.Vars[varQueue]; q != "" {
		r.EnteredAt = leg.Created
		if ms, err := strconv.ParseInt(leg.Vars[varEntered], 10, 64); err == nil {
			r.EnteredAt = time.UnixMilli(ms)
		}
		r.Request = &acd.Request{Call: r.ID, Queue: acd.QueueID(q), EnteredAt: r.EnteredAt}
	}
	return r
}

// rebuild finds the seat of a conversation by what the channels say; without one the call waits
// in its queue again.
func (r *record) rebuild(leg cti.Leg, legs map[cti.LegID]cti.Leg) {
	if r.Request == nil {
		r.Request = &acd.Request{Call: r.ID, Queue: acd.QueueID(r.Line.Queue), EnteredAt: leg.Created}
		r.EnteredAt = leg.Created
	}
	r.Menu, r.Line.Queue = "", string(r.Request.Queue)
	name, id, _ := strings.Cut(leg.Vars[varSeat], " ")
	seatLeg, there := legs[cti.LegID(id)]
	if there {
		if _, count, ok := strings.Cut(id, ".seat."); ok {
			r.LegCount, _ = strconv.Atoi(count)
		}
		r.Seat = &seatPart{Seat: name, Phone: seatLeg.Phone, Leg: seatLeg.ID, OfferedAt: seatLeg.Created}
	}
	switch {
	case !there:
		r.Stage = calls.StageQueue
	case r.Stage == calls.StageRinging:
		r.Queued = true
	case r.Stage != calls.StageQueue:
		r.Stage, r.Talked = calls.StageTalk, true
		r.Seat.AnsweredAt = seatLeg.Created
	}
}

// source names the recording that the dialplan made of the leg.
func source(leg cti.Leg) string {
	if s := leg.Vars[varSource]; s != "" {
		return s
	}
	return sourceOf(cti.LegID(leg.UniqueID), leg.Created)
}

// sourceOf names the recording of a leg that we named ourselves: the switch's id is ours then.
func sourceOf(leg cti.LegID, created time.Time) string {
	return created.UTC().Format("2006/01/02/") + string(leg) + ".raw"
}
