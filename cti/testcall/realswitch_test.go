package testcall_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cti/asterisk/node"
	"github.com/open12345/hotline/cti/testcall"
)

// startSwitch runs a real switch that no floor serves: its dialplan answers.
func startSwitch(t *testing.T) *node.Node {
	t.Helper()
	n, err := node.Start(t.Context(), node.Config{Dir: t.TempDir(), SkipProof: true, Params: func(p *asterisk.Params) {
		p.Retries = 0
	}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Stop(context.Background())) })
	return n
}

func startPhone(t *testing.T, config testcall.Config) *testcall.Phone {
	t.Helper()
	config.Log = slog.New(slog.DiscardHandler)
	phone, err := testcall.StartPhone(context.Background(), config)
	require.NoError(t, err)
	t.Cleanup(phone.Stop)
	return phone
}

// ask sends one request to the switch's ARI.
func ask(t *testing.T, n *node.Node, method, path string, query url.Values, body any) {
	t.Helper()
	var data []byte
	if body != nil {
		var err error
		data, err = json.Marshal(body)
		require.NoError(t, err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, n.ARIURL()+path+"?"+query.Encode(), bytes.NewReader(data))
	require.NoError(t, err)
	req.SetBasicAuth(n.ARIUser(), n.ARIPassword())
	req.Header.Set("Content-Type", "application/json")
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Less(t, res.StatusCode, 300, "%s %s", method, path)
}

func putSeat(t *testing.T, n *node.Node, number, password string) {
	t.Helper()
	for _, object := range []struct {
		kind   string
		fields []string
	}{
		{"auth", []string{"auth_type", "digest", "username", number, "password", password}},
		{"aor", []string{"max_contacts", "1", "minimum_expiration", "10"}},
		{"endpoint", []string{"auth", number, "aors", number, "context", "from-seat", "allow", "!all,alaw,ulaw", "direct_media", "no", "identify_by", "username"}},
	} {
		var list []map[string]string
		for i := 0; i < len(object.fields); i += 2 {
			list = append(list, map[string]string{"attribute": object.fields[i], "value": object.fields[i+1]})
		}
		ask(t, n, http.MethodPut, "/asterisk/config/dynamic/res_pjsip/"+object.kind+"/"+number, nil, map[string]any{"fields": list})
	}
}

func TestCitizenIsHeardByTheRealSwitchAndHearsIt(t *testing.T) {
	n := startSwitch(t)
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	citizen := startPhone(t, testcall.Config{})
	call, err := citizen.Call(ctx, "sip:12345@"+n.SIPAddr(), testcall.From("13800138000"),
		testcall.Sends(testcall.Tone(testcall.ToneOf(testcall.LegCitizen))))
	require.NoError(t, err)
	require.NoError(t, call.WaitSound(ctx)) // the voice of the last resort
	require.NoError(t, call.Press(ctx, "12"))
	require.NoError(t, call.WaitSilence(ctx, 300*time.Millisecond))
	require.NoError(t, call.Hangup(ctx))

	timings, stats := call.Timings(), call.Stats()
	require.Positive(t, timings.Since(timings.Trying))
	require.Positive(t, timings.Since(timings.FirstRTP))
	require.Zero(t, stats.Lost)
	require.Zero(t, stats.Duplicates)
	require.Positive(t, call.Heard())
	t.Logf("answered after %v, first packet after %v, jitter %v, longest gap %v",
		timings.Since(timings.Answered), timings.Since(timings.FirstRTP), stats.Jitter, stats.MaxGap)

	var left []int16
	require.Eventually(t, func() bool {
		files, err := filepath.Glob(filepath.Join(n.Spool(), "recording/*/*/*/*.raw"))
		if err != nil || len(files) != 1 {
			return false
		}
		audio, err := testcall.ReadStereoRaw(files[0])
		left = audio.Left()
		return err == nil && len(left) > testcall.SampleRate
	}, 5*time.Second, 50*time.Millisecond)
	require.Greater(t, testcall.ToneShare(left, testcall.SampleRate, testcall.ToneOf(testcall.LegCitizen)), 0.7)
	require.Zero(t, testcall.ToneShare(left, testcall.SampleRate, testcall.ToneOf(testcall.LegSeat)))
}

func TestSeatRegistersAtTheRealSwitchAndIsRung(t *testing.T) {
	n := startSwitch(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	putSeat(t, n, "8001", "a-secret-of-8001")

	stranger := startPhone(t, testcall.Config{Number: "8001", Registrar: n.SIPAddr(), Password: "guess"})
	var refused *testcall.RegisterError
	require.ErrorAs(t, stranger.Register(ctx), &refused)
	require.Equal(t, 401, refused.Status)

	seat := startPhone(t, testcall.Config{Number: "8001", Registrar: n.SIPAddr(), Password: "a-secret-of-8001"})
	require.NoError(t, seat.Register(ctx))
	ask(t, n, http.MethodPost, "/channels", url.Values{"endpoint": {"PJSIP/8001"}, "context": {"self-test"}, "extension": {"tone"}, "priority": {"1"}}, nil)
	call, err := seat.Accept(ctx)
	require.NoError(t, err)
	require.NoError(t, call.Ring())
	require.NoError(t, call.Answer(ctx))
	require.NoError(t, call.WaitTone(ctx, 1000))
	require.NoError(t, call.Hold(ctx))
	require.NoError(t, call.Resume(ctx))
	require.NoError(t, call.WaitTone(ctx, 1000))
	require.NoError(t, call.Hangup(ctx))
	require.NoError(t, seat.Unregister(ctx))
}

func TestOddCallersDoNotHarmTheRealSwitch(t *testing.T) {
	n := startSwitch(t)
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	phone := startPhone(t, testcall.Config{})
	for _, from := range []testcall.DialOption{
		testcall.From(""), testcall.Anonymous(), testcall.From("zhang-san"),
		testcall.From("1234567890123456789012345678901234567890"),
		testcall.RawFrom(`"<<<" <sip:%00%ff@@;;>`),
	} {
		// The switch leaves what it can't read without a word.
		dialling, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		call, err := phone.Dial(dialling, "sip:12345@"+n.SIPAddr(), from)
		require.NoError(t, err)
		if call.WaitAnswered(ctx) == nil {
			require.NoError(t, call.Hangup(ctx))
		}
		_, err = call.WaitEnded(ctx)
		require.NoError(t, err)
	}
	seat, err := phone.Dial(ctx, "sip:12345@"+n.SIPAddr(), testcall.From("8001"))
	require.NoError(t, err)
	end, err := seat.WaitEnded(ctx)
	require.NoError(t, err)
	require.Equal(t, testcall.CauseRejected, end.Cause, "a seat's number off the trunk")
	call, err := phone.Call(ctx, "sip:12345@"+n.SIPAddr(), testcall.From("13800138000"))
	require.NoError(t, err)
	require.NoError(t, call.Hangup(ctx))
}
