package testcall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/google/uuid"
)

// ErrTarget is returned for a URI that names no host to call.
var ErrTarget = errors.New("the target names no host")

// dialPlan is what the options of one Dial change.
type dialPlan struct {
	from    *sip.FromHeader
	rawFrom string
	headers []sip.Header
	codecs  []Codec
	source  Source
}

// DialOption changes one call.
type DialOption func(*dialPlan)

// From sets the caller's number of this call, whatever it is made of; empty sends
// none.
func From(number string) DialOption {
	return func(d *dialPlan) { d.from.Address.User = number }
}

// DisplayName sets the name that goes with the caller's number.
func DisplayName(name string) DialOption {
	return func(d *dialPlan) { d.from.DisplayName = name }
}

// Anonymous hides the caller as RFC 3323 §4.1 does.
func Anonymous() DialOption {
	return func(d *dialPlan) {
		d.from.DisplayName = "Anonymous"
		d.from.Address.User, d.from.Address.Host, d.from.Address.Port = "anonymous", "anonymous.invalid", 0
	}
}

// RawFrom sends this value as the From header, for callers that no rule foresees;
// a tag is added.
func RawFrom(value string) DialOption {
	return func(d *dialPlan) { d.rawFrom = value }
}

// Header adds a header to the INVITE.
func Header(name, value string) DialOption {
	return func(d *dialPlan) { d.headers = append(d.headers, sip.NewHeader(name, value)) }
}

// WithCodecs offers only these codecs.
func WithCodecs(codecs ...Codec) DialOption {
	return func(d *dialPlan) { d.codecs = codecs }
}

// Sends sets what the call sends from its first packet on; silence without it.
func Sends(source Source) DialOption {
	return func(d *dialPlan) { d.source = source }
}

// Dial sends an INVITE to a URI such as sip:12345@127.0.0.1:5060 and returns at
// once: WaitRinging, WaitAnswered and WaitEnded tell what becomes of the call,
// refusals and timeouts as a [*CallError]. When ctx is done before the answer, the
// call is given up with [CauseTimeout]; an answered call outlives ctx.
func (p *Phone) Dial(ctx context.Context, target string, options ...DialOption) (*Call, error) {
	var recipient sip.Uri
	if err := sip.ParseUri(target, &recipient); err != nil {
		return nil, fmt.Errorf("dialling %q: %w", target, err)
	}
	if recipient.Host == "" {
		return nil, fmt.Errorf("dialling %q: %w", target, ErrTarget)
	}
	plan := &dialPlan{codecs: p.config.Codecs, from: &sip.FromHeader{
		DisplayName: p.config.DisplayName,
		Address:     sip.Uri{Scheme: "sip", User: p.config.Number, Host: p.config.LocalIP, Port: int(p.addr.Port())},
	}}
	for _, option := range options {
		option(plan)
	}
	c, err := p.newCall(true)
	if err != nil {
		return nil, fmt.Errorf("dialling %q: %w", target, err)
	}
	if plan.source != nil {
		c.media.setBase(plan.source)
	}
	c.codecs = plan.codecs
	c.setUp(recipient, plan)
	if err := p.add(c); err != nil {
		c.media.stop()
		return nil, err
	}
	tx, err := p.client.TransactionRequest(ctx, c.invite, p.prepare)
	if err != nil {
		c.finish(End{Side: SideNetwork, Cause: CauseTransport, Reason: err.Error()})
		c.release()
		return nil, fmt.Errorf("dialling %q: %w", target, err)
	}
	p.wg.Go(func() {
		c.dialling(ctx, tx)
		select {
		case <-c.answered: // whoever ends the talk releases the call
		default:
			c.release()
		}
	})
	return c, nil
}

// Call dials and waits for the answer, for tests that need no more.
func (p *Phone) Call(ctx context.Context, target string, options ...DialOption) (*Call, error) {
	c, err := p.Dial(ctx, target, options...)
	if err != nil {
		return nil, err
	}
	if err := c.WaitAnswered(ctx); err != nil {
		return c, err
	}
	return c, nil
}

// setUp writes the dialog's first half and the INVITE.
func (c *Call) setUp(recipient sip.Uri, plan *dialPlan) {
	d := &c.dialog
	d.callID, d.localTag = uuid.NewString(), sip.GenerateTagN(16)
	plan.from.Params.Add("tag", d.localTag)
	d.local = plan.from
	if plan.rawFrom != "" {
		d.local = sip.NewHeader("From", plan.rawFrom+";tag="+d.localTag)
	}
	d.remote = &sip.ToHeader{Address: sip.Uri{Scheme: recipient.Scheme, User: recipient.User, Host: recipient.Host, Port: recipient.Port}}
	d.target = recipient
	d.sequence.Store(1)
	invite := d.request(sip.INVITE, 1, c.phone.contact())
	for _, h := range plan.headers {
		invite.AppendHeader(h)
	}
	invite.AppendHeader(allowed())
	contentType := sip.ContentTypeHeader("application/sdp")
	invite.AppendHeader(&contentType)
	invite.SetBody(c.localSession(c.codecs, eventPayloadType, sendRecv))
	c.invite = invite
}

func allowed() sip.Header {
	return sip.NewHeader("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, NOTIFY")
}

func (c *Call) localSession(codecs []Codec, events uint8, sense direction) []byte {
	s := session{addr: c.media.localAddr(), codecs: codecs, events: events, sense: sense}
	return s.body(c.offer, c.version)
}

// abandon makes an outgoing call end in this way unless it is answered first.
func (c *Call) abandon(end End) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.giveUp.Cause == "" {
		c.giveUp = end
		close(c.cancel)
	}
}

const (
	// cancelGrace is how long a cancelled call may take to say so.
	cancelGrace = 4 * time.Second
	// silentGrace is how long a far side that has said nothing yet may take to say
	// something that can be cancelled.
	silentGrace = time.Second
)

// dialling follows the INVITE to its end: the answer, a refusal, or a CANCEL with
// what comes of it.
func (c *Call) dialling(ctx context.Context, tx sip.ClientTransaction) {
	invite := c.invite
	defer func() { tx.Terminate() }()
	var provisional, cancelled, authorised bool
	cancel, deadline := c.cancel, ctx.Done()
	var grace <-chan time.Time
	for {
		select {
		case res := <-tx.Responses():
			c.responded()
			switch {
			case res.IsProvisional():
				provisional = true
				c.provisional(res)
			case res.IsSuccess():
				c.accepted(res, tx, invite)
				return
			case c.phone.challenged(res) && !authorised:
				authorised = true
				next, repeated, err := c.authorise(ctx, invite, res)
				if err != nil {
					c.finish(End{Side: SideNetwork, Cause: CauseTransport, Reason: err.Error()})
					return
				}
				tx.Terminate()
				tx, invite, provisional = next, repeated, false
			default:
				c.refused(res)
				return
			}
		case <-tx.Done():
			c.unanswered(tx.Err())
			return
		case <-cancel:
			cancel = nil
			grace = time.After(silentGrace)
		case <-deadline:
			deadline = nil
			c.abandon(End{Side: SideLocal, Cause: CauseTimeout, Reason: "no answer in time"})
		case <-c.phone.ctx.Done():
			c.abandon(End{Side: SideLocal, Cause: CauseCancel})
			c.finish(c.abandoned())
			return
		case <-grace:
			c.finish(c.abandoned())
			return
		}
		if grace != nil && provisional && !cancelled {
			cancelled = true
			grace = time.After(cancelGrace)
			c.sendCancel(invite)
		}
	}
}

func (c *Call) abandoned() End {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.giveUp
}

// responded notes the first response, whichever it is: responses that are sent
// together may be handled in another order.
func (c *Call) responded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timings.Trying.IsZero() {
		c.timings.Trying = time.Now()
	}
}

func (c *Call) provisional(res *sip.Response) {
	if res.StatusCode == sip.StatusRinging || res.StatusCode == sip.StatusSessionInProgress {
		if remote, err := parseSession(res.Body()); err == nil {
			if err := c.listen(remote); err != nil {
				c.phone.log.Debug("early media", "call", c.ID(), "error", err)
			}
		}
		c.progress(StateRinging)
	}
}

// listen begins to send and to expect the peer's media.
func (c *Call) listen(remote session) error {
	codec, err := commonCodec(remote.codecs, c.codecs)
	if err != nil {
		return err
	}
	c.mu.Lock()
	held := c.held
	c.mu.Unlock()
	sense := remote.sense.mirror()
	if held {
		sense = inactive
	}
	c.media.connect(remote.addr, codec, remote.events, sense)
	return nil
}

// accepted confirms the answer and keeps confirming it when it is repeated. An
// answer that crosses our CANCEL is confirmed and hung up (RFC 3261 §9.1).
func (c *Call) accepted(res *sip.Response, tx sip.ClientTransaction, invite *sip.Request) {
	c.mu.Lock()
	c.dialog.establish(res)
	end := c.giveUp
	c.mu.Unlock()
	ack := c.ack(invite.CSeq().SeqNo)
	resend := ack.Clone()
	tx.OnRetransmission(func(*sip.Response) {
		if err := c.phone.client.WriteRequest(resend.Clone(), c.phone.prepare); err != nil {
			c.phone.log.Debug("repeating an ACK", "call", c.ID(), "error", err)
		}
	})
	if err := c.phone.client.WriteRequest(ack, c.phone.prepare); err != nil {
		c.finish(End{Side: SideNetwork, Cause: CauseTransport, Reason: err.Error()})
		return
	}
	remote, err := parseSession(res.Body())
	if err == nil && end.Cause == "" {
		err = c.listen(remote)
	}
	if err != nil {
		end = End{Side: SideLocal, Cause: CauseProtocol, Reason: err.Error()}
	}
	if end.Cause != "" {
		c.goodbye(end)
		return
	}
	c.progress(StateAnswered)
	select {
	case <-c.ended:
	case <-c.phone.ctx.Done():
	case <-c.cancel: // given up in the moment of the answer
		ctx, done := context.WithTimeout(c.phone.ctx, byeTime)
		defer done()
		if err := c.bye(ctx); err != nil {
			c.phone.log.Debug("hanging up at the answer", "call", c.ID(), "error", err)
		}
	}
}

// strayResponse gets responses that no transaction waits for. An answer to a call
// that was given up long ago is confirmed and hung up, or it would ring on.
func (p *Phone) strayResponse(res *sip.Response) {
	cseq, from, to, contact, id := res.CSeq(), res.From(), res.To(), res.Contact(), res.CallID()
	if !res.IsSuccess() || cseq == nil || cseq.MethodName != sip.INVITE || from == nil || to == nil || contact == nil || id == nil {
		return
	}
	var d dialog
	d.callID, d.local = id.Value(), sip.HeaderClone(from)
	d.establish(res)
	if err := p.client.WriteRequest(d.request(sip.ACK, cseq.SeqNo, p.contact()), p.prepare); err != nil {
		p.log.Debug("confirming a late answer", "error", err)
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, byeTime)
	defer cancel()
	if _, err := p.do(ctx, d.request(sip.BYE, cseq.SeqNo+1, p.contact())); err != nil {
		p.log.Debug("hanging up a late answer", "error", err)
	}
}

// goodbye hangs up a dialog that was answered against our will.
func (c *Call) goodbye(end End) {
	ctx, cancel := context.WithTimeout(c.phone.ctx, byeTime)
	defer cancel()
	if _, err := c.inDialog(ctx, sip.BYE, nil, ""); err != nil {
		c.phone.log.Debug("hanging up an unwanted answer", "call", c.ID(), "error", err)
	}
	c.finish(end)
}

func (c *Call) refused(res *sip.Response) {
	end := End{Side: SideRemote, Cause: CauseRejected, Status: res.StatusCode, Reason: res.Reason, Q850: q850(res.GetHeaders("Reason"))}
	if given := c.abandoned(); given.Cause != "" && res.StatusCode == sip.StatusRequestTerminated {
		end = given
	}
	c.finish(end)
}

func (c *Call) unanswered(err error) {
	end := End{Side: SideNetwork, Cause: CauseTransport}
	if err != nil {
		end.Reason = err.Error()
	}
	if given := c.abandoned(); given.Cause != "" {
		end = given
	} else if errors.Is(err, sip.ErrTransactionTimeout) {
		end.Cause = CauseTimeout
	}
	c.finish(end)
}

// authorise repeats the INVITE with credentials in a transaction of its own.
func (c *Call) authorise(ctx context.Context, invite *sip.Request, res *sip.Response) (sip.ClientTransaction, *sip.Request, error) {
	repeated := invite.Clone()
	tx, err := c.phone.client.TransactionDigestAuth(ctx, repeated, res, c.phone.credentials())
	if err != nil {
		return nil, nil, fmt.Errorf("repeating the INVITE with credentials: %w", err)
	}
	c.mu.Lock()
	c.dialog.sequence.Store(repeated.CSeq().SeqNo)
	c.mu.Unlock()
	return tx, repeated, nil
}

// sendCancel cancels the INVITE (RFC 3261 §9.1: same branch, same number, no tag).
func (c *Call) sendCancel(invite *sip.Request) {
	req := sip.NewRequest(sip.CANCEL, *invite.Recipient.Clone())
	req.AppendHeader(sip.HeaderClone(invite.Via()))
	for _, name := range []string{"Route", "Max-Forwards", "From", "To", "Call-ID"} {
		for _, h := range invite.GetHeaders(name) {
			req.AppendHeader(sip.HeaderClone(h))
		}
	}
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	c.phone.wg.Go(func() {
		ctx, cancel := context.WithTimeout(c.phone.ctx, cancelGrace)
		defer cancel()
		if _, err := c.phone.client.Do(ctx, req, c.phone.prepare); err != nil {
			c.phone.log.Debug("cancelling", "call", c.ID(), "error", err)
		}
	})
}
