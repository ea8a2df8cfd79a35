package testcall

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// renewal is the peer's re-INVITE that waits for its ACK.
type renewal struct {
	sequence uint32
	acked    chan struct{}
}

// reinvited answers a re-INVITE: hold, resume, a new address, a session refresh
// (RFC 3261 §14.2, RFC 4028).
func (c *Call) reinvited(req *sip.Request, tx sip.ServerTransaction) {
	if c.State() != StateAnswered {
		c.phone.reply(req, tx, sip.StatusRequestTerminated, "Not In A Call")
		return
	}
	body, status := c.renewed(req.Body())
	if status != sip.StatusOK {
		c.phone.reply(req, tx, status, "Not Acceptable Here")
		return
	}
	acked := make(chan struct{})
	c.mu.Lock()
	if contact := req.Contact(); contact != nil {
		c.dialog.target = *contact.Address.Clone()
	}
	c.renewal = renewal{req.CSeq().SeqNo, acked}
	c.mu.Unlock()
	res := sip.NewSDPResponseFromRequest(req, body)
	res.AppendHeader(c.phone.contact())
	c.keepSession(req, res)
	for interval := sip.T1; interval <= sip.T2; interval *= 2 {
		if err := tx.Respond(res); err != nil {
			c.phone.log.Debug("answering a re-INVITE", "call", c.ID(), "error", err)
			return
		}
		select {
		case <-acked:
			return
		case <-c.ended:
			return
		case <-c.phone.ctx.Done():
			return
		case <-time.After(interval):
		}
	}
}

// renewed applies the peer's new offer and gives our answer to it; without an
// offer it makes one.
func (c *Call) renewed(offer []byte) (body []byte, status int) {
	c.mu.Lock()
	c.version++
	held := c.held
	c.mu.Unlock()
	if len(offer) == 0 {
		return c.localSession(c.codecs, eventPayloadType, sendRecv), sip.StatusOK
	}
	remote, err := parseSession(offer)
	if err != nil {
		return nil, sip.StatusNotAcceptableHere
	}
	codec, err := commonCodec(remote.codecs, c.codecs)
	if err != nil {
		return nil, sip.StatusNotAcceptableHere
	}
	sense := remote.sense.mirror()
	if held {
		sense = inactive
	}
	c.media.connect(remote.addr, codec, remote.events, sense)
	return c.localSession([]Codec{codec}, remote.events, sense), sip.StatusOK
}

func (p *Phone) onUpdate(req *sip.Request, tx sip.ServerTransaction) {
	c := p.callOf(req)
	if c == nil {
		p.reply(req, tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
		return
	}
	var res *sip.Response
	if len(req.Body()) == 0 {
		res = sip.NewResponseFromRequest(req, sip.StatusOK, "OK", nil)
	} else {
		body, status := c.renewed(req.Body())
		if status != sip.StatusOK {
			p.reply(req, tx, status, "Not Acceptable Here")
			return
		}
		res = sip.NewSDPResponseFromRequest(req, body)
	}
	res.AppendHeader(p.contact())
	c.keepSession(req, res)
	if err := tx.Respond(res); err != nil {
		p.log.Debug("answering UPDATE", "call", c.ID(), "error", err)
	}
}

// Hold asks the peer by re-INVITE to wait: it is to send nothing we hear, and we
// send nothing.
func (c *Call) Hold(ctx context.Context) error { return c.reinvite(ctx, true) }

// Resume ends our hold.
func (c *Call) Resume(ctx context.Context) error { return c.reinvite(ctx, false) }

func (c *Call) reinvite(ctx context.Context, hold bool) error {
	if c.State() != StateAnswered {
		return c.stateError()
	}
	sense := sendRecv
	if hold {
		sense = sendOnly
	}
	c.mu.Lock()
	c.version++
	c.held = hold
	sequence := c.dialog.sequence.Add(1)
	req := c.dialog.request(sip.INVITE, sequence, c.phone.contact())
	c.mu.Unlock()
	kind := sip.ContentTypeHeader("application/sdp")
	req.AppendHeader(&kind)
	req.SetBody(c.localSession(c.codecs, eventPayloadType, sense))
	res, err := c.phone.do(ctx, req)
	c.numbered(req)
	if err != nil {
		return fmt.Errorf("changing the session: %w", err)
	}
	if !res.IsSuccess() {
		return fmt.Errorf("changing the session: %d %s", res.StatusCode, res.Reason)
	}
	if err := c.phone.client.WriteRequest(c.ack(req.CSeq().SeqNo), c.phone.prepare); err != nil {
		return fmt.Errorf("confirming the changed session: %w", err)
	}
	remote, err := parseSession(res.Body())
	if err != nil {
		return fmt.Errorf("changing the session: %w", err)
	}
	return c.listen(remote)
}

// onInfo takes keys sent by INFO, in both of the usual bodies.
func (p *Phone) onInfo(req *sip.Request, tx sip.ServerTransaction) {
	c := p.callOf(req)
	if c == nil {
		p.reply(req, tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
		return
	}
	if kind := req.ContentType(); kind != nil {
		key := strings.TrimSpace(string(req.Body()))
		if strings.EqualFold(kind.Value(), "application/dtmf-relay") {
			_, after, _ := strings.Cut(key, "Signal=")
			key = strings.TrimSpace(after)
		}
		if key != "" && strings.Contains(keyAlphabet, key[:1]) {
			c.media.ear.key(key[0])
		}
	}
	p.reply(req, tx, sip.StatusOK, "OK")
}

// PressByInfo sends the keys by SIP INFO (application/dtmf-relay), each once the
// one before is confirmed.
func (c *Call) PressByInfo(ctx context.Context, keys string) error {
	events, err := parseKeys(keys)
	if err != nil {
		return err
	}
	for _, event := range events {
		body := fmt.Sprintf("Signal=%c\r\nDuration=100\r\n", keyAlphabet[event])
		res, err := c.inDialog(ctx, sip.INFO, []byte(body), "application/dtmf-relay")
		if err != nil {
			return fmt.Errorf("pressing a key: %w", err)
		}
		if !res.IsSuccess() {
			return fmt.Errorf("pressing a key: %d %s", res.StatusCode, res.Reason)
		}
	}
	return nil
}
