package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/open12345/hotline/tickets/attachment"
)

// startAttachments opens the store of what people attach to tickets: beside the recordings when
// those lie in a bucket, else in a folder of its own.
func (s *Server) startAttachments(ctx context.Context) error {
	address := s.cfg.Recording.Store
	if address == "" || strings.HasPrefix(address, "file:") {
		folder := s.cfg.Path("attachments")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("folder of attachments: %w", err)
		}
		address = "file://" + filepath.ToSlash(folder)
	}
	store, err := attachment.Open(ctx, address)
	if err != nil {
		return err
	}
	s.files = store
	s.onStop(func(context.Context) error { return store.Close() })
	return nil
}
