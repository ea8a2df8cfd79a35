package service_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// TestAUnitSeesItsOwnTicketsOnly tries another unit's ticket by every way there is.
func TestAUnitSeesItsOwnTicketsOnly(t *testing.T) {
	b := setup(t)
	ticket := b.dispatched("13800005678")
	file := b.attach("xxbjb", ticket.ID)
	stranger, leader := b.as("zjj"), b.as("zjj-ld")
	for _, who := range []service.Identity{stranger, leader, b.as("xxk")} {
		for _, id := range []string{ticket.ID, ticket.Number} {
			_, err := b.Ticket(b.ctx, who, id)
			require.ErrorIs(t, err, service.ErrNotFound, "by id")
			_, err = b.Act(b.ctx, who, id, tickets.Sign, service.ActRequest{Version: ticket.Version, Leg: 1})
			require.ErrorIs(t, err, service.ErrNotFound, "by an event")
			_, err = b.Similar(b.ctx, who, id)
			require.ErrorIs(t, err, service.ErrNotFound, "by what is like it")
			_, err = b.PlanFile(b.ctx, who, id, 1, "a.txt", false)
			require.ErrorIs(t, err, service.ErrNotFound, "by a file sent")
			_, err = b.PlanContact(b.ctx, who, id, service.ContactRequest{Leg: 1, Number: "13900000000"})
			require.ErrorIs(t, err, service.ErrNotFound, "by a call")
			_, err = b.Printouts(b.ctx, who, "intake", []string{id})
			require.ErrorIs(t, err, service.ErrNotFound, "on paper")
		}
		list, err := b.Tickets(b.ctx, who, service.TicketFilter{Query: "噪音"})
		require.NoError(t, err)
		require.Empty(t, list.Items, "in lists and by words")
		_, err = b.File(b.ctx, who, file.ID)
		require.ErrorIs(t, err, service.ErrNotFound, "by a file's id")
		require.Nil(t, b.queue(who.Account, service.QueueUnitInbox, ticket.ID))
		results, err := b.Batch(b.ctx, who, tickets.Sign, service.BatchRequest{Items: []service.BatchItem{{ID: ticket.ID, Version: ticket.Version, Leg: 1}}})
		require.NoError(t, err)
		require.Equal(t, "not_found", results[0].Code)
		_, err = b.RatesOf(b.ctx, who, "xxb", time.Time{}, time.Time{})
		require.ErrorIs(t, err, service.ErrNotFound)
	}
	own, err := b.Tickets(b.ctx, b.as("xxbjb"), service.TicketFilter{Query: "噪音"})
	require.NoError(t, err)
	require.Len(t, own.Items, 1)
	require.Equal(t, "市信息办 · 已转办", own.Items[0].Now)
	require.Equal(t, tickets.Green, own.Items[0].Light)
	_, err = b.File(b.ctx, b.as("xxbjb"), file.ID)
	require.NoError(t, err)
}

// TestALevelBelowSeesItsOwnLineOnly gives a ticket to two units below and an assist.
func TestALevelBelowSeesItsOwnLineOnly(t *testing.T) {
	b := setup(t)
	id := b.submitted("8001", "13800005678").ID
	b.does("paidan", id, tickets.Dispatch, service.ActRequest{Unit: "xxb", Units: []string{"zjj"}, Reason: "信息办主办，住建局协办"})
	b.does("xxbjb", id, tickets.Delegate, service.ActRequest{Unit: "xxb-xxk", Units: []string{"xxb-wlk"}, Opinion: "两科同办"})
	b.does("xxk", id, tickets.Handle, service.ActRequest{Reply: goodReply})
	secretly := *goodReply
	secretly.Answer, secretly.Handling = "住建局的答复", "住建局内部情况"
	b.does("zjj", id, tickets.SaveReply, service.ActRequest{Reply: &secretly})

	read := func(account string) (service.TicketView, string) {
		view, err := b.Ticket(b.ctx, b.as(account), id)
		require.NoError(t, err)
		raw, err := json.Marshal(view)
		require.NoError(t, err)
		return view, string(raw)
	}
	sibling, text := read("wlk")
	require.Len(t, sibling.Legs, 2, "its own part and the one above")
	require.NotContains(t, text, goodReply.Answer, "nothing of the unit beside")
	require.NotContains(t, text, "住建局内部情况")
	above, text := read("xxbjb")
	require.Len(t, above.Legs, 4)
	require.Contains(t, text, goodReply.Answer, "the unit above compiles it")
	require.NotContains(t, text, "住建局内部情况", "nobody reads an assist's draft")
	b.does("zjj", id, tickets.InterimReply, service.ActRequest{Text: "住建局的中间答复"})
	compile := b.queue("xxbjb", service.QueueUnitCompile, id)
	require.Contains(t, actions(compile.Actions), tickets.SendBack)
	leg := 0
	for _, a := range compile.Actions {
		if a.Name == tickets.SendBack {
			leg = a.Leg
		}
	}
	b.does("xxbjb", id, tickets.SendBack, service.ActRequest{Leg: leg, Reason: "请补充现场照片"})
	_, text = read("xxk")
	require.Contains(t, text, "请补充现场照片", "what is meant for the unit below")
	_, text = read("xxbjb")
	require.NotContains(t, text, "住建局的中间答复", "what others write on the way is for the hotline")
	_, text = read("zjj")
	require.NotContains(t, text, goodReply.Answer)
	require.NotContains(t, text, "请补充现场照片")
	require.Contains(t, text, "住建局内部情况")
	_, text = read("rexianban")
	require.Contains(t, text, "住建局内部情况")
}

func TestASecretTicketHidesItsCitizenFromUnits(t *testing.T) {
	b := setup(t)
	call := b.incoming("13800005678", "8001")
	draft, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Call: call})
	require.NoError(t, err)
	draft = b.complete("8001", draft)
	draft, err = b.SaveTicket(b.ctx, b.as("8001"), draft.ID, service.SaveTicketRequest{Version: draft.Version, Fields: tickets.Fields{Secret: ptr(true)}})
	require.NoError(t, err)
	b.does("8001", draft.ID, tickets.Submit, service.ActRequest{})
	b.does("paidan", draft.ID, tickets.Dispatch, service.ActRequest{Unit: "xxb", Reason: "信息办职责"})
	for _, account := range []string{"xxbjb", "pt-xxb"} {
		view, err := b.Ticket(b.ctx, b.as(account), draft.ID)
		require.NoError(t, err)
		raw, err := json.Marshal(view)
		require.NoError(t, err)
		for _, private := range []string{"王秀兰", "13800005678", "138****5678"} {
			require.NotContains(t, string(raw), private, account)
		}
	}
	plan, err := b.PlanContact(b.ctx, b.as("xxbjb"), draft.ID, service.ContactRequest{Number: "13900000000"})
	require.NoError(t, err, "the hotline connects them all the same")
	require.Equal(t, "13800005678", plan.To.Clear())
	contact := b.incoming("13800005678", "8002")
	require.NoError(t, b.NoteContact(b.ctx, b.as("xxbjb"), plan, contact))
	leg := b.leg("xxbjb", draft.ID, 1)
	require.Equal(t, contact, leg.Contacts[0].Call, "the call is the proof")
	require.False(t, leg.SignedAt.IsZero(), "who calls has signed")
}

func TestTwoDispatchersNeverGetTheSame(t *testing.T) {
	b := setup(t)
	const n = 6
	for range n {
		b.submitted("8001", "13800005678")
	}
	var mu sync.Mutex
	got := map[string]string{}
	var both sync.WaitGroup
	for _, account := range []string{"paidan", "paidan2"} {
		who := b.as(account)
		both.Go(func() {
			for {
				view, err := b.Next(b.ctx, who, service.QueueFilter{Queue: service.QueueToDispatch})
				if err != nil {
					require.ErrorIs(t, err, service.ErrQueueEmpty)
					return
				}
				mu.Lock()
				if other, taken := got[view.ID]; taken {
					t.Errorf("%s was given to %s and %s", view.Number, other, account)
				}
				got[view.ID] = account
				mu.Unlock()
			}
		})
	}
	both.Wait()
	require.Len(t, got, n)
	require.NoError(t, b.SignedOut(b.ctx, b.as("paidan")))
	for id, account := range got {
		record, err := b.store.Ticket(b.ctx, id)
		require.NoError(t, err)
		if account == "paidan" {
			require.Empty(t, record.Owner, "nothing waits for who went home")
		} else {
			require.Equal(t, "paidan2", record.Owner)
		}
	}
}

func TestTheMostUrgentComesFirst(t *testing.T) {
	b := setup(t)
	late := b.submitted("8001", "13800005678")
	b.clock = b.clock.Add(time.Hour)
	call := b.incoming("13911112222", "8002")
	draft, err := b.CreateTicket(b.ctx, b.as("8002"), service.NewTicket{Call: call})
	require.NoError(t, err)
	draft = b.complete("8002", draft)
	draft, err = b.SaveTicket(b.ctx, b.as("8002"), draft.ID, service.SaveTicketRequest{Version: draft.Version, Fields: tickets.Fields{Urgency: ptr(tickets.Critical)}})
	require.NoError(t, err)
	b.does("8002", draft.ID, tickets.Submit, service.ActRequest{})
	page, err := b.QueuePage(b.ctx, b.as("paidan"), service.QueueFilter{Queue: service.QueueToDispatch})
	require.NoError(t, err)
	require.Equal(t, []string{draft.ID, late.ID}, []string{page.Items[0].ID, page.Items[1].ID})
	counts, err := b.DeskQueues(b.ctx, b.as("paidan"))
	require.NoError(t, err)
	require.Equal(t, service.QueueToDispatch, counts[0].Queue)
	require.Equal(t, "待派单", counts[0].Label)
	require.Equal(t, 2, counts[0].Count)
}

// attach keeps a file of the account on the ticket.
func (b *bundle) attach(account, ticket string) service.FileView {
	b.t.Helper()
	f, err := b.PlanFile(b.ctx, b.as(account), ticket, 0, "现场.png", false)
	require.NoError(b.t, err)
	f.Size, f.SHA256, f.Type = 8, "aa", "image/png"
	view, err := b.AddFile(b.ctx, b.as(account), f)
	require.NoError(b.t, err)
	return view
}
