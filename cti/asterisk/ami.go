package asterisk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

// ami is the one connection to the manager interface. It is opened when it is first needed and
// again after an error; actions take turns.
type ami struct {
	address, user, secret string
	turn                  chan struct{} // holds the right to use the connection
	conn                  net.Conn
	r                     *bufio.Reader
}

func (a *ami) close() {
	a.turn <- struct{}{}
	defer func() { <-a.turn }()
	a.reset()
}

func (a *ami) reset() {
	if a.conn != nil {
		a.conn.Close()
		a.conn = nil
	}
}

// amiDo runs one action and returns the lines of its answer.
func (d *Driver) amiDo(ctx context.Context, op, action string, pairs ...string) ([]string, error) {
	return d.amiRun(ctx, op, action, "", pairs)
}

// amiList runs an action whose answer goes on until the event `last`.
func (d *Driver) amiList(ctx context.Context, op, action, last string) ([]string, error) {
	return d.amiRun(ctx, op, action, last, nil)
}

func (d *Driver) amiRun(ctx context.Context, op, action, last string, pairs []string) ([]string, error) {
	if d.fenced.Load() {
		return nil, &cti.Error{Op: op, Kind: cti.ErrRejected, Status: 401, Body: "another server took over"}
	}
	ctx, cancel := context.WithTimeout(ctx, d.cfg.RequestTimeout)
	defer cancel()
	select {
	case d.ami.turn <- struct{}{}:
		defer func() { <-d.ami.turn }()
	case <-ctx.Done():
		return nil, d.failed(request{op: op}, cti.ErrUnavailable, 0, ctx.Err().Error())
	}
	fresh := d.ami.conn == nil
	lines, err := d.ami.exchange(ctx, action, last, pairs)
	if err != nil && !fresh && ctx.Err() == nil {
		// Most likely the switch was restarted since the last action. Every action here may be
		// done twice without harm.
		lines, err = d.ami.exchange(ctx, action, last, pairs)
	}
	if err != nil {
		return nil, d.failed(request{op: op}, cti.ErrUnavailable, 0, err.Error())
	}
	return lines, d.amiOutcome(op, lines)
}

// amiOutcome turns "Response: Error" into a *cti.Error.
func (d *Driver) amiOutcome(op string, lines []string) error {
	if len(lines) > 0 && lines[0] == "Response: Error" {
		text := ""
		for _, l := range lines {
			if m, ok := strings.CutPrefix(l, "Message: "); ok {
				text = m
			}
		}
		kind := cti.ErrRejected
		switch {
		case strings.Contains(text, "No such channel"), strings.Contains(text, "does not exist"):
			kind = cti.ErrGone
		case strings.HasPrefix(text, "No ") && strings.HasSuffix(text, " found"):
			return nil // an empty list
		}
		return d.failed(request{op: op}, kind, 0, text)
	}
	return nil
}

// exchange sends an action and reads its answer; any error closes the connection.
func (a *ami) exchange(ctx context.Context, action, last string, pairs []string) (lines []string, err error) {
	defer func() {
		if err != nil {
			a.reset()
		}
	}()
	if err := a.connect(ctx); err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline()
	if err := a.conn.SetDeadline(deadline); err != nil {
		return nil, err
	}
	return a.send(action, last, pairs)
}

func (a *ami) connect(ctx context.Context) error {
	if a.conn != nil {
		return nil
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", a.address)
	if err != nil {
		return err
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(2 * time.Second)
	}
	a.conn, a.r = conn, bufio.NewReader(conn)
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := a.r.ReadString('\n'); err != nil {
		return fmt.Errorf("greeting of the manager interface: %w", err)
	}
	lines, err := a.send("Login", "", []string{"Username", a.user, "Secret", a.secret, "Events", "off"})
	if err != nil {
		return err
	}
	if len(lines) == 0 || lines[0] != "Response: Success" {
		return fmt.Errorf("manager interface refuses user %q: %s", a.user, strings.Join(lines, "; "))
	}
	return nil
}

var errBreak = errors.New("line break in a manager action")

func (a *ami) send(action, last string, pairs []string) ([]string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "Action: %s\r\n", action)
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.ContainsAny(pairs[i]+pairs[i+1], "\r\n") {
			return nil, errBreak
		}
		fmt.Fprintf(&b, "%s: %s\r\n", pairs[i], pairs[i+1])
	}
	b.WriteString("\r\n")
	if _, err := a.conn.Write([]byte(b.String())); err != nil {
		return nil, err
	}
	var lines []string
	for {
		block, err := a.block()
		if err != nil {
			return nil, err
		}
		lines = append(lines, block...)
		if last == "" || lines[0] != "Response: Success" {
			return lines, nil
		}
		for _, l := range block {
			if l == "Event: "+last {
				return lines, nil
			}
		}
	}
}

// block reads up to the next empty line.
func (a *ami) block() ([]string, error) {
	var lines []string
	for {
		l, err := a.r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		l = strings.TrimRight(l, "\r\n")
		if l == "" {
			if len(lines) > 0 {
				return lines, nil
			}
			continue // an error ends with more than one empty line
		}
		lines = append(lines, l)
	}
}

// Command runs a console command of the switch and returns its output.
func (d *Driver) Command(ctx context.Context, command string) ([]string, error) {
	lines, err := d.amiDo(ctx, "run "+command, "Command", "Command", command)
	var out []string
	for _, l := range lines {
		if o, ok := strings.CutPrefix(l, "Output: "); ok {
			out = append(out, o)
		}
	}
	return out, err
}

// Redirect sends a leg to a place in the dialplan, also one that is inside Queue(), which
// answers 409 to everything else.
func (d *Driver) Redirect(ctx context.Context, leg cti.LegID, dialplanContext, extension string) error {
	_, err := d.amiDo(ctx, opLeg("redirect", leg), "Redirect", "Channel", string(leg), "Context", dialplanContext, "Exten", extension, "Priority", "1")
	return err
}

// StartMix records a leg in stereo into a raw file below spool/recording; the dialplan does this
// for calls of its own.
func (d *Driver) StartMix(ctx context.Context, leg cti.LegID, file string) error {
	_, err := d.amiDo(ctx, opLeg("record both sides of", leg), "MixMonitor", "Channel", string(leg), "File", file, "Options", "D")
	return err
}

// MuteMix makes a running stereo recording silent (a card number is spoken), or audible again.
func (d *Driver) MuteMix(ctx context.Context, leg cti.LegID, muted bool) error {
	state := "0"
	if muted {
		state = "1"
	}
	_, err := d.amiDo(ctx, opLeg("mute the recording of", leg), "MixMonitorMute", "Channel", string(leg), "Direction", "both", "State", state)
	return err
}

// ReloadQueues makes the dialplan's queue of last resort read its members again.
func (d *Driver) ReloadQueues(ctx context.Context) error {
	_, err := d.amiDo(ctx, "reload queues", "QueueReload", "Members", "yes", "Parameters", "yes")
	return err
}
