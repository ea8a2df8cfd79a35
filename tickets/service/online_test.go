package service_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

func online(content string) service.OnlineSubmission {
	return service.OnlineSubmission{
		Source: tickets.SourceWeb, Type: tickets.Complaint, Content: content, Name: "王秀兰", Phone: "138 0000 5678",
		Place: tickets.Place{Address: "胜利路12号"}, Key: "browser-1",
	}
}

func TestAnOnlineSubmissionWaitsForIntake(t *testing.T) {
	b := setup(t)
	in := online("每天晚上十一点以后工地还在施工，噪音很大，影响休息，已经持续一周，请尽快处理。")
	made, err := b.SubmitOnline(b.ctx, in)
	require.NoError(t, err)
	require.Len(t, made.Number, 12)
	require.Len(t, made.QueryCode, 6)
	again, err := b.SubmitOnline(b.ctx, in)
	require.NoError(t, err)
	require.Equal(t, made, again, "a repeat gives the same ticket")
	row := b.queueByNumber("shouli", service.QueueReceived, made.Number)
	require.NotNil(t, row)
	require.Equal(t, "每天晚上十一点以后工地还在施工，噪音很大，影响休息，已经持续…", row.Title)
	require.Equal(t, b.clock.Add(2*time.Hour), row.DueAt, "the intake limit")
	taken, err := b.Next(b.ctx, b.as("shouli"), service.QueueFilter{Queue: service.QueueReceived})
	require.NoError(t, err)
	require.Equal(t, made.Number, taken.Number)
	require.Equal(t, "13800005678", taken.Caller.Phone, "who has it in hand sees the number")

	for name, wrong := range map[string]service.OnlineSubmission{
		"the telephone is no network channel": {Source: tickets.SourcePhone, Content: "x"},
		"nothing said":                        {Source: tickets.SourceWeb, Content: "  "},
		"no address":                          {Source: tickets.SourceWeb, Content: "x", Email: "nobody"},
	} {
		_, err := b.SubmitOnline(b.ctx, wrong)
		require.NotEmpty(t, refusal(t, err), name)
	}
}

func TestAnOnlineSubmissionThatNobodyCompletesIsShut(t *testing.T) {
	b := setup(t)
	made, err := b.SubmitOnline(b.ctx, online("路灯坏了"))
	require.NoError(t, err)
	record, err := b.store.Ticket(b.ctx, made.Number)
	require.NoError(t, err)
	b.does("shouli", record.ID, tickets.Take, service.ActRequest{})
	b.does("shouli", record.ID, tickets.ReturnForSupplement, service.ActRequest{Missing: "请补充具体位置"})
	b.clock = b.clock.AddDate(0, 1, 0)
	b.runTimers(record.ID)
	shut, err := b.store.Ticket(b.ctx, record.ID)
	require.NoError(t, err)
	require.Contains(t, []tickets.State{tickets.Shut, tickets.Archived}, shut.State)
}

// queueByNumber is the row of a ticket by its number.
func (b *bundle) queueByNumber(account string, queue service.DeskQueue, number string) *service.QueueItem {
	b.t.Helper()
	record, err := b.store.Ticket(b.ctx, number)
	require.NoError(b.t, err)
	return b.queue(account, queue, record.ID)
}
