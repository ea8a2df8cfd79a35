package web_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write openapi.json anew instead of comparing with it")

// The front end's types are generated from openapi.json (npm run generate), so the file must be what
// the server says of itself.
func TestCommittedDescriptionIsTheServersOwn(t *testing.T) {
	s := setup(t)
	response := s.do(httptest.NewRequest(http.MethodGet, "http://hotline.test/openapi.json", nil))
	require.Equal(t, http.StatusOK, response.StatusCode)
	raw, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	var said bytes.Buffer
	require.NoError(t, json.Indent(&said, raw, "", "  "))
	said.WriteByte('\n')
	if *update {
		require.NoError(t, os.WriteFile("openapi.json", said.Bytes(), 0o644))
	}
	kept, err := os.ReadFile("openapi.json")
	require.NoError(t, err)
	require.Equal(t, string(kept), said.String(),
		"the API changed: go test ./web -run Description -update, then npm run generate in web/ui")
}
