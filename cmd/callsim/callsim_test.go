package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/open12345/hotline/cti/testcall/script"
	"github.com/open12345/hotline/cti/testcall/traffic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func parse(t *testing.T, words ...string) (*cli, *kong.Context) {
	t.Helper()
	var flags cli
	parser, err := kong.New(&flags, kong.Vars{"voice": script.DefaultVoice, "speak_rate": "170", "greeting": traffic.DefaultGreeting})
	require.NoError(t, err)
	parsed, err := parser.Parse(words)
	require.NoError(t, err)
	return &flags, parsed
}

func TestSeatsAreNamedByNumberAndRange(t *testing.T) {
	got, err := seatNumbers([]string{"8001-8003", "8007,8009"})
	require.NoError(t, err)
	require.Equal(t, []string{"8001", "8002", "8003", "8007", "8009"}, got)
	for _, bad := range []string{"", "x", "8003-8001", "1-99999"} {
		_, err := seatNumbers([]string{bad})
		require.Error(t, err, bad)
	}
}

func TestCommandLinesOfTheManualAreUnderstood(t *testing.T) {
	flags, _ := parse(t, "citizens", "--rate", "2", "--count", "50", "--script", "../../configs/demo/callsim/noise.yaml")
	require.InDelta(t, 2, flags.Citizens.Rate, 0)
	require.Equal(t, 50, flags.Citizens.Count)
	require.Equal(t, "sip:12345@127.0.0.1:5060", flags.Citizens.To)
	flags, _ = parse(t, "seats", "8001-8008", "--answer-after", "1s")
	require.Equal(t, []string{"8001-8008"}, flags.Seats.Numbers)
	require.Equal(t, "hotline-demo", flags.Seats.Password)
	flags, _ = parse(t, "carrier", "--listen", "127.0.0.1:5081")
	require.Equal(t, "127.0.0.1:5081", flags.Carrier.Listen)
}

// farSide is a carrier that answers at once.
func farSide(t *testing.T) *traffic.Carrier {
	t.Helper()
	far, err := traffic.StartCarrier(context.Background(), traffic.CarrierConfig{Listen: "127.0.0.1:0", Rules: []traffic.Rule{
		{Pattern: "12345", Role: "citizen"}, {Pattern: "*", Reject: 486},
	}})
	require.NoError(t, err)
	t.Cleanup(far.Stop)
	return far
}

func TestCitizensFailTheCommandOnlyBeyondTheFailuresAllowed(t *testing.T) {
	far := farSide(t)
	file := filepath.Join(t.TempDir(), "short.yaml")
	require.NoError(t, os.WriteFile(file, []byte("steps: [{wait_answer: 5s}, {wait_tone: outbound}, {hangup: }]\n"), 0o600))
	for _, test := range []struct {
		number, allowed string
		fails           bool
	}{{"12345", "0", false}, {"999", "0", true}, {"999", "3", false}} {
		flags, _ := parse(t, "citizens", "--rate", "20", "--count", "3", "--script", file, "--json",
			"--to", "sip:"+test.number+"@"+far.Addr(), "--max-failures", test.allowed)
		err := flags.Citizens.Run(context.Background())
		if test.fails {
			require.ErrorIs(t, err, errFailures)
		} else {
			require.NoError(t, err)
		}
	}
}

func TestCallingStopsAfterItsTime(t *testing.T) {
	far := farSide(t)
	file := filepath.Join(t.TempDir(), "short.yaml")
	require.NoError(t, os.WriteFile(file, []byte("steps: [{wait_answer: 5s}, {hangup: }]\n"), 0o600))
	flags, _ := parse(t, "citizens", "--rate", "20", "--count", "0", "--for", "300ms", "--script", file, "--to", "sip:12345@"+far.Addr())
	begun := time.Now()
	require.NoError(t, flags.Citizens.Run(context.Background()))
	require.Less(t, time.Since(begun), 10*time.Second)
	require.Positive(t, far.Calls())
}
