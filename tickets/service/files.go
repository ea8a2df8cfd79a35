package service

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// Bounds of attachments.
const (
	// MaxFile is the largest attachment, in bytes.
	MaxFile = 50 << 20
	// MaxFiles is how many a ticket can have.
	MaxFiles = 100

	maxFileName = 120 // characters
)

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// filesOf lists the attachments of the ticket that the asker may open.
func (s *Service) filesOf(ctx context.Context, who Identity, place setting, t tickets.Ticket) ([]FileView, error) {
	records, err := s.store.FilesOf(ctx, t.ID)
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
	return f.Leg == 0 && (f.Unit == "" || v.within(f.Unit)) || f.Leg != 0 && ok && v.within(leg.Unit)
}

func (f FileRecord) view() FileView {
	return FileView{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Leg: f.Leg, By: f.ByName, At: f.At, Public: f.Public}
}

// PlanFile checks that the asker may attach a file of the name to the ticket, and gives its id and
// key before the first byte is read. A person of a unit attaches to the own unit's part.
// ErrNotFound, *tickets.Refusal.
func (s *Service) PlanFile(ctx context.Context, who Identity, ticket string, leg int, name string, public bool) (FileRecord, error) {
	if err := who.need(directory.TicketAct); err != nil {
		return FileRecord{}, err
	}
	record, err := s.visibleTicket(ctx, who, ticket)
	if err != nil {
		return FileRecord{}, err
	}
	if record.State == tickets.Archived {
		return FileRecord{}, fmt.Errorf("attach file: %w", &tickets.Refusal{Code: tickets.RefusedState, Detail: record.State.Label()})
	}
	held, err := s.store.FilesOf(ctx, record.ID)
	if err != nil {
		return FileRecord{}, fmt.Errorf("attach file: %w", err)
	}
	if len(held) >= MaxFiles {
		return FileRecord{}, fmt.Errorf("attach file: %w", &tickets.Refusal{Code: tickets.RefusedTooLong, Detail: fmt.Sprintf("附件最多 %d 个", MaxFiles)})
	}
	f := FileRecord{ID: newID(), Ticket: record.ID, Name: cleanFileName(name), By: who.Account, ByName: who.Name, At: s.clock(), Public: public}
	if who.Unit != nil && !sightAll(who) {
		own, ok := record.LegOf(who.Unit.ID)
		if leg != 0 {
			own, ok = record.Leg(leg)
		}
		if !ok || own.Unit != who.Unit.ID {
			return FileRecord{}, fmt.Errorf("attach file: no part of the unit: %w", ErrNotFound)
		}
		f.Unit, f.Leg = who.Unit.ID, own.N
	}
	f.Key = path.Join("files", f.At.Format("2006/01"), f.ID)
	return f, nil
}

func sightAll(who Identity) bool { return who.Scope(directory.TicketList) == directory.ScopeAll }

// AddFile keeps what was stored.
func (s *Service) AddFile(ctx context.Context, who Identity, f FileRecord) (FileView, error) {
	if err := s.store.SaveFile(ctx, f); err != nil {
		return FileView{}, fmt.Errorf("attach file: %w", err)
	}
	return f.view(), s.Audit(ctx, who, "file.add", f.ID, f.Ticket)
}

// File looks up an attachment that the asker may open, and notes that it was opened. ErrNotFound.
func (s *Service) File(ctx context.Context, who Identity, id string) (FileRecord, error) {
	f, err := s.store.File(ctx, id)
	if err != nil {
		return FileRecord{}, fmt.Errorf("read file: %w", err)
	}
	record, err := s.visibleTicket(ctx, who, f.Ticket)
	if err != nil {
		return FileRecord{}, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return FileRecord{}, err
	}
	if !sightOf(who, place).file(record.Ticket, f) {
		return FileRecord{}, fmt.Errorf("read file: %w", ErrNotFound)
	}
	return f, s.Audit(ctx, who, "file.open", f.ID, f.Ticket)
}

// PublicFile looks up an attachment that the citizen with the link may have. ErrNotFound.
func (s *Service) PublicFile(ctx context.Context, token, id string) (FileRecord, error) {
	link, err := s.openLink(ctx, token, LinkReply, LinkRating)
	if err != nil {
		return FileRecord{}, err
	}
	files, err := s.store.FilesOf(ctx, link.main.ID)
	if err != nil {
		return FileRecord{}, fmt.Errorf("read file: %w", err)
	}
	n := slices.IndexFunc(files, func(f FileRecord) bool { return f.ID == id && f.Public })
	if n < 0 {
		return FileRecord{}, fmt.Errorf("read file: %w", ErrNotFound)
	}
	return files[n], nil
}

// cleanFileName takes folders and signs out of a name that browsers and shells read in their own
// way, and keeps its end when it is too long.
func cleanFileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || strings.ContainsRune(`<>:"/|?*`, r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if runes := []rune(name); len(runes) > maxFileName {
		name = string(runes[len(runes)-maxFileName:])
	}
	if name == "" {
		return "附件"
	}
	return name
}
