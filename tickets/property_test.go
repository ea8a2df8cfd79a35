package tickets_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
)

var (
	seed  = flag.Uint64("seed", 12345, "of the random people")
	steps = flag.Int("steps", 100_000, "that the random people take")
)

// goodFields are those of a complaint that lacks nothing.
func goodFields() tickets.Fields {
	kind, title, content, class, answer := tickets.Complaint, "夜间施工", "每天晚上十一点以后工地还在施工，噪音很大，影响休息，已持续一周。", "noise", "已答复"
	name, phone := "王秀兰", "13800005678"
	return tickets.Fields{Type: &kind, Title: &title, Content: &content, ClassID: &class, Answer: &answer,
		Caller: &tickets.CallerPatch{Name: &name, Phone: &phone}}
}

func person(account, unit string, roles ...tickets.Role) tickets.Actor {
	return tickets.Actor{Account: account, Name: account, Unit: unit, Roles: roles}
}

// people of the random city. 环保局 wants its leader's approval, 城管局 his signature on returns.
var people = []tickets.Actor{
	person("8001", "hotline", tickets.Agent), person("8002", "hotline", tickets.Agent, tickets.Intake), person("banzhang", "hotline", tickets.Supervisor),
	person("shouli", "hotline", tickets.Intake), person("paidan", "hotline", tickets.Dispatcher), person("paidan2", "hotline", tickets.Dispatcher),
	person("shenhe", "hotline", tickets.Reviewer), person("huifang", "hotline", tickets.FollowUp), person("huifang2", "hotline", tickets.FollowUp),
	person("office", "hotline", tickets.Office), person("office2", "hotline", tickets.Office), person("mayor", "", tickets.CityLeader),
	person("xxb", "xxb", tickets.UnitClerk), person("xxb-ld", "xxb", tickets.UnitLeader), person("xxk", "xxk", tickets.UnitClerk),
	person("jsk", "jsk", tickets.UnitClerk, tickets.UnitLeader), person("hbj", "hbj", tickets.UnitClerk), person("hbj-ld", "hbj", tickets.UnitLeader),
	person("cgj", "cgj", tickets.UnitClerk), person("cgj-ld", "cgj", tickets.UnitLeader), person("zhijian", "hotline", tickets.Quality),
	person("admin", "hotline", tickets.Admin), tickets.ByRule, person("", "", tickets.Citizen),
}

// file is a ticket with what its flow says so far.
type file struct {
	ticket tickets.Ticket
	state  tickets.State // by the flow
	legs   map[int]tickets.LegState
	merged []*file
	mood   mood
}

// mood is what is odd about a ticket: some roads are only walked when somebody stays away.
type mood int

const (
	ordinary    mood = iota
	unreachable      // nobody answers follow-ups
	silent           // nobody supplements anything
	slow             // units hardly act
	content          // nobody is dissatisfied
	discontent       // always
	moods
)

// shy tells whether nobody does the event to such a ticket.
func (c *city) shy(f *file, event tickets.Event) bool {
	switch f.mood {
	case unreachable:
		return slices.Contains([]tickets.Event{tickets.VisitClose, tickets.VisitRework, tickets.AskCloseAtLimit, tickets.VisitSupervise}, event)
	case silent:
		return f.ticket.State == tickets.ToSupplement
	case slow:
		return f.ticket.State == tickets.Dispatched && c.chance(90)
	case content:
		return event == tickets.VisitRework || event == tickets.ReviewRework
	case discontent:
		return event == tickets.VisitClose
	}
	return false
}

// act is what somebody did or tried, for the report of a failure.
type act struct {
	state   tickets.State
	event   tickets.Event
	by      string
	leg     int
	request int
	err     error
}

// city is where random people do random things.
type city struct {
	t     *testing.T
	r     *rand.Rand
	now   time.Time
	files []*file
	units map[string]tickets.Unit
	n     int
	done  map[tickets.Event]int
	fired int
	tried int   // acts of people, allowed and disallowed
	said  []act // the last acts on the ticket at hand, for the report of a failure
}

func (c *city) chance(percent int) bool { return c.r.IntN(100) < percent }

func oneOf[T any](c *city, list []T) T { return list[c.r.IntN(len(list))] }

func TestRandomPeopleDoingRandomThings(t *testing.T) {
	c := &city{t: t, r: rand.New(rand.NewPCG(*seed, 1)), now: at(t, "2025-03-03 09:00"), units: units(), done: map[tickets.Event]int{}}
	for id, change := range map[string]func(*tickets.Unit){
		"hbj": func(u *tickets.Unit) { u.Approval = true }, "cgj": func(u *tickets.Unit) { u.SignReturn = true },
	} {
		u := c.units[id]
		change(&u)
		c.units[id] = u
	}
	for range 60 {
		c.files = append(c.files, c.newFile())
	}
	for c.tried < *steps {
		c.step()
	}
	var never []string
	for _, e := range tickets.Events {
		if c.done[tickets.Event(e.Code)] == 0 && e.Code != string(tickets.Save) {
			never = append(never, e.Code)
		}
	}
	require.Empty(t, never, "events that nobody got done in the whole run")
	require.Greater(t, c.fired, *steps/100, "timers fired")
	t.Logf("seed %d: %d tickets, %d timers, until %s; %v", *seed, c.n, c.fired, c.now.Format(time.DateOnly), c.done)
}

// newFile begins a ticket by a call, a letter or the network.
func (c *city) newFile() *file {
	c.n++
	f := &file{legs: map[int]tickets.LegState{}, mood: mood(c.r.IntN(int(moods)))}
	args := tickets.Args{ID: fmt.Sprint("t", c.n), Call: "c0", Source: tickets.SourceWeb, Fields: goodFields()}
	event, who := tickets.SubmitOnline, people[len(people)-1]
	switch c.r.IntN(3) {
	case 0:
		event, who = tickets.CreateByCall, people[0]
	case 1:
		event, who, args.Source = tickets.Register, people[3], tickets.SourceLetter
	}
	c.apply(f, event, who, args)
	if f.ticket.Owner != "" {
		visit, urgency := c.chance(70), tickets.Urgency(oneOf(c, tickets.Urgencies).Code)
		args.Fields.NeedFollowUp, args.Fields.Urgency = &visit, &urgency
		c.apply(f, tickets.Save, who, args)
	}
	return f
}

// step lets the clock go on, fires what is due on one ticket and lets somebody do something to it.
func (c *city) step() {
	i := c.r.IntN(len(c.files))
	f := c.files[i]
	c.now = c.now.Add(time.Duration(c.r.ExpFloat64() * float64(4*time.Minute))).Truncate(time.Microsecond)
	if c.chance(3) {
		c.now = c.now.Add(time.Duration(c.r.IntN(20)) * time.Minute)
	}
	c.said = c.said[:0]
	c.fire(f)
	if f.ticket.State == tickets.Archived && c.chance(80) || !f.ticket.State.Open() && f.mood != content && c.chance(8) {
		c.files[i] = c.newFile()
		return
	}
	who := c.somebody(f)
	if c.chance(20) || who.Has(tickets.System) {
		c.anything(f, who)
		return
	}
	actions := tickets.Allowed(f.ticket, who, c.facts(f, tickets.Args{}))
	if len(actions) == 0 {
		who = c.somebody(f)
		actions = tickets.Allowed(f.ticket, who, c.facts(f, tickets.Args{}))
	}
	if len(actions) == 0 || who.Has(tickets.System) {
		return
	}
	if l, ok := f.ticket.LegOf(who.Unit); ok && c.chance(50) {
		c.apply(f, tickets.View, who, tickets.Args{Leg: l.N})
	}
	a := oneOf(c, actions)
	for _, x := range actions {
		if x.Primary && c.chance(40) {
			a = x
		}
	}
	if slices.Contains(rare, a.Name) && c.chance(90) || slices.Contains(endings, a.Name) && c.chance(97) || c.shy(f, a.Name) {
		return
	}
	args := c.args(f, a.Name)
	args.Leg, args.Request, args.Supervision, args.Card = a.Leg, a.Request, a.Supervision, a.Card
	c.apply(f, a.Name, who, args)
}

// work is who usually has a ticket of the state on his table.
var work = map[tickets.State][]tickets.Role{
	tickets.Draft: {tickets.Agent, tickets.Intake}, tickets.Received: {tickets.Intake}, tickets.ToSupplement: {tickets.Agent, tickets.Intake, tickets.Citizen},
	tickets.ToDispatch: {tickets.Dispatcher, tickets.Office}, tickets.Dispatched: {tickets.UnitClerk, tickets.UnitLeader, tickets.Office},
	tickets.Suspended: {tickets.UnitClerk, tickets.Office}, tickets.UnderReview: {tickets.Reviewer, tickets.Office},
	tickets.ToFollowUp: {tickets.FollowUp, tickets.Office}, tickets.Deliberation: {tickets.Office},
}

// somebody is mostly one who has something to do with the ticket.
func (c *city) somebody(f *file) tickets.Actor {
	who := oneOf(c, people)
	for range 8 {
		if c.chance(15) || who.Has(work[f.ticket.State]...) {
			break
		}
		who = oneOf(c, people)
	}
	return who
}

// Endings would cut most lives short and rare acts would crowd out the rest, if they happened as
// often as there is a button for them.
var (
	endings = []tickets.Event{
		tickets.Discard, tickets.Refuse, tickets.CloseDirect, tickets.Merge, tickets.CitizenWithdraw, tickets.AskVoid, tickets.ReportHard,
		tickets.Instruct, tickets.Supervise, tickets.AskReopen,
	}
	rare = []tickets.Event{
		tickets.ToEmergency, tickets.Recall, tickets.Urge, tickets.Supplement, tickets.Progress, tickets.Reassign, tickets.Remind,
		tickets.ReturnToWriter, tickets.Release, tickets.AskAppeal, tickets.WithdrawRequest, tickets.RevokeCard, tickets.Overrule,
		tickets.IssueCard, tickets.AskReturn, tickets.AskSuspension,
	}
)

// byRule is what a service does in the system's name, timers and effects apart.
var byRule = []tickets.Event{
	tickets.Release, tickets.VisitClose, tickets.VisitMissed, tickets.VisitToPhone, tickets.Remind, tickets.IssueCard, tickets.RevokeCard,
	tickets.Resume, tickets.Recompute,
}

// anything is a random event with random targets: mostly refused.
func (c *city) anything(f *file, who tickets.Actor) {
	event := tickets.Event(oneOf(c, tickets.Events).Code)
	if who.Has(tickets.System) {
		event = oneOf(c, byRule)
	}
	args := c.args(f, event)
	args.Leg, args.Request, args.Supervision, args.Card = c.r.IntN(4), c.r.IntN(3), c.r.IntN(2), c.r.IntN(2)
	c.apply(f, event, who, args)
}

// fire lets every due timer of the ticket do its event, once each.
func (c *city) fire(f *file) {
	for range 30 {
		due := tickets.Timers(f.ticket, general)
		if len(due) == 0 || due[0].At.After(c.now) {
			return
		}
		m := due[0]
		require.True(c.t, m.Due(f.ticket, general, c.now))
		event, args := tickets.TimerEvent(m)
		if !c.apply(f, event, tickets.ByRule, args) {
			c.fail("the timer %+v of %s is refused", m, f.ticket.State)
		}
		c.fired++
		if m.Due(f.ticket, general, c.now) {
			c.fail("the timer %+v would fire again", m)
		}
	}
	c.fail("timers without end: %+v", tickets.Timers(f.ticket, general))
}

func (c *city) fail(format string, args ...any) {
	c.t.Helper()
	c.t.Fatalf("seed %d: "+format+"\n%v", append(append([]any{*seed}, args...), c.said)...)
}

func (c *city) facts(f *file, args tickets.Args) tickets.Facts {
	facts := tickets.Facts{
		CallOfSeat: c.chance(90), HandedOver: c.chance(50), CatalogueUnits: []string{"xxb"}, DispatchDirectly: c.chance(60), Rules: general,
		Units: c.units, Deputy: c.chance(10), Merged: len(f.merged), Urges: c.r.IntN(9),
	}
	for _, m := range f.merged {
		if !slices.ContainsFunc(f.ticket.Visits, func(v tickets.Visit) bool { return v.For == m.ticket.ID && v.Round == f.ticket.Round }) {
			facts.FollowUps++
		}
	}
	if args.Visit != nil && args.Visit.For != "" && facts.FollowUps == 0 {
		facts.FollowUps = 1
	}
	return facts
}

// args are what somebody may send with the event: mostly fit, sometimes not.
func (c *city) args(f *file, event tickets.Event) tickets.Args {
	args := fullArgs(event)
	args.Call = oneOf(c, []calls.ID{"c1", "c2", "c3"})
	args.Fields, args.Account = goodFields(), oneOf(c, people).Account
	args.Outcome = oneOf(c, []string{tickets.OutcomeRefuse, tickets.OutcomeSuspend, tickets.OutcomeDispatch})
	args.Until, args.Days = c.now.AddDate(0, 0, 1+c.r.IntN(6)), 1+c.r.IntN(3)
	args.Keep, args.Urgency = c.chance(50), tickets.Urgency(oneOf(c, tickets.Urgencies).Code)
	if event != tickets.IssueCard {
		args.Kind = oneOf(c, tickets.SupervisionKinds).Code
	}
	d := c.now.AddDate(0, 0, c.r.IntN(9)).Add(time.Hour)
	args.Dates = tickets.Deadlines{Began: c.now, Sign: d, Return: d, Due: d}
	if c.chance(10) {
		args.DueAt = c.now.Add(time.Duration(c.r.IntN(200)) * time.Hour)
	}
	switch event {
	case tickets.Dispatch, tickets.AssignDuty, tickets.Conclude:
		args.Unit, args.Units = oneOf(c, []string{"xxb", "hbj", "cgj"}), nil
		if c.chance(50) {
			args.Units = []string{oneOf(c, []string{"xxb", "hbj", "cgj"})}
		}
	case tickets.Delegate, tickets.AddDelegate:
		args.Unit = oneOf(c, []string{"xxk", "jsk", "hbj"})
	case tickets.VisitRework, tickets.VisitToPhone:
		args.Visit = unhappy()
		args.Unit = oneOf(c, []string{"", "", "cgj"})
	default:
		args.Unit = oneOf(c, []string{"", "cgj", "hbj"})
	}
	if len(f.merged) > 0 && c.chance(50) {
		v := *args.Visit
		v.For = oneOf(c, f.merged).ticket.ID
		args.Visit = &v
	}
	if c.chance(5) {
		args.Reason, args.Text, args.Reply, args.Visit, args.Contact = "", "", nil, nil, nil
	}
	return args
}

// apply does the event, checks what must always hold, and carries the effects out.
func (c *city) apply(f *file, event tickets.Event, who tickets.Actor, args tickets.Args) bool {
	c.tried++
	facts := c.facts(f, args)
	var other *file
	if event == tickets.Merge || event == tickets.Urge || event == tickets.Supplement || event == tickets.Progress {
		if len(c.files) > 0 {
			other = oneOf(c, c.files)
			facts.Other = &tickets.Other{ID: other.ticket.ID, Number: other.ticket.Number, State: other.ticket.State}
		}
	}
	listed := c.chance(85) || who.Has(tickets.System) || f.ticket.State == tickets.None ||
		slices.ContainsFunc(tickets.Allowed(f.ticket, who, facts), func(a tickets.Action) bool { return a.Name == event })
	before := f.ticket
	var copied *tickets.Ticket
	if c.chance(4) {
		k := clone(before)
		copied = &k
	}
	out, err := tickets.Apply(f.ticket, event, who, args, facts, c.now)
	c.said = append(c.said, act{before.State, event, who.Account, args.Leg, args.Request, err})
	if copied != nil && !reflect.DeepEqual(*copied, before) {
		c.fail("the ticket that was given is changed")
	}
	if err != nil {
		var r *tickets.Refusal
		require.ErrorAs(c.t, err, &r)
		return false
	}
	if !listed && event != tickets.View {
		c.fail("%s by %v in %s went through, but no button showed it", event, who.Roles, before.State)
	}
	c.count(out)
	f.ticket = out.Ticket
	c.explained(f, before, out)
	c.held(f.ticket)
	c.carryOut(f, other, who, out)
	return true
}

func (c *city) count(out tickets.Outcome) {
	for _, s := range out.Steps {
		c.done[s.Event]++
	}
}

// carryOut does what a service does after an event.
func (c *city) carryOut(f, other *file, who tickets.Actor, out tickets.Outcome) {
	for _, e := range out.Effects {
		switch e {
		case tickets.AssignNumber:
			if f.ticket.Number != "" {
				c.fail("a second number")
			}
			f.ticket.Number = fmt.Sprintf("%012d", c.n)
		case tickets.TellMaster:
			before := other.ticket
			absorbed := tickets.Absorb(other.ticket, f.ticket, who, c.facts(other, tickets.Args{}), c.now)
			other.ticket = absorbed.Ticket
			other.merged = append(other.merged, f)
			c.explained(other, before, absorbed)
			c.held(other.ticket)
		case tickets.SplitMerged, tickets.ArchiveMerged:
			merged := f.merged
			f.merged = nil
			for _, m := range merged {
				c.takeAlong(m, e, f)
			}
		}
	}
	if event := f.ticket.State; event != tickets.Merged {
		for _, o := range c.files { // a split ticket is no longer its master's
			if i := slices.Index(o.merged, f); i >= 0 && f.ticket.Master == "" {
				o.merged = slices.Delete(o.merged, i, i+1)
			}
		}
	}
}

func (c *city) takeAlong(m *file, e tickets.Effect, master *file) {
	if m.ticket.State != tickets.Merged {
		return
	}
	event, facts := tickets.Split, tickets.Facts{Rules: general, MasterGone: true}
	if e == tickets.ArchiveMerged {
		event, facts.Other = tickets.Archive, &tickets.Other{State: master.ticket.State}
	}
	before := m.ticket
	out, err := tickets.Apply(m.ticket, event, tickets.ByRule, tickets.Args{}, facts, c.now)
	require.NoError(c.t, err)
	c.count(out)
	m.ticket = out.Ticket
	c.explained(m, before, out)
	c.held(m.ticket)
	c.carryOut(m, nil, tickets.ByRule, out)
}
