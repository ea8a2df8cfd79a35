package asterisk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"github.com/open12345/hotline/cti"
)

// channel is the switch's model of a channel. ari.ChannelData lacks protocol_id and the
// dialplan's application.
type channel struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	State      string            `json:"state"`
	ProtocolID string            `json:"protocol_id"`
	Caller     ari.CallerID      `json:"caller"`
	Created    string            `json:"creationtime"`
	Vars       map[string]string `json:"channelvars"`
	Dialplan   struct {
		Context string `json:"context"`
		Exten   string `json:"exten"`
		App     string `json:"app_name"`
		Data    string `json:"app_data"`
	} `json:"dialplan"`
}

// head is what all events have.
type head struct {
	Type        string `json:"type"`
	Application string `json:"application"`
	Timestamp   string `json:"timestamp"`
}

var errMalformed = errors.New("malformed event")

// at reads a time of the switch; one it can't read is now.
func at(s string) time.Time {
	t, err := time.Parse(ari.DateFormat, s)
	if err != nil {
		return time.Now()
	}
	return t
}

// decoders turn one event type into events of the port. Types that stand here with nil are
// known and say nothing we need.
var decoders = map[string]func(*tracker, head, []byte) ([]cti.Event, error){
	"StasisStart":          stasisStart,
	"StasisEnd":            stasisEnd,
	"ChannelDestroyed":     channelDestroyed,
	"ChannelStateChange":   channelState,
	"ChannelHangupRequest": hangupRequest,
	"Dial":                 dial,
	"ChannelDtmfReceived":  dtmf,
	"PlaybackFinished":     playbackFinished,
	"RecordingFinished":    recordingFinished,
	"RecordingFailed":      recordingFinished,
	"ChannelEnteredBridge": bridgeChanged,
	"ChannelLeftBridge":    bridgeChanged,
	"EndpointStateChange":  endpointState,
	"ApplicationReplaced":  replaced,

	"ApplicationMoveFailed": nil, "ApplicationRegistered": nil, "ApplicationUnregistered": nil,
	"BridgeAttendedTransfer": nil, "BridgeBlindTransfer": nil, "BridgeCreated": nil, "BridgeDestroyed": nil,
	"BridgeMerged": nil, "BridgeVideoSourceChanged": nil, "CallBroadcast": nil, "CallClaimed": nil,
	"ChannelCallerId": nil, "ChannelConnectedLine": nil, "ChannelCreated": nil, "ChannelDialplan": nil,
	"ChannelHold": nil, "ChannelTalkingFinished": nil, "ChannelTalkingStarted": nil, "ChannelToneDetected": nil,
	"ChannelTransfer": nil, "ChannelUnhold": nil, "ChannelUserevent": nil, "ChannelVarset": nil,
	"ContactStatusChange": nil, "DeviceStateChanged": nil, "MissingParams": nil, "PeerStatusChange": nil,
	"PlaybackContinuing": nil, "PlaybackStarted": nil, "RESTResponse": nil, "RecordingStarted": nil,
	"TextMessageReceived": nil,
}

// translate turns one frame of the event socket into events of the port. known is the type, or
// "unknown" for one this driver has never heard of, which is skipped.
func (t *tracker) translate(frame []byte) (events []cti.Event, known string, err error) {
	var h head
	if err := json.Unmarshal(frame, &h); err != nil {
		return nil, "", fmt.Errorf("%w: %w", errMalformed, err)
	}
	if h.Type == "" {
		return nil, "", fmt.Errorf("%w: no type", errMalformed)
	}
	decode, ok := decoders[h.Type]
	if !ok {
		return nil, "unknown", nil
	}
	if decode == nil {
		return nil, h.Type, nil
	}
	if h.Application == t.app+trunkSuffix && !t.dialling(frame) {
		return nil, h.Type, nil // the leg's own application tells it, in order
	}
	events, err = decode(t, h, frame)
	if err != nil {
		return nil, h.Type, fmt.Errorf("%s: %w", h.Type, err)
	}
	return events, h.Type, nil
}

// dialling tells whether a frame is about a leg of ours that is dialled into the dialplan and
// has not entered the application.
func (t *tracker) dialling(frame []byte) bool {
	var e struct{ Channel, Peer struct{ ID string } }
	if json.Unmarshal(frame, &e) != nil {
		return false
	}
	st := t.legs[cti.LegID(e.Channel.ID+e.Peer.ID)] // one of them is empty
	return st != nil && st.originated && !st.started
}

// channelEvent is the shape of most events.
type channelEvent struct {
	Args       []string        `json:"args"`
	Channel    channel         `json:"channel"`
	Bridge     *ari.BridgeData `json:"bridge"`
	Digit      string          `json:"digit"`
	Cause      int             `json:"cause"`
	CauseText  string          `json:"cause_txt"`
	Soft       bool            `json:"soft"`
	DialStatus string          `json:"dialstatus"`
}

func decodeChannel(frame []byte) (channelEvent, error) {
	var e channelEvent
	if err := json.Unmarshal(frame, &e); err != nil {
		return e, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if e.Channel.ID == "" {
		return e, fmt.Errorf("%w: no channel", errMalformed)
	}
	return e, nil
}

func stasisStart(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	e, err := decodeChannel(frame)
	if err != nil {
		return nil, err
	}
	st := t.begin(cti.LegID(e.Channel.ID))
	st.flag(e.Channel.Vars)
	args := e.Args
	if raw, ok := e.Channel.Vars[varArgs]; ok {
		var own []string
		if json.Unmarshal([]byte(raw), &own) == nil {
			args = own
		}
	}
	leg := t.leg(e.Channel)
	leg.Ours = true
	var events []cti.Event
	if st.originated && leg.Up && !st.up {
		st.up = true // its answer, told to another application, is still on the way
		events = append(events, cti.LegAnswered{Leg: leg.ID, At: at(h.Timestamp)})
	}
	return append(events, cti.LegStarted{Leg: leg, Args: args, At: at(h.Timestamp)}), nil
}

func stasisEnd(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	e, err := decodeChannel(frame)
	if err != nil {
		return nil, err
	}
	return t.end(cti.LegID(e.Channel.ID), 0, "", at(h.Timestamp)), nil
}

func channelDestroyed(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	e, err := decodeChannel(frame)
	if err != nil {
		return nil, err
	}
	id := cti.LegID(e.Channel.ID)
	if t.legs[id] == nil && otherHalf(id) {
		return nil, nil
	}
	events := t.end(id, e.Cause, e.CauseText, at(h.Timestamp))
	t.legs[id].destroyed = true
	return events, nil
}

func channelState(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	e, err := decodeChannel(frame)
	if err != nil {
		return nil, err
	}
	st := t.live(cti.LegID(e.Channel.ID))
	if st == nil {
		return nil, nil
	}
	switch e.Channel.State {
	case "Ringing":
		return st.ringing(cti.LegID(e.Channel.ID), at(h.Timestamp)), nil
	case "Up":
		if !st.up {
			st.up = true
			return []cti.Event{cti.LegAnswered{Leg: cti.LegID(e.Channel.ID), At: at(h.Timestamp)}}, nil
		}
	}
	return nil, nil
}

func hangupRequest(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	e, err := decodeChannel(frame)
	if err != nil {
		return nil, err
	}
	id := cti.LegID(e.Channel.ID)
	st := t.live(id)
	if st == nil || e.Soft || st.hangup {
		return nil, nil // soft: our own request, or the switch's
	}
	st.hangup, st.cause = true, e.Cause
	if st.cause == 0 {
		st.cause = 16 // a BYE or CANCEL without a Reason is normal clearing (RFC 3398)
	}
	return []cti.Event{cti.LegHangup{Leg: id, Cause: st.cause, At: at(h.Timestamp)}}, nil
}

func dial(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	var e struct {
		Peer       channel `json:"peer"`
		DialStatus string  `json:"dialstatus"`
	}
	if err := json.Unmarshal(frame, &e); err != nil || e.Peer.ID == "" {
		return nil, fmt.Errorf("%w: no peer", errMalformed)
	}
	id := cti.LegID(e.Peer.ID)
	st := t.live(id)
	if st == nil {
		return nil, nil
	}
	switch e.DialStatus {
	case "":
	case "RINGING":
		return st.ringing(id, at(h.Timestamp)), nil
	case "PROGRESS", "PROCEEDING", "ANSWER":
	default:
		st.dialStatus = e.DialStatus
	}
	return nil, nil
}

func dtmf(_ *tracker, h head, frame []byte) ([]cti.Event, error) {
	e, err := decodeChannel(frame)
	if err != nil {
		return nil, err
	}
	if len(e.Digit) != 1 {
		return nil, fmt.Errorf("%w: digit %q", errMalformed, e.Digit)
	}
	return []cti.Event{cti.Digit{Leg: cti.LegID(e.Channel.ID), Digit: e.Digit[0], At: at(h.Timestamp)}}, nil
}

func playbackFinished(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	var e struct {
		Playback ari.PlaybackData `json:"playback"`
	}
	if err := json.Unmarshal(frame, &e); err != nil || e.Playback.ID == "" {
		return nil, fmt.Errorf("%w: no playback", errMalformed)
	}
	leg := target(e.Playback.TargetURI)
	t.idle(leg, soundKey(cti.PlaybackID(e.Playback.ID)))
	return []cti.Event{cti.PlaybackFinished{ID: cti.PlaybackID(e.Playback.ID), Leg: leg, Failed: e.Playback.State == "failed", At: at(h.Timestamp)}}, nil
}

func recordingFinished(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	var e struct {
		Recording ari.LiveRecordingData `json:"recording"`
	}
	if err := json.Unmarshal(frame, &e); err != nil || e.Recording.Name == "" {
		return nil, fmt.Errorf("%w: no recording", errMalformed)
	}
	leg := target(e.Recording.TargetURI)
	t.idle(leg, recordingKey(e.Recording.Name))
	return []cti.Event{cti.RecordingFinished{Name: e.Recording.Name, Leg: leg, Duration: time.Duration(e.Recording.Duration),
		Failed: h.Type == "RecordingFailed", At: at(h.Timestamp)}}, nil
}

func target(uri string) cti.LegID { return cti.LegID(strings.TrimPrefix(uri, "channel:")) }

func bridgeChanged(_ *tracker, h head, frame []byte) ([]cti.Event, error) {
	e, err := decodeChannel(frame)
	if err != nil {
		return nil, err
	}
	if e.Bridge == nil || e.Bridge.ID == "" {
		return nil, fmt.Errorf("%w: no bridge", errMalformed)
	}
	return []cti.Event{cti.BridgeChanged{Bridge: cti.BridgeID(e.Bridge.ID), Leg: cti.LegID(e.Channel.ID),
		Entered: h.Type == "ChannelEnteredBridge", At: at(h.Timestamp)}}, nil
}

func endpointState(t *tracker, h head, frame []byte) ([]cti.Event, error) {
	var e struct {
		Endpoint ari.EndpointData `json:"endpoint"`
	}
	if err := json.Unmarshal(frame, &e); err != nil || e.Endpoint.Resource == "" {
		return nil, fmt.Errorf("%w: no endpoint", errMalformed)
	}
	if e.Endpoint.Technology != "PJSIP" || e.Endpoint.Resource == t.trunk {
		return nil, nil
	}
	return t.phone(e.Endpoint.Resource, e.Endpoint.State == "online", at(h.Timestamp)), nil
}

func replaced(t *tracker, h head, _ []byte) ([]cti.Event, error) {
	if h.Application != t.app {
		return nil, nil
	}
	return []cti.Event{cti.Replaced{Reason: "ApplicationReplaced"}}, nil
}
