package asterisk

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

// realm of every phone's digest: HA1 = MD5(user:asterisk:secret).
const realm = "asterisk"

var ha1Pattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

func pjsip(kind, id string) string {
	return "/asterisk/config/dynamic/res_pjsip/" + kind + "/" + seg(id)
}

// PutPhone implements cti.Switch. The order is the switch's: an endpoint needs its auth and AOR.
// An AOR that is as it should be is left alone: the switch loses the link between the AOR and
// the endpoint's state when it is put again, and never more tells that the phone went away.
func (d *Driver) PutPhone(ctx context.Context, p cti.Phone) error {
	op := "put phone " + p.ID
	if !plainWord(p.ID) || p.ID == d.cfg.Trunk || !ha1Pattern.MatchString(p.HA1) {
		return d.failed(request{op: op}, cti.ErrRejected, 0, "a phone has a plain name and an HA1 of 32 hexadecimal digits")
	}
	put := func(kind string, pairs []string) error {
		return d.do(ctx, request{op: op + ": " + kind, method: http.MethodPut, path: pjsip(kind, p.ID), body: fields(pairs...)}, nil)
	}
	if err := put("auth", []string{"auth_type", "digest", "username", p.ID, "password_digest", "MD5:" + p.HA1, "realm", realm}); err != nil {
		return err
	}
	aor := []string{"max_contacts", "1", "remove_existing", "yes", "remove_unavailable", "yes", "minimum_expiration", "10",
		"default_expiration", "60", "maximum_expiration", wholeSeconds(d.cfg.MaxRegistration), "qualify_frequency", "0"}
	is, err := d.pushed(ctx, op, pjsip("aor", p.ID))
	if err != nil {
		return err
	}
	if !hasFields(is, aor) {
		if is != nil {
			if err := d.removePhone(ctx, p.ID, "endpoint", "aor"); err != nil {
				return err
			}
		}
		if err := put("aor", aor); err != nil {
			return err
		}
	}
	return put("endpoint", d.endpoint(p))
}

// pushed reads an object of push configuration, nil if there is none.
func (d *Driver) pushed(ctx context.Context, op, path string) (map[string]string, error) {
	var list []struct{ Attribute, Value string }
	err := d.do(ctx, request{op: op, method: http.MethodGet, path: path}, &list)
	if err != nil {
		return nil, unlessGone(err)
	}
	is := make(map[string]string, len(list))
	for _, f := range list {
		is[f.Attribute] = f.Value
	}
	return is, nil
}

func hasFields(is map[string]string, want []string) bool {
	if is == nil {
		return false
	}
	boolean := strings.NewReplacer("yes", "true", "no", "false")
	for i := 0; i+1 < len(want); i += 2 {
		if is[want[i]] != boolean.Replace(want[i+1]) {
			return false
		}
	}
	return true
}

// endpoint has the settings of telephony practice: no media between phones directly, timers on
// media so that a vanished phone's leg ends, keys as RFC 4733 events.
func (d *Driver) endpoint(p cti.Phone) []string {
	dialContext := d.cfg.SeatContext
	if p.Citizen {
		dialContext = d.cfg.TrunkContext
	}
	pairs := []string{
		"auth", p.ID, "aors", p.ID, "context", dialContext, "direct_media", "no", "dtmf_mode", "rfc4733",
		"identify_by", "username", "allow_transfer", "no", "allow_subscribe", "no", "send_pai", "yes",
		// The desktop shows who is there; the phone needs no re-INVITE in the middle of a call for it.
		"send_connected_line", "no", "rtp_timeout_hold", "300",
	}
	if d.cfg.MediaAddress != "" {
		pairs = append(pairs, "media_address", d.cfg.MediaAddress)
	}
	if p.CallerID != "" {
		pairs = append(pairs, "callerid", callerID(p.ID, p.CallerID))
	}
	if p.Browser {
		// Nothing above 8 kHz, so no Opus: one wideband leg lifts the whole bridge to its rate, and the
		// switch's stereo recorder then writes a sixth of each frame into a file of 8 kHz. The trunk
		// is G.711, so nothing is lost.
		pairs = append(pairs, "transport", d.cfg.BrowserTransport, "webrtc", "yes", "dtls_auto_generate_cert", "yes", "allow", "!all,alaw,ulaw",
			"rtp_timeout", timeout(d.cfg.BrowserRTPTimeout))
	} else {
		// No transport: a SIP phone is answered where it came from, UDP or TCP.
		pairs = append(pairs, "allow", "!all,alaw,ulaw", "rtp_symmetric", "yes", "force_rport", "yes", "rewrite_contact", "yes",
			"rtp_timeout", timeout(d.cfg.SIPRTPTimeout))
	}
	return pairs
}

func timeout(d time.Duration) string { return wholeSeconds(max(d, 0)) }

// RemovePhone implements cti.Switch.
func (d *Driver) RemovePhone(ctx context.Context, id string) error {
	if err := d.removePhone(ctx, id, "endpoint", "aor", "auth"); err != nil {
		return err
	}
	d.mu.Lock()
	events := d.track.phone(id, false, time.Now())
	delete(d.track.phones, id)
	d.mu.Unlock()
	if len(events) > 0 && !d.queue.put(events...) {
		d.dropSocket()
	}
	return nil
}

// removePhone removes the phone's registrations and then the named objects.
func (d *Driver) removePhone(ctx context.Context, id string, kinds ...string) error {
	contacts, err := d.contacts(ctx, id)
	if err != nil {
		return err
	}
	var paths []string
	for _, c := range contacts {
		paths = append(paths, pjsip("contact", c))
	}
	for _, k := range kinds {
		paths = append(paths, pjsip(k, id))
	}
	for _, p := range paths {
		if err := unlessGone(d.do(ctx, request{op: "remove phone " + id, method: http.MethodDelete, path: p}, nil)); err != nil {
			return err
		}
	}
	return nil
}

// contacts lists the ids of a phone's registrations.
func (d *Driver) contacts(ctx context.Context, id string) ([]string, error) {
	lines, err := d.amiList(ctx, "list contacts of phone "+id, "PJSIPShowContacts", "ContactListComplete")
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, l := range lines {
		if name, ok := strings.CutPrefix(l, "ObjectName: "); ok && strings.HasPrefix(name, id+";") {
			ids = append(ids, name)
		}
	}
	return ids, nil
}

// Phones implements cti.Switch.
func (d *Driver) Phones(ctx context.Context) (map[string]bool, error) {
	var endpoints []struct{ Resource, State string }
	if err := d.do(ctx, request{op: "list phones", method: http.MethodGet, path: "/endpoints/PJSIP"}, &endpoints); err != nil {
		return nil, err
	}
	phones := map[string]bool{}
	for _, e := range endpoints {
		if e.Resource != d.cfg.Trunk {
			phones[e.Resource] = e.State == "online"
		}
	}
	return phones, nil
}

// checkTransport makes sure that browsers' phones have a transport: the switch accepts any
// name for one without a word.
func (d *Driver) checkTransport(ctx context.Context) error {
	lines, err := d.Command(ctx, "pjsip show transports")
	if err != nil {
		return err
	}
	for _, l := range lines {
		// "Transport:  transport-ws   ws   0   0  127.0.0.1:5060"
		if f := strings.Fields(l); len(f) > 1 && f[0] == "Transport:" && f[1] == d.cfg.BrowserTransport {
			return nil
		}
	}
	return fmt.Errorf("the switch has no transport %q for browsers' phones", d.cfg.BrowserTransport)
}
