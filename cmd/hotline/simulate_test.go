package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"
)

func parseSimulate(t *testing.T, args ...string) *SimulateCmd {
	t.Helper()
	var c struct {
		Simulate SimulateCmd `cmd:""`
	}
	parser, err := kong.New(&c)
	require.NoError(t, err)
	_, err = parser.Parse(append([]string{"simulate"}, args...))
	require.NoError(t, err)
	return &c.Simulate
}

func TestSimulateDefaultsToTheLargeDay(t *testing.T) {
	c := parseSimulate(t)
	require.Equal(t, "day", c.What)
	require.Equal(t, 60000, c.Calls)
	require.Equal(t, 600, c.Seats)
}

func TestSimulateADayPrintsItsFigures(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, parseSimulate(t, "day", "--calls", "2000", "--seats", "40").run(&out))
	for _, figure := range []string{"service level", "p95", "occupancy", "order inversions", "idle fairness", "urgent"} {
		require.Contains(t, out.String(), figure)
	}
	require.ErrorContains(t, parseSimulate(t, "--seats", "3").run(&out), "20 seats")
}

func TestSimulateBenchWantsItsAims(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "aims.yaml")
	err := parseSimulate(t, "bench", "--aims", missing).run(&bytes.Buffer{})
	require.ErrorIs(t, err, os.ErrNotExist)
}
