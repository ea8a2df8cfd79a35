package node_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cti/asterisk/node"
	"github.com/open12345/hotline/cti/testcall"
)

// bench is a switch with short patience and the means to look into it.
type bench struct {
	*node.Node
	t *testing.T
}

func newBench(t *testing.T, change func(*asterisk.Params)) *bench {
	n := start(t, func(c *node.Config) {
		c.SkipProof = true
		ports, err := node.FreePorts(1)
		require.NoError(t, err)
		c.Params = func(p *asterisk.Params) {
			p.Guard, p.Retries, p.LastResortWait = time.Second, 1, 20*time.Second
			p.Carrier = "127.0.0.1:" + strconv.Itoa(ports[0])
			if change != nil {
				change(p)
			}
		}
	})
	return &bench{Node: n, t: t}
}

func (b *bench) ari(method, path string, query url.Values, body any) []byte {
	b.t.Helper()
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		require.NoError(b.t, err)
		sent = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.ARIURL()+path+"?"+query.Encode(), sent)
	require.NoError(b.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(b.ARIUser(), b.ARIPassword())
	res, err := http.DefaultClient.Do(req)
	require.NoError(b.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	require.Equal(b.t, 2, res.StatusCode/100, "%s %s: %s %s", method, path, res.Status, text)
	return text
}

func (b *bench) global(name string) string {
	b.t.Helper()
	var v struct{ Value string }
	require.NoError(b.t, json.Unmarshal(b.ari(http.MethodGet, "/asterisk/variable", url.Values{"variable": {name}}, nil), &v))
	return v.Value
}

func (b *bench) setGlobal(name, value string) {
	b.t.Helper()
	b.ari(http.MethodPost, "/asterisk/variable", url.Values{"variable": {name}, "value": {value}}, nil)
}

func (b *bench) phone(config testcall.Config) *testcall.Phone {
	b.t.Helper()
	config.Log = slog.New(slog.DiscardHandler)
	p, err := testcall.StartPhone(b.t.Context(), config)
	require.NoError(b.t, err)
	b.t.Cleanup(p.Stop)
	return p
}

// citizen calls number from a phone of their own.
func (b *bench) citizen(from, number string, options ...testcall.DialOption) *testcall.Call {
	b.t.Helper()
	call, err := b.phone(testcall.Config{Number: from}).Dial(b.within(30*time.Second), "sip:"+number+"@"+b.SIPAddr(), options...)
	require.NoError(b.t, err)
	return call
}

func (b *bench) within(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(b.t.Context(), d)
	b.t.Cleanup(cancel)
	return ctx
}

func (b *bench) refused(call *testcall.Call) int {
	b.t.Helper()
	end, err := call.WaitEnded(b.within(20 * time.Second))
	require.NoError(b.t, err)
	return end.Status
}

func (b *bench) hangup(call *testcall.Call) {
	b.t.Helper()
	require.NoError(b.t, call.Hangup(b.within(5*time.Second)))
}

// event is what these tests read of an ARI event.
type event struct {
	Type    string
	Args    []string
	Channel struct {
		ID          string
		State       string
		Channelvars map[string]string
	}
}

// floor connects as the application would and passes on its events.
func (b *bench) floor() <-chan event {
	b.t.Helper()
	conn, _, err := websocket.DefaultDialer.DialContext(b.t.Context(),
		"ws://"+b.HTTPAddr()+"/ari/events?"+url.Values{"app": {asterisk.App}, "api_key": {b.ARIUser() + ":" + b.ARIPassword()}}.Encode(), nil)
	require.NoError(b.t, err)
	b.t.Cleanup(func() { conn.Close() })
	events := make(chan event, 1000)
	go func() {
		defer close(events)
		for {
			var e event
			if conn.ReadJSON(&e) != nil {
				return
			}
			events <- e
		}
	}()
	return events
}

func (b *bench) next(events <-chan event, kind string) event {
	b.t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		select {
		case e, open := <-events:
			require.True(b.t, open, "the switch closed the socket")
			if e.Type == kind {
				return e
			}
		case <-deadline:
			require.FailNow(b.t, "no "+kind)
		}
	}
}

func (b *bench) recordings(pattern string) []string {
	b.t.Helper()
	found, err := filepath.Glob(filepath.Join(b.Spool(), "recording/*/*/*", pattern))
	require.NoError(b.t, err)
	return found
}

func TestWithoutAFloorTheCallerLeavesAMessage(t *testing.T) {
	b := newBench(t, nil)
	call := b.citizen("13800138000", "12345", testcall.Sends(testcall.Tone(700)))
	require.NoError(t, call.WaitRinging(b.within(5*time.Second)))
	require.NoError(t, call.WaitAnswered(b.within(10*time.Second)))
	require.NoError(t, call.WaitSound(b.within(10*time.Second)))
	require.Equal(t, "1", b.global("HOTLINE_LAST_RESORT"))

	require.NoError(t, call.WaitTone(b.within(30*time.Second), 1000), "the tone after which to speak")
	require.Eventually(t, func() bool { return len(b.recordings("*.voicemail.wav")) == 1 }, 10*time.Second, 20*time.Millisecond)
	message := b.recordings("*.voicemail.wav")[0]
	require.Eventually(t, func() bool {
		info, err := os.Stat(message)
		return err == nil && info.Size() > 16000
	}, 10*time.Second, 20*time.Millisecond)
	b.hangup(call)
	require.Eventually(t, func() bool {
		heard, err := testcall.ReadWAV(message)
		return err == nil && testcall.HasTone(heard.Left(), testcall.SampleRate, 700)
	}, 5*time.Second, 20*time.Millisecond, "the message is kept after hang-up")

	// The whole call is recorded too, the citizen on the left.
	whole := b.recordings("*.raw")
	require.Len(t, whole, 1)
	heard, err := testcall.ReadStereoRaw(whole[0])
	require.NoError(t, err)
	require.True(t, testcall.HasTone(heard.Left(), testcall.SampleRate, 700))
	require.False(t, testcall.HasTone(heard.Right(), testcall.SampleRate, 700))
}

func TestACallFromTheTrunkIsNoSeat(t *testing.T) {
	b := newBench(t, nil)
	for i, number := range []string{"8001", "w8001"} {
		require.Equal(t, 403, b.refused(b.citizen(number, "12345")))
		require.Equal(t, strconv.Itoa(i+1), b.global("HOTLINE_SPOOFED"))
	}
	for _, option := range []testcall.DialOption{testcall.Anonymous(), testcall.From(strings.Repeat("7", 40)), testcall.From("+8613800138000")} {
		call := b.citizen("1", "12345", option)
		require.NoError(t, call.WaitRinging(b.within(10*time.Second)))
		b.hangup(call)
	}
	require.Equal(t, "2", b.global("HOTLINE_SPOOFED"))
}

func TestOnlyNumbersCanBeCalled(t *testing.T) {
	b := newBench(t, nil)
	require.Equal(t, 404, b.refused(b.citizen("13800138000", "trunk")))
	require.Equal(t, 404, b.refused(b.citizen("13800138000", "s")))
}

func TestTheFloorRefusesCallsByAGlobal(t *testing.T) {
	b := newBench(t, nil)
	b.setGlobal("HOTLINE_ADMIT", "17")
	require.Equal(t, 486, b.refused(b.citizen("13800138000", "12345")))
	b.setGlobal("HOTLINE_ADMIT", "no")
	require.Equal(t, 503, b.refused(b.citizen("13800138000", "12345")))
	require.Equal(t, "2", b.global("HOTLINE_REFUSED"))

	admitted := func() {
		t.Helper()
		call := b.citizen("13800138000", "12345")
		require.NoError(t, call.WaitRinging(b.within(10*time.Second)))
		b.hangup(call)
	}
	b.setGlobal("HOTLINE_ADMIT_UNTIL", strconv.FormatInt(time.Now().Add(-time.Second).Unix(), 10))
	admitted() // a refusal that has run out
	b.setGlobal("HOTLINE_ADMIT_UNTIL", strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10))
	require.Equal(t, 503, b.refused(b.citizen("13800138000", "12345")))
	b.setGlobal("HOTLINE_ADMIT", "yes")
	admitted()
}

func TestTheFloorGetsTheCallWithItsNumberAndRecording(t *testing.T) {
	b := newBench(t, nil)
	events := b.floor()
	call := b.citizen("13800138000", "12315")
	started := b.next(events, "StasisStart")
	require.Equal(t, []string{"inbound", "12315"}, started.Args)
	require.Equal(t, "Ring", started.Channel.State, "not answered yet")
	day := time.Now().UTC().Format("2006/01/02")
	require.Equal(t, day+"/"+started.Channel.ID+".raw", started.Channel.Channelvars[asterisk.VarRecording])
	require.Equal(t, "12315", started.Channel.Channelvars[asterisk.VarCalled])
	require.True(t, strings.HasPrefix(started.Channel.ID, "sw1-"))

	// Owning the call, the floor is not hurried.
	b.ari(http.MethodPost, "/channels/"+started.Channel.ID+"/variable", url.Values{"variable": {"TIMEOUT(absolute)"}, "value": {"0"}}, nil)
	b.ari(http.MethodPost, "/channels/"+started.Channel.ID+"/answer", nil, nil)
	require.NoError(t, call.WaitAnswered(b.within(5*time.Second)))
	b.hangup(call)
	b.next(events, "StasisEnd")
	require.Equal(t, "0", b.global("HOTLINE_LAST_RESORT"))
}

func TestAHungFloorLosesTheCallToTheLastResort(t *testing.T) {
	b := newBench(t, nil)
	events := b.floor()
	call := b.citizen("13800138000", "12345")
	b.next(events, "StasisStart") // and never a word
	require.NoError(t, call.WaitAnswered(b.within(10*time.Second)))
	require.Equal(t, "1", b.global("HOTLINE_LAST_RESORT"))
	b.hangup(call)
}

func TestACallWaitsForAFloorThatComesBack(t *testing.T) {
	b := newBench(t, func(p *asterisk.Params) { p.Retries = 60 })
	call := b.citizen("13800138000", "12345")
	require.NoError(t, call.WaitRinging(b.within(5*time.Second)))
	require.Equal(t, []string{"inbound", "12345"}, b.next(b.floor(), "StasisStart").Args)
	b.hangup(call)
}

// provision puts a SIP phone by push configuration.
func (b *bench) provision(number, secret string) {
	b.t.Helper()
	put := func(kind string, pairs ...string) {
		var fields []map[string]string
		for i := 0; i < len(pairs); i += 2 {
			fields = append(fields, map[string]string{"attribute": pairs[i], "value": pairs[i+1]})
		}
		b.ari(http.MethodPut, "/asterisk/config/dynamic/res_pjsip/"+kind+"/"+number, nil, map[string]any{"fields": fields})
	}
	put("auth", "auth_type", "digest", "username", number, "password", secret)
	put("aor", "max_contacts", "1", "remove_existing", "yes", "minimum_expiration", "10")
	put("endpoint", "auth", number, "aors", number, "context", asterisk.ContextSeat, "disallow", "all", "allow", "alaw,ulaw", "rtp_symmetric", "yes", "direct_media", "no")
}

// seat provisions a SIP phone and registers it.
func (b *bench) seat(number string) *testcall.Phone {
	b.t.Helper()
	b.provision(number, "a-secret")
	phone := b.phone(testcall.Config{Number: number, Registrar: b.SIPAddr(), Password: "a-secret"})
	require.NoError(b.t, phone.Register(b.within(5*time.Second)))
	return phone
}

func TestWithoutAFloorAKnownSeatRings(t *testing.T) {
	b := newBench(t, func(p *asterisk.Params) { p.LastResortSeats = []string{"8001", "8002"} })
	seat := b.seat("8001")
	citizen := b.citizen("13800138000", "12345", testcall.Sends(testcall.Tone(700)))
	answered, err := seat.Accept(b.within(30 * time.Second))
	require.NoError(t, err)
	answered.Send(testcall.Tone(1700))
	require.NoError(t, answered.Answer(b.within(5*time.Second)))
	require.NoError(t, answered.WaitTone(b.within(10*time.Second), 700))
	require.NoError(t, citizen.WaitTone(b.within(10*time.Second), 1700))
	b.hangup(citizen)

	// A phone put by push configuration is still there after a crash.
	require.NoError(t, b.Kill())
	require.NoError(t, b.Restart(t.Context()))
	require.NoError(t, seat.Register(b.within(5*time.Second)))
}

func TestANewSecretOfAPhoneReplacesTheOldOneAtOnce(t *testing.T) {
	b := newBench(t, nil)
	seat := b.seat("8001")
	b.provision("8001", "another-secret")
	require.Error(t, seat.Register(b.within(5*time.Second)))
	again := b.phone(testcall.Config{Number: "8001", Registrar: b.SIPAddr(), Password: "another-secret"})
	require.NoError(t, again.Register(b.within(5*time.Second)))
	for _, kind := range []string{"endpoint", "aor", "auth"} {
		b.ari(http.MethodDelete, "/asterisk/config/dynamic/res_pjsip/"+kind+"/8001", nil, nil)
	}
	require.Error(t, again.Register(b.within(5*time.Second)))

	// The switch's log stays readable: a phone's fields are not complained of at
	// every message.
	text, err := os.ReadFile(filepath.Join(b.Dir(), "log/messages.log"))
	require.NoError(t, err)
	require.Less(t, strings.Count(string(text), "stir_shaken"), 12)
}

func (b *bench) dials(phone *testcall.Phone, number string) *testcall.Call {
	b.t.Helper()
	call, err := phone.Dial(b.within(10*time.Second), "sip:"+number+"@"+b.SIPAddr())
	require.NoError(b.t, err)
	return call
}

func TestASeatsPhoneReachesNothingButTheFloor(t *testing.T) {
	b := newBench(t, nil)
	events := b.floor()
	seat := b.seat("8001")
	for dialled, passed := range map[string]string{"8002": "8002", "w8002": "w8002", "*12345": "*12345"} {
		call := b.dials(seat, dialled)
		require.Equal(t, []string{"seat", passed}, b.next(events, "StasisStart").Args)
		b.hangup(call)
		b.next(events, "StasisEnd")
	}
	require.Equal(t, 404, b.refused(b.dials(seat, "admin")))
	// Its number without its secret is worth nothing.
	require.Equal(t, 401, b.refused(b.citizen("8001", "12345")))
}

func TestAnOutboundLegIsRecordedFromItsAnswer(t *testing.T) {
	var carrier string
	b := newBench(t, func(p *asterisk.Params) { carrier = p.Carrier })
	_, port, found := strings.Cut(carrier, ":")
	require.True(t, found)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	far := b.phone(testcall.Config{Port: number, Number: "13900139000"})
	events := b.floor()
	b.ari(http.MethodPost, "/channels", url.Values{
		"endpoint": {"PJSIP/13900139000@" + asterisk.Trunk}, "context": {asterisk.ContextOutbound}, "extension": {"s"}, "priority": {"1"},
		"channelId": {"call.citizen.1"},
	}, map[string]any{"variables": map[string]string{"HOTLINE_LEG": "call.citizen.1"}})
	call, err := far.Accept(b.within(10 * time.Second))
	require.NoError(t, err)
	require.Equal(t, "13900139000", call.Dialled())
	require.Empty(t, b.recordings("*.raw"))
	call.Send(testcall.Tone(700))
	require.NoError(t, call.Answer(b.within(5*time.Second)))
	started := b.next(events, "StasisStart")
	require.Equal(t, []string{"outbound", "call.citizen.1"}, started.Args)
	require.Contains(t, started.Channel.Channelvars[asterisk.VarRecording], started.Channel.ID+".raw")
	require.Eventually(t, func() bool { return len(b.recordings("*.raw")) == 1 }, 5*time.Second, 20*time.Millisecond)
	b.hangup(call)
}
