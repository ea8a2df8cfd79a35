package demo

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	files "github.com/open12345/hotline/configs/demo"
	"github.com/open12345/hotline/tickets/knowledge"
)

// TestTheLibraryIsFitToBeReadAndReadAloud holds the demo's articles to what the knowledge base
// asks of real ones.
func TestTheLibraryIsFitToBeReadAndReadAloud(t *testing.T) {
	t.Parallel()
	lib, err := readLibrary(files.Files)
	require.NoError(t, err)
	c, _, err := readCity(files.Files)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(lib.Articles), 60)
	categories, titles, guides := map[string]bool{}, map[string]bool{}, 0
	for _, k := range lib.Categories {
		require.True(t, k.Parent == "" || categories[k.Parent], "%s comes before its parent", k.ID)
		categories[k.ID] = true
	}
	for _, a := range lib.Articles {
		require.True(t, categories[a.Category], a.Title)
		require.False(t, titles[a.Title], a.Title)
		titles[a.Title] = true
		require.NotEmpty(t, a.Tags, a.Title)
		require.Greater(t, utf8.RuneCountInString(knowledge.Plain(a.Body)), 60, a.Title)
		if a.Class != "" {
			require.NotEmpty(t, c.leaves[a.Class], a.Class)
		}
		if a.Guide {
			guides++
			require.NotEmpty(t, a.Spoken, a.Title)
			require.LessOrEqual(t, utf8.RuneCountInString(a.Spoken), 200, a.Title)
			require.False(t, strings.ContainsAny(a.Spoken, "*#[]0123456789-"), "%s: %s", a.Title, a.Spoken)
		}
	}
	require.GreaterOrEqual(t, guides, 10)
}
