package service_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

func refusal(t *testing.T, err error) string {
	t.Helper()
	var r *tickets.Refusal
	require.ErrorAs(t, err, &r)
	return r.Code
}

func TestOfTwoSavesOfOneVersionOneWins(t *testing.T) {
	b := setup(t)
	draft, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Call: b.incoming("13800005678", "8001")})
	require.NoError(t, err)
	agent := b.as("8001")
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = b.SaveTicket(b.ctx, agent, draft.ID, service.SaveTicketRequest{
				Version: draft.Version, Fields: tickets.Fields{Title: ptr("标题")},
			})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		var conflict *service.Conflict
		switch {
		case err == nil:
			won++
		case errors.As(err, &conflict):
			require.Equal(t, draft.Version+1, conflict.Current.Version)
			require.Equal(t, "标题", conflict.Current.Title)
		default:
			require.NoError(t, err)
		}
	}
	require.Equal(t, 1, won)
}

func TestARepeatedRequestIsDoneOnce(t *testing.T) {
	b := setup(t)
	agent := b.as("8001")
	draft, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: b.incoming("13800005678", "8001")})
	require.NoError(t, err)
	draft = b.complete("8001", draft)
	request := service.ActRequest{Version: draft.Version, Key: "k-1"}
	one, err := b.Act(b.ctx, agent, draft.ID, tickets.Submit, request)
	require.NoError(t, err)
	two, err := b.Act(b.ctx, agent, draft.ID, tickets.Submit, request)
	require.NoError(t, err, "the answer was lost, the client asks again")
	require.Equal(t, one.Number, two.Number)
	require.Len(t, two.Flow, 2)
}

func TestNumbersOfADayHaveNoGapUnderLoad(t *testing.T) {
	b := setup(t)
	agent := b.as("8001")
	var drafts []service.TicketView
	for range 12 {
		d, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: b.incoming("13800005678", "8001")})
		require.NoError(t, err)
		drafts = append(drafts, b.complete("8001", d))
	}
	var wg sync.WaitGroup
	numbers := make([]string, len(drafts))
	for i, d := range drafts {
		wg.Go(func() {
			done, err := b.Act(b.ctx, agent, d.ID, tickets.Submit, service.ActRequest{Version: d.Version})
			if err == nil {
				numbers[i] = done.Number
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, n := range numbers {
		require.NoError(t, tickets.CheckNumber(n))
		seen[n[6:11]] = true
	}
	require.Len(t, seen, 12)
	require.True(t, seen["00001"] && seen["00012"])
}

func TestDirectClosingRefusingAndEmergency(t *testing.T) {
	b := setup(t)
	agent := b.as("8001")
	draft := func() service.TicketView {
		d, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: b.incoming("13800005678", "8001")})
		require.NoError(t, err)
		return b.complete("8001", d)
	}
	d := draft()
	_, err := b.Act(b.ctx, agent, d.ID, tickets.CloseDirect, service.ActRequest{Version: d.Version})
	require.Equal(t, tickets.RefusedAnswer, refusal(t, err))
	d, err = b.SaveTicket(b.ctx, agent, d.ID, service.SaveTicketRequest{Version: d.Version, Fields: tickets.Fields{Answer: ptr("已告知施工许可时间。")}})
	require.NoError(t, err)
	closed, err := b.Act(b.ctx, agent, d.ID, tickets.CloseDirect, service.ActRequest{Version: d.Version})
	require.NoError(t, err)
	require.Equal(t, tickets.Closed, closed.State)
	require.Equal(t, tickets.ResultDirect, closed.Result)
	require.NotEmpty(t, closed.Number)
	require.False(t, closed.ClosedAt.IsZero())

	d = draft()
	_, err = b.Act(b.ctx, agent, d.ID, tickets.Refuse, service.ActRequest{Version: d.Version, Reason: "诉讼事项"})
	require.Equal(t, tickets.RefusedReason, refusal(t, err), "the lawful way has to be told")
	refused, err := b.Act(b.ctx, agent, d.ID, tickets.Refuse, service.ActRequest{Version: d.Version, Reason: "诉讼事项", LawfulWay: "向法院起诉"})
	require.NoError(t, err)
	require.Equal(t, tickets.NotAccepted, refused.State)
	require.Equal(t, "向法院起诉", refused.Flow[len(refused.Flow)-1].Data.LawfulWay)

	d = draft()
	given, err := b.Act(b.ctx, agent, d.ID, tickets.ToEmergency, service.ActRequest{Version: d.Version, Emergency: "119"})
	require.NoError(t, err)
	require.Equal(t, tickets.Transferred, given.State)
}

func TestADraftThatBelongsToAnOldTicketBecomesItsUrge(t *testing.T) {
	b := setup(t)
	old := b.submitted("8001", "13800005678")
	agent := b.as("8002")
	call := b.incoming("13800005678", "8002")
	draft, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: call})
	require.NoError(t, err)
	draft, err = b.Act(b.ctx, agent, draft.ID, tickets.Urge, service.ActRequest{Version: draft.Version, Old: old.Number, Text: "还没有人联系"})
	require.NoError(t, err)
	require.Equal(t, tickets.Discarded, draft.State)
	require.Equal(t, old.Number, draft.RefersTo)

	seen, err := b.Ticket(b.ctx, agent, old.Number)
	require.NoError(t, err)
	require.Equal(t, 1, seen.Urges)
	require.Equal(t, tickets.ToDispatch, seen.State)
	require.Len(t, seen.Calls, 2)
	require.Equal(t, "还没有人联系", seen.Flow[len(seen.Flow)-1].Opinion)

	_, err = b.AddToTicket(b.ctx, agent, old.ID, tickets.Urge, service.AddRequest{Call: call, Text: "再催"})
	require.Equal(t, tickets.RefusedUrgedOnce, refusal(t, err))
	_, err = b.AddToTicket(b.ctx, agent, old.ID, tickets.Supplement, service.AddRequest{Call: call, Text: "昨晚又施工到两点"})
	require.NoError(t, err)
	_, err = b.AddToTicket(b.ctx, agent, old.ID, tickets.Progress, service.AddRequest{Call: call})
	require.NoError(t, err)

	note, err := b.SuggestNote(b.ctx, agent, call)
	require.NoError(t, err)
	require.EqualValues(t, "urge", note)
}

func TestACallOfAnotherSeatMakesNoTicket(t *testing.T) {
	b := setup(t)
	call := b.incoming("13800005678", "8001")
	_, err := b.CreateTicket(b.ctx, b.as("8002"), service.NewTicket{Call: call})
	require.Equal(t, tickets.RefusedCall, refusal(t, err))
	_, err = b.CreateTicket(b.ctx, b.as("8002"), service.NewTicket{Call: "no-such-call"})
	require.ErrorIs(t, err, service.ErrNotFound)
	_, err = b.CreateTicket(b.ctx, b.as("paidan"), service.NewTicket{Call: call})
	require.ErrorIs(t, err, service.ErrForbidden)
}

func TestDraftsAreTheirWritersAndTheSupervisorHandsThemOver(t *testing.T) {
	b := setup(t)
	call := b.incoming("13800005678", "8001")
	draft, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Call: call})
	require.NoError(t, err)
	_, err = b.Ticket(b.ctx, b.as("8002"), draft.ID)
	require.ErrorIs(t, err, service.ErrNotFound)
	_, err = b.SaveTicket(b.ctx, b.as("8002"), draft.ID, service.SaveTicketRequest{Version: draft.Version})
	require.Error(t, err)

	own, err := b.Drafts(b.ctx, b.as("8001"))
	require.NoError(t, err)
	require.Len(t, own, 1)
	left, err := b.DraftsLeftOpen(b.ctx, b.as("banzhang"))
	require.NoError(t, err)
	require.Empty(t, left, "the call still runs")
	_, err = b.DraftsLeftOpen(b.ctx, b.as("8001"))
	require.ErrorIs(t, err, service.ErrForbidden)

	b.hangUp(call, "8001")
	b.clock = b.clock.Add(service.LeftOpen + time.Second)
	left, err = b.DraftsLeftOpen(b.ctx, b.as("banzhang"))
	require.NoError(t, err)
	require.Len(t, left, 1)

	banzhang := b.as("banzhang")
	_, err = b.Act(b.ctx, banzhang, draft.ID, tickets.Reassign, service.ActRequest{Version: draft.Version, Account: "paidan"})
	require.Equal(t, tickets.RefusedTarget, refusal(t, err), "a dispatcher writes no drafts")
	moved, err := b.Act(b.ctx, banzhang, draft.ID, tickets.Reassign, service.ActRequest{Version: draft.Version, Account: "8002"})
	require.NoError(t, err)
	require.Equal(t, "8002", moved.OwnerAccount)
	_, err = b.Act(b.ctx, b.as("8001"), draft.ID, tickets.Discard, service.ActRequest{Version: moved.Version, Reason: "x"})
	require.ErrorIs(t, err, service.ErrNotFound)
	gone, err := b.Act(b.ctx, b.as("8002"), draft.ID, tickets.Discard, service.ActRequest{Version: moved.Version, Reason: "误拨"})
	require.NoError(t, err)
	require.Equal(t, tickets.Discarded, gone.State)
}

func TestADraftFollowsItsTransferredCall(t *testing.T) {
	b := setup(t)
	call := b.incoming("13800005678", "8001")
	draft, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Call: call})
	require.NoError(t, err)
	offered := func() bool {
		seen, err := b.Ticket(b.ctx, b.as("8001"), draft.ID)
		require.NoError(t, err)
		return slices.ContainsFunc(seen.Actions, func(a tickets.Action) bool { return a.Name == tickets.Reassign })
	}
	require.False(t, offered())
	_, err = b.Act(b.ctx, b.as("8001"), draft.ID, tickets.Reassign, service.ActRequest{Version: draft.Version, Account: "8002"})
	require.Equal(t, tickets.RefusedHandover, refusal(t, err))

	b.floor(b.event(call, "8001", calls.CallTransferred, calls.Transferred{From: "8001", To: calls.Party{Kind: "seat", Seat: "8002"}, Account: "8002"}))
	require.True(t, offered())
	moved, err := b.Act(b.ctx, b.as("8001"), draft.ID, tickets.Reassign, service.ActRequest{Version: draft.Version, Account: "8002"})
	require.NoError(t, err)
	require.Equal(t, "8002", moved.OwnerAccount)
	require.Empty(t, moved.Caller.Number, "it is somebody else's draft now")
	own, err := b.Drafts(b.ctx, b.as("8002"))
	require.NoError(t, err)
	require.Len(t, own, 1)
}

func TestLettersAreRegisteredWithTheirOutsideNumber(t *testing.T) {
	b := setup(t)
	clerk := b.as("shouli")
	_, err := b.CreateTicket(b.ctx, clerk, service.NewTicket{Source: tickets.SourcePhone})
	require.Equal(t, tickets.RefusedSource, refusal(t, err))
	letter, err := b.CreateTicket(b.ctx, clerk, service.NewTicket{
		Source: tickets.SourceForwarded, External: tickets.ExternalRef{System: "省平台", No: "S20261124001"},
	})
	require.NoError(t, err)
	letter = b.complete("shouli", letter)
	letter, err = b.SaveTicket(b.ctx, clerk, letter.ID, service.SaveTicketRequest{Version: letter.Version,
		Fields: tickets.Fields{Caller: &tickets.CallerPatch{Phone: ptr("139 1111 2222")}}})
	require.NoError(t, err)
	require.Equal(t, "13911112222", letter.Caller.Phone, "who types it sees it")
	done, err := b.Act(b.ctx, clerk, letter.ID, tickets.Submit, service.ActRequest{Version: letter.Version})
	require.NoError(t, err)
	require.Equal(t, "S20261124001", done.External.No)
	require.Empty(t, done.Caller.Phone)
	require.Equal(t, "139****2222", done.Caller.PhoneMasked)

	progress, err := b.ProgressByCaller(b.ctx, "+8613911112222")
	require.NoError(t, err)
	require.Len(t, progress, 1, "found by the contact number too")
}

func TestTheDispatcherMergesAndSplits(t *testing.T) {
	b := setup(t)
	master, other := b.submitted("8001", "13800005678"), b.submitted("8002", "13911112222")
	dispatcher := b.as("paidan")
	_, err := b.Act(b.ctx, dispatcher, other.ID, tickets.Merge, service.ActRequest{Version: other.Version, Master: other.Number})
	require.Equal(t, tickets.RefusedSelf, refusal(t, err))
	merged, err := b.Act(b.ctx, dispatcher, other.ID, tickets.Merge, service.ActRequest{Version: other.Version, Master: master.Number})
	require.NoError(t, err)
	require.Equal(t, tickets.Merged, merged.State)
	seen, err := b.Ticket(b.ctx, dispatcher, master.ID)
	require.NoError(t, err)
	require.Equal(t, other.Number, seen.Flow[len(seen.Flow)-1].Data.Ticket, "the master tells what was merged into it")
	split, err := b.Act(b.ctx, dispatcher, other.ID, tickets.Split, service.ActRequest{Version: merged.Version, Reason: "不是同一事项"})
	require.NoError(t, err)
	require.Equal(t, tickets.ToDispatch, split.State)
	require.True(t, split.ClosedAt.IsZero())
	require.Equal(t, other.Number, split.Number, "the number stays")
}

func TestBadInputIsRefusedPlainly(t *testing.T) {
	b := setup(t)
	agent := b.as("8001")
	draft, err := b.CreateTicket(b.ctx, agent, service.NewTicket{Call: b.incoming("13800005678", "8001")})
	require.NoError(t, err)
	save := func(f tickets.Fields) error {
		_, err := b.SaveTicket(b.ctx, agent, draft.ID, service.SaveTicketRequest{Version: draft.Version, Fields: f})
		return err
	}
	require.ErrorIs(t, save(tickets.Fields{Title: ptr("a\x00b")}), directory.ErrInvalid)
	require.Equal(t, tickets.RefusedTooLong, refusal(t, save(tickets.Fields{Content: ptr(strings.Repeat("长", tickets.MaxContent+1))})))
	require.Equal(t, tickets.RefusedValue, refusal(t, save(tickets.Fields{Caller: &tickets.CallerPatch{Email: ptr("no address")}})))
	require.Equal(t, tickets.RefusedValue, refusal(t, save(tickets.Fields{Type: ptr(tickets.Type("wish"))})))
	_, err = b.Act(b.ctx, agent, draft.ID, "fly", service.ActRequest{Version: draft.Version})
	require.Equal(t, tickets.RefusedState, refusal(t, err))
	_, err = b.Act(b.ctx, agent, "nonsense", tickets.Submit, service.ActRequest{Version: 1})
	require.ErrorIs(t, err, service.ErrNotFound)
	require.NoError(t, save(tickets.Fields{Title: ptr("生僻字𠮷与表情😀")}))
	seen, err := b.Ticket(b.ctx, agent, draft.ID)
	require.NoError(t, err)
	require.Equal(t, "生僻字𠮷与表情😀", seen.Title)
}
