package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/asterisk/child"
)

// Node is a running switch. Its addresses and secrets stay the same through
// Stop, Kill and Restart.
type Node struct {
	cfg    Config
	params asterisk.Params
	log    *slog.Logger

	mu   sync.Mutex
	proc *child.Process
	out  *os.File
}

// Start runs a switch and returns when it is ready to take calls: ARI answers,
// every module runs, a test recording has sound. The error says what failed and
// where the switch's own log is; nothing is left running then.
func Start(ctx context.Context, cfg Config) (*Node, error) {
	if cfg.Dir == "" {
		return nil, errors.New("starting the switch: no folder named")
	}
	var err error
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, fmt.Errorf("starting the switch: %w", err)
	}
	if cfg.Install.Dir == "" {
		if cfg.Install, err = asterisk.Find(""); err != nil {
			return nil, err
		}
	}
	if cfg.Name == "" {
		cfg.Name = "sw1"
	}
	if cfg.SIPHost == "" {
		cfg.SIPHost = "127.0.0.1"
	}
	if cfg.Ports, err = cfg.Ports.choose(); err != nil {
		return nil, fmt.Errorf("starting the switch: %w", err)
	}
	if err := cfg.Ports.check(cfg.SIPHost); err != nil {
		return nil, err
	}
	n := &Node{cfg: cfg, log: cfg.Log}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	if n.params, err = cfg.params(); err != nil {
		return nil, err
	}
	if err := n.prepare(ctx); err != nil {
		return nil, fmt.Errorf("preparing the switch's folder: %w", err)
	}
	if err := n.start(ctx); err != nil {
		return nil, err
	}
	return n, nil
}

// prepare lays out the folder: everything the switch would miss in silence.
func (n *Node) prepare(ctx context.Context) error {
	dirs := []string{n.cfg.Dir, n.params.RunDir}
	for _, d := range []string{
		"etc", "cache", "db", "lib", "lib/keys", "lib/agi-bin", "log", "moh", "sounds",
		"spool", "spool/recording", "spool/monitor", "spool/self-test", "spool/tmp", "spool/outgoing",
	} {
		dirs = append(dirs, n.path(d))
	}
	if err := n.cfg.User.MakeDirs(dirs...); err != nil {
		return err
	}
	files, err := asterisk.Render(n.params)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := n.write(filepath.Join("etc", name), text); err != nil {
			return err
		}
	}
	if err := n.once("moh/waiting.wav", func() ([]byte, error) { return waitingMusic(), nil }); err != nil {
		return err
	}
	for name, text := range lastResortLines {
		if err := n.once("sounds/"+name+".wav", func() ([]byte, error) { return speak(ctx, n.cfg.Install, text, name == voicemailLine) }); err != nil {
			return err
		}
	}
	return nil
}

// once writes a file that is made at first start and then kept.
func (n *Node) once(name string, make func() ([]byte, error)) error {
	if _, err := os.Stat(n.path(name)); err == nil {
		return nil
	}
	data, err := make()
	if err != nil {
		return fmt.Errorf("making %s: %w", name, err)
	}
	return n.write(name, data)
}

// write replaces a file as a whole, readable by the switch's user only.
func (n *Node) write(name string, data []byte) error {
	path := n.path(name)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return n.cfg.User.Own(path)
	}
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	if err := n.cfg.User.Own(path + ".new"); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func (n *Node) path(name string) string { return filepath.Join(n.cfg.Dir, name) }

func (n *Node) start(ctx context.Context) error {
	out, err := os.OpenFile(n.path("log/console.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("starting the switch: %w", err)
	}
	began := time.Now()
	proc, err := child.Start(child.Spec{
		Args:   n.cfg.Install.Command("-C", n.path("etc/asterisk.conf"), "-f", "-n"),
		Dir:    n.cfg.Dir,
		User:   n.cfg.User,
		Output: out,
	})
	if err != nil {
		out.Close()
		return fmt.Errorf("starting the switch: %w", err)
	}
	n.mu.Lock()
	n.proc, n.out = proc, out
	n.mu.Unlock()
	if err := n.prove(ctx, proc); err != nil {
		said := n.lastWords()
		_ = proc.Kill()
		out.Close()
		return fmt.Errorf("the switch is not fit to take calls: %w%s", err, said)
	}
	n.log.Info("switch started", "node", n.cfg.Name, "version", n.cfg.Install.Version, "pid", proc.PID(), "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// lastWords quotes the end of the switch's console for an error.
func (n *Node) lastWords() string {
	for _, name := range []string{"log/messages.log", "log/console.log"} {
		text, err := os.ReadFile(n.path(name))
		if text = bytes.TrimSpace(text); err != nil || len(text) == 0 {
			continue
		}
		return fmt.Sprintf("\n  %s ends with:\n%s", n.path(name), text[max(0, len(text)-800):])
	}
	return ""
}

// Stop ends the switch and every call on it, in order; one that is not running
// is no error.
func (n *Node) Stop(ctx context.Context) error {
	patience := 5 * time.Second
	if deadline, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline))
	}
	return n.end(func(p *child.Process) error { return p.Stop(syscall.SIGTERM, patience) })
}

// Kill ends the switch at once, as a crash would.
func (n *Node) Kill() error { return n.end((*child.Process).Kill) }

func (n *Node) end(how func(*child.Process) error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.proc == nil {
		return nil
	}
	err := how(n.proc)
	n.out.Close()
	n.proc = nil
	if err != nil {
		return fmt.Errorf("stopping the switch: %w", err)
	}
	return nil
}

// Restart stops the switch if it runs and starts it on the same ports.
func (n *Node) Restart(ctx context.Context) error {
	if err := n.Stop(ctx); err != nil {
		n.log.Warn("switch did not stop in order", "err", err)
	}
	return n.start(ctx)
}

// Done is closed when the switch that runs now ends, however it ends; it is nil
// while none runs.
func (n *Node) Done() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.proc == nil {
		return nil
	}
	return n.proc.Done()
}

// PID is the switch's process id, 0 while none runs.
func (n *Node) PID() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.proc == nil {
		return 0
	}
	return n.proc.PID()
}

// Name is the node's name in call ids.
func (n *Node) Name() string { return n.cfg.Name }

// Dir is the node's private folder.
func (n *Node) Dir() string { return n.cfg.Dir }

// Spool is the switch's spool folder; recordings are in its folder recording.
func (n *Node) Spool() string { return n.path("spool") }

// Install is the installation the node runs from.
func (n *Node) Install() asterisk.Install { return n.cfg.Install }

// Ports are the node's ports.
func (n *Node) Ports() Ports { return n.cfg.Ports }

// ARIURL is the base of ARI, without a slash at its end.
func (n *Node) ARIURL() string { return "http://" + n.HTTPAddr() + "/ari" }

// HTTPAddr is the loopback address of ARI and WebSocket.
func (n *Node) HTTPAddr() string { return loopback(n.cfg.Ports.HTTP) }

// ARIUser and ARIPassword sign in to ARI.
func (n *Node) ARIUser() string { return n.params.ARIUser }

// ARIPassword is the secret of ARIUser.
func (n *Node) ARIPassword() string { return n.params.ARIPassword }

// AMIAddr is the loopback address of the manager interface.
func (n *Node) AMIAddr() string { return loopback(n.cfg.Ports.AMI) }

// AMIUser and AMIPassword sign in to the manager interface.
func (n *Node) AMIUser() string { return n.params.AMIUser }

// AMIPassword is the secret of AMIUser.
func (n *Node) AMIPassword() string { return n.params.AMIPassword }

// SIPAddr is the address of SIP over UDP and TCP.
func (n *Node) SIPAddr() string {
	return net.JoinHostPort(n.cfg.SIPHost, strconv.Itoa(n.cfg.Ports.SIP))
}

// WSURL is the address of SIP over WebSocket.
func (n *Node) WSURL() string { return "ws://" + n.HTTPAddr() + "/ws" }

// Console writes all that the switch has said so far to w, for a failed test.
func (n *Node) Console(w io.Writer) {
	for _, name := range []string{"log/console.log", "log/messages.log"} {
		if text, err := os.ReadFile(n.path(name)); err == nil {
			fmt.Fprintf(w, "--- %s\n%s\n", name, text)
		}
	}
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
