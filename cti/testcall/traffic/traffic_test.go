package traffic

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/open12345/hotline/cti/testcall"
	"github.com/open12345/hotline/cti/testcall/script"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// seat answers each call with a tone until the caller hangs up.
func seat(t *testing.T) (target string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	phone, err := testcall.StartPhone(ctx, testcall.Config{Number: "12345"})
	require.NoError(t, err)
	phone.OnInvite(func(c *testcall.Call) {
		if c.Answer(ctx) == nil {
			c.Send(testcall.Tone(testcall.SeatTone(0)))
			<-c.Ended()
		}
	})
	t.Cleanup(func() { cancel(); phone.Stop() })
	return phone.URI()
}

func citizens(t *testing.T, change func(*CitizensConfig)) *Citizens {
	t.Helper()
	s, err := script.Parse("short", "", []byte("steps: [{wait_answer: 5s}, {wait_person: 10s}, {hangup: }]"))
	require.NoError(t, err)
	pool, err := ParsePool("13800138000-13800138009,anonymous")
	require.NoError(t, err)
	config := CitizensConfig{Target: seat(t), Scripts: []script.Script{s}, Pool: pool, Even: true}
	if change != nil {
		change(&config)
	}
	c, err := StartCitizens(context.Background(), config)
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	return c
}

func TestCountedCallsAreAllMadeAndReported(t *testing.T) {
	t.Parallel()
	c := citizens(t, func(config *CitizensConfig) { config.Count = 20 })
	c.SetRate(60 * 20)
	<-c.Done()
	r := c.Report()
	require.Equal(t, 20, r.Calls)
	require.Equal(t, 20, r.Answered)
	require.Zero(t, r.Failed, "%v", r.Examples)
	require.Equal(t, 20, r.ToAnswer.Count)
	require.LessOrEqual(t, r.ToAnswer.P50, r.ToAnswer.P95)
	require.LessOrEqual(t, r.ToAnswer.P99, r.ToAnswer.Max)
	require.Equal(t, 20, r.WaitForPerson.Count)
	require.Equal(t, map[string]int{"short": 20}, r.Scripts)
	var text strings.Builder
	r.WriteText(&text)
	require.Contains(t, text.String(), "calls 20, answered 20, failed 0")
}

func TestNobodyCallsAtRateZeroAndRateChangesAtOnce(t *testing.T) {
	t.Parallel()
	ended := make(chan script.Outcome, 100)
	c := citizens(t, func(config *CitizensConfig) {
		config.OnOutcome = func(o script.Outcome) { ended <- o }
	})
	c.SetRate(0.001) // a call in 16 hours: the first is due at once
	require.Empty(t, (<-ended).Failure)
	c.SetRate(60 * 50)
	for range 5 {
		require.Empty(t, (<-ended).Failure)
	}
	c.SetRate(0)
	require.Zero(t, c.Rate())
	c.Stop()
	calls := c.Report().Calls
	require.GreaterOrEqual(t, calls, 6)
	require.Zero(t, c.Active())
}

func TestCallsBeyondTheBoundAreLeftOut(t *testing.T) {
	t.Parallel()
	c := citizens(t, func(config *CitizensConfig) {
		long, err := script.Parse("long", "", []byte("steps: [{wait_answer: 5s}, {wait: 1m}]"))
		require.NoError(t, err)
		config.Scripts, config.Concurrent = []script.Script{long}, 3
	})
	c.SetRate(60 * 100)
	require.Eventually(t, func() bool { return c.Report().LeftOut > 5 }, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, 3, c.Active())
	c.Stop()
	r := c.Report()
	require.Equal(t, 3, r.Calls)
	require.Equal(t, 3, r.Failures[string(script.FailedStopped)], "%v", r.Examples)
}

func TestEachCallIsBoundedInTime(t *testing.T) {
	t.Parallel()
	c := citizens(t, func(config *CitizensConfig) {
		long, err := script.Parse("long", "", []byte("steps: [{wait_answer: 5s}, {wait: 1m}]"))
		require.NoError(t, err)
		config.Scripts, config.Count, config.CallLimit = []script.Script{long}, 1, 300*time.Millisecond
	})
	c.SetRate(60)
	<-c.Done()
	require.Equal(t, 1, c.Report().Failures[string(script.FailedStep)])
}

func TestPoolsOfNumbers(t *testing.T) {
	p, err := ParsePool("013-015, anonymous ,02287654321")
	require.NoError(t, err)
	var got []string
	for range 6 {
		c := p.take()
		if c.Anonymous {
			c.Number = "anonymous"
		}
		got = append(got, c.Number)
	}
	require.Equal(t, []string{"013", "014", "015", "anonymous", "02287654321", "013"}, got)
	for _, bad := range []string{"", " , ", "9-1", "a-b", "1-99999999"} {
		_, err := ParsePool(bad)
		require.ErrorIs(t, err, ErrPool, bad)
	}
}

func TestCarrierPlaysEachNumber(t *testing.T) {
	t.Parallel()
	rules := DefaultRules()
	for i := range rules {
		rules[i].After /= 20
	}
	carrier, err := StartCarrier(context.Background(), CarrierConfig{Listen: "127.0.0.1:0", Rules: rules})
	require.NoError(t, err)
	t.Cleanup(carrier.Stop)
	phone, err := testcall.StartPhone(context.Background(), testcall.Config{Number: "12345"})
	require.NoError(t, err)
	t.Cleanup(phone.Stop)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()

	for number, leg := range map[string]testcall.Leg{
		"110": testcall.LegEmergency, "13812345678": testcall.LegOutbound,
		"960169": testcall.LegInterpreter, "02287654321": testcall.LegDepartment,
	} {
		c, err := phone.Call(ctx, "sip:"+number+"@"+carrier.Addr())
		require.NoError(t, err, number)
		require.NoError(t, c.WaitTone(ctx, testcall.ToneOf(leg)), number)
		require.NoError(t, c.Hangup(ctx))
	}
	for number, status := range map[string]int{"13800000000": 486, "13800000002": 404} {
		_, err := phone.Call(ctx, "sip:"+number+"@"+carrier.Addr())
		var failure *testcall.CallError
		require.ErrorAs(t, err, &failure, number)
		require.Equal(t, status, failure.End.Status)
	}
	silent, err := phone.Dial(ctx, "sip:13800000001@"+carrier.Addr())
	require.NoError(t, err)
	require.NoError(t, silent.WaitRinging(ctx))
	require.NoError(t, silent.Hangup(ctx))
	require.Equal(t, 7, carrier.Calls())
}

func TestRulesAreChecked(t *testing.T) {
	rules, err := ParseRules([]byte("- {pattern: '110', role: emergency, after: 1s}\n- {pattern: '*', reject: 404}\n"))
	require.NoError(t, err)
	require.Equal(t, testcall.LegEmergency, rules[0].Leg)
	for _, bad := range []string{"- {role: citizen}", "- {pattern: '[', role: citizen}", "- {pattern: '1', role: pilot}", "- {pattern: '1', reject: 200}", "x"} {
		_, err := ParseRules([]byte(bad))
		require.Error(t, err, bad)
	}
}
