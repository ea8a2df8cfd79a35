package server

import (
	"context"
	"io"

	"github.com/open12345/hotline/tickets/attachment"
	"github.com/open12345/hotline/tickets/service"
)

// startExports begins to write the exports that people ask for.
func (s *Server) startExports(ctx context.Context) error {
	exporter := service.NewExporter(s.desk, exportFiles{s.files}, s.log)
	if err := exporter.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	s.onStop(func(context.Context) error { exporter.Stop(); return nil })
	return nil
}

// exportFiles keeps the files of exports beside the attachments.
type exportFiles struct{ store *attachment.Store }

func (f exportFiles) Put(ctx context.Context, key string, body io.Reader, limit int64) (int64, error) {
	stored, err := f.store.Write(ctx, key, key, body, limit)
	return stored.Size, err
}

func (f exportFiles) Delete(ctx context.Context, key string) error { return f.store.Delete(ctx, key) }
