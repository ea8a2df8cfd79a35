package service

import (
	"context"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/message"
	"github.com/open12345/hotline/tickets/privacy"
)

// NoticeStore keeps what people are told.
type NoticeStore interface {
	// ExpandNotices takes up to limit notices of the outbox that are due, asks fn for what each
	// becomes, and keeps that with the notice's end in one transaction. It returns how many it took.
	ExpandNotices(ctx context.Context, now time.Time, limit int, fn func(context.Context, DueNotice) (Expansion, error)) (int, error)
	// Recipients lists who is meant: everybody who can sign in and holds the role, is a clerk or
	// leader of the unit, or a leader of it.
	Recipients(ctx context.Context, to tickets.Recipient) ([]Person, error)
	// ClaimMessages takes up to limit messages whose next try is due and marks them as being sent
	// until the lease ends: after it they are due again, under the same key.
	ClaimMessages(ctx context.Context, now, lease time.Time, limit int) ([]OutMessage, error)
	// SettleMessage notes what became of a try.
	SettleMessage(ctx context.Context, id string, end MessageEnd) error
	// Receipt notes what the gateway says of a message, by its id or our key. ErrNotFound.
	Receipt(ctx context.Context, gatewayID, key string, delivered bool, detail string, now time.Time) error
	// SentThisMonth counts the short messages to the account since.
	SentThisMonth(ctx context.Context, account string, since time.Time) (int, error)
	// Messages lists what left or waits, newest first.
	Messages(ctx context.Context, f MessageFilter) (list []MessageRecord, next string, err error)

	StaffNotices(ctx context.Context, account string, unread bool, p Paging) (list []StaffNotice, next string, count int, err error)
	// ReadNotices marks the account's notices as read; no ids: all.
	ReadNotices(ctx context.Context, account string, ids []string, now time.Time) error

	MessageTemplates(ctx context.Context) ([]StoredTemplate, error)
	SaveMessageTemplate(ctx context.Context, t StoredTemplate) error
	DeleteMessageTemplate(ctx context.Context, a message.Audience, kind tickets.NoticeKind) error
}

// DueNotice is a notice of the outbox whose time has come.
type DueNotice struct {
	ID     string
	Key    string
	Ticket string // id; empty: of none
	tickets.Notice
	At time.Time
}

// Expansion is what a notice becomes.
type Expansion struct {
	Messages []NewMessage
	Staff    []StaffNotice
	Ring     string // unit whose duty phone is rung
	Dropped  string // why nobody is told
}

// NewMessage is a message to be sent.
type NewMessage struct {
	message.Message
	Account string
	State   message.State // waiting, or over quota
}

// OutMessage is a message that was claimed.
type OutMessage struct {
	ID    string
	Tries int // this one included
	message.Message
}

// MessageEnd is what became of a try.
type MessageEnd struct {
	State     message.State
	GatewayID string
	Error     string
	At        time.Time
	NextTry   time.Time // of a waiting one
}

// MessageFilter narrows the list of messages.
type MessageFilter struct {
	Paging
	Ticket string // id
	State  message.State
	From   time.Time
	To     time.Time
}

// MessageRecord is a message as a list shows it; the text's links are taken out.
type MessageRecord struct {
	ID          string          `json:"id"`
	Ticket      string          `json:"ticket,omitempty"`
	Number      string          `json:"number,omitempty"`
	Account     string          `json:"account,omitempty"`
	Channel     message.Channel `json:"channel"`
	ToMasked    string          `json:"to_masked"`
	Text        string          `json:"text"`
	State       message.State   `json:"state"`
	Tries       int             `json:"tries"`
	Error       string          `json:"error,omitempty"`
	At          time.Time       `json:"at"`
	SentAt      time.Time       `json:"sent_at,omitzero"`
	DeliveredAt time.Time       `json:"delivered_at,omitzero"`
}

// StaffNotice is a notice in one person's pages.
type StaffNotice struct {
	ID      string             `json:"id"`
	Account string             `json:"-"`
	Kind    tickets.NoticeKind `json:"kind"`
	Ticket  string             `json:"ticket,omitempty"`
	Title   string             `json:"title"`
	Text    string             `json:"text"`
	At      time.Time          `json:"at"`
	ReadAt  time.Time          `json:"read_at,omitzero"`
}

// StoredTemplate is a template put in place of the file's.
type StoredTemplate struct {
	Audience message.Audience
	Kind     tickets.NoticeKind
	message.Template
	By string
	At time.Time
}

// Person is somebody of the staff who can be told.
type Person struct {
	Account string
	Name    string
	Mobile  privacy.Phone
	Email   string
	Quota   int // short messages a month; 0: the city's default
}
