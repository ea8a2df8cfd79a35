package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// Skills lists the skills; any signed-in account may ask.
func (s *Service) Skills(ctx context.Context) ([]directory.Skill, error) {
	list, err := s.store.Skills(ctx)
	if err != nil {
		return nil, fmt.Errorf("list skills: %w", err)
	}
	return list, nil
}

// SaveSkill creates or renames a skill.
func (s *Service) SaveSkill(ctx context.Context, who Identity, skill directory.Skill) error {
	if err := who.need(directory.AdminSeats); err != nil {
		return err
	}
	if skill.ID == "" || skill.Name == "" || skill.Kind != "domain" && skill.Kind != "language" {
		return fmt.Errorf("%w: a skill has an id, a name and a kind (domain, language)", directory.ErrInvalid)
	}
	if err := s.store.SaveSkill(ctx, skill); err != nil {
		return fmt.Errorf("save skill: %w", err)
	}
	return s.Audit(ctx, who, "skill.save", skill.ID, skill.Name)
}

// AllQueues lists every queue, disabled ones too.
func (s *Service) AllQueues(ctx context.Context, who Identity) ([]directory.Queue, error) {
	if err := who.need(directory.AdminQueues); err != nil {
		return nil, err
	}
	list, err := s.store.Queues(ctx)
	if err != nil {
		return nil, fmt.Errorf("list queues: %w", err)
	}
	return list, nil
}

// SaveQueue creates or changes a queue.
func (s *Service) SaveQueue(ctx context.Context, who Identity, q directory.Queue) error {
	if err := who.need(directory.AdminQueues); err != nil {
		return err
	}
	if err := q.Validate(); err != nil {
		return err
	}
	if err := s.store.SaveQueue(ctx, q); err != nil {
		return fmt.Errorf("save queue: %w", err)
	}
	return s.Audit(ctx, who, "queue.save", q.ID, q.Name)
}

// Lines lists the called numbers.
func (s *Service) Lines(ctx context.Context, who Identity) ([]directory.Line, error) {
	if err := who.need(directory.AdminLines); err != nil {
		return nil, err
	}
	list, err := s.store.Lines(ctx)
	if err != nil {
		return nil, fmt.Errorf("list lines: %w", err)
	}
	return list, nil
}

// SaveLine creates or changes a called number; it takes effect for new calls.
func (s *Service) SaveLine(ctx context.Context, who Identity, l directory.Line) error {
	if err := who.need(directory.AdminLines); err != nil {
		return err
	}
	queues, err := s.store.Queues(ctx)
	if err != nil {
		return fmt.Errorf("save line: %w", err)
	}
	switch {
	case len(l.Called) < 3 || strings.Trim(l.Called, "0123456789") != "":
		return fmt.Errorf("%w: called is at least three digits", directory.ErrInvalid)
	case l.Label == "":
		return fmt.Errorf("%w: label is missing", directory.ErrInvalid)
	case !slices.ContainsFunc(queues, func(q directory.Queue) bool { return q.ID == l.Queue }):
		return fmt.Errorf("%w: queue %q", directory.ErrInvalid, l.Queue)
	}
	if err := s.store.SaveLine(ctx, l); err != nil {
		return fmt.Errorf("save line: %w", err)
	}
	return s.Audit(ctx, who, "line.save", l.Called, l.Label)
}

// SaveClass creates or changes a class; its initials are worked out from its name.
func (s *Service) SaveClass(ctx context.Context, who Identity, c directory.Class) (string, error) {
	if err := who.need(directory.AdminClasses); err != nil {
		return "", err
	}
	c.Name = strings.TrimSpace(c.Name)
	if c.Name == "" {
		return "", fmt.Errorf("%w: name is missing", directory.ErrInvalid)
	}
	list, err := s.store.Classes(ctx)
	if err != nil {
		return "", fmt.Errorf("save class: %w", err)
	}
	tree := newClassTree(list)
	if c.Parent != "" {
		if _, ok := tree.byID[c.Parent]; !ok || c.ID != "" && slices.Contains(tree.below(c.ID), c.Parent) {
			return "", fmt.Errorf("%w: parent %q", directory.ErrInvalid, c.Parent)
		}
	}
	if c.ID == "" {
		c.ID = "c" + strings.ReplaceAll(uuid.NewString(), "-", "")[:10]
	}
	c.Initials = directory.Initials(c.Name)
	if err := s.store.SaveClass(ctx, c); err != nil {
		return "", fmt.Errorf("save class: %w", err)
	}
	return c.ID, s.Audit(ctx, who, "class.save", c.ID, c.Name)
}

// BlackEntryView is a refused number; only its mask is shown.
type BlackEntryView struct {
	Masked   string `json:"number_masked"`
	Reason   string `json:"reason"`
	Approver string `json:"approver"`
	At       string `json:"at"`
	Until    string `json:"until"`
}

// Blacklist lists the numbers refused now.
func (s *Service) Blacklist(ctx context.Context, who Identity) ([]BlackEntryView, error) {
	if err := who.need(directory.AdminBlacklist); err != nil {
		return nil, err
	}
	list, err := s.store.Blacklist(ctx, s.clock())
	if err != nil {
		return nil, fmt.Errorf("list blacklist: %w", err)
	}
	views := []BlackEntryView{}
	for _, e := range list {
		views = append(views, BlackEntryView{
			Masked: privacy.Normalize(e.Number).Masked(), Reason: e.Reason, Approver: e.Approver,
			At: e.At.Format(timeLayout), Until: e.Until.Format(timeLayout),
		})
	}
	return views, nil
}

const timeLayout = "2006-01-02T15:04:05Z07:00"

// BlacklistNumber refuses a number until the entry's end; a reason is needed.
func (s *Service) BlacklistNumber(ctx context.Context, who Identity, e directory.BlackEntry) error {
	if err := who.need(directory.AdminBlacklist); err != nil {
		return err
	}
	phone := privacy.Normalize(e.Number)
	if phone == "" || e.Reason == "" || !e.Until.After(s.clock()) {
		return fmt.Errorf("%w: a refused number has a reason and an end to come", directory.ErrInvalid)
	}
	e.Number, e.Approver, e.At = phone.Clear(), who.Account, s.clock()
	if err := s.store.SaveBlackEntry(ctx, e); err != nil {
		return fmt.Errorf("blacklist number: %w", err)
	}
	return s.Audit(ctx, who, "blacklist.add", phone.Masked(), e.Reason)
}

// UnblacklistNumber lets a number call again. ErrNotFound.
func (s *Service) UnblacklistNumber(ctx context.Context, who Identity, number string) error {
	if err := who.need(directory.AdminBlacklist); err != nil {
		return err
	}
	phone := privacy.Normalize(number)
	err := s.store.Unblacklist(ctx, phone)
	if errors.Is(err, ErrNotFound) {
		return err
	}
	if err != nil {
		return fmt.Errorf("unblacklist number: %w", err)
	}
	return s.Audit(ctx, who, "blacklist.remove", phone.Masked(), "")
}
