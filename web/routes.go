package web

import "net"

// routes registers every operation of the API.
func (s *Server) routes() {
	s.publicRoutes()
	s.captchaRoutes()
	s.sessionRoutes()
	s.phoneRoutes()
	s.ticketRoutes()
	s.callRoutes()
	s.recordingRoutes()
	s.adminRoutes()
	s.demoRoutes()
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
