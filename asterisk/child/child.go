// Package child starts the servers an installation brings along (the switch,
// PostgreSQL, Redis) as child processes that never outlive their parent.
//
// A child gets a process group of its own, so that a Ctrl-C in the terminal
// reaches only the parent, which then stops its children in order; and it is
// killed by the kernel when the parent dies in any other way.
package child

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Spec describes a child.
type Spec struct {
	// Args are the program and its arguments; the program is a path or is found
	// in PATH.
	Args []string
	// Env is the whole environment; nil takes the parent's.
	Env []string
	// Dir is the working folder; empty takes the parent's.
	Dir string
	// User runs the child as somebody else; nil takes the parent's.
	User *User
	// Output gets standard output and standard error; nil drops them. A *os.File
	// is handed down and costs nothing.
	Output io.Writer
	// Death is what the kernel sends when the parent dies; zero means SIGKILL.
	Death syscall.Signal
}

// Process is a started child. Its methods may be used from any goroutine.
type Process struct {
	name string
	proc *os.Process
	done chan struct{}
	err  error // set before done closes
}

// Start starts the child and returns once it runs or could not be started.
func Start(spec Spec) (*Process, error) {
	if len(spec.Args) == 0 {
		return nil, errors.New("starting a child: no program named")
	}
	cmd := exec.Command(spec.Args[0], spec.Args[1:]...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = spec.Env, spec.Dir, spec.Output, spec.Output
	death := spec.Death
	if death == 0 {
		death = syscall.SIGKILL
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: death}
	if spec.User != nil {
		cmd.SysProcAttr.Credential = spec.User.credential()
	}
	p := &Process{name: spec.Args[0], done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// The kernel ties a child's life to the thread that made it, so the
		// thread must live as long as the child.
		runtime.LockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		p.proc = cmd.Process
		started <- nil
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", spec.Args[0], err)
	}
	return p, nil
}

// PID is the process id.
func (p *Process) PID() int { return p.proc.Pid }

// Done is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the child ended: nil for exit code 0; valid once Done is closed.
func (p *Process) Err() error { return p.err }

// Running says whether the child has not ended yet.
func (p *Process) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Signal sends a signal; a child that has ended is no error.
func (p *Process) Signal(s os.Signal) error {
	if err := p.proc.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signalling %s: %w", p.name, err)
	}
	return nil
}

// Stop sends the signal, waits for the end, and kills the child when it is
// still there after patience. A child that has ended is no error.
func (p *Process) Stop(s os.Signal, patience time.Duration) error {
	if err := p.Signal(s); err != nil {
		return err
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
	}
	if err := p.Kill(); err != nil {
		return err
	}
	return fmt.Errorf("%s did not stop within %s and was killed", p.name, patience)
}

// Kill ends the child at once and waits until it is gone.
func (p *Process) Kill() error {
	if err := p.Signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-p.done
	return nil
}
