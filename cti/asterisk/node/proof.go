package node

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/asterisk/child"
)

// prove waits until ARI answers, then asks for each module and for a recording.
func (n *Node) prove(ctx context.Context, proc *child.Process) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	if err := n.await(ctx, proc, func() (bool, error) {
		err := n.ari(ctx, http.MethodGet, "/asterisk/info", nil, nil)
		return err == nil, nil
	}); err != nil {
		return fmt.Errorf("ARI does not answer on %s: %w", n.HTTPAddr(), err)
	}
	// ARI answers 200 only once the switch has loaded all it will load.
	missing, err := MissingModules(ctx, n.ARIURL(), n.ARIUser(), n.ARIPassword())
	if err != nil {
		return fmt.Errorf("asking for the modules: %w", err)
	}
	if len(missing) > 0 {
		return fmt.Errorf("module %s does not run", strings.Join(missing, ", "))
	}
	if n.cfg.SkipProof {
		return nil
	}
	return n.testRecording(ctx, proc)
}

const pollPause = 20 * time.Millisecond

// await polls until ready says so; there is nothing else to wait on in a
// program that is just starting.
func (n *Node) await(ctx context.Context, proc *child.Process, ready func() (bool, error)) error {
	tick := time.NewTicker(pollPause)
	defer tick.Stop()
	for {
		ok, err := ready()
		if err != nil || ok {
			return err
		}
		select {
		case <-proc.Done():
			return fmt.Errorf("it ended: %w", errors.Join(proc.Err(), errors.New("see its log")))
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// MissingModules names the modules of asterisk.Modules that do not run on the
// switch whose ARI is at url ("…/ari").
func MissingModules(ctx context.Context, url, user, password string) ([]string, error) {
	var loaded []struct{ Name, Status string }
	if err := ask(ctx, url, user, password, http.MethodGet, "/asterisk/modules", nil, &loaded); err != nil {
		return nil, err
	}
	running := map[string]bool{}
	for _, m := range loaded {
		running[m.Name] = m.Status == "Running"
	}
	var missing []string
	for _, m := range asterisk.Modules() {
		if !running[m] {
			missing = append(missing, m)
		}
	}
	return missing, nil
}

// recordingPatience bounds the test recording, which takes 1 s on a machine with
// time to spare; the dialplan ends the call a little later.
const recordingPatience = 15 * time.Second

// bytesPerSecond of a recording: two channels of 8,000 samples of two bytes.
const bytesPerSecond = 2 * 2 * 8000

// testRecording lets the switch call itself, one side sounding a tone, the other
// being recorded as citizens are, and reads what was written.
func (n *Node) testRecording(ctx context.Context, proc *child.Process) error {
	dir := n.path("spool/self-test")
	old, err := filepath.Glob(filepath.Join(dir, "*.raw"))
	if err != nil {
		return err
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("clearing the test recording: %w", err)
		}
	}
	var leg struct{ ID string }
	if err := n.ari(ctx, http.MethodPost, "/channels", url.Values{
		"endpoint": {"Local/tone@self-test/n"}, "context": {"self-test"}, "extension": {"record"}, "priority": {"1"},
		// As a citizen's leg: at the higher rates that local channels prefer, the
		// two sides of a recording don't interleave.
		"formats": {"slin"},
	}, &leg); err != nil {
		return fmt.Errorf("calling itself for a test recording: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, recordingPatience)
	defer cancel()
	var level float64
	err = n.await(ctx, proc, func() (bool, error) {
		files, err := filepath.Glob(filepath.Join(dir, "*.raw"))
		if err != nil || len(files) == 0 {
			return false, err
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			return false, err
		}
		if len(data) < bytesPerSecond {
			return false, nil
		}
		level = loudness(data)
		return true, nil
	})
	// A call that has ended by itself meanwhile is no matter.
	_ = n.ari(ctx, http.MethodDelete, "/channels/"+leg.ID, nil, nil)
	if err != nil {
		return fmt.Errorf("its test recording was not written: calls would go on unrecorded: %w", err)
	}
	if level < 0.01 {
		return fmt.Errorf("its test recording is silent (level %.4f): calls would be recorded without sound", level)
	}
	return nil
}

// loudness is the root mean square of the left channel, 0 to 1.
func loudness(stereo []byte) float64 {
	var sum float64
	samples := 0
	for i := 0; i+3 < len(stereo); i += 4 {
		v := float64(int16(binary.LittleEndian.Uint16(stereo[i:]))) / math.MaxInt16
		sum += v * v
		samples++
	}
	return math.Sqrt(sum / float64(max(samples, 1)))
}

var ariClient = &http.Client{Timeout: 2 * time.Second}

// ari asks the switch as its own user; the running system's client is another.
func (n *Node) ari(ctx context.Context, method, path string, query url.Values, into any) error {
	return ask(ctx, n.ARIURL(), n.ARIUser(), n.ARIPassword(), method, path, query, into)
}

func ask(ctx context.Context, base, user, password, method, path string, query url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, base+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth(user, password)
	res, err := ariClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, body)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(body, into)
}
