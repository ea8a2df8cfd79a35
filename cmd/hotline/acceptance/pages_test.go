package acceptance

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// visited is what was found on one page.
type visited struct {
	Page     string   `json:"page"`
	Account  string   `json:"account"`
	Landmark bool     `json:"landmark"`
	Faults   []string `json:"faults"`
	Axe      []string `json:"axe"`
	Raw      []string `json:"raw"`
}

// fewestPages guards against a script that ends early: that many pages there are at least.
const fewestPages = 30

// Every page, opened as the person it is for: it shows its content, logs no error, fits its window,
// has no serious or critical violation of WCAG 2 AA, and shows people no code and no English.
// The pictures are in .run/screenshots.
func TestEveryPageForItsPerson(t *testing.T) {
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	pictures := filepath.Join(root, ".run", "screenshots")
	require.NoError(t, os.MkdirAll(pictures, 0o755))
	program, err := exec.LookPath("chromium")
	require.NoError(t, err, "Chromium is installed by make test")

	script := exec.CommandContext(t.Context(), "node", "e2e/pages.mjs")
	script.Dir = filepath.Join(root, "web", "ui")
	script.WaitDelay = time.Second
	script.Env = append(os.Environ(), "BROWSER="+program, "URL="+shared.url, "SHOTS="+pictures, "PASSWORD="+demoPassword)
	said := &output{}
	script.Stderr = said
	out, err := script.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, script.Start())

	pages := 0
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var page visited
		require.NoError(t, json.Unmarshal(lines.Bytes(), &page), "%s", lines.Bytes())
		pages++
		t.Run(page.Page, func(t *testing.T) {
			require.True(t, page.Landmark, "the page does not show what it is for; as %q\n%v", page.Account, page.Faults)
			require.Empty(t, page.Faults, "faults")
			require.Empty(t, page.Axe, "violations of WCAG")
			require.Empty(t, page.Raw, "codes or English on a Chinese page")
		})
	}
	require.NoError(t, lines.Err())
	require.NoError(t, script.Wait(), "%s", said.tail(4000))
	require.GreaterOrEqual(t, pages, fewestPages)
}
