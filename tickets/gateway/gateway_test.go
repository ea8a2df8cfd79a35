package gateway_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets/gateway"
	"github.com/open12345/hotline/tickets/message"
)

var letter = message.Message{Key: "t:1:0:citizen", Channel: message.SMS, To: "13800138001", Text: "您的诉求已受理𠮷😀"}

func TestTheFileHasEachKeyOnceAlsoAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.jsonl")
	first, err := gateway.OpenFile(path)
	require.NoError(t, err)
	id, err := first.Send(t.Context(), letter)
	require.NoError(t, err)
	again, err := first.Send(t.Context(), letter)
	require.NoError(t, err)
	require.Equal(t, id, again)

	second, err := gateway.OpenFile(path)
	require.NoError(t, err)
	again, err = second.Send(t.Context(), letter)
	require.NoError(t, err)
	require.Equal(t, id, again)
	other := letter
	other.Key = "t:2:0:citizen"
	_, err = second.Send(t.Context(), other)
	require.NoError(t, err)

	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], letter.Text)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "only its owner reads numbers")
}

func TestALineCutByACrashIsWrittenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(`{"id":"x","key":"t:1:0:cit`+"\n"), 0o600))
	f, err := gateway.OpenFile(path)
	require.NoError(t, err)
	_, err = f.Send(t.Context(), letter)
	require.NoError(t, err)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(raw), letter.Key)
}

func TestWhatTheProviderAnswersDecidesAboutAnotherTry(t *testing.T) {
	for name, tc := range map[string]struct {
		status  int
		body    string
		id      string
		refused bool
		again   bool
	}{
		"taken":                {200, `{"id":"g1"}`, "g1", false, false},
		"taken without an id":  {202, ``, "", false, false},
		"seen before":          {409, `{"id":"g1"}`, "g1", false, false},
		"refused":              {422, `{}`, "", true, false},
		"too many at once":     {429, ``, "", false, true},
		"out of order":         {503, ``, "", false, true},
		"timed out over there": {408, ``, "", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			var got map[string]string
			var header http.Header
			provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				header = r.Header
				_ = json.NewDecoder(r.Body).Decode(&got)
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
			}))
			defer provider.Close()
			id, err := gateway.NewHTTP(provider.URL, "secret").Send(t.Context(), letter)
			require.Equal(t, tc.id, id)
			require.Equal(t, letter.Key, header.Get("Idempotency-Key"))
			require.Equal(t, "Bearer secret", header.Get("Authorization"))
			require.Equal(t, map[string]string{"key": letter.Key, "channel": "sms", "to": letter.To, "title": "", "text": letter.Text}, got)
			switch {
			case tc.refused:
				require.ErrorIs(t, err, message.ErrRefused)
			case tc.again:
				require.Error(t, err)
				require.NotErrorIs(t, err, message.ErrRefused)
			default:
				require.NoError(t, err)
			}
		})
	}
}
