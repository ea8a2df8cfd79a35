package print

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Printer sets a page of HTML as a PDF.
type Printer interface {
	PDF(ctx context.Context, page []byte) ([]byte, error)
}

// ErrNoPrinter is a machine without Chromium.
var ErrNoPrinter = errors.New("no Chromium to print with: install the package chromium")

const (
	patience    = 45 * time.Second // for one PDF; a batch of 200 papers takes some seconds
	atOnce      = 2                // Chromium takes 200 MB each
	endPatience = 2 * time.Second
)

// Chromium prints with a Chromium of this machine, a fresh one for each PDF.
type Chromium struct {
	program string
	slots   chan struct{}
}

// NewChromium takes the program's path; empty looks for it. ErrNoPrinter.
func NewChromium(program string) (*Chromium, error) {
	names := []string{program}
	if program == "" {
		names = []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return &Chromium{program: path, slots: make(chan struct{}, atOnce)}, nil
		}
	}
	return nil, ErrNoPrinter
}

// PDF prints the page. It waits while two others are being printed.
func (c *Chromium) PDF(ctx context.Context, page []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the printer: %w", ctx.Err())
	}
	dir, err := os.MkdirTemp("", "hotline-print-")
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	if err := c.run(ctx, dir, in, out); err != nil {
		return nil, err
	}
	pdf, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	return pdf, nil
}

func (c *Chromium) run(ctx context.Context, dir, in, out string) error {
	// The page is ours, its policy lets no script run and nothing be loaded, and the server runs as an ordinary
	// user: Chromium's own sandbox, which many containers refuse, is not needed.
	cmd := exec.CommandContext(ctx, c.program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--no-first-run", "--disable-extensions",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf="+out, "file://"+in)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_CACHE_HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its children end with it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = endPatience
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		tail := said.Bytes()
		return fmt.Errorf("print with %s: %w: %s", c.program, err, tail[max(0, len(tail)-300):])
	}
	return nil
}
