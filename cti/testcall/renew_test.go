package testcall

import (
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

func TestPhoneAnswersWhatASwitchAsksInBetween(t *testing.T) {
	p := setup(t)
	options := sip.NewRequest(sip.OPTIONS, sip.Uri{Scheme: "sip", Host: "127.0.0.1", Port: int(p.seat.Addr().Port())})
	res, err := p.citizen.client.Do(p.ctx, options)
	require.NoError(t, err)
	require.Equal(t, 200, res.StatusCode)
	require.Contains(t, res.GetHeader("Allow").Value(), "UPDATE")

	out, in := p.talk(t, Sends(Tone(ToneOf(LegCitizen))))
	for _, method := range []sip.RequestMethod{sip.UPDATE, sip.NOTIFY} {
		res, err = out.inDialog(p.ctx, method, nil, "")
		require.NoError(t, err)
		require.Equal(t, 200, res.StatusCode, method)
	}
	res, err = out.inDialog(p.ctx, sip.UPDATE, out.localSession(out.codecs, eventPayloadType, sendRecv), "application/sdp")
	require.NoError(t, err)
	require.Equal(t, 200, res.StatusCode)
	answer, err := parseSession(res.Body())
	require.NoError(t, err)
	require.Equal(t, in.media.localAddr(), answer.addr)
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
}

func TestSessionTimerIsAgreedWithTheCallerAsRefresher(t *testing.T) {
	p := setup(t)
	_, in := p.dial(t, Header("Session-Expires", "1800;refresher=uas"), Header("Supported", "timer"))
	res := sip.NewResponseFromRequest(in.invite, 200, "OK", nil)
	in.keepSession(in.invite, res)
	require.Equal(t, "1800;refresher=uac", res.GetHeader("Session-Expires").Value())
	require.Equal(t, "timer", res.GetHeader("Require").Value())
}

func TestRequestsOfNoCallAreRefused(t *testing.T) {
	p := setup(t)
	out, in := p.talk(t)
	require.NoError(t, in.Hangup(p.ctx))
	p.requireEnd(t, out, SideRemote, CauseBye)
	for _, method := range []sip.RequestMethod{sip.BYE, sip.INFO, sip.UPDATE, sip.INVITE} {
		res, err := in.inDialog(p.ctx, method, nil, "")
		require.NoError(t, err)
		require.Equal(t, 481, res.StatusCode, method)
	}
}

func TestInviteWithoutOfferIsAnsweredWithOurs(t *testing.T) {
	p := setup(t)
	caller, err := p.citizen.newCall(true)
	require.NoError(t, err)
	t.Cleanup(caller.media.stop)
	caller.codecs = []Codec{PCMA}
	var target sip.Uri
	require.NoError(t, sip.ParseUri(p.seat.URI(), &target))
	caller.setUp(target, &dialPlan{from: &sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: "139", Host: "127.0.0.1"}}})
	caller.invite.SetBody(nil)
	caller.invite.RemoveHeader("Content-Type")
	tx, err := p.citizen.client.TransactionRequest(p.ctx, caller.invite, p.citizen.prepare)
	require.NoError(t, err)
	answered := make(chan error, 1)
	in, err := p.seat.Accept(p.ctx)
	require.NoError(t, err)
	go func() { answered <- in.Answer(p.ctx) }()

	var res *sip.Response
	for res == nil || res.IsProvisional() {
		res = <-tx.Responses()
	}
	require.Equal(t, 200, res.StatusCode)
	offer, err := parseSession(res.Body())
	require.NoError(t, err)
	require.Equal(t, []Codec{PCMA, PCMU}, offer.codecs)
	caller.dialog.establish(res)
	ack := caller.ack(1)
	kind := sip.ContentTypeHeader("application/sdp")
	ack.AppendHeader(&kind)
	ack.SetBody(caller.localSession(caller.codecs, eventPayloadType, sendRecv))
	require.NoError(t, p.citizen.client.WriteRequest(ack, p.citizen.prepare))
	require.NoError(t, <-answered)

	require.NoError(t, caller.listen(offer))
	caller.media.setBase(Tone(ToneOf(LegCitizen)))
	in.Send(Tone(ToneOf(LegSeat)))
	require.NoError(t, in.WaitTone(p.ctx, ToneOf(LegCitizen)))
	require.NoError(t, caller.WaitTone(p.ctx, ToneOf(LegSeat)))
}
