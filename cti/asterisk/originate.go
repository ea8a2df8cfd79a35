package asterisk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

// Originate implements cti.Switch. An answered phone enters the application directly; an
// answered outside number goes through the dialplan, which starts its recording.
func (d *Driver) Originate(ctx context.Context, c cti.Originate) error {
	r := request{op: opLeg("originate", c.Leg), method: http.MethodPost, path: "/channels"}
	if (c.Phone == "") == (c.Number == "") {
		return d.failed(r, cti.ErrRejected, 0, "exactly one of phone and number is wanted")
	}
	if c.Number != "" && !d.allowed(c.Number) {
		d.metrics.refused.Inc()
		return d.failed(r, cti.ErrNotAllowed, 0, "not on the allow-list")
	}
	vars := reportedAll(c.Vars)
	for name, value := range c.Headers {
		if strings.ContainsAny(name+value, "\r\n") {
			return d.failed(r, cti.ErrRejected, 0, "line break in header "+name)
		}
		vars["PJSIP_HEADER(add,"+name+")"] = value
	}
	r.query = url.Values{"channelId": {string(c.Leg)}, "timeout": {wholeSeconds(max(c.Timeout, time.Second))}}
	if c.CallerID != "" || c.Name != "" {
		r.query.Set("callerId", callerID(c.Name, c.CallerID))
	}
	if c.Phone != "" {
		if !plainWord(c.Phone) {
			return d.failed(r, cti.ErrNoPhone, 0, "not a phone's name")
		}
		r.query.Set("endpoint", "PJSIP/"+c.Phone)
		r.query.Set("app", d.cfg.App)
		r.query.Set("appArgs", strings.Join(c.Args, ","))
		vars[varArgs] = reported{argsJSON(c.Args), true} // appArgs would split an argument at its comma
	} else {
		r.query.Set("endpoint", fmt.Sprintf("PJSIP/%s@%s", c.Number, d.cfg.Trunk))
		r.query.Set("context", d.cfg.OutboundContext)
		r.query.Set("extension", "s")
		r.query.Set("priority", "1")
		vars[varLeg] = string(c.Leg)
		vars[varArgs] = reported{argsJSON(c.Args), true}
	}
	r.body = map[string]any{"variables": vars}
	return d.place(ctx, r, c)
}

// place registers the leg before the request, for its events can overtake the answer.
func (d *Driver) place(ctx context.Context, r request, c cti.Originate) error {
	d.mu.Lock()
	_, exists := d.track.legs[c.Leg]
	if !exists {
		d.track.legs[c.Leg] = &legState{originated: true, flagged: map[string]bool{varArgs: true}}
		d.track.legs[c.Leg].flag(c.Vars)
	}
	d.mu.Unlock()
	err := d.do(ctx, r, nil)
	var e *cti.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, cti.ErrUnavailable):
		return err // the leg may come nevertheless
	}
	if !exists {
		d.mu.Lock()
		delete(d.track.legs, c.Leg)
		d.mu.Unlock()
	}
	if !errors.As(err, &e) {
		return err
	}
	if errors.Is(err, cti.ErrGone) {
		e.Kind = cti.ErrRejected // there is no leg yet that could be gone
	}
	noPhone := e.Status == http.StatusInternalServerError // unknown to the switch, or without a contact
	if e.Status == http.StatusConflict && !exists {
		// The switch also says so when the phone is missing and an earlier request of the same
		// thread met a doubled id.
		noPhone = errors.Is(d.do(ctx, request{op: r.op, method: http.MethodGet, path: legPath(c.Leg, "")}, nil), cti.ErrGone)
	}
	if noPhone && c.Phone != "" {
		e.Kind = cti.ErrNoPhone
	}
	return err
}

func (d *Driver) allowed(number string) bool {
	for _, r := range number {
		if (r < '0' || r > '9') && r != '+' {
			return false // whatever the list says: the number becomes part of a SIP address
		}
	}
	for _, re := range d.allow {
		if re.MatchString(number) {
			return true
		}
	}
	return false
}

func argsJSON(args []string) string {
	if args == nil {
		args = []string{}
	}
	b, err := json.Marshal(args)
	if err != nil {
		return "[]" // strings always marshal
	}
	return string(b)
}

// callerID writes a name and number the way the switch reads them.
func callerID(name, number string) string {
	clean := strings.NewReplacer(`"`, "", "<", "", ">", "", "\r", "", "\n", "", `\`, "")
	name, number = clean.Replace(name), clean.Replace(number)
	if name == "" {
		return number
	}
	return fmt.Sprintf(`"%s" <%s>`, name, number)
}

// plainWord tells whether a name can stand in an endpoint, a path or a field unchanged.
func plainWord(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return s != ""
}
