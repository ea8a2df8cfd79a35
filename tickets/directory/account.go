package directory

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/open12345/hotline/tickets"
)

// Errors of accounts.
var (
	// ErrWeakPassword is a password too short to be set.
	ErrWeakPassword = errors.New("password has fewer than 10 characters")
	// ErrBadPassword is a password that doesn't fit.
	ErrBadPassword = errors.New("wrong password")
)

const shortestPassword = 10

// Account is a person who can sign in. Without a role it can do nothing.
type Account struct {
	Name         string // sign-in name: 8001, banzhang, pt-xxb
	PersonName   string
	UnitID       string
	Roles        []tickets.Role
	Rights       []Permission // held beside those of the roles; of Grantable only
	PasswordHash string
	Failures     int       // wrong passwords in a row
	LockedUntil  time.Time // zero: not locked
	Disabled     bool
	Mobile       string // in clear; sealed at rest
	CreatedAt    time.Time
	LastSignIn   time.Time
	PasswordAt   time.Time // when the password was set: sessions begun before have ended
}

// LockPolicy says when wrong passwords lock an account.
type LockPolicy struct {
	After int // failures in a row; 0: never
	For   time.Duration
}

// Locked tells whether the account may not sign in at now.
func (a Account) Locked(now time.Time) bool { return now.Before(a.LockedUntil) }

// Failed counts a wrong password and locks the account when it was one too many.
func (a Account) Failed(p LockPolicy, now time.Time) Account {
	a.Failures++
	if p.After > 0 && a.Failures >= p.After {
		a.LockedUntil = now.Add(p.For)
		a.Failures = 0
	}
	return a
}

// Succeeded forgets earlier failures.
func (a Account) Succeeded(now time.Time) Account {
	a.Failures, a.LockedUntil, a.LastSignIn = 0, time.Time{}, now
	return a
}

// passwordParams cost about 50 ms and 32 MiB a try on one core.
var passwordParams = &argon2id.Params{Memory: 32 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashPassword makes the stored form of a password. ErrWeakPassword.
func HashPassword(password string) (string, error) {
	if utf8.RuneCountInString(password) < shortestPassword {
		return "", ErrWeakPassword
	}
	hash, err := argon2id.CreateHash(password, passwordParams)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// CheckPassword compares a password with its stored form. ErrBadPassword.
func CheckPassword(password, hash string) error {
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return fmt.Errorf("check password: %w", err)
	}
	if !ok {
		return ErrBadPassword
	}
	return nil
}

// absentHash is compared with when there is no such account, so that the answer takes as long.
const absentHash = "$argon2id$v=19$m=32768,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// SpendPasswordTime takes the time of a comparison and always fails.
func SpendPasswordTime(password string) error {
	if err := CheckPassword(password, absentHash); err != nil {
		return ErrBadPassword
	}
	return ErrBadPassword
}
