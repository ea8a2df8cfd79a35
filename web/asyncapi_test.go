package web

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLiveDescriptionNamesEveryCommandAndFrame(t *testing.T) {
	raw, err := describeLive("1")
	require.NoError(t, err)
	var doc map[string]any
	require.NoError(t, json.Unmarshal(raw, &doc))
	require.Equal(t, "3.0.0", doc["asyncapi"])
	messages := doc["channels"].(map[string]any)["ws"].(map[string]any)["messages"].(map[string]any)
	for name := range commandPermission {
		require.Contains(t, messages, string(name))
	}
	for _, frame := range liveFrames {
		require.Contains(t, messages, frame.kind)
	}
	for _, ref := range regexp.MustCompile(`"\$ref": "#/([^"]+)"`).FindAllStringSubmatch(string(raw), -1) {
		at := any(doc)
		for _, step := range strings.Split(ref[1], "/") {
			at = at.(map[string]any)[step]
			require.NotNil(t, at, "%s leads nowhere", ref[1])
		}
	}
}
