package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// AccountView is an account for its administration.
type AccountView struct {
	Account     string                 `json:"account"`
	Name        string                 `json:"name"`
	Unit        string                 `json:"unit,omitempty"`
	Roles       []tickets.Role         `json:"roles"`
	Rights      []directory.Permission `json:"rights,omitempty"`
	Seat        string                 `json:"seat,omitempty"`
	Disabled    bool                   `json:"disabled"`
	Locked      bool                   `json:"locked"`
	LockedUntil time.Time              `json:"locked_until,omitzero"`
	Mobile      string                 `json:"mobile_masked"`
	CreatedAt   time.Time              `json:"created_at"`
	LastSignIn  time.Time              `json:"last_sign_in,omitzero"`
}

// AccountChange is a new account or a change of one; nil leaves a field as it is.
type AccountChange struct {
	Account  string                  `json:"account,omitempty"` // of a new one
	Name     *string                 `json:"name,omitempty"`
	Unit     *string                 `json:"unit,omitempty"`
	Roles    *[]tickets.Role         `json:"roles,omitempty"`
	Rights   *[]directory.Permission `json:"rights,omitempty" doc:"Permissions beside those of the roles, such as 直派"`
	Mobile   *string                 `json:"mobile,omitempty"`
	Disabled *bool                   `json:"disabled,omitempty"`
	Password string                  `json:"password,omitempty"` // of a new one
}

// Accounts lists accounts whose name or person's name contains the query.
func (s *Service) Accounts(ctx context.Context, who Identity, query string) ([]AccountView, error) {
	if err := who.need(directory.AdminAccounts); err != nil {
		return nil, err
	}
	list, err := s.store.Accounts(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	seats, err := s.store.Seats(ctx)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	owners := map[string]string{}
	for _, seat := range seats {
		owners[seat.Account] = seat.ID
	}
	now := s.clock()
	views := []AccountView{}
	for _, a := range list {
		views = append(views, AccountView{
			Account: a.Name, Name: a.PersonName, Unit: a.UnitID, Roles: a.Roles, Rights: a.Rights, Seat: owners[a.Name], Disabled: a.Disabled,
			Locked: a.Locked(now), LockedUntil: a.LockedUntil, Mobile: privacy.Normalize(a.Mobile).Masked(),
			CreatedAt: a.CreatedAt, LastSignIn: a.LastSignIn,
		})
	}
	return views, nil
}

// CreateAccount makes an account. Without roles it can do nothing. ErrExists,
// directory.ErrInvalid, ErrWeakPassword.
func (s *Service) CreateAccount(ctx context.Context, who Identity, in AccountChange) error {
	if err := who.need(directory.AdminAccounts); err != nil {
		return err
	}
	if !validAccountName(in.Account) {
		return fmt.Errorf("%w: account is 2 to 32 small letters, digits or hyphens", directory.ErrInvalid)
	}
	hash, err := directory.HashPassword(in.Password)
	if err != nil {
		return err
	}
	a := directory.Account{Name: in.Account, PasswordHash: hash, CreatedAt: s.clock()}
	if err := s.change(&a, in); err != nil {
		return err
	}
	if err := s.store.SaveAccount(ctx, a, true, who.Account); err != nil {
		return fmt.Errorf("create account: %w", err)
	}
	return s.Audit(ctx, who, "account.create", a.Name, roleList(a.Roles))
}

// ChangeAccount changes an account. Nobody disables himself or takes his own roles away.
func (s *Service) ChangeAccount(ctx context.Context, who Identity, account string, in AccountChange) error {
	if err := who.need(directory.AdminAccounts); err != nil {
		return err
	}
	if account == who.Account && (in.Roles != nil || in.Disabled != nil && *in.Disabled) {
		return fmt.Errorf("%w: own roles stay as they are", directory.ErrInvalid)
	}
	a, err := s.store.Account(ctx, account)
	if err != nil {
		return fmt.Errorf("change account: %w", err)
	}
	if err := s.change(&a, in); err != nil {
		return err
	}
	if err := s.store.SaveAccount(ctx, a, false, who.Account); err != nil {
		return fmt.Errorf("change account: %w", err)
	}
	return s.Audit(ctx, who, "account.change", account, roleList(a.Roles))
}

func (s *Service) change(a *directory.Account, in AccountChange) error {
	if in.Name != nil {
		a.PersonName = strings.TrimSpace(*in.Name)
	}
	if a.PersonName == "" {
		return fmt.Errorf("%w: name is missing", directory.ErrInvalid)
	}
	if in.Unit != nil {
		a.UnitID = *in.Unit
	}
	if in.Mobile != nil {
		a.Mobile = privacy.Normalize(*in.Mobile).Clear()
	}
	if in.Disabled != nil {
		a.Disabled = *in.Disabled
	}
	if in.Roles != nil {
		for _, r := range *in.Roles {
			if !slices.ContainsFunc(tickets.Roles, func(t tickets.Term) bool { return t.Code == string(r) }) {
				return fmt.Errorf("%w: role %q", directory.ErrInvalid, r)
			}
		}
		a.Roles = *in.Roles
	}
	if in.Rights != nil {
		for _, right := range *in.Rights {
			if !slices.Contains(directory.Grantable, right) {
				return fmt.Errorf("%w: right %q", directory.ErrInvalid, right)
			}
		}
		a.Rights = *in.Rights
	}
	return nil
}

func validAccountName(name string) bool {
	if len(name) < 2 || len(name) > 32 {
		return false
	}
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return true
}

func roleList(roles []tickets.Role) string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r)
	}
	return strings.Join(texts, ",")
}

// SetPassword sets another account's password and unlocks it.
func (s *Service) SetPassword(ctx context.Context, who Identity, account, password string) error {
	if err := who.need(directory.AdminAccounts); err != nil {
		return err
	}
	return s.setPassword(ctx, who, account, password)
}

// Unlock lets a locked account try again.
func (s *Service) Unlock(ctx context.Context, who Identity, account string) error {
	if err := who.need(directory.AdminAccounts); err != nil {
		return err
	}
	err := s.store.UpdateAccount(ctx, account, func(a directory.Account) (directory.Account, error) {
		a.Failures, a.LockedUntil = 0, time.Time{}
		return a, nil
	})
	if err != nil {
		return fmt.Errorf("unlock account: %w", err)
	}
	return s.Audit(ctx, who, "account.unlock", account, "")
}

// RoleView is a role with what it may do.
type RoleView struct {
	Code        string                                   `json:"code"`
	Label       string                                   `json:"label"`
	Permissions map[directory.Permission]directory.Scope `json:"permissions"`
}

// Roles lists the roles with their permissions and scopes.
func (s *Service) Roles(who Identity) ([]RoleView, error) {
	if err := who.need(directory.AdminAccounts); err != nil {
		return nil, err
	}
	views := []RoleView{}
	for _, term := range tickets.Roles {
		views = append(views, RoleView{Code: term.Code, Label: term.Label, Permissions: directory.Grants[tickets.Role(term.Code)]})
	}
	return views, nil
}

// Seats lists the seats.
func (s *Service) Seats(ctx context.Context, who Identity) ([]directory.Seat, error) {
	if err := who.need(directory.AdminSeats); err != nil {
		return nil, err
	}
	list, err := s.store.Seats(ctx)
	if err != nil {
		return nil, fmt.Errorf("list seats: %w", err)
	}
	return list, nil
}

// SaveSeat creates or changes a seat; a new one gets a generated password for its SIP phone.
func (s *Service) SaveSeat(ctx context.Context, who Identity, seat directory.Seat, create bool) error {
	if err := who.need(directory.AdminSeats); err != nil {
		return err
	}
	if err := seat.Validate(); err != nil {
		return err
	}
	if seat.Account != "" {
		a, err := s.store.Account(ctx, seat.Account)
		if errors.Is(err, ErrNotFound) || err == nil && directory.ScopeOf(a.Roles, directory.FloorSeat) == directory.ScopeNone {
			return fmt.Errorf("%w: account cannot work at a seat", directory.ErrInvalid)
		}
		if err != nil {
			return fmt.Errorf("save seat: %w", err)
		}
	}
	if err := s.store.SaveSeat(ctx, seat, create); err != nil {
		return fmt.Errorf("save seat: %w", err)
	}
	if create {
		if _, err := s.NewSeatPassword(ctx, who, seat.ID); err != nil {
			return err
		}
	}
	return s.Audit(ctx, who, "seat.save", seat.ID, seat.Account)
}

// NewSeatPassword generates a password for the seat's SIP phone and returns it, once.
func (s *Service) NewSeatPassword(ctx context.Context, who Identity, seat string) (string, error) {
	if err := who.need(directory.AdminSeats); err != nil {
		return "", err
	}
	a, err := random()
	if err != nil {
		return "", err
	}
	b, err := random()
	if err != nil {
		return "", err
	}
	password := fmt.Sprintf("%016x%016x", a, b)
	if err := s.store.SetSeatPassword(ctx, seat, password); err != nil {
		return "", fmt.Errorf("set seat's password: %w", err)
	}
	return password, s.Audit(ctx, who, "seat.password", seat, "")
}
