package acceptance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/testcall"
)

// browser is a real Chromium with one page; its microphone is a tone.
type browser struct {
	t     *testing.T
	in    io.Writer
	lines chan []byte
	said  *output
}

// browse starts a browser whose microphone sends the tone.
func browse(t *testing.T, tone float64) *browser {
	t.Helper()
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	dir := t.TempDir()
	voice := filepath.Join(dir, "voice.wav")
	require.NoError(t, testcall.WriteWAV(voice, testcall.Audio{
		Rate: testcall.SampleRate, Channels: [][]int16{samplesOf(tone, 10*time.Second)},
	}))
	program, err := exec.LookPath("chromium")
	require.NoError(t, err, "Chromium is installed by make test")
	cmd := exec.Command("node", filepath.Join(root, "web/ui/e2e/browser.mjs"))
	cmd.Dir = filepath.Join(root, "web/ui")
	cmd.Env = append(os.Environ(), "BROWSER="+program, "VOICE="+voice, "HOME_DIR="+filepath.Join(dir, "home"))
	b := &browser{t: t, lines: make(chan []byte), said: &output{}}
	cmd.Stderr = b.said
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	b.in = in
	go func() {
		defer close(b.lines)
		scanner := bufio.NewScanner(out)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			b.lines <- append([]byte(nil), scanner.Bytes()...)
		}
	}()
	t.Cleanup(func() {
		_ = in.Close()
		for range b.lines { // until it has ended
		}
		_ = cmd.Wait()
	})
	b.answer("start the browser")
	return b
}

// do has the browser do something and gives what it answers.
func (b *browser) do(what string, args map[string]any) json.RawMessage {
	b.t.Helper()
	asked := map[string]any{"do": what}
	for k, v := range args {
		asked[k] = v
	}
	line, err := json.Marshal(asked)
	require.NoError(b.t, err)
	_, err = fmt.Fprintf(b.in, "%s\n", line)
	require.NoError(b.t, err)
	return b.answer(string(line))
}

func (b *browser) answer(what string) json.RawMessage {
	b.t.Helper()
	select {
	case line, there := <-b.lines:
		require.True(b.t, there, "%s: the browser ended\n%s", what, b.said.tail(4000))
		var reply struct {
			OK     bool
			Value  json.RawMessage
			Error  string
			URL    string
			Faults []string
		}
		require.NoError(b.t, json.Unmarshal(line, &reply), "%s", line)
		require.True(b.t, reply.OK, "%s at %s: %s\n%v", what, reply.URL, reply.Error, reply.Faults)
		return reply.Value
	case <-time.After(2 * patience):
		b.t.Fatalf("%s: no answer of the browser\n%s", what, b.said.tail(4000))
		return nil
	}
}

func (b *browser) open(url string)  { b.t.Helper(); b.do("open", map[string]any{"url": url}) }
func (b *browser) click(at string)  { b.t.Helper(); b.do("click", map[string]any{"at": at}) }
func (b *browser) wait(at string)   { b.t.Helper(); b.do("wait", map[string]any{"at": at}) }
func (b *browser) press(key string) { b.t.Helper(); b.do("key", map[string]any{"key": key}) }
func (b *browser) fill(at, text string) {
	b.t.Helper()
	b.do("fill", map[string]any{"at": at, "text": text})
}
func (b *browser) hears(tone float64) { b.t.Helper(); b.do("hears", map[string]any{"hz": tone}) }

// read is an attribute of an element.
func (b *browser) read(at, attribute string) string {
	b.t.Helper()
	var text string
	require.NoError(b.t, json.Unmarshal(b.do("read", map[string]any{"at": at, "attribute": attribute}), &text))
	return text
}

// picture keeps how the page looks now, for people.
func (b *browser) picture(name string) {
	b.t.Helper()
	dir, err := filepath.Abs("../../../.run/screenshots")
	require.NoError(b.t, err)
	require.NoError(b.t, os.MkdirAll(dir, 0o755))
	b.do("picture", map[string]any{"file": filepath.Join(dir, name+".png")})
}

// signIn signs an account in by the form.
func (b *browser) signIn(account string) {
	b.t.Helper()
	b.open(shared.url + "/signin")
	b.fill("[data-field=account]", account)
	b.fill("[data-field=password]", demoPassword)
	b.click("[data-act=sign-in]")
	b.wait("[data-act=user-menu]")
}

// takeSeat signs the agent in at its seat with the page's own phone, and makes it ready by key.
func (b *browser) takeSeat(account string) {
	b.t.Helper()
	b.signIn(account)
	b.click("[data-act=seat-sign-in]")
	b.wait("[data-phone][data-reg=on]")
	b.wait("[data-act=state]")
	b.press("Alt+1")
	b.wait("[data-act=state].st-idle")
}

func (b *browser) write(text string) { b.t.Helper(); b.do("type", map[string]any{"text": text}) }

// requireNoFaults asserts that the page threw nothing and logged no error.
func (b *browser) requireNoFaults() {
	b.t.Helper()
	var faults []string
	require.NoError(b.t, json.Unmarshal(b.do("faults", nil), &faults))
	require.Empty(b.t, faults, "the page's own errors")
}
