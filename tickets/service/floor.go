package service

import (
	"context"
	"crypto/md5" // #nosec G501: SIP digest authentication is defined with it (RFC 2617)
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// SeatProfile is one seat and the agent who owns it, as the floor needs it.
type SeatProfile struct {
	Seat       string
	Account    string
	Name       string
	Group      string
	Skills     map[string]int
	Queues     []string
	AutoAnswer bool
	WrapUp     time.Duration
	PhoneHA1   string // of the SIP phone <seat>
}

// sipRealm is the realm of the switch's digest authentication.
const sipRealm = "asterisk"

// SeatProfile of the account's own seat; ErrNoSeat if it owns none or the seat is disabled.
func (s *Service) SeatProfile(ctx context.Context, account string) (SeatProfile, error) {
	seat, err := s.store.SeatOf(ctx, account)
	if errors.Is(err, ErrNotFound) || err == nil && seat.Disabled {
		return SeatProfile{}, ErrNoSeat
	}
	if err != nil {
		return SeatProfile{}, fmt.Errorf("read seat: %w", err)
	}
	return s.profile(ctx, seat, map[string]directory.Account{})
}

// SeatProfiles lists every enabled seat.
func (s *Service) SeatProfiles(ctx context.Context) ([]SeatProfile, error) {
	seats, err := s.store.Seats(ctx)
	if err != nil {
		return nil, fmt.Errorf("read seats: %w", err)
	}
	accounts, err := s.store.Accounts(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	byName := map[string]directory.Account{}
	for _, a := range accounts {
		byName[a.Name] = a
	}
	profiles := []SeatProfile{}
	for _, seat := range seats {
		if seat.Disabled {
			continue
		}
		p, err := s.profile(ctx, seat, byName)
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, p)
	}
	return profiles, nil
}

func (s *Service) profile(ctx context.Context, seat directory.Seat, accounts map[string]directory.Account) (SeatProfile, error) {
	p := SeatProfile{
		Seat: seat.ID, Account: seat.Account, Group: seat.Group, Skills: seat.Skills, Queues: seat.Queues,
		AutoAnswer: seat.AutoAnswer, WrapUp: time.Duration(seat.WrapUpS) * time.Second,
	}
	if seat.Account != "" {
		a, ok := accounts[seat.Account]
		if !ok {
			var err error
			if a, err = s.store.Account(ctx, seat.Account); err != nil {
				return p, fmt.Errorf("read seat's owner: %w", err)
			}
		}
		p.Name = a.PersonName
	}
	password, err := s.store.SeatPassword(ctx, seat.ID)
	if err != nil {
		return p, fmt.Errorf("read seat's phone: %w", err)
	}
	if password != "" {
		p.PhoneHA1 = HA1(seat.ID, sipRealm, password)
	}
	return p, nil
}

// HA1 is what a SIP server keeps of a password: MD5 of user:realm:password.
func HA1(user, realm, password string) string {
	sum := md5.Sum([]byte(user + ":" + realm + ":" + password)) // #nosec G401: see the import
	return hex.EncodeToString(sum[:])
}

// Line finds the called number's line. ErrNoLine.
func (s *Service) Line(ctx context.Context, called string) (directory.Line, error) {
	lines, err := s.store.Lines(ctx)
	if err != nil {
		return directory.Line{}, fmt.Errorf("read lines: %w", err)
	}
	for _, l := range lines {
		if l.Called == called && !l.Disabled {
			return l, nil
		}
	}
	return directory.Line{}, fmt.Errorf("called %q: %w", called, ErrNoLine)
}

// Queues lists the enabled queues with their settings, for the floor.
func (s *Service) Queues(ctx context.Context) ([]directory.Queue, error) {
	list, err := s.store.Queues(ctx)
	if err != nil {
		return nil, fmt.Errorf("read queues: %w", err)
	}
	enabled := []directory.Queue{}
	for _, q := range list {
		if !q.Disabled {
			enabled = append(enabled, q)
		}
	}
	return enabled, nil
}

// Progress is the public side of a ticket: never its content.
type Progress struct {
	Number string
	State  tickets.PublicState
	Unit   string
	Date   time.Time
}

// ProgressByCaller lists the open tickets of the phone's number, newest first.
func (s *Service) ProgressByCaller(ctx context.Context, number string) ([]Progress, error) {
	phone := privacy.Normalize(number)
	if phone == "" {
		return nil, nil
	}
	records, err := s.store.OpenTicketsOf(ctx, phone)
	if err != nil {
		return nil, fmt.Errorf("read progress: %w", err)
	}
	list := []Progress{}
	for _, r := range records {
		list = append(list, progressOf(r))
	}
	return list, nil
}

func progressOf(r TicketRecord) Progress {
	public := tickets.PublicOf(r.Ticket)
	p := Progress{Number: r.Number, State: public.State, Date: public.Date}
	if public.Unit != "" {
		p.Unit = first(r.UnitName, public.Unit)
	}
	return p
}

// ProgressTries is how many queries by number one caller has a day.
const ProgressTries = 10

// ProgressByNumber looks a ticket up by its number and query code. Each call is one try of the
// caller's number, found or not: ErrProgressLimited after ProgressTries a day. ErrNoProgress
// when number and code fit no ticket; which of them is wrong is not told.
func (s *Service) ProgressByNumber(ctx context.Context, caller, number, code string) (Progress, error) {
	tries, err := s.store.CountProgressTry(ctx, privacy.Normalize(caller), s.today())
	if err != nil {
		return Progress{}, fmt.Errorf("count progress query: %w", err)
	}
	if tries > ProgressTries {
		return Progress{}, ErrProgressLimited
	}
	if tickets.CheckNumber(number) != nil {
		return Progress{}, ErrNoProgress
	}
	t, err := s.store.TicketByCode(ctx, number, code)
	if errors.Is(err, ErrNotFound) {
		return Progress{}, ErrNoProgress
	}
	if err != nil {
		return Progress{}, fmt.Errorf("read progress: %w", err)
	}
	record, err := s.store.Ticket(ctx, t.ID)
	if err != nil {
		return Progress{}, fmt.Errorf("read progress: %w", err)
	}
	return progressOf(record), nil
}
