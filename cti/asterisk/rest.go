package asterisk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/open12345/hotline/cti"
)

// request is one ARI request.
type request struct {
	op     string // for errors: "answer leg x"
	method string
	path   string // below /ari, escaped
	query  url.Values
	body   any
	admin  bool // as the user of ari.conf, not as this leader
}

// do sends a request and decodes its answer into out, which may be nil. The error is a *cti.Error.
func (d *Driver) do(ctx context.Context, r request, out any) error {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.RequestTimeout)
	defer cancel()
	began := time.Now()
	resp, err := d.send(ctx, d.http, r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	d.metrics.latency.Observe(time.Since(began).Seconds())
	if err != nil {
		return d.failed(r, cti.ErrUnavailable, 0, err.Error())
	}
	if resp.StatusCode/100 != 2 {
		return d.refused(r, resp.StatusCode, body)
	}
	d.metrics.requests.WithLabelValues("ok").Inc()
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return d.failed(r, cti.ErrRejected, resp.StatusCode, "unreadable answer: "+err.Error())
	}
	return nil
}

// send sends the request; the caller closes the body of the answer.
func (d *Driver) send(ctx context.Context, client *http.Client, r request) (*http.Response, error) {
	if d.fenced.Load() && !r.admin {
		return nil, d.failed(r, cti.ErrRejected, http.StatusUnauthorized, "another server took over")
	}
	var body io.Reader
	if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return nil, d.failed(r, cti.ErrRejected, 0, err.Error())
		}
		body = bytes.NewReader(b)
	}
	target := strings.TrimSuffix(d.cfg.URL, "/") + "/ari" + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	q, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, d.failed(r, cti.ErrRejected, 0, err.Error())
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if r.admin {
		q.SetBasicAuth(d.cfg.AdminUser, d.cfg.AdminPassword)
	} else {
		q.SetBasicAuth(d.user, d.password)
	}
	resp, err := client.Do(q)
	if err != nil {
		return nil, d.failed(r, cti.ErrUnavailable, 0, err.Error())
	}
	return resp, nil
}

// refused makes the error of an answer other than 2xx.
func (d *Driver) refused(r request, status int, body []byte) error {
	text := answerText(body)
	if status == http.StatusUnauthorized && !r.admin {
		// Fenced off, or the switch was restarted and forgot us: the connection loop finds out.
		d.dropSocket()
	}
	return d.failed(r, kindOf(status, text), status, text)
}

func (d *Driver) failed(r request, kind error, status int, text string) error {
	outcome := map[error]string{cti.ErrGone: "gone", cti.ErrUnavailable: "unavailable"}[kind]
	if outcome == "" {
		outcome = "rejected"
	}
	d.metrics.requests.WithLabelValues(outcome).Inc()
	return &cti.Error{Op: r.op, Status: status, Body: text, Kind: kind}
}

// answerText takes the switch's own words out of its answer.
func answerText(body []byte) string {
	var m struct{ Message, Error string }
	if json.Unmarshal(body, &m) == nil && m.Message+m.Error != "" {
		return m.Message + m.Error
	}
	if len(body) > 200 {
		body = body[:200]
	}
	return string(body)
}

// rejections are answers of 409 and 422 that don't mean that the leg is gone.
var rejections = []string{"already exists", "currently recording", "currently bridged", "unknown on this system", "can not be overwritten"}

// kindOf says what a status of the switch means to us: any of 404, 409, 412 and 422 can come
// at any moment because a leg has just hung up.
func kindOf(status int, text string) error {
	switch status {
	case http.StatusBadRequest:
		if strings.Contains(strings.ToLower(text), "not found") {
			return cti.ErrGone
		}
		return cti.ErrRejected
	case http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity:
		for _, r := range rejections {
			if strings.Contains(text, r) {
				return cti.ErrRejected
			}
		}
		return cti.ErrGone
	case http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		return cti.ErrUnavailable
	}
	return cti.ErrRejected
}

// unlessGone drops the errors that say that what should end has ended already.
func unlessGone(err error) error {
	if errors.Is(err, cti.ErrGone) {
		return nil
	}
	return err
}

// conflict tells whether the switch answered 409: what should be made exists.
func conflict(err error) bool {
	var e *cti.Error
	return errors.As(err, &e) && e.Status == http.StatusConflict
}

func seg(id string) string { return url.PathEscape(id) }

func legPath(leg cti.LegID, rest string) string { return "/channels/" + seg(string(leg)) + rest }

func opLeg(what string, leg cti.LegID) string { return fmt.Sprintf("%s leg %s", what, leg) }
