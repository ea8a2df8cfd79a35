package server

import (
	"context"
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/acd/livestate"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web"
)

// house tells the running parts what the administrator changed.
type house struct{ s *Server }

var _ web.Reconfigure = house{}

// Reconfigure implements web.Reconfigure.
func (h house) Reconfigure(ctx context.Context) error {
	queues, err := h.s.desk.Queues(ctx)
	if err != nil {
		return fmt.Errorf("read queues: %w", err)
	}
	engine, named, err := engineConfig(queues)
	if err != nil {
		return err
	}
	if err := h.s.floor.Configure(ctx, engine, named); err != nil {
		return fmt.Errorf("change the floor's queues: %w", err)
	}
	lines, err := h.s.store.Lines(ctx)
	if err != nil {
		return fmt.Errorf("read lines: %w", err)
	}
	h.s.menus.setLines(lines)
	return nil
}

// livestateOf is the floor's state in Redis, under this leader's epoch.
func livestateOf(s *Server) floor.LiveState { return livestate.NewState(s.redis, s.lease.Epoch()) }

// placeOf tells where a number is registered, in Chinese.
func placeOf(number privacy.Phone) service.Place {
	parsed, err := phonenumbers.Parse(string(number), "CN")
	if err != nil {
		return service.Place{}
	}
	var place service.Place
	if where, err := phonenumbers.GetGeocodingForNumber(parsed, "zh"); err == nil && where != "中国" {
		place.Province, place.City, _ = strings.Cut(where, "省")
		if place.City == "" {
			place.Province, place.City = "", where
		} else {
			place.Province += "省"
		}
	}
	if carrier, err := phonenumbers.GetCarrierForNumber(parsed, "zh"); err == nil {
		place.Carrier = carrier
	}
	return place
}
