package asterisk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	templates "github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cti"
)

func TestASampleOfEveryEventOfTheSwitchsOwnModelsIsUnderstood(t *testing.T) {
	samples := readSamples(t)
	require.Greater(t, len(samples), 45)
	for typ, frame := range samples {
		tr := newTracker("hotline", "trunk")
		_, known, err := tr.translate(frame)
		require.NoError(t, err, typ)
		require.Equal(t, typ, known)
	}
	for typ := range decoders {
		require.Contains(t, samples, typ, "a decoder for a type the switch doesn't have")
	}
}

func TestTheInstalledSwitchHasNoEventThatTheSamplesLack(t *testing.T) {
	in, err := templates.Find("")
	require.NoError(t, err)
	models, err := readModels(in.RESTModels())
	require.NoError(t, err)
	samples := readSamples(t)
	for _, typ := range eventTypes(models) {
		require.Contains(t, samples, typ, "make the samples again: go test ./cti/asterisk -args -models "+in.RESTModels())
	}
}

func TestUnknownAndMalformedFramesAreTold(t *testing.T) {
	tr := newTracker("hotline", "trunk")
	events, known, err := tr.translate([]byte(`{"type":"BrandNewEvent","channel":7}`))
	require.NoError(t, err)
	require.Empty(t, events)
	require.Equal(t, "unknown", known)
	for _, frame := range []string{
		``, `{`, `null`, `[]`, `"text"`, `{}`, `{"type":7}`, "\x00\xff",
		`{"type":"StasisStart"}`, `{"type":"StasisStart","channel":"x"}`, `{"type":"Dial","peer":null}`,
		`{"type":"ChannelDtmfReceived","channel":{"id":"1"},"digit":""}`, `{"type":"ChannelLeftBridge","channel":{"id":"1"}}`,
		`{"type":"PlaybackFinished","playback":[]}`, `{"type":"EndpointStateChange"}`,
	} {
		events, _, err := tr.translate([]byte(frame))
		require.ErrorIs(t, err, errMalformed, frame)
		require.Empty(t, events)
	}
	require.Empty(t, tr.legs)
}

func FuzzFramesNeverPanic(f *testing.F) {
	f.Add([]byte(`{"type":"StasisStart","args":["inbound"],"channel":{"id":"1","name":"PJSIP/trunk-1"}}`))
	f.Add([]byte(`{"type":"ChannelDestroyed","cause":16,"channel":{"id":"1"}}`))
	f.Fuzz(func(_ *testing.T, frame []byte) {
		tr := newTracker("hotline", "trunk")
		for range 2 {
			events, _, _ := tr.translate(frame)
			for _, e := range events {
				tr.flushAfter(e)
			}
		}
		tr.forget(time.Now().Add(3 * time.Hour))
	})
}

// say makes a frame about one channel.
func say(typ, id, rest string) []byte {
	if rest != "" {
		rest = "," + rest
	}
	return fmt.Appendf(nil, `{"type":%q,"application":"hotline","timestamp":"2026-11-24T23:39:30.526+0000","channel":{"id":%q,"name":"PJSIP/w8001-0001","state":"Up"}%s}`, typ, id, rest)
}

func tell(t *testing.T, tr *tracker, frames ...[]byte) []cti.Event {
	t.Helper()
	var all []cti.Event
	for _, f := range frames {
		events, _, err := tr.translate(f)
		require.NoError(t, err)
		all = append(all, events...)
	}
	return all
}

func TestALegEndsOnceWhateverTheSwitchSends(t *testing.T) {
	end, destroyed := say("StasisEnd", "1", ""), say("ChannelDestroyed", "1", `"cause":16,"cause_txt":"Normal Clearing"`)
	hangup := say("ChannelHangupRequest", "1", `"cause":17`)
	for name, frames := range map[string][][]byte{
		"only StasisEnd":        {end},
		"only ChannelDestroyed": {destroyed},
		"both":                  {end, destroyed},
		"both, turned round":    {destroyed, end},
		"everything twice":      {hangup, hangup, end, end, destroyed, destroyed},
		"hang-up after the end": {end, hangup, destroyed},
	} {
		t.Run(name, func(t *testing.T) {
			tr := newTracker("hotline", "trunk")
			tell(t, tr, say("StasisStart", "1", `"args":["inbound"]`))
			ends, hangups := 0, 0
			for _, e := range tell(t, tr, frames...) {
				switch e := e.(type) {
				case cti.LegEnded:
					ends++
					require.Empty(t, e.Status, "it was answered")
				case cti.LegHangup:
					hangups++
				}
			}
			require.Equal(t, 1, ends)
			require.LessOrEqual(t, hangups, 1)
		})
	}
}

func TestALegThatComesBackAfterItsEndIsOneAgain(t *testing.T) {
	tr := newTracker("hotline", "trunk")
	start, end := say("StasisStart", "1", `"args":["inbound"]`), say("StasisEnd", "1", "")
	events := tell(t, tr, start, end, start, end)
	require.Len(t, events, 4)
	require.IsType(t, cti.LegEnded{}, events[3])
}

func TestAnUnansweredLegTellsWhy(t *testing.T) {
	dialled := func(status string) []byte {
		return fmt.Appendf(nil, `{"type":"Dial","dialstatus":%q,"peer":{"id":"1"}}`, status)
	}
	for _, row := range []struct {
		name   string
		frames [][]byte
		status string
		cause  int
	}{
		{"the switch says BUSY", [][]byte{dialled("BUSY"), say("ChannelDestroyed", "1", `"cause":0`)}, "BUSY", 0},
		{"nothing but cause 17", [][]byte{say("ChannelDestroyed", "1", `"cause":17`)}, "BUSY", 17},
		{"time-out has no Dial event", [][]byte{dialled("RINGING"), say("ChannelDestroyed", "1", `"cause":19`)}, "NOANSWER", 19},
		{"no circuit", [][]byte{say("ChannelDestroyed", "1", `"cause":34`)}, "CONGESTION", 34},
		{"unknown", [][]byte{say("ChannelDestroyed", "1", `"cause":0`)}, "CHANUNAVAIL", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			tr := newTracker("hotline", "trunk")
			events := tell(t, tr, row.frames...)
			e := events[len(events)-1].(cti.LegEnded)
			require.Equal(t, row.status, e.Status)
			require.Equal(t, row.cause, e.Cause)
		})
	}
}

func TestTheFarHalfOfALocalChannelIsNobodysLeg(t *testing.T) {
	tr := newTracker("hotline", "trunk")
	require.Empty(t, tell(t, tr, say("ChannelStateChange", "1;2", ""), say("ChannelHangupRequest", "1;2", `"cause":16`), say("ChannelDestroyed", "1;2", `"cause":16`)))
}

func TestMemoryOfEndedLegsShrinks(t *testing.T) {
	tr := newTracker("hotline", "trunk")
	for i := range 100 {
		id := fmt.Sprint(i)
		tell(t, tr, say("StasisStart", id, ""), say("StasisEnd", id, ""))
	}
	tell(t, tr, say("StasisStart", "lives", ""))
	ended := at("2026-11-24T23:39:30.526+0000")
	tr.forget(ended.Add(30 * time.Second))
	require.Len(t, tr.legs, 101, "late events may still come")
	tr.forget(ended.Add(2 * time.Minute))
	require.Len(t, tr.legs, 1)
}

func TestArgumentsAndVariablesOfALegAreOurs(t *testing.T) {
	tr := newTracker("hotline", "trunk")
	args, err := json.Marshal(`["seat","a,b",""]`)
	require.NoError(t, err)
	frame := fmt.Appendf(nil, `{"type":"StasisStart","args":["seat","a","b"],"channel":{"id":"1","name":"PJSIP/w8001-0000001a","state":"Up",
		"caller":{"number":"Anonymous"},"dialplan":{"exten":"s"},"creationtime":"2026-11-24T23:39:30.526+0000",
		"channelvars":{"HOTLINE_ARGS":%s,"HOTLINE_CALLED":"12345","HOTLINE_STAGE":"menu","HOTLINE_RECORDING":""}}}`, args)
	started := tell(t, tr, frame)[0].(cti.LegStarted)
	require.Equal(t, []string{"seat", "a,b", ""}, started.Args)
	require.Equal(t, map[string]string{"HOTLINE_CALLED": "12345", "HOTLINE_STAGE": "menu"}, started.Leg.Vars)
	require.Equal(t, "12345", started.Leg.Dialled)
	require.Empty(t, started.Leg.Caller)
	require.Equal(t, "w8001", started.Leg.Phone)
	require.True(t, started.Leg.Ours && started.Leg.Up)
	require.Equal(t, int64(1795563570526), started.Leg.Created.UnixMilli())
}

func TestAPhoneIsToldWhenItChangesAndNotOtherwise(t *testing.T) {
	tr := newTracker("hotline", "trunk")
	state := func(id, s string) []byte {
		return fmt.Appendf(nil, `{"type":"EndpointStateChange","endpoint":{"technology":"PJSIP","resource":%q,"state":%q}}`, id, s)
	}
	events := tell(t, tr, state("8001", "unknown"), state("8001", "online"), state("8001", "online"), state("trunk", "online"), state("8001", "offline"))
	require.Len(t, events, 2)
	require.True(t, events[0].(cti.PhoneChanged).Registered)
	require.False(t, events[1].(cti.PhoneChanged).Registered)
}

func TestStatusesOfTheSwitchMeanWhatTheyMean(t *testing.T) {
	for _, row := range []struct {
		status int
		text   string
		kind   error
	}{
		{400, "Channel not found", cti.ErrGone}, {400, "Invalid parameters", cti.ErrRejected},
		{404, "", cti.ErrGone}, {409, "Channel not in Stasis application", cti.ErrGone}, {412, "Channel in invalid state", cti.ErrGone},
		{422, "Channel not in Stasis application", cti.ErrGone},
		{409, "Recording 'x' already exists and can not be overwritten", cti.ErrRejected}, {409, "Channel x currently recording", cti.ErrRejected},
		{422, "specified format is unknown on this system", cti.ErrRejected},
		{500, "Allocation failed", cti.ErrRejected}, {401, "", cti.ErrRejected}, {503, "", cti.ErrUnavailable},
	} {
		require.Equal(t, row.kind, kindOf(row.status, row.text), fmt.Sprint(row.status, row.text))
	}
}

func TestCallerIDCannotBreakOut(t *testing.T) {
	require.Equal(t, `"市民" <13800000000>`, callerID(`市"民`, "138<0000>0000\r\n"))
	require.False(t, strings.ContainsAny(callerID("a\r\nb", ""), "\r\n"))
}

func TestALegThatAListDoesNotHaveIsForgottenOnlyWhenItsEventsCanNoLongerCome(t *testing.T) {
	tr, now := newTracker("hotline", "trunk"), time.Now()
	for _, id := range []cti.LegID{"made", "lost", "back"} {
		tr.legs[id] = &legState{originated: true}
	}
	back := []cti.Leg{{ID: "back"}}
	tr.keepOnly(nil, tr.ids(), now)
	tr.keepOnly(back, tr.ids(), now.Add(time.Second))
	events := tell(t, tr, []byte(`{"type":"ChannelDestroyed","application":"hotline-trunk","cause":17,"channel":{"id":"made","name":"PJSIP/trunk-1","state":"Ringing"}}`))
	require.Len(t, events, 1, "its end was on the way beside the list")
	require.Equal(t, "BUSY", events[0].(cti.LegEnded).Status)
	tr.keepOnly(nil, tr.ids(), now.Add(10*time.Second))
	require.Nil(t, tr.legs["lost"])
	require.NotNil(t, tr.legs["back"], "it was there meanwhile")
}
