package service

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// SignInRefused says why nobody was signed in.
type SignInRefused struct {
	Code            string // bad_credentials, locked, no_role
	CaptchaRequired bool
	LockedUntil     time.Time
}

func (r *SignInRefused) Error() string { return "sign-in refused: " + r.Code }

// Codes of a refused sign-in.
const (
	RefusedCredentials = "bad_credentials"
	RefusedLocked      = "locked"
	RefusedNoRole      = "no_role"
)

// CaptchaNeeded tells whether the next try of the account has to solve a captcha. An unknown
// account never needs one by itself, so that it can't be told apart before the first try.
func (s *Service) CaptchaNeeded(ctx context.Context, account string) (bool, error) {
	a, err := s.store.Account(ctx, account)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read account: %w", err)
	}
	return s.captchaAfter > 0 && a.Failures >= s.captchaAfter, nil
}

// SignIn checks the password. Wrong ones are counted and lock the account by policy; while it
// is locked even the right one is refused. *SignInRefused.
func (s *Service) SignIn(ctx context.Context, account, password, remote string) (Identity, error) {
	now := s.clock()
	a, err := s.store.Account(ctx, account)
	if errors.Is(err, ErrNotFound) || err == nil && (a.Disabled || s.barred[a.Name]) {
		_ = directory.SpendPasswordTime(password)
		return Identity{}, &SignInRefused{Code: RefusedCredentials}
	}
	if err != nil {
		return Identity{}, fmt.Errorf("sign in: %w", err)
	}
	if a.Locked(now) {
		return Identity{}, &SignInRefused{Code: RefusedLocked, CaptchaRequired: true, LockedUntil: a.LockedUntil}
	}
	checked := directory.CheckPassword(password, a.PasswordHash)
	if checked != nil && !errors.Is(checked, directory.ErrBadPassword) {
		return Identity{}, fmt.Errorf("sign in: %w", checked)
	}
	var after directory.Account
	err = s.store.UpdateAccount(ctx, account, func(a directory.Account) (directory.Account, error) {
		if checked != nil {
			after = a.Failed(s.lock, now)
		} else {
			after = a.Succeeded(now)
		}
		return after, nil
	})
	if err != nil {
		return Identity{}, fmt.Errorf("sign in: %w", err)
	}
	who := Identity{Account: account, Remote: remote}
	if checked != nil {
		refused := &SignInRefused{Code: RefusedCredentials, CaptchaRequired: s.captchaAfter > 0 && after.Failures >= s.captchaAfter}
		act := "session.failed"
		if after.Locked(now) {
			refused.Code, refused.LockedUntil, refused.CaptchaRequired, act = RefusedLocked, after.LockedUntil, true, "session.locked"
		}
		return Identity{}, errors.Join(refused, s.Audit(ctx, who, act, account, ""))
	}
	if len(a.Roles) == 0 {
		return Identity{}, &SignInRefused{Code: RefusedNoRole}
	}
	if err := s.Audit(ctx, who, "session.begin", account, ""); err != nil {
		return Identity{}, err
	}
	return s.Identity(ctx, account)
}

// Identity reads an account's roles, seat and unit afresh. A disabled or barred account or one
// without a role is ErrNotFound.
func (s *Service) Identity(ctx context.Context, account string) (Identity, error) {
	a, err := s.store.Account(ctx, account)
	if err != nil {
		return Identity{}, fmt.Errorf("read account: %w", err)
	}
	if a.Disabled || s.barred[a.Name] || len(a.Roles) == 0 {
		return Identity{}, fmt.Errorf("account %s: %w", account, ErrNotFound)
	}
	who := Identity{Account: a.Name, Name: a.PersonName, PasswordAt: a.PasswordAt, Roles: a.Roles, Permissions: directory.Permissions(a.Roles, a.Rights...)}
	who.rights = a.Rights
	if seat, err := s.store.SeatOf(ctx, account); err == nil {
		who.Seat = seat.ID
	} else if !errors.Is(err, ErrNotFound) {
		return Identity{}, fmt.Errorf("read seat: %w", err)
	}
	if a.UnitID != "" {
		units, err := s.house.all(ctx)
		if err != nil {
			return Identity{}, fmt.Errorf("read unit: %w", err)
		}
		if i := slices.IndexFunc(units, func(u directory.Unit) bool { return u.ID == a.UnitID }); i >= 0 {
			who.Unit = &UnitRef{ID: units[i].ID, Name: units[i].Name}
		}
	}
	return who, nil
}

// ChangePassword sets the asker's own password. directory.ErrBadPassword, ErrWeakPassword.
func (s *Service) ChangePassword(ctx context.Context, who Identity, old, fresh string) error {
	a, err := s.store.Account(ctx, who.Account)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if err := directory.CheckPassword(old, a.PasswordHash); err != nil {
		return err
	}
	return s.setPassword(ctx, who, who.Account, fresh)
}

func (s *Service) setPassword(ctx context.Context, who Identity, account, password string) error {
	hash, err := directory.HashPassword(password)
	if err != nil {
		return err
	}
	err = s.store.UpdateAccount(ctx, account, func(a directory.Account) (directory.Account, error) {
		a.PasswordHash, a.Failures, a.LockedUntil, a.PasswordAt = hash, 0, time.Time{}, s.clock()
		return a, nil
	})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return s.Audit(ctx, who, "account.password", account, "")
}

const tokenPrefix = "hl_"

// CreateToken makes an API token for an account; the secret is shown once and kept nowhere.
// A zero expires never ends.
func (s *Service) CreateToken(ctx context.Context, who Identity, account, label string, expires time.Time) (Token, string, error) {
	if _, err := s.Identity(ctx, account); err != nil {
		return Token{}, "", err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return Token{}, "", fmt.Errorf("make token: %w", err)
	}
	secret := tokenPrefix + base64.RawURLEncoding.EncodeToString(raw)
	token := Token{ID: uuid.NewString(), Account: account, Label: label, CreatedAt: s.clock(), ExpiresAt: expires}
	if err := s.store.SaveToken(ctx, token, s.keys.Digest("token", secret)); err != nil {
		return Token{}, "", fmt.Errorf("make token: %w", err)
	}
	return token, secret, s.Audit(ctx, who, "token.create", token.ID, account)
}

// IdentityByToken finds whose token the secret is. ErrNotFound: unknown, ended or revoked.
func (s *Service) IdentityByToken(ctx context.Context, secret string) (Identity, error) {
	account, err := s.store.TokenAccount(ctx, s.keys.Digest("token", secret), s.clock())
	if err != nil {
		return Identity{}, fmt.Errorf("read token: %w", err)
	}
	return s.Identity(ctx, account)
}

// Tokens lists an account's tokens; the empty account lists all.
func (s *Service) Tokens(ctx context.Context, account string) ([]Token, error) {
	list, err := s.store.Tokens(ctx, account)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return list, nil
}

// RevokeToken ends a token at once.
func (s *Service) RevokeToken(ctx context.Context, who Identity, id string) error {
	if err := s.store.RevokeToken(ctx, id, s.clock()); err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	return s.Audit(ctx, who, "token.revoke", id, "")
}

// Card is a person to sign in as, for the demo's first page.
type Card struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Role    string `json:"role"`
	Unit    string `json:"unit,omitempty"`
}

// Cards lists the people who can sign in, in the order of the roles. Only the demo may show it.
func (s *Service) Cards(ctx context.Context) ([]Card, error) {
	list, err := s.store.Accounts(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	units, err := s.store.Units(ctx)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	names := map[string]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	cards := []Card{}
	for _, term := range tickets.Roles {
		for _, a := range list {
			if !a.Disabled && len(a.Roles) > 0 && string(a.Roles[0]) == term.Code {
				cards = append(cards, Card{Account: a.Name, Name: a.PersonName, Role: term.Label, Unit: names[a.UnitID]})
			}
		}
	}
	return cards, nil
}
