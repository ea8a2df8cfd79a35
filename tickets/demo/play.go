package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// draft makes the ticket of a call and types it in.
func (l *loader) draft(ctx context.Context, v visit, call calls.ID, share float64) (service.TicketView, error) {
	who := l.who[v.agent]
	t, err := l.desk.CreateTicket(ctx, who, service.NewTicket{Call: call})
	if err != nil {
		return t, err
	}
	l.result.Tickets++
	l.clock = l.clock.Add(time.Duration(40+l.rng.IntN(80)) * time.Second)
	return l.desk.SaveTicket(ctx, who, t.ID, service.SaveTicketRequest{Version: t.Version, Fields: l.fields(v, share)})
}

// fields are what is typed; share under 1 leaves the later ones open.
func (l *loader) fields(v visit, share float64) tickets.Fields {
	m := v.matter
	kind := tickets.Person
	if v.caller.Kind != "" {
		kind = tickets.CallerKind(v.caller.Kind)
	}
	f := tickets.Fields{
		Title: &m.Title, Content: &m.Content,
		Caller: &tickets.CallerPatch{Name: &v.caller.Name, Gender: &v.caller.Gender, Kind: &kind, Company: &v.caller.Company},
	}
	if share < 1 {
		half := []rune(m.Content)
		text := string(half[:len(half)/2])
		f.Content = &text
		return f
	}
	class := l.city.leaves[m.Class]
	kindOf := tickets.Type(m.Type)
	f.Type, f.ClassID, f.Place = &kindOf, &class, &m.place
	if m.Urgency != "" {
		urgency := tickets.Urgency(m.Urgency)
		f.Urgency = &urgency
	}
	if m.Answer != "" {
		f.Answer = &m.Answer
	}
	if m.Secret {
		f.Secret = &m.Secret
	}
	return f
}

func (l *loader) act(ctx context.Context, account string, t service.TicketView, event tickets.Event, in service.ActRequest) (service.TicketView, error) {
	in.Version = t.Version
	return l.desk.Act(ctx, l.who[account], t.ID, event, in)
}

func playDirect(ctx context.Context, l *loader, v visit) error {
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		t, err := l.draft(ctx, v, call, 1)
		if err == nil {
			_, err = l.act(ctx, v.agent, t, tickets.CloseDirect, service.ActRequest{})
		}
		return calls.NoteAnswered, err
	})
}

func playPool(ctx context.Context, l *loader, v visit) error {
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		t, err := l.draft(ctx, v, call, 1)
		if err == nil {
			t, err = l.act(ctx, v.agent, t, tickets.Submit, service.ActRequest{})
		}
		if err == nil {
			l.open = append(l.open, past{id: t.ID, number: t.Number, matter: v.matter, caller: v.caller, at: l.clock})
		}
		return calls.NoteTicket, err
	})
}

func playRefused(ctx context.Context, l *loader, v visit) error {
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		t, err := l.draft(ctx, v, call, 1)
		if err == nil {
			_, err = l.act(ctx, v.agent, t, tickets.Refuse, service.ActRequest{Reason: v.matter.Refuse, LawfulWay: v.matter.Lawful})
		}
		return calls.NoteAnswered, err
	})
}

func playEmergency(ctx context.Context, l *loader, v visit) error {
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		t, err := l.draft(ctx, v, call, 1)
		if err == nil {
			_, err = l.act(ctx, v.agent, t, tickets.ToEmergency, service.ActRequest{Emergency: v.matter.Emergency, Opinion: "已三方转接并报明地址"})
		}
		return calls.NoteTransferred, err
	})
}

// playFolded is a draft whose matter turned out to be a ticket in the pool.
func playFolded(ctx context.Context, l *loader, v visit) error {
	if len(l.open) == 0 {
		return playPool(ctx, l, v)
	}
	old := pick(l, l.open)
	v.caller, v.matter = old.caller, old.matter
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		t, err := l.draft(ctx, v, call, 0.5)
		if err == nil {
			_, err = l.act(ctx, v.agent, t, tickets.Urge, service.ActRequest{Old: old.number, Text: "来电人再次反映，要求尽快处理"})
		}
		return calls.NoteUrge, err
	})
}

func playDiscarded(ctx context.Context, l *loader, v visit) error {
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		t, err := l.draft(ctx, v, call, 0.5)
		if err == nil {
			_, err = l.act(ctx, v.agent, t, tickets.Discard, service.ActRequest{Reason: "误拨，来电人要求不再登记"})
		}
		return calls.NoteMisdialled, err
	})
}

// playDraft leaves the ticket unfinished.
func playDraft(ctx context.Context, l *loader, v visit) error {
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		_, err := l.draft(ctx, v, call, 0.5)
		return calls.NoteTicket, err
	})
}

// playMerged is a second ticket of the same matter, merged by the dispatcher.
func playMerged(ctx context.Context, l *loader, v visit) error {
	if len(l.open) == 0 {
		return playPool(ctx, l, v)
	}
	master := l.open[len(l.open)-1]
	v.matter = master.matter
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		t, err := l.draft(ctx, v, call, 1)
		if err == nil {
			t, err = l.act(ctx, v.agent, t, tickets.Submit, service.ActRequest{})
		}
		if err == nil {
			l.clock = l.clock.Add(3 * time.Minute)
			_, err = l.act(ctx, "paidan", t, tickets.Merge, service.ActRequest{Master: master.number})
		}
		return calls.NoteTicket, err
	})
}

// playUrge is a call about a ticket in the pool: mostly an urge, sometimes more contents.
func playUrge(ctx context.Context, l *loader, v visit) error {
	var own []past
	for _, p := range l.open {
		if p.caller.Number != "" && (v.caller.ID == "" || p.caller.ID == v.caller.ID) {
			own = append(own, p)
		}
	}
	if len(own) == 0 {
		v.note = "progress"
		return playNote(ctx, l, v)
	}
	old := pick(l, own)
	v.caller, v.matter = old.caller, old.matter
	return l.answered(ctx, v, func(call calls.ID) (calls.Note, error) {
		event, text := tickets.Urge, "市民来电催办，称问题仍未解决，情绪较急"
		if l.rng.IntN(3) == 0 {
			event, text = tickets.Supplement, "市民补充：昨晚又发生同样情况，已拍照留存，可提供给承办单位"
		}
		l.clock = l.clock.Add(30 * time.Second)
		_, err := l.desk.AddToTicket(ctx, l.who[v.agent], old.id, event, service.AddRequest{Call: call, Text: text})
		return calls.NoteUrge, err
	})
}

func playNote(ctx context.Context, l *loader, v visit) error {
	return l.answered(ctx, v, func(calls.ID) (calls.Note, error) { return calls.Note(v.note), nil })
}

// playLetter is entered by hand, with the number of where it came from.
func playLetter(ctx context.Context, l *loader, v visit) error {
	in := service.NewTicket{Source: v.source}
	switch v.source {
	case tickets.SourceForwarded:
		in.External = tickets.ExternalRef{System: "省12345平台", No: fmt.Sprintf("S%s%04d", l.clock.In(l.cfg.Zone).Format("20060102"), l.rng.IntN(10000))}
	case tickets.SourceMayor, tickets.SourceSecretary:
		in.External = tickets.ExternalRef{System: "市政府门户网站信箱", No: fmt.Sprintf("XX%05d", l.rng.IntN(100000))}
	}
	t, err := l.desk.CreateTicket(ctx, l.who["shouli"], in)
	if err != nil {
		return err
	}
	l.result.Tickets++
	l.clock = l.clock.Add(4 * time.Minute)
	fields := l.fields(v, 1)
	fields.Caller.Phone = &v.caller.Number
	t, err = l.desk.SaveTicket(ctx, l.who["shouli"], t.ID, service.SaveTicketRequest{Version: t.Version, Fields: fields})
	if err != nil {
		return err
	}
	_, err = l.act(ctx, "shouli", t, tickets.Submit, service.ActRequest{})
	return err
}

// online submits a matter as a citizen at a screen does.
func (l *loader) online(ctx context.Context, v visit) (service.TicketView, error) {
	fields := l.fields(v, 1)
	fields.ClassID, fields.Answer = nil, nil
	fields.Caller.Phone = &v.caller.Number
	id, err := l.cfg.Store.CreateTicket(ctx, func(ctx context.Context, tx service.Tx) (tickets.Outcome, error) {
		out, err := tickets.Apply(tickets.Ticket{}, tickets.SubmitOnline, public, tickets.Args{
			ID: l.uuid(), Source: v.source, Fields: fields,
		}, tickets.Facts{}, l.clock.UTC().Truncate(time.Microsecond))
		if err != nil {
			return out, err
		}
		out.Ticket.Number, err = tx.NextNumber(ctx, l.clock.In(l.cfg.Zone))
		out.Ticket.QueryCode = tickets.QueryCode(l.rng.Uint64())
		return out, err
	})
	if err != nil {
		return service.TicketView{}, err
	}
	l.result.Tickets++
	return l.desk.Ticket(ctx, l.who["shouli"], id)
}

func playOnline(ctx context.Context, l *loader, v visit) error {
	t, err := l.online(ctx, v)
	if err != nil || l.rng.IntN(4) > 0 {
		return err
	}
	l.clock = l.clock.Add(20 * time.Minute)
	_, err = l.act(ctx, "shouli", t, tickets.Take, service.ActRequest{})
	return err
}

func playSupplement(ctx context.Context, l *loader, v visit) error {
	_, err := l.returned(ctx, v)
	return err
}

// returned is an online matter that lacks something.
func (l *loader) returned(ctx context.Context, v visit) (service.TicketView, error) {
	t, err := l.online(ctx, v)
	if err != nil {
		return t, err
	}
	l.clock = l.clock.Add(25 * time.Minute)
	if t, err = l.act(ctx, "shouli", t, tickets.Take, service.ActRequest{}); err != nil {
		return t, err
	}
	l.clock = l.clock.Add(2 * time.Minute)
	missing := pick(l, []string{"请补充具体门牌号和联系人", "请补充事情发生的时间和现场照片", "请说明涉及的单位名称"})
	return l.act(ctx, "shouli", t, tickets.ReturnForSupplement, service.ActRequest{Missing: missing})
}

// playShut is one that nobody answered for.
func playShut(ctx context.Context, l *loader, v visit) error {
	t, err := l.returned(ctx, v)
	if err != nil {
		return err
	}
	l.clock = l.clock.AddDate(0, 0, 5)
	if l.clock.After(l.today) {
		l.clock = l.today.Add(-time.Hour)
	}
	return l.cfg.Store.UpdateTicket(ctx, t.ID, service.AnyVersion, func(_ context.Context, _ service.Tx, t tickets.Ticket) (tickets.Outcome, error) {
		return tickets.Apply(t, tickets.Expire, system, tickets.Args{Reason: "逾期未补充"}, tickets.Facts{}, l.clock.UTC().Truncate(time.Microsecond))
	})
}
