package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/configs/aims"
	"github.com/open12345/hotline/cti/calls"
)

// BenchLiveCmd brings calls to a real floor and measures how long after the engine's decision the
// seat's page, a WebSocket client in another process, has read the complete screen pop.
type BenchLiveCmd struct {
	Rate   float64       `default:"20" help:"Calls a second."`
	Seats  int           `default:"200" help:"Sockets of seats that are signed in."`
	Boards int           `default:"300" help:"Sockets that watch the whole floor."`
	For    time.Duration `default:"40s" help:"How long is measured, after a warm-up of 5 s."`
	Aims   string        `default:"configs/aims.yaml" type:"path" help:"What it is held to."`
}

const (
	benchWarmUp  = 5 * time.Second
	benchTalk    = 5 * time.Second
	benchWrapUp  = time.Second
	benchHistory = 5 * time.Millisecond // the desk's answer about a caller
	benchStart   = 60 * time.Second
	benchDrain   = 10 * time.Second
)

// Run measures. A missed aim is an error.
func (c *BenchLiveCmd) Run(a *app) error { return c.run(a.ctx, os.Stdout) }

func (c *BenchLiveCmd) run(ctx context.Context, out io.Writer) error {
	if need := c.Rate * (benchTalk + benchWrapUp).Seconds() * 1.2; c.Rate <= 0 || float64(c.Seats) < need {
		return fmt.Errorf("bench live: %g calls a second keep more than %d seats busy", c.Rate, c.Seats)
	}
	sheet, err := aims.Load(c.Aims, out)
	if err != nil {
		return err
	}
	world, err := newBenchWorld(ctx, c.Seats)
	if err != nil {
		return fmt.Errorf("bench live: %w", err)
	}
	defer world.stop()
	fmt.Fprintf(out, "Screen pops at %g calls a second for %v: floor, journal, Redis and web server in one process, %d sockets of seats and %d boards in another (%d cores, %s).\n",
		c.Rate, c.For, c.Seats, c.Boards, runtime.NumCPU(), runtime.Version())
	clients, err := c.startClients(ctx, world)
	if err != nil {
		return fmt.Errorf("bench live: %w", err)
	}
	defer clients.stop()
	began := world.traffic(ctx, c.Rate, benchWarmUp+c.For)
	read, err := clients.finish()
	if err != nil {
		return fmt.Errorf("bench live: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.report(out, sheet, world.decisions.since(began.Add(benchWarmUp)), read)
}

// report holds what the clients read against when it was decided.
func (c *BenchLiveCmd) report(out io.Writer, sheet *aims.Sheet, decided map[calls.ID]time.Time, read popTimes) error {
	var took []time.Duration
	for id, at := range decided {
		if popped, ok := read.pops[id]; ok {
			took = append(took, popped.Sub(at))
		}
	}
	fmt.Fprintf(out, "%d decisions, %d complete pops read; the boards read %d changes\n", len(decided), len(took), read.changes)
	if want := int(c.Rate * c.For.Seconds() * 0.95); len(decided) < want {
		return fmt.Errorf("bench live: the load was not reached: %d decisions instead of %d", len(decided), want)
	}
	if len(took) < len(decided) {
		return fmt.Errorf("bench live: %d of %d pops never arrived", len(decided)-len(took), len(decided))
	}
	slices.Sort(took)
	at := func(q float64) time.Duration { return took[min(len(took)-1, int(q*float64(len(took))))] }
	fmt.Fprintf(out, "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, worst %.2f ms\n", millis(at(0.5)), millis(at(0.9)), millis(at(0.99)), millis(took[len(took)-1]))
	if err := sheet.Result("live_pop_p99", millis(at(0.99))); err != nil {
		return err
	}
	return sheet.Err()
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// decisions notes when the engine gave a call to a seat.
type decisions struct {
	mu sync.Mutex
	at map[calls.ID]time.Time
}

// Follow implements floor.Follower. The seat's turn to ringing carries the time of the decision:
// it is taken right after it, before anything is sent.
func (d *decisions) Follow(u floor.Update) {
	if u.Seat == nil || u.Seat.State != floor.SeatRinging || u.Seat.Call == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, again := d.at[u.Seat.Call]; !again {
		d.at[u.Seat.Call] = u.Seat.Since
	}
}

func (d *decisions) since(from time.Time) map[calls.ID]time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	late := map[calls.ID]time.Time{}
	for id, at := range d.at {
		if !at.Before(from) {
			late[id] = at
		}
	}
	return late
}

// benchClients is the process with all the sockets.
type benchClients struct {
	cmd  *exec.Cmd
	end  io.WriteCloser
	said *bufio.Scanner
}

// popTimes is what the clients read.
type popTimes struct {
	pops    map[calls.ID]time.Time // the first complete pop of each call
	changes int
}

// startClients runs the clients and returns when all sockets stand.
func (c *BenchLiveCmd) startClients(ctx context.Context, world *benchWorld) (*benchClients, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the own program: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, "bench", "live-clients", world.web.Addr(), strconv.Itoa(c.Seats), strconv.Itoa(c.Boards))
	cmd.Stderr = os.Stderr
	end, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the clients: %w", err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the clients: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the clients: %w", err)
	}
	p := &benchClients{cmd: cmd, end: end, said: bufio.NewScanner(pipe)}
	late := time.AfterFunc(benchStart, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	if !p.said.Scan() || p.said.Text() != "ready" {
		p.stop()
		return nil, errors.New("the clients did not get all their sockets")
	}
	return p, nil
}

// finish lets the clients end and reads what they read.
func (p *benchClients) finish() (popTimes, error) {
	read := popTimes{pops: map[calls.ID]time.Time{}}
	if err := p.end.Close(); err != nil {
		return read, fmt.Errorf("end the clients: %w", err)
	}
	late := time.AfterFunc(benchDrain, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	for p.said.Scan() {
		kind, rest, _ := strings.Cut(p.said.Text(), " ")
		id, number, _ := strings.Cut(rest, " ")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return read, fmt.Errorf("the clients said %q", p.said.Text())
		}
		if kind == "pop" {
			read.pops[calls.ID(id)] = time.Unix(0, n)
		} else {
			read.changes += int(n)
		}
	}
	if err := p.cmd.Wait(); err != nil {
		return read, fmt.Errorf("the clients failed: %w", err)
	}
	return read, nil
}

// stop ends the clients if they still run.
func (p *benchClients) stop() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}
