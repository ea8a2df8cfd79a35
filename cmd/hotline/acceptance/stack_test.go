package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/asterisk/node"
)

// stack is one private installation under test.
type stack struct {
	dir string
	bin string
	env []string
	// extra settings of this start
	extra    []string
	url      string // http://127.0.0.1:port
	sip      string // 127.0.0.1:port
	ari      string
	postgres string // port
	cmd      *exec.Cmd
	out      *output
	done     chan struct{}
}

// shared is the stack of all tests; TestMain starts it.
var shared *stack

func TestMain(m *testing.M) {
	code, err := withStack(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "acceptance:", err)
		code = 1
	}
	os.Exit(code)
}

func withStack(run func() int) (int, error) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	dir, err := os.MkdirTemp("", "hl")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return 1, err
	}
	s, err := newStack(dir)
	if err != nil {
		return 1, err
	}
	if err := s.start(); err != nil {
		return 1, err
	}
	shared = s
	code := run()
	if err := s.stop(); err != nil {
		return 1, err
	}
	if code != 0 {
		fmt.Fprintf(os.Stderr, "--- the stack said ---\n%s\n", s.out.tail(12000))
	}
	return code, nil
}

// newStack builds the programs and lays out the settings.
func newStack(dir string) (*stack, error) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		return nil, err
	}
	s := &stack{dir: dir, bin: filepath.Join(dir, "bin"), out: &output{}}
	build := exec.Command("go", "build", "-o", s.bin+"/", "./cmd/hotline", "./cmd/callsim")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	if err := os.CopyFS(filepath.Join(dir, "configs"), os.DirFS(filepath.Join(root, "configs"))); err != nil {
		return nil, fmt.Errorf("copy the settings: %w", err)
	}
	ports, err := node.FreePorts(8)
	if err != nil {
		return nil, err
	}
	rtp, err := node.FreeRange(600)
	if err != nil {
		return nil, err
	}
	loopback := func(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }
	s.url, s.sip, s.ari = "http://"+loopback(ports[0]), loopback(ports[2]), loopback(ports[3])
	s.postgres = strconv.Itoa(ports[5])
	s.env = append(os.Environ(),
		"HOTLINE_DATA="+filepath.Join(dir, "data"),
		"HOTLINE_WEB_LISTEN="+loopback(ports[0]), "HOTLINE_WEB_INTERNAL="+loopback(ports[1]),
		"HOTLINE_SIP_LISTEN="+s.sip, "HOTLINE_SWITCH_HTTP_PORT="+strconv.Itoa(ports[3]),
		"HOTLINE_SWITCH_AMI_PORT="+strconv.Itoa(ports[4]), "HOTLINE_POSTGRES_PORT="+s.postgres,
		"HOTLINE_REDIS_PORT="+strconv.Itoa(ports[6]), "HOTLINE_SIP_CARRIER="+loopback(ports[7]),
		"HOTLINE_SWITCH_RTP_START="+strconv.Itoa(rtp), "HOTLINE_SWITCH_RTP_END="+strconv.Itoa(rtp+599),
		"HOTLINE_SEAT_RING_TIMEOUT=8s", "HOTLINE_SEAT_WRAP_UP=2s",
	)
	return s, nil
}

// start runs the stack until it says that it is ready.
func (s *stack) start() error {
	s.cmd = exec.Command(filepath.Join(s.bin, "hotline"), "run")
	s.cmd.Dir, s.cmd.Env = s.dir, slices.Concat(s.env, s.extra)
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.done = make(chan struct{})
	go func() { defer close(s.done); _ = s.cmd.Wait() }()
	deadline := time.After(4 * time.Minute)
	for !s.ready() {
		select {
		case <-s.done:
			return fmt.Errorf("hotline run ended while starting:\n%s", s.out.tail(8000))
		case <-deadline:
			return fmt.Errorf("hotline run is not ready:\n%s", s.out.tail(8000))
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

// restart stops the stack and starts it on the same data with some settings changed.
func (s *stack) restart(settings ...string) error {
	if err := s.stop(); err != nil {
		return err
	}
	s.extra = settings
	return s.start()
}

func (s *stack) ready() bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// stop ends the stack as Ctrl-C does.
func (s *stack) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-s.done:
		return nil
	case <-time.After(60 * time.Second):
		_ = s.cmd.Process.Kill()
		return errors.New("hotline run did not stop within a minute of SIGINT")
	}
}

// serverPID finds the server among the stack's own children.
func (s *stack) serverPID() (int, error) {
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", s.cmd.Process.Pid, s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	var all []string
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, task := range tasks {
		if more, err := os.ReadFile(task); err == nil {
			children = append(children, ' ')
			children = append(children, more...)
		}
	}
	all = strings.Fields(string(children))
	for _, pid := range all {
		line, err := os.ReadFile("/proc/" + pid + "/cmdline")
		if err == nil && bytes.Contains(line, []byte("hotline\x00serve")) {
			return strconv.Atoi(pid)
		}
	}
	return 0, errors.New("the server is not among the stack's children")
}

// output keeps what the stack said.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) tail(n int) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	b := o.buf.Bytes()
	return string(b[max(0, len(b)-n):])
}

// askSwitch reads from the switch itself, with the secret the stack wrote down.
func (s *stack) askSwitch(t *testing.T, path string, out any) {
	t.Helper()
	secret, err := os.ReadFile(filepath.Join(s.data(), "switch/secrets/ari"))
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.ari+path, nil)
	require.NoError(t, err)
	req.SetBasicAuth("hotline", strings.TrimSpace(string(secret)))
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	require.NoError(t, json.NewDecoder(res.Body).Decode(out))
}

// data is the stack's data folder.
func (s *stack) data() string { return filepath.Join(s.dir, "data") }
