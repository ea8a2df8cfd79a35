package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

const sipRealm = "asterisk"

// phoneKeeper puts a phone on every node and keeps it there.
type phoneKeeper interface {
	PutPhone(ctx context.Context, p cti.Phone) error
}

// phones makes secrets for browser phones.
type phones struct{ keeper phoneKeeper }

var _ web.PhoneSecrets = phones{}

// SeatPhone implements web.PhoneSecrets.
func (p phones) SeatPhone(ctx context.Context, seat string) (web.PhoneSecret, error) {
	return p.make(ctx, cti.Phone{ID: "w" + seat, Browser: true, CallerID: seat})
}

// make puts the browser phone on every node with a secret that nobody had before.
func (p phones) make(ctx context.Context, phone cti.Phone) (web.PhoneSecret, error) {
	raw := make([]byte, 24)
	if _, err := rand.Read(raw); err != nil {
		return web.PhoneSecret{}, fmt.Errorf("draw a secret: %w", err)
	}
	phone.HA1 = service.HA1(phone.ID, sipRealm, base64.RawURLEncoding.EncodeToString(raw))
	if err := p.keeper.PutPhone(ctx, phone); err != nil {
		return web.PhoneSecret{}, fmt.Errorf("put phone %s: %w", phone.ID, err)
	}
	return web.PhoneSecret{User: phone.ID, Realm: sipRealm, HA1: phone.HA1, URI: "sip:" + phone.ID + "@hotline", WSPath: "/sip"}, nil
}
