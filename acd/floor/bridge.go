package floor

import (
	"context"

	"github.com/open12345/hotline/cti/calls"
)

// BridgeRequest asks the hotline to connect a clerk and a citizen by telephone (联系群众). Both
// numbers are in clear and stay inside the server: each side sees the hotline's number only.
type BridgeRequest struct {
	From    string // the clerk's own telephone, rung first
	Label   string // who the clerk is, in words: 市信息办 王芳
	To      string // the citizen's telephone
	Ticket  string // id of the ticket it is about
	Account string // who asks; at most one such call an account
	Unit    string // code of its unit
	Purpose string // one of calls.Purpose…; "" is click_to_call
}

// Bridge rings the clerk, says a short line, rings the citizen and lets both talk. It answers at
// once with the id of the call, whose events tell the rest. What can't be tried is a *Refusal:
// RefusedNumber, RefusedCalling, RefusedSwitchDown, RefusedNoLeader.
func (f *Floor) Bridge(ctx context.Context, req BridgeRequest) (calls.ID, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	clerk, citizen := NormalNumber(req.From), NormalNumber(req.To)
	if !f.subscriber(clerk) || !f.subscriber(citizen) || clerk == citizen {
		return "", &Refusal{Code: RefusedNumber, Detail: "no two telephones of people"}
	}
	if req.Account == "" || req.Ticket == "" {
		return "", &Refusal{Code: RefusedBadArgs, Detail: "account and ticket are needed"}
	}
	purpose := req.Purpose
	if purpose == "" {
		purpose = calls.PurposeClickToCall
	}
	c := f.dialOut(record{
		Caller: citizen, Ticket: req.Ticket, Purpose: purpose, Account: req.Account, Unit: req.Unit, Only: "account " + req.Account,
	})
	if c == nil {
		return "", &Refusal{Code: RefusedSwitchDown, Detail: "no switch is connected"}
	}
	leg := c.r.newLeg(partyClerk)
	c.r.Parties = []party{{
		ID: partyClerk, Kind: partyClerk, Label: req.Label, Number: clerk, Leg: leg, State: partyDialling,
		Source: sourceOf(leg, c.r.StartedAt), // also of a leg that answers and is gone before it is ours
	}}
	return f.launch(c, (*call).dialClerk)
}

// subscriber tells whether a number may be somebody's telephone: no service short code, no seat.
// What may be dialled at all is the driver's list.
func (f *Floor) subscriber(number string) bool {
	if publicNumber(number) { // also ""
		return false
	}
	seat := f.cfg.SpoofedSeat
	return seat == nil || !seat(number)
}

// launch begins an outbound call that no seat asked for.
func (f *Floor) launch(c *call, first stage) (calls.ID, error) {
	id := c.id
	if f.begin(c, first) {
		return id, nil
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.stopping {
		return "", &Refusal{Code: RefusedNoLeader, Detail: "the floor stops"}
	}
	return "", &Refusal{Code: RefusedCalling, Detail: "an earlier call still goes on"}
}
