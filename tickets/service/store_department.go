package service

import (
	"context"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// DepartmentStore keeps what a unit's own leader looks after.
type DepartmentStore interface {
	// UnitDetails reads 部门信息. ErrNotFound.
	UnitDetails(ctx context.Context, unit string) (UnitDetails, error)
	SaveUnitDetails(ctx context.Context, d UnitDetails) error
	// PeopleOf lists the accounts of the units, those deleted left out.
	PeopleOf(ctx context.Context, units []string) ([]PersonRecord, error)
	// PersonExtras reads and saves what an account has beside directory.Account.
	PersonExtras(ctx context.Context, account string) (PersonExtras, error)
	SavePersonExtras(ctx context.Context, account string, x PersonExtras) error
	// DeletePerson disables the account for good.
	DeletePerson(ctx context.Context, account string, at time.Time) error
	// OpenWorkOf counts the open tickets and legs that the account has in hand.
	OpenWorkOf(ctx context.Context, account string) (int, error)
	// TryAnswer locks the account's security question, lets fn judge and saves the count.
	TryAnswer(ctx context.Context, account string, fn func(SecurityQuestion) (SecurityQuestion, error)) error
}

// AnnouncementStore keeps 公告.
type AnnouncementStore interface {
	SaveAnnouncement(ctx context.Context, a Announcement, create bool) error
	Announcement(ctx context.Context, id string) (Announcement, error)
	// Announcements lists, newest first: for an account those that it may see now, else all.
	Announcements(ctx context.Context, f AnnouncementFilter) ([]Announcement, error)
	ReadAnnouncement(ctx context.Context, id string, version int, account string, at time.Time) error
	// Readers lists who is meant, and when each read the version.
	Readers(ctx context.Context, a Announcement) ([]Reader, error)
}

// UnitDetails is a unit with its 部门信息.
type UnitDetails struct {
	directory.Unit
	District string             `json:"district"`
	Info     directory.UnitInfo `json:"info"`
	Rota     directory.Rota     `json:"rota"`
}

// PersonRecord is an account of a unit.
type PersonRecord struct {
	directory.Account
	PersonExtras
}

// PersonExtras is what an account has beside directory.Account.
type PersonExtras struct {
	Quota    int
	Email    string
	Question string
	Answered bool // an answer is kept
}

// SecurityQuestion is a security question with the count of wrong answers.
type SecurityQuestion struct {
	Text        string
	AnswerHash  string
	Failures    int
	LockedUntil time.Time
	Unit        string
	Disabled    bool
}

// Announcement is one 公告.
type Announcement struct {
	ID          string         `json:"id"`
	Version     int            `json:"version"`
	Title       string         `json:"title"`
	Text        string         `json:"text"`
	Audience    string         `json:"audience"` // all, hotline, units, chosen
	Units       []string       `json:"units"`
	Roles       []tickets.Role `json:"roles"`
	From        time.Time      `json:"from"`
	To          time.Time      `json:"to,omitzero"`
	MustConfirm bool           `json:"must_confirm"`
	By          string         `json:"by"`
	ByName      string         `json:"by_name"`
	At          time.Time      `json:"at"`
	WithdrawnAt time.Time      `json:"withdrawn_at,omitzero"`
	ReadAt      time.Time      `json:"read_at,omitzero"` // by the asker, of this version
	Read        int            `json:"read"`             // how many have, for who writes them
}

// AnnouncementFilter says whose announcements are listed.
type AnnouncementFilter struct {
	Account string // whose reading is told
	Unit    string
	Roles   []tickets.Role
	All     bool // also those not meant for the account, past and withdrawn
	Now     time.Time
}

// Reader is somebody an announcement is meant for.
type Reader struct {
	Account string    `json:"account"`
	Name    string    `json:"name"`
	Unit    string    `json:"unit"`
	ReadAt  time.Time `json:"read_at,omitzero"`
}
