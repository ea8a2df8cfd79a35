package service_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	policyfiles "github.com/open12345/hotline/configs/policy"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/calendar"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

func presetOf(t *testing.T, name string) string {
	t.Helper()
	p, err := policyfiles.Named(name)
	require.NoError(t, err)
	return string(p.Content)
}

// finishRuns moves all deadlines there are to move.
func (b *bundle) finishRuns() {
	b.t.Helper()
	for {
		more, err := b.MoveDeadlines(b.ctx, "test")
		require.NoError(b.t, err)
		if !more {
			return
		}
	}
}

func (b *bundle) lead(id string) tickets.Leg {
	b.t.Helper()
	record, err := b.store.Ticket(b.ctx, id)
	require.NoError(b.t, err)
	leg, ok := record.LeadLeg()
	require.True(b.t, ok)
	return leg
}

func TestAPolicyShowsWhatItWillDoAndThenDoesIt(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	ticket := b.dispatched("13800005678") // a complaint, Tuesday: 7 working days by 通用
	was := b.lead(ticket.ID)
	before, err := b.Policy(b.ctx, admin)
	require.NoError(t, err)
	require.Equal(t, "通用", before.Policy.Name)
	require.Zero(t, before.N)
	require.Len(t, before.Presets, 3)

	preview, err := b.PreviewPolicy(b.ctx, admin, presetOf(t, "山东2020"))
	require.NoError(t, err)
	require.Empty(t, preview.Faults)
	require.Contains(t, preview.Changes, service.PolicyChange{Key: "extension.max_days", Was: "0", Now: "10"})
	require.Equal(t, 1, preview.Impact.Open)
	require.Equal(t, 1, preview.Impact.Moved)
	require.Equal(t, 1, preview.Impact.Earlier)
	require.Equal(t, ticket.Number, preview.Impact.Examples[0].Number)
	require.Equal(t, "市信息办", preview.Impact.Examples[0].Unit)
	require.Equal(t, was.DueAt, b.lead(ticket.ID).DueAt, "a preview moves nothing")

	b.clock = b.clock.Add(time.Hour)
	after, err := b.ApplyPolicy(b.ctx, admin, 0, presetOf(t, "山东2020"), "省里的办法")
	require.NoError(t, err)
	require.Equal(t, 1, after.N)
	require.Equal(t, "山东2020", after.Policy.Name)
	require.Equal(t, "省里的办法", after.Note)
	b.finishRuns()
	now := b.lead(ticket.ID)
	require.Equal(t, preview.Impact.Examples[0].Now, now.DueAt)
	require.Equal(t, was.DueVersion+1, now.DueVersion)
	flow, err := b.store.Flow(b.ctx, ticket.ID)
	require.NoError(t, err)
	step := flow[len(flow)-1]
	require.Equal(t, tickets.Recompute, step.Event)
	require.Equal(t, "时限策略改为“山东2020”", step.Opinion)
	require.Equal(t, was.DueAt, *step.Data.WasDueAt)
	require.Empty(t, b.verified())

	runs, err := b.RecomputeRuns(b.ctx, admin)
	require.NoError(t, err)
	require.Len(t, runs, 1)
	require.Equal(t, []int{1, 1, 1, 0}, []int{runs[0].Total, runs[0].Done, runs[0].Moved, runs[0].Failed})
	require.False(t, runs[0].Finished.IsZero())
}

func TestARunGoesOnWhereAServerDied(t *testing.T) {
	b := setup(t)
	ids := []string{b.dispatched("13800000001").ID, b.dispatched("13800000002").ID}
	b.clock = b.clock.Add(time.Hour)
	_, err := b.ApplyPolicy(b.ctx, b.as("admin"), 0, presetOf(t, "山东2020"), "")
	require.NoError(t, err)
	run, err := b.store.NextRun(b.ctx)
	require.NoError(t, err)
	b.finishRuns()
	moved := []tickets.Leg{b.lead(ids[0]), b.lead(ids[1])}

	// The server dies before it notes how far it came: another does the same batch again.
	run.Finished, run.After = time.Time{}, ""
	require.NoError(t, b.store.SaveRun(b.ctx, run))
	mine, err := b.store.ClaimRun(b.ctx, run.ID, "another", time.Now())
	require.NoError(t, err)
	require.False(t, mine, "the first may still work")
	mine, err = b.store.ClaimRun(b.ctx, run.ID, "test", time.Now())
	require.NoError(t, err)
	require.True(t, mine)
	b.finishRuns()
	require.Equal(t, moved, []tickets.Leg{b.lead(ids[0]), b.lead(ids[1])}, "nothing moves twice")
}

func TestAFaultyOrStalePolicyIsRefused(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	bad := strings.Replace(presetOf(t, "通用"), "handle: 24 hours", "handle: soon", 1)
	preview, err := b.PreviewPolicy(b.ctx, admin, bad)
	require.NoError(t, err)
	require.Len(t, preview.Faults, 1)
	require.Positive(t, preview.Faults[0].Row)
	require.Nil(t, preview.Impact)
	_, err = b.ApplyPolicy(b.ctx, admin, 0, bad, "")
	var faults service.RuleFaults
	require.ErrorAs(t, err, &faults)
	_, err = b.ApplyPolicy(b.ctx, admin, 7, presetOf(t, "通用"), "")
	require.ErrorIs(t, err, service.ErrStale)
	_, err = b.ApplyPolicy(b.ctx, b.as("rexianban"), 0, presetOf(t, "通用"), "")
	require.ErrorIs(t, err, service.ErrForbidden)
	_, err = b.Policy(b.ctx, b.as("8001"))
	require.ErrorIs(t, err, service.ErrForbidden)
}

func TestDeadlinesFollowANoticeThatIsEntered(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	b.clock = time.Date(2027, 2, 4, 2, 0, 0, 0, time.UTC) // Thursday, 10:00
	ticket := b.dispatched("13800005678")
	require.Equal(t, "2027-02-15", b.lead(ticket.ID).DueAt.Format(time.DateOnly), "暂定: weekends only")
	needed, err := b.YearsNeeded(b.ctx)
	require.NoError(t, err)
	require.Equal(t, []int{2027}, needed, "an alarm")
	provisional, err := b.Calendar(b.ctx, admin, 2027)
	require.NoError(t, err)
	require.False(t, provisional.Official)
	require.Equal(t, []service.CalendarDay{{Day: "2027-01-01", Name: "元旦"}}, provisional.Days)

	notice := calendar.Year{
		Year: 2027, Notice: "国办发明电〔2026〕9号",
		Holidays: map[string][]string{"春节": {"2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11", "2027-02-12"}},
		Workdays: map[string][]string{"春节": {"2027-02-14"}},
	}
	preview, err := b.PreviewYear(b.ctx, admin, notice)
	require.NoError(t, err)
	require.Equal(t, 1, preview.Impact.Later)
	require.Empty(t, preview.Impact.Unofficial)
	b.clock = b.clock.Add(time.Hour)
	official, err := b.ApplyYear(b.ctx, admin, notice)
	require.NoError(t, err)
	require.True(t, official.Official)
	require.Empty(t, official.Needed)
	require.Contains(t, official.Days, service.CalendarDay{Day: "2027-02-14", Name: "春节", Working: true})
	b.finishRuns()
	require.Equal(t, "2027-02-19", b.lead(ticket.ID).DueAt.Format(time.DateOnly))
	rules, err := b.Rules(b.ctx)
	require.NoError(t, err)
	require.True(t, rules.Calendar.Official(2027))
}

func TestAFaultyNoticeIsRefused(t *testing.T) {
	b := setup(t)
	for text, y := range map[string]calendar.Year{
		"文号不能为空":    {Year: 2027, Holidays: map[string][]string{"元旦": {"2027-01-01"}}},
		"没有一天放假":    {Year: 2027, Notice: "x"},
		"不在 2027 年": {Year: 2027, Notice: "x", Holidays: map[string][]string{"元旦": {"2026-01-01"}}},
		"不是日期":      {Year: 2027, Notice: "x", Holidays: map[string][]string{"元旦": {"someday"}}},
		"重复":        {Year: 2027, Notice: "x", Holidays: map[string][]string{"元旦": {"2027-01-02", "2027-01-02"}}},
		"不是周末":      {Year: 2027, Notice: "x", Holidays: map[string][]string{"元旦": {"2027-01-01"}}, Workdays: map[string][]string{"元旦": {"2027-01-04"}}},
		"年份须在":      {Year: 1927, Notice: "x", Holidays: map[string][]string{"元旦": {"1927-01-01"}}},
	} {
		preview, err := b.PreviewYear(b.ctx, b.as("admin"), y)
		require.NoError(t, err)
		require.Contains(t, service.RuleFaults(preview.Faults).Error(), text)
		_, err = b.ApplyYear(b.ctx, b.as("admin"), y)
		require.ErrorContains(t, err, text)
	}
}

func TestSubmittedTicketsAreTriaged(t *testing.T) {
	b := setup(t)
	require.NoError(t, b.store.SaveTriageRules(b.ctx, []tickets.TriageRule{
		{ID: "night", Name: "夜间施工", Words: []string{"夜间施工"}, Urgency: tickets.Urgent, Place: 5, Duty: true},
		{ID: "again", Name: "重复来电", Repeated: 1, Place: 10, Secret: true},
	}, "admin", b.clock))
	first := b.submitted("8001", "13800005678")
	require.Equal(t, tickets.Urgent, first.Urgency)
	require.Equal(t, 5, first.Routing.Place)
	require.Equal(t, []tickets.TriageHit{{Rule: "night", Name: "夜间施工", Why: "内容含“夜间施工”"}}, first.Routing.Rules)
	require.False(t, first.Secret)
	second := b.submitted("8001", "13800005678")
	require.Equal(t, 15, second.Routing.Place)
	require.True(t, second.Secret)
	require.Equal(t, "30 天内同号已有 1 件", second.Routing.Rules[1].Why)
}

func TestTheCatalogueGivesTheUnits(t *testing.T) {
	b := setup(t)
	_, err := b.store.ChangeCatalogue(b.ctx, 0, service.CatalogueVersion{By: "admin", At: b.clock}, nil, []tickets.CatalogueEntry{
		{Class: "env", Lead: "xxb", From: "2026-01-01"},
	})
	require.NoError(t, err)
	call := b.incoming("13800005678", "8001")
	draft, err := b.CreateTicket(b.ctx, b.as("8001"), service.NewTicket{Call: call})
	require.NoError(t, err)
	draft = b.complete("8001", draft)
	require.NotContains(t, actions(draft.Actions), tickets.DirectDispatch, "without the right of 直派")

	rights := []directory.Permission{directory.TicketDispatchDirectly}
	require.NoError(t, b.ChangeAccount(b.ctx, b.as("admin"), "8001", service.AccountChange{Rights: &rights}))
	sent := b.does("8001", draft.ID, tickets.DirectDispatch, service.ActRequest{})
	require.Equal(t, tickets.Dispatched, sent.State)
	require.Equal(t, "xxb", b.lead(draft.ID).Unit)
}
