package service

import (
	"context"
	"fmt"
	"time"

	"github.com/open12345/hotline/configs/notices"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/message"
)

// Book is the words of messages: the file's, with those of the administrator over them.
func (s *Service) Book(ctx context.Context) (message.Book, error) {
	book, err := message.ParseBook(notices.Templates)
	if err != nil {
		return book, fmt.Errorf("read templates: %w", err)
	}
	stored, err := s.store.MessageTemplates(ctx)
	if err != nil {
		return book, fmt.Errorf("read templates: %w", err)
	}
	for _, t := range stored {
		book = book.With(t.Audience, t.Kind, t.Template)
	}
	return book, nil
}

// TemplateView is a template as the administrator edits it, with a sample of how it reads.
type TemplateView struct {
	Audience message.Audience   `json:"audience"`
	Kind     tickets.NoticeKind `json:"kind"`
	message.Template
	Default message.Template `json:"default"`
	Changed bool             `json:"changed"`
	By      string           `json:"by,omitempty"`
	At      time.Time        `json:"at,omitzero"`
	Sample  string           `json:"sample"`
}

// sample fills a template for the administrator's eyes.
var sample = map[string]string{
	"number": "261124000018", "code": "482913", "title": "锦绣花园停水", "unit": "市水务集团", "due": "12月1日", "sign_due": "11月25日 12:00",
	"state": "待审核", "reason": "需要更换主管道", "opinion": "请核实后答复", "text": "市民来电催办", "request": "延期", "decision": "同意",
	"card": "黄牌", "demand": "三日内办结", "missing": "具体门牌号", "reply_link": "https://…/r/…", "rating_link": "https://…/p/…",
}

// Templates lists every template. Needs directory.AdminTemplates.
func (s *Service) Templates(ctx context.Context, who Identity) ([]TemplateView, error) {
	if err := who.need(directory.AdminTemplates); err != nil {
		return nil, err
	}
	file, err := message.ParseBook(notices.Templates)
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	stored, err := s.store.MessageTemplates(ctx)
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	views := []TemplateView{}
	for _, kind := range tickets.NoticeKinds {
		for _, audience := range []message.Audience{message.ToCitizen, message.ToStaff} {
			t, ok := file.Template(audience, kind)
			if !ok {
				continue
			}
			view := TemplateView{Audience: audience, Kind: kind, Template: t, Default: t}
			for _, own := range stored {
				if own.Audience == audience && own.Kind == kind {
					view.Template, view.Changed, view.By, view.At = own.Template, true, own.By, own.At
				}
			}
			words, _ := file.With(audience, kind, view.Template).Fill(audience, kind, sample)
			view.Sample = words.Text
			views = append(views, view)
		}
	}
	return views, nil
}

// SaveTemplate puts words in place of the file's; empty words go back to the file's.
// message.ErrBadTemplate wrapped in directory.ErrInvalid.
func (s *Service) SaveTemplate(ctx context.Context, who Identity, a message.Audience, kind tickets.NoticeKind, t message.Template) error {
	if err := who.need(directory.AdminTemplates); err != nil {
		return err
	}
	file, err := message.ParseBook(notices.Templates)
	if err != nil {
		return fmt.Errorf("save template: %w", err)
	}
	if _, ok := file.Template(a, kind); !ok {
		return fmt.Errorf("template %s %s: %w", a, kind, ErrNotFound)
	}
	if t.Text == "" {
		err = s.store.DeleteMessageTemplate(ctx, a, kind)
	} else {
		if err := t.Check(a); err != nil {
			return fmt.Errorf("%w: %w", directory.ErrInvalid, err)
		}
		err = s.store.SaveMessageTemplate(ctx, StoredTemplate{Audience: a, Kind: kind, Template: t, By: who.Name, At: s.clock()})
	}
	if err != nil {
		return fmt.Errorf("save template: %w", err)
	}
	return s.Audit(ctx, who, "template.save", string(a)+"/"+string(kind), t.Text)
}

// Messages lists what left by the gateway or waits. Of one ticket for whoever may see it, of all
// for directory.AdminTemplates.
func (s *Service) Messages(ctx context.Context, who Identity, f MessageFilter) (Page[MessageRecord], error) {
	page := Page[MessageRecord]{Items: []MessageRecord{}}
	if f.Ticket != "" && !who.Can(directory.AdminTemplates) {
		if !who.Actor().Has(workAtHotline...) {
			return page, fmt.Errorf("messages of a ticket: %w", ErrForbidden)
		}
		t, err := s.visibleTicket(ctx, who, f.Ticket)
		if err != nil {
			return page, err
		}
		f.Ticket = t.ID
	} else if err := who.need(directory.AdminTemplates); err != nil {
		return page, err
	} else if f.Ticket != "" {
		t, err := s.store.Ticket(ctx, f.Ticket) // by its number, too
		if err != nil {
			return page, fmt.Errorf("messages of a ticket: %w", err)
		}
		f.Ticket = t.ID
	}
	list, next, err := s.store.Messages(ctx, f)
	if err != nil {
		return page, fmt.Errorf("list messages: %w", err)
	}
	page.Items, page.NextCursor, page.Total = orEmpty(list), next, len(list)
	return page, nil
}

// workAtHotline are the roles that may read what a ticket's citizen was told.
var workAtHotline = []tickets.Role{
	tickets.Agent, tickets.Supervisor, tickets.Intake, tickets.Dispatcher, tickets.Reviewer, tickets.FollowUp, tickets.Office,
}

// Receipt notes what the gateway says of a message.
func (s *Service) Receipt(ctx context.Context, gatewayID, key string, delivered bool, detail string) error {
	if gatewayID == "" && key == "" {
		return fmt.Errorf("receipt: %w", ErrNotFound)
	}
	return s.store.Receipt(ctx, gatewayID, key, delivered, detail, s.clock())
}

// NoticePage is a page of one's own notices.
type NoticePage struct {
	Page[StaffNotice]
	Unread int `json:"unread"`
}

// Notices lists the asker's own notices, newest first.
func (s *Service) Notices(ctx context.Context, who Identity, unread bool, p Paging) (NoticePage, error) {
	list, next, count, err := s.store.StaffNotices(ctx, who.Account, unread, p)
	if err != nil {
		return NoticePage{}, fmt.Errorf("list notices: %w", err)
	}
	return NoticePage{Page: Page[StaffNotice]{Items: orEmpty(list), NextCursor: next, Total: len(list)}, Unread: count}, nil
}

// ReadNotices marks the asker's notices as read; no ids: all.
func (s *Service) ReadNotices(ctx context.Context, who Identity, ids []string) error {
	if err := s.store.ReadNotices(ctx, who.Account, ids, s.clock()); err != nil {
		return fmt.Errorf("mark notices: %w", err)
	}
	return nil
}

// dayWords is a time as a message says it: the day, and the hour where it matters.
func (s *Service) dayWords(t time.Time) string {
	t = t.In(s.zone)
	if t.Hour() == 0 && t.Minute() == 0 {
		t = t.Add(-time.Minute)
		return t.Format("1月2日")
	}
	return t.Format("1月2日 15:04")
}

// noticeWord says a step's word as people say it: codes as labels, times as days.
func (s *Service) noticeWord(units map[string]tickets.Unit, word, value string) string {
	switch word {
	case "due", "sign_due", "until":
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return s.dayWords(t)
		}
	case "request":
		return tickets.Label(tickets.RequestKinds, value)
	case "decision":
		return tickets.Label(tickets.RequestStates, value)
	case "card":
		return tickets.Label(tickets.CardKinds, value)
	case "unit":
		if u, ok := units[value]; ok {
			return u.Name
		}
	}
	return value
}
