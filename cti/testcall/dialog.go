package testcall

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/emiago/sipgo/sip"
)

// dialog is what RFC 3261 §12 keeps of a call at one side. It is set when the
// call is made and when the peer's first response or request names its side;
// after that only the sequence number and the target move, under the call's lock.
type dialog struct {
	callID   string
	localTag string
	local    sip.Header // From of our requests
	remote   sip.Header // To of our requests
	target   sip.Uri    // remote target
	routes   []string   // route set, in the order of our requests
	sequence atomic.Uint32
}

func (d *dialog) key() dialogKey { return dialogKey{d.callID, d.localTag} }

// request builds a request within the dialog; sequence is the number of its CSeq.
func (d *dialog) request(method sip.RequestMethod, sequence uint32, contact *sip.ContactHeader) *sip.Request {
	req := sip.NewRequest(method, *d.target.Clone())
	for _, route := range d.routes {
		req.AppendHeader(sip.NewHeader("Route", route))
	}
	maxForwards := sip.MaxForwardsHeader(70)
	callID := sip.CallIDHeader(d.callID)
	req.AppendHeader(&maxForwards)
	req.AppendHeader(sip.HeaderClone(d.local))
	req.AppendHeader(sip.HeaderClone(d.remote))
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: sequence, MethodName: method})
	req.AppendHeader(contact)
	return req
}

// establish takes the peer's tag, target and route set from a response to our
// INVITE (RFC 3261 §12.1.2).
func (d *dialog) establish(res *sip.Response) {
	if to := res.To(); to != nil {
		d.remote = sip.HeaderClone(to)
	}
	if contact := res.Contact(); contact != nil {
		d.target = *contact.Address.Clone()
	}
	d.routes = d.routes[:0]
	for _, h := range res.GetHeaders("Record-Route") {
		d.routes = append(d.routes, h.Value())
	}
	slices.Reverse(d.routes)
}

// accept takes the peer's side from its INVITE (RFC 3261 §12.1.1).
func (d *dialog) accept(req *sip.Request, tag string) {
	from, to := req.To().AsFrom(), req.From().AsTo()
	d.callID, d.localTag = req.CallID().Value(), tag
	d.local, d.remote = &from, &to
	d.target = *req.Contact().Address.Clone()
	for _, h := range req.GetHeaders("Record-Route") {
		d.routes = append(d.routes, h.Value())
	}
}

// inDialog sends a request within the call's dialog and waits for its final
// response.
func (c *Call) inDialog(ctx context.Context, method sip.RequestMethod, body []byte, contentType string) (*sip.Response, error) {
	c.mu.Lock()
	req := c.dialog.request(method, c.dialog.sequence.Add(1), c.phone.contact())
	c.mu.Unlock()
	if body != nil {
		kind := sip.ContentTypeHeader(contentType)
		req.AppendHeader(&kind)
		req.SetBody(body)
	}
	res, err := c.phone.do(ctx, req)
	c.numbered(req)
	return res, err
}

// numbered keeps the number that a request took after a challenge.
func (c *Call) numbered(req *sip.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dialog.sequence.Store(max(c.dialog.sequence.Load(), req.CSeq().SeqNo))
}

// ack confirms a 2xx to an INVITE of this number (RFC 3261 §13.2.2.4) and gives
// the request, so that it can be sent again for each retransmission.
func (c *Call) ack(sequence uint32) *sip.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dialog.request(sip.ACK, sequence, c.phone.contact())
}
