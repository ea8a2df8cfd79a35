package service

import (
	"context"
	"fmt"

	"github.com/open12345/hotline/tickets"
)

// filesOf lists the attachments of the ticket that the asker may open.
func (s *Service) filesOf(ctx context.Context, who Identity, place setting, t tickets.Ticket) ([]FileView, error) {
	records, err := s.life.FilesOf(ctx, t.ID)
	if err != nil {
		return nil, fmt.Errorf("read files: %w", err)
	}
	see := sightOf(who, place)
	var views []FileView
	for _, f := range records {
		if see.file(t, f) {
			views = append(views, f.view())
		}
	}
	return views, nil
}

// file tells whether the attachment may be opened: one of a part where that may be read, others
// by whoever sees the ticket.
func (v sight) file(t tickets.Ticket, f FileRecord) bool {
	leg, ok := t.Leg(f.Leg)
	return f.Leg == 0 && (f.Unit == "" || v.within(f.Unit)) || ok && v.within(leg.Unit)
}

func (f FileRecord) view() FileView {
	return FileView{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Leg: f.Leg, By: f.ByName, At: f.At, Public: f.Public}
}
