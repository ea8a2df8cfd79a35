package tickets_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

var update = flag.Bool("update", false, "write the diagrams anew")

// TestDiagramsAreDrawnFromTheTables holds the printed diagrams against the committed ones, so that
// a change of a table shows in review.
func TestDiagramsAreDrawnFromTheTables(t *testing.T) {
	for _, table := range tickets.Tables {
		file := filepath.Join("testdata", table+".mmd")
		drawing := tickets.Mermaid(table)
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(drawing), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), drawing, "go test ./tickets -run Diagrams -update")
	}
	require.Empty(t, tickets.Mermaid("seat"))
	require.Contains(t, tickets.Mermaid("ticket"), "[*] --> 草稿: 来电建单 (坐席)\n")
	require.Contains(t, tickets.Mermaid("ticket"), "已转办 --> 挂起: 同意 挂起 (热线办)\n")
	require.Contains(t, tickets.Mermaid("leg"), "待签收 --> 办理中: 储存 (经办、单位领导)\n")
}
