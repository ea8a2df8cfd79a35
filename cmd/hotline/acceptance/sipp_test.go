package acceptance

import (
	"context"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/zaf/g711"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/asterisk/node"
	"github.com/open12345/hotline/cti/calls"
)

// sipp starts a citizen that nobody here wrote: it presses the key by SIP INFO and sends the
// citizen's tone. The function returned waits for its end, which has to be a success.
func sipp(t *testing.T, s *stack, number, key string) func() {
	t.Helper()
	dir := t.TempDir()
	scenario, err := filepath.Abs("testdata/citizen.xml")
	require.NoError(t, err)
	voice := g711.EncodeAlaw(pcm(samplesOf(citizenTone, 2*time.Second)))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "voice.alaw"), voice, 0o600))
	ports, err := node.FreePorts(1)
	require.NoError(t, err)
	media, err := node.FreeRange(4)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "sipp", s.sip, "-sf", scenario, "-s", "12345", "-m", "1", "-nostdin",
		"-i", "127.0.0.1", "-p", strconv.Itoa(ports[0]), "-mi", "127.0.0.1", "-mp", strconv.Itoa(media),
		"-key", "caller", number, "-key", "key", key,
		"-timeout", "50s", "-timeout_error", "-trace_err", "-error_file", "errors")
	cmd.Dir = dir
	said := &output{}
	cmd.Stdout, cmd.Stderr = said, said
	require.NoError(t, cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	t.Cleanup(func() { cancel(); <-done })
	return func() {
		t.Helper()
		select {
		case err := <-done:
			done <- nil
			faults, _ := os.ReadFile(filepath.Join(dir, "errors"))
			require.NoError(t, err, "sipp: %s\n%s", faults, said.tail(2000))
		case <-time.After(patience):
			t.Fatalf("sipp was not hung up on:\n%s", said.tail(2000))
		}
	}
}

// pcm is linear 16-bit little-endian audio.
func pcm(samples []int16) []byte {
	raw := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(s))
	}
	return raw
}

func TestAForeignPhoneChoosesByInfoAndTalksToASIPSeat(t *testing.T) {
	agent, phone := agentAt(t, shared, "8001")
	finished := sipp(t, shared, "13812340041", "1")
	pop := agent.waitPop()
	require.Equal(t, "13812340041", pop.Call.Caller)
	seat := answerNext(t, phone)
	agent.waitSeat(floor.SeatTalking)
	require.NoError(t, seat.WaitTone(within(t), citizenTone), "the seat hears the citizen")
	converse(t, seat, 2*time.Second)
	agent.do(floor.CmdHangup, floor.HangupArgs{Call: string(pop.Call.ID), Reason: "解答完毕"})
	finished()
	agent.finishCall(pop.Call.ID, calls.NoteAnswered)

	ref, audio := sealed(t, agent, pop.Call.ID)
	require.Empty(t, ref.Flaws)
	requireSides(t, audio)
	record := agent.callFrom("13812340041", "ended", ended)
	require.Equal(t, "1", inputAt(record, "main"))
	requireQuietSwitch(t, shared)
}
