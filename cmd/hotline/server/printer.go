package server

import "github.com/open12345/hotline/web/print"

// printer sets papers; nil on a machine without Chromium, which is said once.
func (s *Server) printer() print.Printer {
	chromium, err := print.NewChromium("")
	if err != nil {
		s.log.Warn("papers cannot be printed", "err", err)
		return nil
	}
	return chromium
}
