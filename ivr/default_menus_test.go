package ivr_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/ivr"
)

const menus = "../configs/ivr"

func load(t testing.TB, file string) *ivr.Menu {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(menus, file))
	require.NoError(t, err)
	m, faults := ivr.Parse(file, src, ivr.Environment{})
	require.Empty(t, faults)
	return m
}

func TestDefaultMenusAreFaultless(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(menus, "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		m := load(t, filepath.Base(file))
		t.Log(m.Mermaid())
	}
}
