package replies_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/configs/replies"
)

func TestEveryTemplateHasANameAndSaysWhatIsToBeFilledIn(t *testing.T) {
	list, err := replies.Templates()
	require.NoError(t, err)
	require.NotEmpty(t, list)
	seen := map[string]bool{}
	for _, x := range list {
		require.NotEmpty(t, x.ID)
		require.False(t, seen[x.ID], "%s stands twice", x.ID)
		seen[x.ID] = true
		require.NotEmpty(t, x.Name, x.ID)
		require.Contains(t, x.Text, "【", x.ID)
		require.Equal(t, strings.Count(x.Text, "【"), strings.Count(x.Text, "】"), x.ID)
	}
}
