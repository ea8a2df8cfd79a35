package child

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
)

// RemoveAfterUs removes dir once this process and the process pid have ended,
// however they end: for tests, which have no place to clean up after the last
// one, or are killed.
func RemoveAfterUs(dir string, pid int) error {
	// The pipe's end in this process closes when it dies; read then returns.
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("cleaning up later: %w", err)
	}
	defer r.Close()
	cmd := exec.Command("sh", "-c",
		`read -r _; n=0; while kill -0 "$2" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done; rm -rf -- "$1"`,
		"sh", dir, strconv.Itoa(pid))
	cmd.Stdin = r
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		w.Close()
		return fmt.Errorf("cleaning up later: %w", err)
	}
	keepOpen.Lock()
	keepOpen.pipes = append(keepOpen.pipes, w)
	keepOpen.Unlock()
	return cmd.Process.Release()
}

// keepOpen holds the pipes that tell the cleaners we live.
var keepOpen struct {
	sync.Mutex
	pipes []*os.File
}
