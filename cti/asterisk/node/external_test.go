package node_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk"
	"github.com/open12345/hotline/cti/asterisk/node"
)

func TestASwitchBehindAForwardedAddressTakesItsSettings(t *testing.T) {
	n := start(t, func(c *node.Config) {
		c.SIPHost = "0.0.0.0"
		c.Params = func(p *asterisk.Params) {
			p.External, p.MediaAddress = true, "203.0.113.9"
			p.LocalNets = []string{"127.0.0.0/8", "::1/128", "192.0.2.0/24"}
			p.TrunkMatch = []string{"127.0.0.1/32", "203.0.113.0/24", "198.51.100.7"}
		}
	})
	text, err := os.ReadFile(filepath.Join(n.Dir(), "log/messages.log"))
	require.NoError(t, err)
	require.NotContains(t, string(text), "ERROR")
	require.NotContains(t, string(text), "WARNING")
}
