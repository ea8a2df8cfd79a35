package asterisk

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"github.com/open12345/hotline/cti"
)

func bridgePath(id cti.BridgeID, rest string) string { return "/bridges/" + seg(string(id)) + rest }

func opBridge(what string, id cti.BridgeID) string { return fmt.Sprintf("%s bridge %s", what, id) }

// CreateBridge implements cti.Switch. The music of a holding bridge runs from its creation.
func (d *Driver) CreateBridge(ctx context.Context, id cti.BridgeID, kind cti.BridgeKind) error {
	err := d.do(ctx, request{op: opBridge("create", id), method: http.MethodPost, path: bridgePath(id, ""),
		query: url.Values{"type": {string(kind)}}}, nil)
	if err != nil && !conflict(err) {
		return err
	}
	if kind != cti.Holding {
		return nil
	}
	// Started again for one that exists already: whoever made it may have died between.
	return d.do(ctx, request{op: opBridge("music in", id), method: http.MethodPost, path: bridgePath(id, "/moh")}, nil)
}

// Join implements cti.Switch.
func (d *Driver) Join(ctx context.Context, id cti.BridgeID, leg cti.LegID) error {
	if err := d.stopSounds(ctx, leg); err != nil {
		return err
	}
	return d.do(ctx, request{op: opBridge(fmt.Sprintf("move leg %s into", leg), id), method: http.MethodPost, path: bridgePath(id, "/addChannel"),
		query: url.Values{"channel": {string(leg)}}}, nil)
}

// Leave implements cti.Switch.
func (d *Driver) Leave(ctx context.Context, id cti.BridgeID, leg cti.LegID) error {
	if err := d.stopSounds(ctx, leg); err != nil {
		return err
	}
	return unlessGone(d.do(ctx, request{op: opBridge(fmt.Sprintf("take leg %s out of", leg), id), method: http.MethodPost, path: bridgePath(id, "/removeChannel"),
		query: url.Values{"channel": {string(leg)}}}, nil))
}

// DestroyBridge implements cti.Switch.
func (d *Driver) DestroyBridge(ctx context.Context, id cti.BridgeID) error {
	return unlessGone(d.do(ctx, request{op: opBridge("destroy", id), method: http.MethodDelete, path: bridgePath(id, "")}, nil))
}

// List implements cti.Switch.
func (d *Driver) List(ctx context.Context) (cti.Picture, error) {
	d.mu.Lock()
	before := d.track.ids()
	d.mu.Unlock()
	var channels []channel
	if err := d.do(ctx, request{op: "list legs", method: http.MethodGet, path: "/channels"}, &channels); err != nil {
		return cti.Picture{}, err
	}
	var bridges []ari.BridgeData
	if err := d.do(ctx, request{op: "list bridges", method: http.MethodGet, path: "/bridges"}, &bridges); err != nil {
		return cti.Picture{}, err
	}
	var pic cti.Picture
	d.mu.Lock()
	for _, c := range channels {
		l := d.track.leg(c)
		pic.Legs = append(pic.Legs, l)
		d.track.adopt(l, c)
	}
	d.track.keepOnly(pic.Legs, before, time.Now())
	d.mu.Unlock()
	for _, b := range bridges {
		if strings.HasPrefix(b.Class, "stasis") {
			br := cti.Bridge{ID: cti.BridgeID(b.ID), Kind: cti.BridgeKind(b.Type)}
			for _, m := range b.ChannelIDs {
				br.Members = append(br.Members, cti.LegID(m))
			}
			pic.Bridges = append(pic.Bridges, br)
		}
	}
	for _, c := range channels {
		name := c.Vars[varLive]
		if name == "" {
			continue
		}
		err := d.do(ctx, request{op: "look for recording " + name, method: http.MethodGet, path: "/recordings/live/" + seg(name)}, nil)
		if err == nil {
			pic.Recordings = append(pic.Recordings, name)
		} else if unlessGone(err) != nil {
			return cti.Picture{}, err
		}
	}
	return pic, nil
}
