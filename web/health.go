package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// PartHealth is the state of one part of the installation.
type PartHealth struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// HealthCheck asks each part how it is.
type HealthCheck interface {
	// Parts answers by name within ctx. serving is false when this process can serve neither
	// calls nor pages.
	Parts(ctx context.Context) (parts map[string]PartHealth, serving bool)
}

func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	writeJSON(w, map[string]string{"status": "ok"})
}

type readiness struct {
	Status string                `json:"status"`
	Parts  map[string]PartHealth `json:"parts"`
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	parts, serving := s.health.Parts(ctx)
	answer := readiness{Status: "ok", Parts: parts}
	for _, p := range parts {
		if !p.OK {
			answer.Status = "degraded"
		}
	}
	w.Header().Set("Content-Type", "application/json")
	select {
	case <-s.draining:
		answer.Status, serving = "draining", false
	default:
	}
	if !serving {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	writeJSON(w, answer)
}

func writeJSON(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		slog.Debug("answer not written", "error", err)
	}
}
