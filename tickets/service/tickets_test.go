package service_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

func TestTicketOfACallFromDraftToPool(t *testing.T) {
	b := setup(t)
	agent := b.as("8001")
	call := b.incoming("13800005678", "8001")

	draft, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: call})
	require.NoError(t, err)
	require.Equal(t, tickets.Draft, draft.State)
	require.Empty(t, draft.Number, "a draft has no number")
	require.Equal(t, "13800005678", draft.Caller.Number, "the agent of the call sees the number")
	require.Len(t, draft.Calls, 1)
	require.Equal(t, call, draft.Calls[0].ID)
	require.True(t, draft.Editable)

	draft = b.complete("8001", draft)
	require.Equal(t, []string{"环境保护", "噪音扰民"}, draft.ClassPath)
	require.True(t, draft.Elements.Name && draft.Elements.Time && draft.Elements.Address && draft.Elements.Cause)

	done, err := b.Act(b.ctx, agent, draft.ID, tickets.Submit, service.ActRequest{Version: draft.Version})
	require.NoError(t, err)
	require.Equal(t, tickets.ToDispatch, done.State)
	require.NoError(t, tickets.CheckNumber(done.Number))
	require.Equal(t, "26112400001", done.Number[:11])
	require.Len(t, done.QueryCode, 6)
	require.Len(t, done.Flow, 2)
	require.Equal(t, tickets.Submit, done.Flow[1].Event)

	b.hangUp(call, "8001")
	seen, err := b.Ticket(b.ctx, agent, done.Number)
	require.NoError(t, err)
	require.Equal(t, "13800005678", seen.Caller.Number, "in wrap-up the number is still shown")
	b.wrapUpOver("8001")
	seen, err = b.Ticket(b.ctx, agent, done.Number)
	require.NoError(t, err)
	require.Empty(t, seen.Caller.Number)
	require.Equal(t, "138****5678", seen.Caller.NumberMasked)

	count, err := b.store.Verify(b.ctx, func(m service.Mismatch) { t.Errorf("%+v", m) })
	require.NoError(t, err)
	require.Equal(t, 1, count.Tickets)
	require.Equal(t, 2, count.Steps)
}

func TestDraftAskedForTwiceWithOneKeyIsMadeOnce(t *testing.T) {
	b := setup(t)
	agent := b.as("8001")
	call := b.incoming("13800005678", "8001")
	first, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: call, Key: "k1"})
	require.NoError(t, err)
	again, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: call, Key: "k1"})
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID, "the answer was lost, the draft is the same")
	other, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: call, Key: "k2"})
	require.NoError(t, err)
	require.NotEqual(t, first.ID, other.ID)
}
