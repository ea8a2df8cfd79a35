package postgres_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// fill gives every field of v a value of its own that is not zero.
func fill(v reflect.Value, next func() int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d 𠮷", next()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(next()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), next)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), next)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(next()) * 1_000_123 * time.Microsecond)
			v.Set(reflect.ValueOf(at))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), next)
		}
	}
}

// filled is a ticket without an empty field.
func filled(b *bundle) tickets.Ticket {
	n := 0
	var t tickets.Ticket
	fill(reflect.ValueOf(&t).Elem(), func() int { n++; return n })
	t.ID, t.Number, t.Version = uuid.NewString(), "261124000019", 1
	t.Caller.ContactSame = false
	for i := range t.Calls {
		t.Calls[i].ID = callID(b, i)
	}
	for i := range t.Legs {
		t.Legs[i].N, t.Requests[i].N, t.Supervisions[i].N, t.Cards[i].N, t.Visits[i].N = i+1, i+1, i+1, i+1, i+1
	}
	return t
}

func (b *bundle) create(t tickets.Ticket, steps ...tickets.FlowStep) {
	b.t.Helper()
	_, err := b.CreateTicket(b.ctx, func(context.Context, service.Tx) (tickets.Outcome, error) {
		return tickets.Outcome{Ticket: t, Steps: steps}, nil
	})
	require.NoError(b.t, err)
}

// change saves what fn makes of the ticket, with a step.
func (b *bundle) change(id string, fn func(*tickets.Ticket) tickets.FlowStep) {
	b.t.Helper()
	err := b.UpdateTicket(b.ctx, id, service.AnyVersion, func(_ context.Context, _ service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
		step := fn(&t)
		step.At = b.now
		return tickets.Outcome{Ticket: t, Steps: []tickets.FlowStep{step}}, nil
	})
	require.NoError(b.t, err)
}

func TestEveryFieldOfATicketIsKept(t *testing.T) {
	b := setup(t)
	want := filled(b)
	b.create(want, tickets.FlowStep{At: b.now, Event: tickets.Register})
	got, err := b.Ticket(b.ctx, want.ID)
	require.NoError(t, err)
	require.Equal(t, want, got.Ticket)

	b.change(want.ID, func(t *tickets.Ticket) tickets.FlowStep {
		t.Legs[1] = tickets.Leg{N: 2}
		return tickets.FlowStep{Event: tickets.Sign}
	})
	got, err = b.Ticket(b.ctx, want.ID)
	require.NoError(t, err)
	want.Version, want.Legs[1] = 2, tickets.Leg{N: 2}
	require.Equal(t, want, got.Ticket, "emptied fields are kept as empty")
}

func TestOnlyPartsThatChangedAreWritten(t *testing.T) {
	b := setup(t)
	k := filled(b)
	b.create(k, tickets.FlowStep{At: b.now, Event: tickets.Register})
	before := b.rowVersions("ticket_leg", "ticket_request", "ticket_visit")
	b.change(k.ID, func(t *tickets.Ticket) tickets.FlowStep {
		t.Legs[0].State = tickets.Handling
		return tickets.FlowStep{Event: tickets.Sign}
	})
	after := b.rowVersions("ticket_leg", "ticket_request", "ticket_visit")
	require.NotEqual(t, before["ticket_leg 1"], after["ticket_leg 1"])
	before["ticket_leg 1"] = after["ticket_leg 1"]
	require.Equal(t, before, after)
}

// rowVersions tells by which transaction each row was written.
func (b *bundle) rowVersions(tables ...string) map[string]string {
	b.t.Helper()
	versions := map[string]string{}
	for _, table := range tables {
		for _, row := range b.texts(`SELECT '` + table + ` ' || n || '=' || xmin FROM ` + table) {
			name, version, _ := strings.Cut(row, "=")
			versions[name] = version
		}
	}
	return versions
}

func (b *bundle) file(ticket string) service.FileRecord {
	b.t.Helper()
	f := service.FileRecord{
		ID: uuid.NewString(), Ticket: ticket, Unit: "pt-xxb", Name: "现场照片.jpg", Type: "image/jpeg", Size: 12345, SHA256: "ab12",
		Key: "files/ab12", By: "pt-xxb-jb", ByName: "林涛", At: b.now, Public: true,
	}
	require.NoError(b.t, b.SaveFile(b.ctx, f))
	return f
}

func TestFilesAreKeptWithoutMovingTheVersion(t *testing.T) {
	b := setup(t)
	k := b.ticket("夜间施工噪音")
	f := b.file(k.ID)
	got, err := b.File(b.ctx, f.ID)
	require.NoError(t, err)
	require.Equal(t, f, got)
	now, err := b.Ticket(b.ctx, k.ID)
	require.NoError(t, err)
	require.Equal(t, k.Version, now.Version, "what somebody types meanwhile is not stale")
	require.Empty(t, b.verify())

	err = b.UpdateTicket(b.ctx, k.ID, k.Version, func(ctx context.Context, tx service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
		return tickets.Outcome{Ticket: t}, tx.LinkFiles(ctx, t.ID, []string{f.ID}, 3)
	})
	require.NoError(t, err)
	list, err := b.FilesOf(b.ctx, k.ID)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, 3, list[0].Leg)
	require.Empty(t, b.verify())

	other := b.ticket("另一件")
	err = b.UpdateTicket(b.ctx, other.ID, other.Version, func(ctx context.Context, tx service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
		return tickets.Outcome{Ticket: t}, tx.LinkFiles(ctx, t.ID, []string{f.ID}, 1)
	})
	require.ErrorIs(t, err, service.ErrNotFound, "a file of another ticket")
}

func TestVerifyNamesThePartThatWasChanged(t *testing.T) {
	for name, tc := range map[string]struct {
		tamper string
		kind   string
		step   int
		detail string
	}{
		"a leg's deadline":        {`UPDATE ticket_leg SET due_at = due_at + interval '1 microsecond' WHERE n = 2`, "leg", 2, "leg 2 was changed"},
		"a leg's reply":           {`UPDATE ticket_leg SET body = jsonb_set(body, '{reply,answer}', '"已解决。"') WHERE n = 2`, "leg", 2, "leg 2 was changed"},
		"a leg's light":           {`UPDATE ticket_leg SET replied_late = NOT replied_late WHERE n = 1`, "leg", 0, "leg 1 was changed"},
		"a deleted leg":           {`DELETE FROM ticket_leg WHERE n = 2`, "leg", 2, "leg 2 was deleted"},
		"a leg made up":           {`INSERT INTO ticket_leg SELECT (jsonb_populate_record(l, '{"n": 3}')).* FROM ticket_leg l WHERE n = 2`, "leg", 0, "leg 3 was added"},
		"a request's decision":    {`UPDATE ticket_request SET state = 'granted' WHERE n = 1`, "request", 3, "request 1 was changed"},
		"a request's opinion":     {`UPDATE ticket_request SET body = jsonb_set(body, '{opinion}', '"同意"') WHERE n = 2`, "request", 0, "request 2 was changed"},
		"a supervision's demand":  {`UPDATE ticket_supervision SET body = jsonb_set(body, '{demand}', '"x"') WHERE n = 1`, "supervision", 0, "supervision 1"},
		"a revoked card":          {`UPDATE ticket_card SET revoked_at = NULL WHERE n = 1`, "card", 0, "card 1 was changed"},
		"a visit's satisfaction":  {`UPDATE ticket_visit SET result = 1 WHERE n = 2`, "visit", 4, "visit 2 was changed"},
		"a file's name":           {`UPDATE ticket_file SET name = 'x.jpg'`, "file", 0, "was changed"},
		"a file's content":        {`UPDATE ticket_file SET sha256 = 'ab13'`, "file", 0, "was changed"},
		"a deleted file":          {`DELETE FROM ticket_file`, "file", 0, "was deleted"},
		"the hotline's own limit": {`UPDATE ticket SET stage_due_at = now()`, "ticket", 0, "field"},
		"the mark with its leg":   {`UPDATE ticket_leg SET round = 9 WHERE n = 1; UPDATE ticket SET parts = parts - 'leg 1'`, "leg", 0, "leg 1 was added"},
		"a public reply":          {`UPDATE ticket SET body = jsonb_set(body, '{public_reply}', '"x"')`, "ticket", 0, "field"},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t)
			k := filled(b)
			visit := k.Visits[1]
			b.create(k, tickets.FlowStep{At: b.now, Event: tickets.Register},
				tickets.FlowStep{At: b.now, Event: tickets.Sign, Data: tickets.StepData{Leg: 2}},
				tickets.FlowStep{At: b.now, Event: tickets.AskReturn, Data: tickets.StepData{Request: 1}},
				tickets.FlowStep{At: b.now, Event: tickets.VisitClose, Data: tickets.StepData{Visit: &visit}})
			b.file(k.ID)
			require.Empty(t, b.verify(), "clean before")
			b.sql(tc.tamper)
			found := b.verify()
			require.Len(t, found, 1, "%+v", found)
			require.Equal(t, tc.kind, found[0].Kind)
			require.Equal(t, k.Number, found[0].Object)
			require.Equal(t, tc.step, found[0].Step)
			require.Contains(t, found[0].Detail, tc.detail)
		})
	}
}

func TestNoticesAreKeptWithTheChangeOnceEach(t *testing.T) {
	b := setup(t)
	k := b.place("夜间施工噪音", tickets.Ticket{State: tickets.ToDispatch})
	told := []tickets.Notice{
		{Kind: tickets.NoticeDispatched, To: tickets.Recipient{Citizen: true}, Vars: map[string]string{"unit": "市信息办"}},
		{Kind: tickets.NoticeNewLeg, To: tickets.Recipient{Unit: "pt-xxb"}},
		{Kind: tickets.NoticeSignLate, To: tickets.Recipient{Leaders: "pt-xxb"}},
	}
	do := func(event tickets.Event, notices []tickets.Notice, fail error) error {
		return b.UpdateTicket(b.ctx, k.ID, service.AnyVersion, func(_ context.Context, _ service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
			t.UpdatedAt = b.now
			return tickets.Outcome{Ticket: t, Steps: []tickets.FlowStep{{At: b.now, Event: event}}, Notices: notices}, fail
		})
	}
	require.ErrorIs(t, do(tickets.Dispatch, told, service.ErrForbidden), service.ErrForbidden)
	require.Empty(t, b.texts(`SELECT kind FROM notice`), "nothing of a change that failed")
	require.NoError(t, do(tickets.Dispatch, told, nil))
	require.Equal(t, []string{"dispatched 15 waiting", "new_leg 15 waiting", "sign_overdue 0 waiting"},
		b.texts(`SELECT concat_ws(' ', kind, extract(epoch FROM not_before - at)::int, state) FROM notice ORDER BY kind`))
	require.NoError(t, do(tickets.Recall, nil, nil))
	require.Equal(t, []string{"dispatched dropped", "new_leg dropped", "sign_overdue waiting"},
		b.texts(`SELECT kind || ' ' || state FROM notice ORDER BY kind`), "what was taken back in time is not told")
}

func TestOfTwoWhoSawTheSameVersionOneIsToldThatItIsStale(t *testing.T) {
	b := setup(t)
	k := b.ticket("夜间施工噪音")
	var saved, stale atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			err := b.UpdateTicket(b.ctx, k.ID, k.Version, func(_ context.Context, _ service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
				t.Tags = []string{fmt.Sprint(i)}
				return tickets.Outcome{Ticket: t}, nil
			})
			switch {
			case err == nil:
				saved.Add(1)
			case isStale(err):
				stale.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, saved.Load())
	require.EqualValues(t, 7, stale.Load())
}

func TestAThousandConcurrentChangesAreAllThere(t *testing.T) {
	b := setup(t)
	const count, each = 20, 50
	ids := make([]string, count)
	for i := range ids {
		ids[i] = b.ticket(fmt.Sprintf("第 %d 件", i)).ID
	}
	var wg sync.WaitGroup
	errs := make(chan error, count*each)
	for i := range count * each {
		wg.Go(func() {
			errs <- b.UpdateTicket(b.ctx, ids[i%count], service.AnyVersion, func(_ context.Context, _ service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
				t.Legs = append(t.Legs, tickets.Leg{N: len(t.Legs) + 1, Unit: "pt-xxb", State: tickets.ToSign, Role: tickets.Assist})
				return tickets.Outcome{Ticket: t, Steps: []tickets.FlowStep{{At: b.now, Event: tickets.AddDelegate, Data: tickets.StepData{Leg: len(t.Legs)}}}}, nil
			})
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	for _, id := range ids {
		got, err := b.Ticket(b.ctx, id)
		require.NoError(t, err)
		require.Len(t, got.Legs, each, "no update is lost")
	}
	require.Empty(t, b.verify())
}

func TestRepliesOfTicketsLikeThisOneAreOffered(t *testing.T) {
	b := setup(t)
	closed := func(title, class, unit, reply string) tickets.Ticket {
		return b.place(title, tickets.Ticket{
			State: tickets.Closed, ClassID: class, PublicReply: reply, ClosedAt: b.now, Legs: []tickets.Leg{{Unit: unit, State: tickets.Replied}},
		})
	}
	closed("路灯不亮", "light", "pt-xxb", "路灯已修好。")
	closed("夜间施工噪音扰民", "noise", "pt-xxb", "已责令停工。")
	closed("工地夜间施工", "noise", "pt-jw", "已约谈。")
	closed("夜间施工无答复", "noise", "pt-xxb", "")
	asked := b.place("夜间施工噪音扰民", tickets.Ticket{State: tickets.Dispatched, ClassID: "noise"})
	answers := func(units []string) []string {
		list, err := b.RepliesLike(b.ctx, asked, units, 5)
		require.NoError(t, err)
		var texts []string
		for _, r := range list {
			texts = append(texts, r.PublicReply)
		}
		return texts
	}
	require.Equal(t, []string{"已责令停工。", "已约谈。"}, answers(nil), "of the class, the most alike first")
	require.Equal(t, []string{"已约谈。"}, answers([]string{"pt-jw"}), "what the unit had a part in")
}

func TestPastReturnsAreCountedByUnit(t *testing.T) {
	b := setup(t)
	returned := func(class, unit string, state tickets.RequestState, at time.Time) {
		b.place("x", tickets.Ticket{
			State: tickets.ToDispatch, ClassID: class, Legs: []tickets.Leg{{Unit: unit, State: tickets.Left}},
			Requests: []tickets.Request{{N: 1, Kind: tickets.RequestReturn, State: state, Leg: 1, DecidedAt: at}},
		})
	}
	returned("noise", "pt-xxb", tickets.RequestGranted, b.now)
	returned("noise", "pt-xxb", tickets.RequestGranted, b.now)
	returned("noise", "pt-jw", tickets.RequestGranted, b.now)
	returned("noise", "pt-jw", tickets.RequestDenied, b.now)
	returned("noise", "pt-jw", tickets.RequestGranted, b.now.AddDate(-1, 0, 0))
	returned("light", "pt-jw", tickets.RequestGranted, b.now)
	counts, err := b.ReturnsOfClass(b.ctx, []string{"noise"}, b.now.AddDate(0, -6, 0))
	require.NoError(t, err)
	require.Equal(t, map[string]int{"pt-xxb": 2, "pt-jw": 1}, counts)
}

func TestRatesAreCountedOfAUnitAndASpan(t *testing.T) {
	b := setup(t)
	day := func(n int) time.Time { return b.now.AddDate(0, 0, n) }
	leg := func(fn func(*tickets.Leg)) tickets.Leg {
		l := tickets.Leg{Unit: "pt-xxb", Role: tickets.Lead, State: tickets.Replied, Round: 1, SentAt: day(-5), SignDueAt: day(-4), SignedAt: day(-5),
			DueAt: day(-1), RepliedAt: day(-2)}
		fn(&l)
		return l
	}
	visit := func(result int, solved tickets.Solved) []tickets.Visit {
		return []tickets.Visit{{N: 1, Round: 1, At: day(-1), Reached: true, Contacted: true, Result: result, Solved: solved}}
	}
	b.place("in time, satisfied", tickets.Ticket{State: tickets.Closed, Legs: []tickets.Leg{leg(func(*tickets.Leg) {})}, Visits: visit(2, tickets.SolvedYes)})
	b.place("late, not satisfied", tickets.Ticket{
		State: tickets.Closed, Visits: visit(5, tickets.SolvedNo),
		Legs: []tickets.Leg{leg(func(l *tickets.Leg) { l.RepliedLate, l.SignedAt, l.Round = true, day(-3), 2 })},
		Requests: []tickets.Request{
			{N: 1, Kind: tickets.RequestExtension, State: tickets.RequestGranted, Leg: 1, AskedUnit: "pt-xxb", AskedAt: day(-3)},
			{N: 2, Kind: tickets.RequestReturn, State: tickets.RequestDenied, Leg: 1, AskedUnit: "pt-xxb", AskedAt: day(-3)},
		},
	})
	b.place("not in the rates", tickets.Ticket{State: tickets.Closed, Legs: []tickets.Leg{leg(func(l *tickets.Leg) { l.Excluded = true })}, Visits: visit(5, tickets.SolvedNo)})
	b.place("of another unit", tickets.Ticket{State: tickets.Closed, Legs: []tickets.Leg{leg(func(l *tickets.Leg) { l.Unit = "pt-jw" })}, Visits: visit(5, tickets.SolvedNo)})
	b.place("long ago", tickets.Ticket{State: tickets.Closed, Legs: []tickets.Leg{{Unit: "pt-xxb", State: tickets.Replied, SentAt: day(-99), DueAt: day(-90), RepliedAt: day(-91)}}})
	got, err := b.RatesOf(b.ctx, []string{"pt-xxb"}, day(-7), day(1))
	require.NoError(t, err)
	require.Equal(t, service.RateCounts{
		ToSign: 2, SignedInTime: 1, Due: 2, InTime: 1, Replied: 2, Returns: 1, Extensions: 1, Reworks: 1, Received: 2, Visits: 2, Satisfied: 1,
		Judged: 2, Solved: 1, Asked: 2, Contacted: 2,
	}, got)
}
