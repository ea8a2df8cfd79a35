package web

import (
	"net"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets/directory"
)

// routes registers every operation of the API.
func (s *Server) routes() {
	s.publicRoutes()
	s.captchaRoutes()
	s.sessionRoutes()
	s.phoneRoutes()
	s.ticketRoutes()
	s.deskRoutes()
	s.linkRoutes()
	s.noticeRoutes()
	s.reportRoutes()
	s.suggestRoutes()
	s.departmentRoutes()
	s.callRoutes()
	s.recordingRoutes()
	s.adminRoutes()
	s.rulesRoutes()
	s.knowledgeRoutes()
	s.searchRoutes()
	s.demoRoutes()
}

// soundRoutes registers what answers with files: these take range requests.
func (s *Server) soundRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/recordings/{id}/audio", s.serveRecording)
	recording := operation("get-recording-audio", http.MethodGet, "/recordings/{id}/audio", signedInOnly,
		"A recording: citizen left, seat right; takes ranges; every play is audited")
	recording.Responses["206"] = &huma.Response{Description: "Part of it"}
	s.document(recording, "audio/wav", pathParam("id"))
	s.fileRoutes(mux)
	s.exportFileRoute(mux)
	s.catalogueFile(mux)
	mux.HandleFunc("GET /api/v1/captcha/{file}", s.serveCaptcha)
	s.document(operation("get-captcha", http.MethodGet, "/captcha/{file}", public, "The 验证码 as a picture (.png) or spoken (.wav)"),
		"*/*", pathParam("file"))
	if s.prompts != nil {
		mux.HandleFunc("GET /api/v1/admin/prompts/{id}/audio", s.servePrompt)
		s.document(operation("get-prompt-audio", http.MethodGet, "/admin/prompts/{id}/audio", directory.AdminPrompts, "Listen to a spoken line"),
			"audio/wav", pathParam("id"))
	}
}

// port is the one of the configured listen address, or of the open port when that was 0.
func (s *Server) port() string {
	address := s.cfg.Listen
	if s.listener != nil {
		address = s.listener.Addr().String()
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	return port
}
