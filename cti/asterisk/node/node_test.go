package node_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/asterisk/child"
	"github.com/open12345/hotline/cti/asterisk/node"
)

func start(t *testing.T, change func(*node.Config)) *node.Node {
	t.Helper()
	cfg := node.Config{Dir: t.TempDir()}
	if change != nil {
		change(&cfg)
	}
	n, err := node.Start(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			var said bytes.Buffer
			n.Console(&said)
			t.Log(said.String())
		}
		require.NoError(t, n.Stop(context.Background()))
	})
	return n
}

func info(t *testing.T, n *node.Node) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.ARIURL()+"/asterisk/info", nil)
	require.NoError(t, err)
	req.SetBasicAuth(n.ARIUser(), n.ARIPassword())
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	res.Body.Close()
	return res.StatusCode
}

func TestSwitchStartsProvesItselfAndStops(t *testing.T) {
	began := time.Now()
	n := start(t, nil)
	require.Less(t, time.Since(began), 10*time.Second)
	t.Logf("ready after %s", time.Since(began).Round(time.Millisecond))
	require.Equal(t, http.StatusOK, info(t, n))
	missing, err := node.MissingModules(t.Context(), n.ARIURL(), n.ARIUser(), n.ARIPassword())
	require.NoError(t, err)
	require.Empty(t, missing)
	for _, dir := range []string{"spool/recording", "lib/keys", "moh", "db"} {
		require.DirExists(t, filepath.Join(n.Dir(), dir))
	}
	proofs, err := filepath.Glob(filepath.Join(n.Spool(), "self-test", "*.raw"))
	require.NoError(t, err)
	require.Len(t, proofs, 1)

	done := n.Done()
	require.NoError(t, n.Stop(t.Context()))
	<-done
	require.Zero(t, n.PID())
	require.NoError(t, n.Stop(t.Context()), "stopping twice is harmless")
}

func TestSwitchComesBackOnTheSamePortsAfterACrash(t *testing.T) {
	n := start(t, func(c *node.Config) { c.SkipProof = true })
	pid, ports, password := n.PID(), n.Ports(), n.ARIPassword()
	require.NoError(t, n.Kill())
	require.NoError(t, n.Restart(t.Context()))
	require.NotEqual(t, pid, n.PID())
	require.Equal(t, ports, n.Ports())
	require.Equal(t, password, n.ARIPassword())
	require.Equal(t, http.StatusOK, info(t, n))
}

func TestSwitchWithAMissingModuleIsRefusedByName(t *testing.T) {
	in, err := asterisk.Find("")
	require.NoError(t, err)
	// All modules but the one that records calls.
	modules := t.TempDir()
	entries, err := os.ReadDir(in.ModuleDir())
	require.NoError(t, err)
	for _, e := range entries {
		if e.Name() != "app_mixmonitor.so" {
			require.NoError(t, os.Symlink(filepath.Join(in.ModuleDir(), e.Name()), filepath.Join(modules, e.Name())))
		}
	}
	_, err = node.Start(t.Context(), node.Config{
		Dir:    t.TempDir(),
		Params: func(p *asterisk.Params) { p.ModuleDir = modules },
	})
	require.ErrorContains(t, err, "app_mixmonitor.so")
}

func TestPortInUseIsTold(t *testing.T) {
	first := start(t, func(c *node.Config) { c.SkipProof = true })
	_, err := node.Start(t.Context(), node.Config{Dir: t.TempDir(), Ports: node.Ports{HTTP: first.Ports().HTTP}})
	var taken *child.PortError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, child.PortError{Use: "switch http", Port: first.Ports().HTTP}, *taken)
}

func TestFreePortsAreDifferent(t *testing.T) {
	ports, err := node.FreePorts(20)
	require.NoError(t, err)
	seen := map[int]bool{}
	for _, p := range ports {
		require.False(t, seen[p])
		seen[p] = true
	}
}
