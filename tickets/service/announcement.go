package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// AnnouncementRequest is a new announcement or the whole of an old one.
type AnnouncementRequest struct {
	Title       string         `json:"title" maxLength:"100"`
	Text        string         `json:"text" maxLength:"20000"`
	Audience    string         `json:"audience" enum:"all,hotline,units,chosen"`
	Units       []string       `json:"units,omitempty" maxItems:"500"`
	Roles       []tickets.Role `json:"roles,omitempty" maxItems:"20"`
	From        time.Time      `json:"from,omitzero" doc:"Left out: now"`
	To          time.Time      `json:"to,omitzero" doc:"Left out: until withdrawn"`
	MustConfirm bool           `json:"must_confirm"`
}

func (r AnnouncementRequest) check(now time.Time) error {
	switch {
	case strings.TrimSpace(r.Title) == "" || utf8.RuneCountInString(r.Title) > 100:
		return fmt.Errorf("%w: 标题须为 1 到 100 字", directory.ErrInvalid)
	case strings.TrimSpace(r.Text) == "":
		return fmt.Errorf("%w: 请填写内容", directory.ErrInvalid)
	case !slices.Contains([]string{"all", "hotline", "units", "chosen"}, r.Audience):
		return fmt.Errorf("%w: 发布范围 %q", directory.ErrInvalid, r.Audience)
	case r.Audience == "chosen" && len(r.Units)+len(r.Roles) == 0:
		return fmt.Errorf("%w: 请选择单位或角色", directory.ErrInvalid)
	case !r.To.IsZero() && (!r.To.After(now) || r.To.Before(r.From)):
		return fmt.Errorf("%w: 截止时间已经过去", directory.ErrInvalid)
	}
	return nil
}

func (r AnnouncementRequest) fill(a *Announcement, who Identity, now time.Time) {
	a.Title, a.Text, a.Audience, a.MustConfirm = r.Title, r.Text, r.Audience, r.MustConfirm
	a.Units, a.Roles, a.From, a.To = orEmpty(r.Units), orEmpty(r.Roles), r.From, r.To
	if a.From.IsZero() {
		a.From = now
	}
	a.By, a.ByName, a.At = who.Account, who.Name, now
	a.Version++
}

// Announce publishes a 公告. directory.ErrInvalid.
func (s *Service) Announce(ctx context.Context, who Identity, in AnnouncementRequest) (Announcement, error) {
	if err := who.need(directory.AnnouncementWrite); err != nil {
		return Announcement{}, err
	}
	now := s.clock()
	if err := in.check(now); err != nil {
		return Announcement{}, err
	}
	a := Announcement{ID: uuid.Must(uuid.NewV7()).String()}
	in.fill(&a, who, now)
	if err := s.store.SaveAnnouncement(ctx, a, true); err != nil {
		return a, err
	}
	return a, s.Audit(ctx, who, "announcement.publish", a.ID, a.Title)
}

// ChangeAnnouncement makes a new version, which has to be read again. ErrNotFound,
// directory.ErrInvalid.
func (s *Service) ChangeAnnouncement(ctx context.Context, who Identity, id string, in AnnouncementRequest) (Announcement, error) {
	if err := who.need(directory.AnnouncementWrite); err != nil {
		return Announcement{}, err
	}
	now := s.clock()
	if err := in.check(now); err != nil {
		return Announcement{}, err
	}
	a, err := s.store.Announcement(ctx, id)
	if err != nil {
		return a, err
	}
	if !a.WithdrawnAt.IsZero() {
		return a, fmt.Errorf("announcement %s was withdrawn: %w", id, ErrNotFound)
	}
	in.fill(&a, who, now)
	if err := s.store.SaveAnnouncement(ctx, a, false); err != nil {
		return a, err
	}
	return a, s.Audit(ctx, who, "announcement.change", id, a.Title)
}

// WithdrawAnnouncement takes it from all pages.
func (s *Service) WithdrawAnnouncement(ctx context.Context, who Identity, id string) error {
	if err := who.need(directory.AnnouncementWrite); err != nil {
		return err
	}
	a, err := s.store.Announcement(ctx, id)
	if err != nil {
		return err
	}
	a.WithdrawnAt = s.clock()
	if err := s.store.SaveAnnouncement(ctx, a, false); err != nil {
		return err
	}
	return s.Audit(ctx, who, "announcement.withdraw", id, a.Title)
}

// Announcements lists what is meant for the asker now; all, past ones too, for who writes them.
func (s *Service) Announcements(ctx context.Context, who Identity, all bool) ([]Announcement, error) {
	f := s.announcementsFor(who)
	f.All = all && who.Can(directory.AnnouncementWrite)
	list, err := s.store.Announcements(ctx, f)
	if err != nil {
		return nil, err
	}
	if !f.All {
		for i := range list {
			list[i].Units, list[i].Roles, list[i].Read = []string{}, []tickets.Role{}, 0
		}
	}
	return orEmpty(list), nil
}

func (s *Service) announcementsFor(who Identity) AnnouncementFilter {
	f := AnnouncementFilter{Account: who.Account, Roles: who.Roles, Now: s.clock()}
	if who.Unit != nil {
		f.Unit = who.Unit.ID
	}
	return f
}

// ReadAnnouncement notes that the asker read it. ErrNotFound when it is not meant for him.
func (s *Service) ReadAnnouncement(ctx context.Context, who Identity, id string) error {
	list, err := s.store.Announcements(ctx, s.announcementsFor(who))
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.ID == id {
			return s.store.ReadAnnouncement(ctx, id, a.Version, who.Account, s.clock())
		}
	}
	return fmt.Errorf("announcement %s: %w", id, ErrNotFound)
}

// Readers lists who is meant and who has read.
func (s *Service) Readers(ctx context.Context, who Identity, id string) ([]Reader, error) {
	if err := who.need(directory.AnnouncementWrite); err != nil {
		return nil, err
	}
	a, err := s.store.Announcement(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := s.store.Readers(ctx, a)
	return orEmpty(list), err
}
