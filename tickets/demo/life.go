package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// replies is the content of replies.yaml.
type replies struct {
	Replies []struct {
		Answer   string `yaml:"answer"`
		Handling string `yaml:"handling"`
	} `yaml:"replies"`
	Instructions []string `yaml:"instructions"`
	Returns      []string `yaml:"returns"`
	Extensions   []string `yaml:"extensions"`
}

// stages are how far tickets of the past came, with how many there are of each and how long ago,
// in hours, they were submitted.
var stages = []struct {
	name     string
	n        int
	from, to float64
}{
	{"unsigned", 8, 2, 20}, {"signed", 12, 8, 60}, {"delegated", 8, 24, 72}, {"compiled", 5, 30, 90}, {"interim", 2, 60, 100},
	{"return", 4, 6, 26}, {"extension", 3, 60, 100}, {"review", 6, 60, 130}, {"follow_up", 7, 80, 150},
	{"closed", 42, 180, 24 * 29}, {"rework", 5, 150, 240}, {"suspended", 2, 140, 200}, {"hard", 2, 60, 120}, {"supervised", 2, 140, 200},
}

// live is a ticket on its way through the units.
type live struct {
	*loader
	v     visit
	id    string
	lead  string // unit
	below string // a unit below it; empty: there is none
}

// playLife leads a ticket from the pool to the visit's stage.
func playLife(ctx context.Context, l *loader, v visit) error {
	if err := playPool(ctx, l, v); err != nil {
		return err
	}
	ticket := l.open[len(l.open)-1]
	l.open = l.open[:len(l.open)-1] // no longer in the pool
	t := &live{loader: l, v: v, id: ticket.id}
	steps := map[string][]func(context.Context) error{
		"unsigned":   {t.dispatch},
		"signed":     {t.dispatch, t.sign},
		"interim":    {t.dispatch, t.sign, t.interim},
		"delegated":  {t.dispatch, t.sign, t.delegate},
		"compiled":   {t.dispatch, t.sign, t.delegate, t.handle},
		"return":     {t.dispatch, t.askReturn},
		"extension":  {t.dispatch, t.sign, t.askExtension},
		"review":     {t.dispatch, t.sign, t.delegate, t.handle, t.report},
		"follow_up":  {t.dispatch, t.sign, t.report, t.pass},
		"closed":     {t.dispatch, t.sign, t.delegate, t.handle, t.report, t.pass, t.satisfied},
		"rework":     {t.dispatch, t.sign, t.report, t.pass, t.dissatisfied},
		"suspended":  {t.dispatch, t.sign, t.suspend},
		"hard":       {t.hard},
		"supervised": {t.dispatch, t.sign, t.supervise},
	}
	for _, step := range steps[v.stage] {
		if err := step(ctx); err != nil {
			return fmt.Errorf("ticket %s to %s: %w", ticket.number, v.stage, err)
		}
	}
	return nil
}

// later moves the clock on, but never past the day of loading.
func (t *live) later(hours float64) {
	next := t.clock.Add(time.Duration(hours * (0.5 + t.rng.Float64()) * float64(time.Hour)))
	if latest := t.today.Add(-time.Minute); next.After(latest) {
		next = t.clock.Add(20 * time.Second)
	}
	t.clock = next
}

func (t *live) do(ctx context.Context, account string, event tickets.Event, in service.ActRequest) error {
	who, ok := t.who[account]
	if !ok {
		var err error
		if who, err = t.desk.Identity(ctx, account); err != nil {
			return err
		}
		t.who[account] = who
	}
	in.Version = service.AnyVersion
	if _, err := t.desk.Act(ctx, who, t.id, event, in); err != nil {
		return fmt.Errorf("%s by %s: %w", event, account, err)
	}
	return nil
}

func (t *live) clerk() string { return "pt-" + t.lead + "-jb" }

func (t *live) dispatch(ctx context.Context) error {
	t.later(1.5)
	preview, err := t.desk.DispatchPreview(ctx, t.who["paidan"], t.id, "", nil)
	if err != nil {
		return err
	}
	in := service.ActRequest{Unit: "xxb", Opinion: pick(t.loader, t.answers.Instructions), Reason: "按部门职责派单"}
	if p := preview.Proposal; p != nil {
		in.Unit = p.Lead.ID
		for _, u := range p.Assists {
			if t.v.stage != "closed" { // those that assist are asked for what is still open
				in.Units = append(in.Units, u.ID)
			}
		}
	}
	if t.v.stage == "review" || t.v.stage == "follow_up" || t.v.stage == "rework" {
		in.Units = nil
	}
	t.lead = in.Unit
	for _, u := range t.city.Units {
		if u.Code == t.lead && len(u.Below) > 0 {
			codes := make([]string, 0, len(u.Below))
			for code := range u.Below {
				codes = append(codes, code)
			}
			slices.Sort(codes)
			t.below = t.lead + "-" + codes[t.rng.IntN(len(codes))]
		}
	}
	return t.do(ctx, "paidan", tickets.Dispatch, in)
}

func (t *live) sign(ctx context.Context) error {
	t.later(3)
	if err := t.do(ctx, t.clerk(), tickets.View, service.ActRequest{}); err != nil {
		return err
	}
	t.clock = t.clock.Add(time.Minute)
	return t.do(ctx, t.clerk(), tickets.Sign, service.ActRequest{})
}

func (t *live) interim(ctx context.Context) error {
	t.later(10)
	return t.do(ctx, t.clerk(), tickets.InterimReply, service.ActRequest{Text: "已到现场查看，正在联系责任单位制定处理方案。"})
}

func (t *live) delegate(ctx context.Context) error {
	if t.below == "" {
		return nil
	}
	t.later(1)
	return t.do(ctx, t.clerk(), tickets.Delegate, service.ActRequest{Unit: t.below, Opinion: pick(t.loader, t.answers.Instructions)})
}

// reply is a filled form.
func (t *live) reply() *tickets.Reply {
	r := pick(t.loader, t.answers.Replies)
	unit := ""
	for _, u := range t.city.Units {
		if u.Code == t.lead {
			unit = u.Name
		}
	}
	words := strings.NewReplacer("{unit}", unit, "{title}", t.v.matter.Title, "{place}", t.v.matter.place.Address)
	solved := tickets.SolvedYes
	return &tickets.Reply{
		Answer: words.Replace(r.Answer), Handling: words.Replace(r.Handling), Person: pick(t.loader, t.city.Slots["surname"]) + "科长",
		Phone: fmt.Sprintf("0594-22%05d", t.rng.IntN(100000)), Solved: solved, NoContact: "已现场与来电人见面沟通",
	}
}

func (t *live) handle(ctx context.Context) error {
	if t.below == "" {
		return nil
	}
	t.later(14)
	return t.do(ctx, "pt-"+t.below, tickets.Handle, service.ActRequest{Reply: t.reply(), Opinion: "已办理，请审核。"})
}

func (t *live) report(ctx context.Context) error {
	t.later(8)
	return t.do(ctx, t.clerk(), tickets.ReportReply, service.ActRequest{Reply: t.reply()})
}

func (t *live) pass(ctx context.Context) error {
	t.later(4)
	if err := t.do(ctx, "shenhe", tickets.Take, service.ActRequest{}); err != nil {
		return err
	}
	t.clock = t.clock.Add(4 * time.Minute)
	return t.do(ctx, "shenhe", tickets.Pass, service.ActRequest{Opinion: "答复完整，同意。"})
}

// followUp is the call of the follow-up; it gives the answers' form.
func (t *live) followUp(ctx context.Context) (*service.VisitRequest, error) {
	t.later(16)
	if err := t.do(ctx, "huifang", tickets.Take, service.ActRequest{}); err != nil {
		return nil, err
	}
	call, err := t.callOut(ctx)
	return &service.VisitRequest{Channel: tickets.VisitByPhone, Call: call, Contacted: t.rng.IntN(8) > 0, Agent: 1}, err
}

func (t *live) satisfied(ctx context.Context) error {
	answers, err := t.followUp(ctx)
	if err != nil {
		return err
	}
	levels := []int{1, 1, 1, 2, 2, 3}
	answers.Solved, answers.Result, answers.Unit = tickets.SolvedYes, pick(t.loader, levels), pick(t.loader, levels)
	return t.do(ctx, "huifang", tickets.VisitClose, service.ActRequest{Visit: answers})
}

func (t *live) dissatisfied(ctx context.Context) error {
	answers, err := t.followUp(ctx)
	if err != nil {
		return err
	}
	answers.Solved, answers.Result, answers.Unit, answers.Text = tickets.SolvedNo, 4, 4, "来电人称问题没有解决，现场没有人来过"
	return t.do(ctx, "huifang", tickets.VisitRework, service.ActRequest{Visit: answers, Reason: "来电人称问题没有解决，请重新办理并与来电人联系"})
}

func (t *live) askReturn(ctx context.Context) error {
	t.later(2)
	return t.do(ctx, t.clerk(), tickets.AskReturn, service.ActRequest{
		Reason: pick(t.loader, t.answers.Returns), Basis: "部门三定方案", Unit: "hpq",
	})
}

func (t *live) askExtension(ctx context.Context) error {
	t.later(30)
	return t.do(ctx, t.clerk(), tickets.AskExtension, service.ActRequest{
		Reason: pick(t.loader, t.answers.Extensions), Basis: "《办法》关于特别复杂事项的规定", Days: 3,
	})
}

func (t *live) suspend(ctx context.Context) error {
	t.later(20)
	err := t.do(ctx, t.clerk(), tickets.AskSuspension, service.ActRequest{
		Reason: "需待供暖季结束后开挖检修", Basis: "施工规范", Plan: "供暖季结束后两周内完成管网改造", Until: t.today.AddDate(0, 0, 40),
	})
	if err != nil {
		return err
	}
	t.later(5)
	return t.do(ctx, "rexianban", tickets.Grant, service.ActRequest{Request: 1, Opinion: "同意挂起，请按计划推进并告知来电人。"})
}

func (t *live) hard(ctx context.Context) error {
	t.later(2)
	if err := t.do(ctx, "paidan", tickets.ReportHard, service.ActRequest{Reason: "涉及住建、城管、街道三方职责，权属不清"}); err != nil {
		return err
	}
	t.later(6)
	return t.do(ctx, "rexianban", tickets.Grant, service.ActRequest{Request: 1, Opinion: "同意列为疑难，提交联席会议。"})
}

func (t *live) supervise(ctx context.Context) error {
	t.later(20)
	return t.do(ctx, "rexianban", tickets.Supervise, service.ActRequest{
		Kind: string(tickets.SuperviseWritten), Unit: t.lead, Reason: "多次催办未见明显进展", Text: "请三个工作日内办结并书面反馈。",
		DueAt: t.today.AddDate(0, 0, 3),
	})
}

// callOut is the call of a follow-up by its seat.
func (t *live) callOut(ctx context.Context) (calls.ID, error) {
	const seat = "8101"
	unique := fmt.Sprintf("%d.%d", t.clock.Unix(), t.seq)
	call := calls.NewID(t.clock, t.cfg.Node, unique)
	sealed, err := t.cfg.Keys.Seal(t.v.caller.Number)
	if err != nil {
		return "", err
	}
	talk := 60 + 90*t.rng.Float64()
	t.result.Calls++
	for _, e := range []struct {
		wait float64
		seat string
		kind calls.EventType
		data any
	}{
		{0, "", calls.CallStarted, calls.Started{
			Direction: calls.Outbound, CallerSealed: sealed, Called: "12345", Line: "12345 政务服务热线", Node: t.cfg.Node, UniqueID: unique,
			Source: t.clock.UTC().Format("2006/01/02/") + unique + ".raw", Purpose: calls.PurposeFollowUp, Ticket: t.id,
		}},
		{1, seat, calls.CallOffered, calls.Offered{Account: "huifang"}},
		{9, seat, calls.CallAnswered, calls.Answered{Account: "huifang", RangS: 9}},
		{talk, seat, calls.CallSeatLeft, calls.SeatLeft{Account: "huifang", TalkS: talk, Why: "citizen_left"}},
		{0, "", calls.CallEnded, calls.Ended{
			End:  calls.End{Side: calls.SideCitizen, Stage: calls.StageTalk, Cause: calls.CauseNormal, At: t.clock.UTC()},
			Seat: seat, Account: "huifang", AnsweredS: talk,
		}},
		{10, seat, calls.CallNoted, calls.Noted{Account: "huifang", Note: calls.NoteAnswered}},
		{1, seat, calls.SeatChanged, calls.SeatChange{Account: "huifang", From: "wrap_up", To: "idle"}},
	} {
		t.forward(e.wait)
		id := call
		if e.kind == calls.SeatChanged {
			id = ""
		}
		if err := t.emit(ctx, id, e.seat, e.kind, e.data); err != nil {
			return "", err
		}
	}
	return call, nil
}
