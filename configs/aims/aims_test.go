package aims

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func load(t *testing.T, text string) (*Sheet, *bytes.Buffer, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "aims.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	out := new(bytes.Buffer)
	s, err := Load(path, out)
	return s, out, err
}

func TestResultsAreHeldToTheirAims(t *testing.T) {
	s, out, err := load(t, "speed: {op: '>', value: 500000, unit: 1/s}\nratio: {op: '<=', value: 2, unit: x}\n")
	require.NoError(t, err)

	require.NoError(t, s.Result("speed", 612345.6))
	require.NoError(t, s.Err())
	require.NoError(t, s.Result("ratio", 2.5))
	require.ErrorIs(t, s.Err(), ErrMissed)
	require.ErrorContains(t, s.Err(), "ratio")
	require.Equal(t, "RESULT speed 612346 1/s aim > 500000\nRESULT ratio 2.500 x aim <= 2\n", out.String())
}

func TestAFigureWithoutAnAimIsRefused(t *testing.T) {
	s, _, err := load(t, "{}")
	require.NoError(t, err)
	require.ErrorContains(t, s.Result("speed", 1), "no such aim")
}

func TestFaultyAimsAreRefused(t *testing.T) {
	_, _, err := load(t, "speed: {op: about, value: 1, unit: x}")
	require.ErrorContains(t, err, "about")
	_, _, err = load(t, "speed: [")
	require.Error(t, err)
	_, err = Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}
