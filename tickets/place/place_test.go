package place_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets/place"
	"github.com/open12345/hotline/tickets/privacy"
)

func TestPlaces(t *testing.T) {
	for raw, want := range map[string]place.Place{
		"13800138001":      {Province: "北京市", Carrier: "中国移动"},
		"13900139002":      {Province: "上海市", Carrier: "中国移动"},
		"059488123456":     {Province: "福建省", City: "莆田市"},
		"075588123456":     {Province: "广东省", City: "深圳市"},
		"4001234567":       {},
		"110":              {},
		"12345":            {},
		"anonymous":        {},
		"99999999999999":   {},
		"+44 20 7946 0958": {Province: "London"},
	} {
		require.Equal(t, want, place.Of(privacy.Normalize(raw)), raw)
	}
}
