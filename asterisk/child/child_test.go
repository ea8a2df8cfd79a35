package child_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk/child"
)

// The test binary itself plays the parent that dies.
func TestMain(m *testing.M) {
	if os.Getenv("CHILD_TEST_PARENT") == "1" {
		p, err := child.Start(child.Spec{Args: []string{"sleep", "600"}})
		if err != nil {
			panic(err)
		}
		fmt.Println(p.PID())
		_, _ = io.Copy(io.Discard, os.Stdin)
		return
	}
	os.Exit(m.Run())
}

func TestStopSendsTheSignalAndWaits(t *testing.T) {
	var out bytes.Buffer
	p, err := child.Start(child.Spec{Args: []string{"sh", "-c", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done"}, Output: &out})
	require.NoError(t, err)
	require.True(t, p.Running())
	require.NoError(t, p.Stop(syscall.SIGTERM, 5*time.Second))
	require.False(t, p.Running())
	require.NoError(t, p.Stop(syscall.SIGTERM, time.Second), "stopping twice is harmless")
}

func TestStopKillsTheStubborn(t *testing.T) {
	ready := filepath.Join(t.TempDir(), "ready")
	p, err := child.Start(child.Spec{Args: []string{"sh", "-c", "trap '' TERM; touch " + ready + "; while :; do sleep 0.01; done"}})
	require.NoError(t, err)
	require.Eventually(t, func() bool { _, err := os.Stat(ready); return err == nil }, 5*time.Second, 5*time.Millisecond)
	require.ErrorContains(t, p.Stop(syscall.SIGTERM, 50*time.Millisecond), "was killed")
	require.False(t, p.Running())
}

func TestEndIsTold(t *testing.T) {
	p, err := child.Start(child.Spec{Args: []string{"sh", "-c", "exit 3"}})
	require.NoError(t, err)
	<-p.Done()
	require.ErrorContains(t, p.Err(), "exit status 3")
}

func TestMissingProgramIsNamed(t *testing.T) {
	_, err := child.Start(child.Spec{Args: []string{"/no/such/program"}})
	require.ErrorContains(t, err, "/no/such/program")
	_, err = child.Start(child.Spec{})
	require.Error(t, err)
}

func TestChildDiesWithItsParent(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), "CHILD_TEST_PARENT=1")
	stdin, err := parent.StdinPipe()
	require.NoError(t, err)
	defer stdin.Close()
	stdout, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line := make([]byte, 32)
	n, err := stdout.Read(line)
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(line[:n])))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, 0))

	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()
	require.Eventually(t, func() bool { return !alive(pid) }, 5*time.Second, 5*time.Millisecond)
}

// alive is false for a process that is gone or waits to be reaped.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}
