package testcall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// answering is the state of an incoming INVITE.
type answering struct {
	tx    sip.ServerTransaction
	late  bool          // the INVITE had no offer: ours is in the 200, the answer in the ACK
	sent  bool          // a final response is on its way; under Call.mu
	final chan struct{} // closed when the final response was sent
	ok    *sip.Response // the 200, to be repeated until acked
	acked chan struct{}
	done  bool // acked is closed
}

// OnInvite sets what happens to incoming calls: the function runs in a goroutine
// of its own for each call and rings, answers, rejects or lets it ring out. It must
// return when the call has ended, or Stop waits for it. Without
// one, calls wait for Accept.
func (p *Phone) OnInvite(handler func(*Call)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handler = handler
}

// Accept waits for the next incoming call. The call is not yet ringing: Ring,
// Answer and Reject are the caller's to choose.
func (p *Phone) Accept(ctx context.Context) (*Call, error) {
	select {
	case c := <-p.incoming:
		return c, nil
	case <-p.ctx.Done():
		return nil, ErrStopped
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for a call: %w", ctx.Err())
	}
}

// route sets the handlers of all requests a phone gets.
func (p *Phone) route(server *sipgo.Server) {
	server.OnInvite(p.onInvite)
	server.OnAck(p.onAck)
	server.OnBye(p.onBye)
	server.OnUpdate(p.onUpdate)
	server.OnInfo(p.onInfo)
	server.OnOptions(func(req *sip.Request, tx sip.ServerTransaction) {
		p.reply(req, tx, sip.StatusOK, "OK", allowed())
	})
	server.OnNotify(func(req *sip.Request, tx sip.ServerTransaction) { p.reply(req, tx, sip.StatusOK, "OK") })
	server.OnCancel(func(req *sip.Request, tx sip.ServerTransaction) {
		p.reply(req, tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
	})
}

func (p *Phone) reply(req *sip.Request, tx sip.ServerTransaction, status int, reason string, headers ...sip.Header) {
	res := sip.NewResponseFromRequest(req, status, reason, nil)
	for _, h := range headers {
		res.AppendHeader(h)
	}
	if err := tx.Respond(res); err != nil {
		p.log.Debug("replying", "method", req.Method, "status", status, "error", err)
	}
}

// callOf finds the call of a request within a dialog.
func (p *Phone) callOf(req *sip.Request) *Call {
	id, to := req.CallID(), req.To()
	if id == nil || to == nil {
		return nil
	}
	tag, _ := to.Params.Get("tag")
	return p.find(dialogKey{id.Value(), tag})
}

// onInvite stays until the call is answered and acknowledged, refused, cancelled
// or given up: the transaction ends with it.
func (p *Phone) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	if req.From() == nil || req.To() == nil || req.CallID() == nil || req.Contact() == nil {
		p.reply(req, tx, sip.StatusBadRequest, "Bad Request")
		return
	}
	if req.To().Params.Has("tag") {
		if c := p.callOf(req); c != nil {
			c.reinvited(req, tx)
			return
		}
		p.reply(req, tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
		return
	}
	c, status, reason := p.invited(req, tx)
	if c == nil {
		p.reply(req, tx, status, reason)
		return
	}
	p.hand(c)
	c.attend()
}

// invited makes a call of an INVITE, or tells with which status it is refused.
func (p *Phone) invited(req *sip.Request, tx sip.ServerTransaction) (c *Call, status int, reason string) {
	c, err := p.newCall(false)
	if err != nil {
		p.log.Error("taking a call", "error", err)
		return nil, sip.StatusInternalServerError, "No Media Port"
	}
	tag := sip.GenerateTagN(16)
	invite := req.Clone()
	invite.To().Params.Add("tag", tag)
	c.invite, c.codecs, c.answer.tx = invite, p.config.Codecs, tx
	c.dialog.accept(invite, tag)
	if len(req.Body()) == 0 {
		c.answer.late = true
	} else if remote, err := parseSession(req.Body()); err != nil {
		c.media.stop()
		return nil, sip.StatusBadRequest, "Bad Session Description"
	} else if _, err := commonCodec(remote.codecs, c.codecs); err != nil {
		c.media.stop()
		return nil, sip.StatusNotAcceptableHere, "Not Acceptable Here"
	}
	if err := p.add(c); err != nil {
		c.media.stop()
		return nil, sip.StatusServiceUnavailable, "Stopped"
	}
	if !tx.OnCancel(func(cancel *sip.Request) { c.cancelled(q850(cancel.GetHeaders("Reason"))) }) {
		c.cancelled(0)
	}
	return c, 0, ""
}

// hand gives the call to the handler or to Accept.
func (p *Phone) hand(c *Call) {
	p.mu.Lock()
	handler := p.handler
	p.mu.Unlock()
	if handler != nil {
		p.wg.Go(func() { handler(c) })
		return
	}
	select {
	case p.incoming <- c:
	default:
		if err := c.Reject(sip.StatusBusyHere, "Busy Here"); err != nil {
			p.log.Debug("refusing a call nobody accepts", "error", err)
		}
	}
}

// attend holds the INVITE's transaction until it is settled.
func (c *Call) attend() {
	select {
	case <-c.answer.final:
	case <-c.ended:
	case <-c.answer.tx.Done():
	case <-c.phone.ctx.Done():
	}
	c.mu.Lock()
	ok := c.answer.ok
	c.mu.Unlock()
	if ok == nil {
		c.finish(End{Side: SideNetwork, Cause: CauseTransport, Reason: "the INVITE's transaction ended"})
		c.release()
		return
	}
	c.repeatAnswer(ok)
}

// repeatAnswer sends the 200 again until the ACK comes (RFC 3261 §13.3.1.4).
func (c *Call) repeatAnswer(ok *sip.Response) {
	interval := sip.T1
	timer := time.NewTimer(interval)
	defer timer.Stop()
	patience := time.After(64 * sip.T1)
	for {
		select {
		case <-c.answer.acked:
			return
		case <-c.ended:
			return
		case <-c.phone.ctx.Done():
			return
		case <-patience:
			if c.finish(End{Side: SideNetwork, Cause: CauseTimeout, Reason: "no ACK"}) {
				c.release()
			}
			return
		case <-timer.C:
			if err := c.answer.tx.Respond(ok); err != nil {
				c.phone.log.Debug("repeating an answer", "call", c.ID(), "error", err)
			}
			interval = min(2*interval, sip.T2)
			timer.Reset(interval)
		}
	}
}

// Ring tells the caller that the phone rings (180).
func (c *Call) Ring() error {
	if c.outgoing {
		return ErrState
	}
	if !c.progress(StateRinging) {
		return c.stateError()
	}
	return c.respond(sip.NewResponseFromRequest(c.invite, sip.StatusRinging, "Ringing", nil))
}

// Answer picks up: it sends 200 with our session description, starts the media and
// returns when the caller has acknowledged.
func (c *Call) Answer(ctx context.Context) error {
	if err := c.claim(); err != nil {
		return err
	}
	body, err := c.answerSession()
	if err != nil {
		refusal := c.respond(sip.NewResponseFromRequest(c.invite, sip.StatusNotAcceptableHere, "Not Acceptable Here", nil))
		c.finish(End{Side: SideLocal, Cause: CauseProtocol, Reason: err.Error()})
		return errors.Join(err, refusal)
	}
	res := sip.NewSDPResponseFromRequest(c.invite, body)
	res.AppendHeader(allowed())
	c.keepSession(c.invite, res)
	err = c.respond(res)
	if errors.Is(err, sip.ErrTransactionCanceled) || errors.Is(c.answer.tx.Err(), sip.ErrTransactionCanceled) {
		c.finish(End{Side: SideRemote, Cause: CauseCancel})
		return &CallError{c.End()}
	}
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.answer.ok = res
	c.mu.Unlock()
	c.progress(StateAnswered)
	close(c.answer.final)
	select {
	case <-c.answer.acked:
		return nil
	case <-c.ended:
		return &CallError{c.End()}
	case <-ctx.Done():
		return fmt.Errorf("waiting for the ACK: %w", ctx.Err())
	}
}

// Reject refuses the call with a final status of 300 or more.
func (c *Call) Reject(status int, reason string) error {
	if err := c.claim(); err != nil {
		return err
	}
	err := c.respond(sip.NewResponseFromRequest(c.invite, status, reason, nil))
	c.finish(End{Side: SideLocal, Cause: CauseRejected, Status: status, Reason: reason})
	close(c.answer.final)
	return err
}

// claim makes sure that only one final response is sent.
func (c *Call) claim() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == StateEnded {
		return &CallError{c.end}
	}
	if c.outgoing || c.answer.sent {
		return ErrState
	}
	c.answer.sent = true
	return nil
}

func (c *Call) stateError() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == StateEnded {
		return &CallError{c.end}
	}
	return ErrState
}

// answerSession answers the offer, or makes one if the INVITE had none.
func (c *Call) answerSession() ([]byte, error) {
	if c.answer.late {
		return c.localSession(c.codecs, eventPayloadType, sendRecv), nil
	}
	remote, err := parseSession(c.invite.Body())
	if err != nil {
		return nil, err
	}
	if err := c.listen(remote); err != nil {
		return nil, err
	}
	codec, err := commonCodec(remote.codecs, c.codecs)
	if err != nil {
		return nil, err
	}
	return c.localSession([]Codec{codec}, remote.events, remote.sense.mirror()), nil
}

func (c *Call) respond(res *sip.Response) error {
	if res.Contact() == nil {
		res.AppendHeader(c.phone.contact())
	}
	if err := c.answer.tx.Respond(res); err != nil {
		return fmt.Errorf("responding %d: %w", res.StatusCode, err)
	}
	return nil
}

// keepSession agrees to a session timer (RFC 4028) that the caller offers, with
// the caller as the one who refreshes.
func (c *Call) keepSession(req *sip.Request, res *sip.Response) {
	expires := req.GetHeader("Session-Expires")
	if expires == nil {
		return
	}
	seconds := expires.Value()
	for i, r := range seconds {
		if r < '0' || r > '9' {
			seconds = seconds[:i]
			break
		}
	}
	res.AppendHeader(sip.NewHeader("Require", "timer"))
	res.AppendHeader(sip.NewHeader("Session-Expires", seconds+";refresher=uac"))
}

// cancelled ends a call that its caller gave up. It runs under the lock of the
// transaction, which refuses the INVITE by itself: nothing here may use it.
func (c *Call) cancelled(cause int) {
	select {
	case <-c.answered:
	default:
		c.finish(End{Side: SideRemote, Cause: CauseCancel, Q850: cause})
	}
}

func (p *Phone) onAck(req *sip.Request, _ sip.ServerTransaction) {
	c, cseq := p.callOf(req), req.CSeq()
	if c == nil || cseq == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.renewal.acked != nil && cseq.SeqNo == c.renewal.sequence {
		close(c.renewal.acked)
		c.renewal.acked = nil
		return
	}
	if c.outgoing || c.answer.done {
		return
	}
	c.answer.done = true
	if c.answer.late {
		if err := c.lateAnswer(req.Body()); err != nil {
			p.log.Warn("ACK without a usable answer to our offer", "call", c.dialog.callID, "error", err)
		}
	}
	close(c.answer.acked)
}

// lateAnswer starts the media of a call whose INVITE had no offer; c.mu is held.
func (c *Call) lateAnswer(body []byte) error {
	remote, err := parseSession(body)
	if err != nil {
		return err
	}
	codec, err := commonCodec(remote.codecs, c.codecs)
	if err != nil {
		return err
	}
	c.media.connect(remote.addr, codec, remote.events, remote.sense.mirror())
	return nil
}

func (p *Phone) onBye(req *sip.Request, tx sip.ServerTransaction) {
	c := p.callOf(req)
	if c == nil {
		p.reply(req, tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
		return
	}
	p.reply(req, tx, sip.StatusOK, "OK")
	p.remove(c)
	if c.finish(End{Side: SideRemote, Cause: CauseBye, Q850: q850(req.GetHeaders("Reason"))}) {
		c.release()
	}
}
