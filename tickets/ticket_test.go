package tickets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
)

func TestTicketNumbersFindEveryWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "day"))
		number, err := tickets.NumberOf(day, rapid.IntRange(1, tickets.MaxPerDay).Draw(t, "n"))
		require.NoError(t, err)
		require.Len(t, number, 12)
		require.Equal(t, day.Format("060102"), number[:6])
		require.NoError(t, tickets.CheckNumber(number))
		at := rapid.IntRange(0, 11).Draw(t, "at")
		wrong := []byte(number)
		wrong[at] = '0' + (wrong[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		require.ErrorIs(t, tickets.CheckNumber(string(wrong)), tickets.ErrBadNumber)
	})
	for _, bad := range []string{"", "12345", "26112400001a", "2611240000123"} {
		require.ErrorIs(t, tickets.CheckNumber(bad), tickets.ErrBadNumber, bad)
	}
	_, err := tickets.NumberOf(now, tickets.MaxPerDay+1)
	require.ErrorIs(t, err, tickets.ErrBadNumber)
}

func TestPublicStateNeverTellsAnInnerWord(t *testing.T) {
	due, closed := now.AddDate(0, 0, 5), now.AddDate(0, 0, -1)
	want := map[tickets.State]tickets.Public{
		tickets.Draft:        {State: tickets.PublicAccepted},
		tickets.Received:     {State: tickets.PublicAccepted},
		tickets.ToSupplement: {State: tickets.PublicAccepted},
		tickets.ToDispatch:   {State: tickets.PublicAccepted},
		tickets.Deliberation: {State: tickets.PublicAccepted},
		tickets.Dispatched:   {State: tickets.PublicInProgress, Unit: "hbj", Date: due},
		tickets.UnderReview:  {State: tickets.PublicInProgress, Unit: "hbj", Date: due},
		tickets.Suspended:    {State: tickets.PublicSuspended, Date: due},
		tickets.ToFollowUp:   {State: tickets.PublicReplied, Unit: "hbj"},
		tickets.Closed:       {State: tickets.PublicClosed, Date: closed},
		tickets.Archived:     {State: tickets.PublicClosed, Date: closed},
		tickets.NotAccepted:  {State: tickets.PublicNotAccepted, Date: closed},
		tickets.Transferred:  {State: tickets.PublicNotAccepted, Date: closed},
		tickets.Shut:         {State: tickets.PublicNotAccepted, Date: closed},
		tickets.Merged:       {State: tickets.PublicMerged, Date: closed},
		tickets.Withdrawn:    {State: tickets.PublicWithdrawn, Date: closed},
		tickets.Voided:       {State: tickets.PublicWithdrawn, Date: closed},
		tickets.Discarded:    {State: tickets.PublicWithdrawn, Date: closed},
	}
	for _, term := range tickets.States {
		state := tickets.State(term.Code)
		got := tickets.PublicOf(tickets.Ticket{State: state, Unit: "hbj", DueAt: due, ClosedAt: closed})
		require.Equal(t, want[state], got, term.Label)
	}
}

func TestElements(t *testing.T) {
	for name, tc := range map[string]struct {
		ticket tickets.Ticket
		want   tickets.Elements
	}{
		"nothing": {tickets.Ticket{}, tickets.Elements{}},
		"a name and a short cause": {
			tickets.Ticket{Caller: tickets.Caller{Name: "王女士"}, Content: "楼下餐馆油烟味道很重"},
			tickets.Elements{Name: true, Cause: true},
		},
		"everything": {
			tickets.Ticket{
				Caller: tickets.Caller{Company: "宏达公司"}, Place: tickets.Place{Address: "建设路8号"},
				Content: "昨天晚上十点开始施工，今天早上和工地负责人沟通没有结果，对方说要赶工期，希望查处。",
			},
			tickets.Elements{Name: true, Time: true, Address: true, Cause: true, Course: true},
		},
		"the time in its own field": {tickets.Ticket{HappenedAt: "2026-11-20"}, tickets.Elements{Time: true}},
	} {
		require.Equal(t, tc.want, tickets.ElementsOf(tc.ticket), name)
	}
}

func TestCallNoteIsSuggestedFromWhatWasDone(t *testing.T) {
	for name, tc := range map[string]struct {
		done tickets.Done
		want calls.Note
	}{
		"nothing":                       {tickets.Done{TalkS: 60}, ""},
		"a ticket went out":             {tickets.Done{Submitted: true, Urged: true}, calls.NoteTicket},
		"closed on the call":            {tickets.Done{Direct: true}, calls.NoteAnswered},
		"an urge":                       {tickets.Done{Urged: true}, calls.NoteUrge},
		"a draft is open":               {tickets.Done{Drafted: true}, calls.NoteTicket},
		"progress asked":                {tickets.Done{Asked: true}, calls.NoteProgress},
		"given away":                    {tickets.Done{Transferred: true}, calls.NoteTransferred},
		"cut off after a few seconds":   {tickets.Done{CitizenLeft: true, TalkS: 4}, calls.NoteDropped},
		"hung up after a long talk":     {tickets.Done{CitizenLeft: true, TalkS: 90}, ""},
		"the agent hung up immediately": {tickets.Done{TalkS: 4}, ""},
	} {
		require.Equal(t, tc.want, tickets.SuggestNote(tc.done), name)
	}
}
