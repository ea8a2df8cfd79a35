package web

import (
	_ "embed"
	"net/http"
)

// asyncAPI describes the live socket's messages (AsyncAPI 3.0).
//
//go:embed asyncapi.json
var asyncAPI []byte

func serveAsyncAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(asyncAPI)
}
