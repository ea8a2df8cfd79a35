package tickets_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

func code(t *testing.T, err error) string {
	t.Helper()
	var refusal *tickets.Refusal
	require.ErrorAs(t, err, &refusal)
	return refusal.Code
}

func TestGuards(t *testing.T) {
	agent := tickets.Actor{Account: "8001", Roles: []tickets.Role{tickets.Agent}}
	long := strings.Repeat("长", tickets.MaxTitle+1)
	bad := tickets.Urgency("soon")
	type change func(*tickets.Ticket, *tickets.Args, *tickets.Facts)
	for name, tc := range map[string]struct {
		state  tickets.State
		event  tickets.Event
		change change
		want   string
	}{
		"a call of another seat": {tickets.None, tickets.CreateByCall, func(_ *tickets.Ticket, _ *tickets.Args, f *tickets.Facts) { f.CallOfSeat = false }, tickets.RefusedCall},
		"no call named":          {tickets.None, tickets.CreateByCall, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.Call = "" }, tickets.RefusedCallMissing},
		"registering a phone call": {tickets.None, tickets.Register, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.Source = tickets.SourcePhone },
			tickets.RefusedSource},
		"saving somebody else's draft": {tickets.Draft, tickets.Save, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) { k.Owner = "8002" }, tickets.RefusedNotYours},
		"a title too long":             {tickets.Draft, tickets.Save, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.Fields.Title = &long }, tickets.RefusedTooLong},
		"an unknown urgency":           {tickets.Draft, tickets.Save, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.Fields.Urgency = &bad }, tickets.RefusedValue},
		"handing over without a transfer": {tickets.Draft, tickets.Reassign, func(_ *tickets.Ticket, _ *tickets.Args, f *tickets.Facts) { f.HandedOver = false },
			tickets.RefusedHandover},
		"handing over to nobody":      {tickets.Draft, tickets.Reassign, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.Account = "" }, tickets.RefusedTarget},
		"discarding without a reason": {tickets.Draft, tickets.Discard, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.Reason = " " }, tickets.RefusedReason},
		"taking what is taken":        {tickets.Received, tickets.Take, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) { k.Owner = "shouli" }, tickets.RefusedTaken},
		"closing without an answer":   {tickets.Draft, tickets.CloseDirect, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) { k.Answer = "" }, tickets.RefusedAnswer},
		"a telephone ticket without a call": {tickets.Draft, tickets.CloseDirect, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) { k.Source = tickets.SourcePhone },
			tickets.RefusedCallMissing},
		"refusing without the lawful way": {tickets.Draft, tickets.Refuse, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.LawfulWay = "" }, tickets.RefusedReason},
		"an emergency line that is none":  {tickets.Draft, tickets.ToEmergency, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.Emergency = "96116" }, tickets.RefusedEmergency},
		"a closed master":                 {tickets.Draft, tickets.Merge, func(_ *tickets.Ticket, _ *tickets.Args, f *tickets.Facts) { f.Other.State = tickets.Closed }, tickets.RefusedMaster},
		"merging into itself":             {tickets.Draft, tickets.Merge, func(_ *tickets.Ticket, _ *tickets.Args, f *tickets.Facts) { f.Other.ID = "t1" }, tickets.RefusedSelf},
		"an old ticket that is closed":    {tickets.Draft, tickets.Urge, func(_ *tickets.Ticket, _ *tickets.Args, f *tickets.Facts) { f.Other.State = tickets.Closed }, tickets.RefusedOld},
		"urging twice in one call": {tickets.ToDispatch, tickets.Urge, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) {
			k.Calls = []tickets.CallRef{{ID: "c1", Role: tickets.CallUrge}}
		}, tickets.RefusedUrgedOnce},
		"supplementing nothing":         {tickets.ToDispatch, tickets.Supplement, func(_ *tickets.Ticket, a *tickets.Args, _ *tickets.Facts) { a.Text = "" }, tickets.RefusedText},
		"submitting without a class":    {tickets.Draft, tickets.Submit, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) { k.ClassID = "" }, tickets.RefusedFields},
		"submitting without a title":    {tickets.Draft, tickets.Submit, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) { k.Title = "" }, tickets.RefusedFields},
		"submitting without a type":     {tickets.Draft, tickets.Submit, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) { k.Type = "" }, tickets.RefusedFields},
		"anonymous and incomplete":      {tickets.Draft, tickets.Submit, func(k *tickets.Ticket, _ *tickets.Args, _ *tickets.Facts) { k.Caller = tickets.Caller{} }, tickets.RefusedContact},
		"direct dispatch to two units":  {tickets.Draft, tickets.DirectDispatch, func(_ *tickets.Ticket, _ *tickets.Args, f *tickets.Facts) { f.CatalogueUnits = []string{"a", "b"} }, tickets.RefusedCatalogue},
		"direct dispatch without right": {tickets.Draft, tickets.DirectDispatch, func(_ *tickets.Ticket, _ *tickets.Args, f *tickets.Facts) { f.DispatchDirectly = false }, tickets.RefusedCatalogue},
	} {
		t.Run(name, func(t *testing.T) {
			ticket := goodTicket(tc.state, tc.event)
			args, facts := goodArgs(tc.event)
			tc.change(&ticket, &args, &facts)
			_, err := tickets.Apply(ticket, tc.event, agent, args, facts, now)
			require.Equal(t, tc.want, code(t, err))
		})
	}
}

func TestAnonymousMatterIsAcceptedWhenItIsComplete(t *testing.T) {
	agent := tickets.Actor{Account: "8001", Roles: []tickets.Role{tickets.Agent}}
	ticket := goodTicket(tickets.Draft, tickets.Submit)
	ticket.Caller = tickets.Caller{}
	ticket.Place.Address, ticket.Number = "城厢区胜利路12号", ""
	out, err := tickets.Apply(ticket, tickets.Submit, agent, tickets.Args{}, tickets.Facts{}, now)
	require.NoError(t, err)
	require.Equal(t, tickets.ToDispatch, out.Ticket.State)
	require.Equal(t, []tickets.Effect{tickets.AssignNumber}, out.Effects)
	require.Empty(t, out.Ticket.Owner, "it lies in the pool")
}

func TestReportsAreSecretUnlessToldOtherwise(t *testing.T) {
	agent := tickets.Actor{Account: "8001", Roles: []tickets.Role{tickets.Agent}}
	report, no := tickets.Report, false
	save := func(f tickets.Fields) tickets.Ticket {
		out, err := tickets.Apply(goodTicket(tickets.Draft, tickets.Save), tickets.Save, agent, tickets.Args{Fields: f}, tickets.Facts{}, now)
		require.NoError(t, err)
		require.Empty(t, out.Steps, "a save is no step of the flow")
		return out.Ticket
	}
	require.True(t, save(tickets.Fields{Type: &report}).Secret)
	require.False(t, save(tickets.Fields{Type: &report, Secret: &no}).Secret)
}

func TestADraftFoldedIntoAnOldTicketTellsWhere(t *testing.T) {
	agent := tickets.Actor{Account: "8001", Name: "林晓雯", Roles: []tickets.Role{tickets.Agent}}
	args, facts := goodArgs(tickets.Urge)
	out, err := tickets.Apply(goodTicket(tickets.Draft, tickets.Urge), tickets.Urge, agent, args, facts, now)
	require.NoError(t, err)
	require.Equal(t, tickets.Discarded, out.Ticket.State)
	require.Equal(t, "261124000022", out.Ticket.RefersTo)
	require.Equal(t, "261124000022", out.Steps[0].Data.Ticket)
	require.Equal(t, []tickets.Effect{tickets.AppendToOther}, out.Effects)
}

func TestWhatCitizensSubmitHasAnIntakeLimit(t *testing.T) {
	args, _ := goodArgs(tickets.SubmitOnline)
	out, err := tickets.Apply(tickets.Ticket{}, tickets.SubmitOnline, tickets.Actor{Roles: []tickets.Role{tickets.Citizen}}, args, tickets.Facts{}, now)
	require.NoError(t, err)
	require.Equal(t, now.Add(2*time.Hour), out.Ticket.DueAt)
	clerk := tickets.Actor{Account: "8001", Roles: []tickets.Role{tickets.Intake}}
	taken, err := tickets.Apply(out.Ticket, tickets.Take, clerk, tickets.Args{}, tickets.Facts{}, now)
	require.NoError(t, err)
	require.Equal(t, out.Ticket.DueAt, taken.Ticket.DueAt)
	returned, err := tickets.Apply(taken.Ticket, tickets.ReturnForSupplement, clerk, tickets.Args{Missing: "门牌号"}, tickets.Facts{}, now)
	require.NoError(t, err)
	require.True(t, returned.Ticket.DueAt.IsZero())
	require.Equal(t, 24*time.Hour, tickets.SourceBoard.IntakeLimit())
}

func TestButtonsComeFromTheTable(t *testing.T) {
	names := func(ticket tickets.Ticket, role tickets.Role) (list []tickets.Event) {
		for _, a := range tickets.Allowed(ticket, tickets.Actor{Account: "8001", Roles: []tickets.Role{role}}, tickets.Facts{}) {
			list = append(list, a.Name)
		}
		return list
	}
	draft := goodTicket(tickets.Draft, tickets.Submit)
	require.Equal(t, []tickets.Event{
		tickets.Save, tickets.Discard, tickets.CloseDirect, tickets.Refuse, tickets.ToEmergency, tickets.Merge,
		tickets.Urge, tickets.Supplement, tickets.Progress, tickets.Submit,
	}, names(draft, tickets.Agent), "no 直派 without a catalogue, no 改归属 without a transfer")
	require.Equal(t, []tickets.Event{tickets.Reassign, tickets.Discard}, names(draft, tickets.Supervisor))
	require.Empty(t, names(draft, tickets.Quality))

	pooled := goodTicket(tickets.Received, tickets.Take)
	require.Equal(t, []tickets.Event{tickets.Take, tickets.Reassign}, names(pooled, tickets.Intake))
	pooled.Owner = "8001"
	require.Contains(t, names(pooled, tickets.Intake), tickets.ReturnForSupplement)
	require.NotContains(t, names(pooled, tickets.Intake), tickets.Take)
}
