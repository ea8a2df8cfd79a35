package privacy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets/privacy"
)

func TestNumbersHaveOneForm(t *testing.T) {
	for raw, want := range map[string]string{
		"13800005678":      "13800005678",
		"+8613800005678":   "13800005678",
		"008613800005678":  "13800005678",
		"8613800005678":    "13800005678",
		"013800005678":     "13800005678",
		"138-0000-5678":    "13800005678",
		"059488123456":     "059488123456",
		"+44 20 7946 0958": "00442079460958",
		"anonymous":        "",
		"":                 "",
		"12345":            "12345",
		"12345678901234567890123456789012345678901234": "12345678901234567890",
	} {
		require.Equal(t, want, privacy.Normalize(raw).Clear(), raw)
	}
}

func TestMasks(t *testing.T) {
	for clear, want := range map[privacy.Phone]string{
		"13800005678": "138****5678", "059488123456": "059*****3456", "88123456": "88****56", "110": "110", "12345": "12345", "": "",
	} {
		require.Equal(t, want, clear.Masked())
	}
	require.Equal(t, "王**", privacy.MaskName("王秀兰"))
}

func TestAPhoneNeverPrintsItself(t *testing.T) {
	phone := privacy.Phone("13800005678")
	var out bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("call", "from", phone, "all", struct{ Phone privacy.Phone }{phone})
	}
	fmt.Fprintf(&out, "%v %s %q", phone, phone, phone)
	require.NoError(t, json.NewEncoder(&out).Encode(map[string]any{"phone": phone}))
	require.NotContains(t, out.String(), "13800005678")
	require.Contains(t, out.String(), "138****5678")
}

func TestSealedValuesOpenOnlyUndamagedAndWithTheirKey(t *testing.T) {
	ring, err := privacy.NewKeyRing()
	require.NoError(t, err)
	sealed, err := ring.Seal("13800005678")
	require.NoError(t, err)
	require.Regexp(t, `^k1:`, sealed)
	again, err := ring.Seal("13800005678")
	require.NoError(t, err)
	require.NotEqual(t, sealed, again, "the same value is sealed differently each time")
	clear, err := ring.Open(sealed)
	require.NoError(t, err)
	require.Equal(t, "13800005678", clear)

	empty, err := ring.Seal("")
	require.NoError(t, err)
	require.Empty(t, empty)

	damaged := []byte(sealed)
	damaged[len(damaged)-3] ^= 1
	_, err = ring.Open(string(damaged))
	require.ErrorIs(t, err, privacy.ErrBadSeal)
	_, err = ring.Open("k9" + sealed[2:])
	require.ErrorIs(t, err, privacy.ErrUnknownKey)
	_, err = ring.Open("13800005678")
	require.ErrorIs(t, err, privacy.ErrBadSeal)
	other, err := privacy.NewKeyRing()
	require.NoError(t, err)
	_, err = other.Open(sealed)
	require.ErrorIs(t, err, privacy.ErrBadSeal)
}

func TestBlindIndexes(t *testing.T) {
	ring, err := privacy.NewKeyRing()
	require.NoError(t, err)
	other, err := privacy.NewKeyRing()
	require.NoError(t, err)
	phone := privacy.Phone("13800005678")
	require.Equal(t, ring.Index(phone), ring.Index(privacy.Normalize("+86 138 0000 5678")))
	require.NotEqual(t, ring.Index(phone), other.Index(phone), "it tells nothing without the key")
	require.Empty(t, ring.Index(""))
	require.NotEqual(t, ring.LastFourIndex("t1", phone), ring.LastFourIndex("t2", phone), "salted by the ticket")
	require.Equal(t, ring.LastFourIndex("t1", phone), ring.LastFourIndex("t1", "13911115678"))
	require.NotEqual(t, ring.Digest("a", "b", "cd"), ring.Digest("a", "bc", "d"), "parts don't run into each other")
}

func TestTheKeyFileIsMadeOnceAndReadByAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", privacy.KeyFile)
	var wg sync.WaitGroup
	rings := make([]*privacy.KeyRing, 8)
	for i := range rings {
		wg.Go(func() {
			ring, err := privacy.LoadKeyRing(path)
			if err == nil {
				rings[i] = ring
			}
		})
	}
	wg.Wait()
	want := rings[0].Index("13800005678")
	for _, ring := range rings {
		require.NotNil(t, ring)
		require.Equal(t, want, ring.Index("13800005678"))
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.NoError(t, os.WriteFile(path, []byte(`{"current":"k2","seal":{}}`), 0o600))
	_, err = privacy.LoadKeyRing(path)
	require.ErrorContains(t, err, "k2")
}
