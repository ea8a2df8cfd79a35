package tickets_test

import (
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/open12345/hotline/configs/notices"
	"github.com/open12345/hotline/tickets"
)

// wordsOf are the words that a notice of the kind can't do without, to citizens and to staff. The
// service adds number, code and links.
var wordsOf = func() map[bool]map[string][]string {
	var file struct {
		Citizen, Staff map[string]struct{ Text string }
	}
	if err := yaml.Unmarshal(notices.Templates, &file); err != nil {
		panic(err)
	}
	optional, word := regexp.MustCompile(`\[[^\]]*\]`), regexp.MustCompile(`\{(\w+)\}`)
	list := map[bool]map[string][]string{true: {}, false: {}}
	for citizen, of := range map[bool]map[string]struct{ Text string }{true: file.Citizen, false: file.Staff} {
		for kind, t := range of {
			for _, m := range word.FindAllStringSubmatch(optional.ReplaceAllString(t.Text, ""), -1) {
				if !slices.Contains([]string{"number", "title", "code", "reply_link", "rating_link"}, m[1]) {
					list[citizen][kind] = append(list[citizen][kind], m[1])
				}
			}
		}
	}
	return list
}()

// toldInFull: every notice has one recipient and the words its template wants.
func (c *city) toldInFull(out tickets.Outcome) {
	for _, n := range out.Notices {
		to := 0
		for _, given := range []bool{n.To.Citizen, n.To.Account != "", n.To.Role != "", n.To.Unit != "", n.To.Leaders != "", n.To.Duty != ""} {
			if given {
				to++
			}
		}
		if to != 1 {
			c.fail("the notice %s goes to %+v", n.Kind, n.To)
		}
		for _, word := range wordsOf[n.To.Citizen][string(n.Kind)] {
			if n.Vars[word] == "" {
				c.fail("the notice %s to %+v lacks %s", n.Kind, n.To, word)
			}
		}
	}
}

// explained checks that the flow explains where ticket and legs are, that no leg is lost, that no
// deadline moved silently and that whoever waited for a decision was told.
func (c *city) explained(f *file, before tickets.Ticket, out tickets.Outcome) {
	k := out.Ticket
	for _, s := range out.Steps {
		if s.From != f.state {
			c.fail("step %s begins in %q, the flow was in %q", s.Event, s.From, f.state)
		}
		if s.From != s.To && !leads(s) {
			c.fail("no row leads from %s by %s to %s", s.From, s.Event, s.To)
		}
		f.state = s.To
		if n := s.Data.Leg; n != 0 {
			if s.Data.LegFrom != f.legs[n] {
				c.fail("step %s: leg %d begins in %q, the flow was in %q", s.Event, n, s.Data.LegFrom, f.legs[n])
			}
			f.legs[n] = s.Data.LegTo
		}
		if !s.At.Equal(c.now) {
			c.fail("step %s at %s", s.Event, s.At)
		}
	}
	if f.state != k.State {
		c.fail("the flow ends in %s, the ticket is in %s", f.state, k.State)
	}
	for _, l := range k.Legs {
		if f.legs[l.N] != l.State {
			c.fail("the flow ends with leg %d in %q, it is in %q", l.N, f.legs[l.N], l.State)
		}
	}
	c.toldInFull(out)
	c.legsKept(before, k)
	c.deadlinesTold(before, out)
	c.decisionsTold(before, out)
}

// leads tells whether a row of the table makes the step.
func leads(s tickets.FlowStep) bool {
	return slices.ContainsFunc(tickets.Transitions, func(r tickets.Transition) bool {
		return r.Event == s.Event && slices.Contains(r.From, s.From) && slices.Contains(r.Targets(s.From), s.To)
	})
}

func (c *city) legsKept(before, after tickets.Ticket) {
	if len(after.Legs) < len(before.Legs) {
		c.fail("a leg is lost")
	}
	for i, l := range after.Legs {
		if l.N != i+1 {
			c.fail("leg %d has the number %d", i+1, l.N)
		}
		if i < len(before.Legs) {
			was := before.Legs[i]
			if was.Unit != l.Unit || was.Role != l.Role || was.Parent != l.Parent || l.Round < was.Round {
				c.fail("leg %d became another", l.N)
			}
			if !was.Reply.Empty() && l.Reply.Empty() {
				c.fail("the reply of leg %d is lost", l.N)
			}
		}
	}
}

// deadlinesTold: a leg's deadline moves only by a step that says so, and its version counts it.
func (c *city) deadlinesTold(before tickets.Ticket, out tickets.Outcome) {
	said := func(n int, due time.Time) bool {
		return slices.ContainsFunc(out.Steps, func(s tickets.FlowStep) bool {
			return (n == 0 || s.Data.Leg == n) && s.Data.DueAt != nil && s.Data.DueAt.Equal(due)
		})
	}
	for _, l := range out.Ticket.Legs {
		was, known := before.Leg(l.N)
		switch {
		case l.DueAt.Equal(was.DueAt):
		case !said(l.N, l.DueAt):
			c.fail("leg %d: the deadline %s became %s silently", l.N, was.DueAt, l.DueAt)
		case known && l.DueVersion <= was.DueVersion:
			c.fail("leg %d: the deadline moved, its version did not", l.N)
		}
	}
	k := out.Ticket
	if !k.DueAt.Equal(before.DueAt) && !k.DueAt.IsZero() && before.State != tickets.None && !said(0, k.DueAt) {
		c.fail("the ticket's deadline %s became %s silently", before.DueAt, k.DueAt)
	}
	if !k.StageDueAt.Equal(before.StageDueAt) && k.State == before.State && !said(0, k.StageDueAt) {
		c.fail("the stage's limit moved silently in %s", k.State)
	}
}

// decisionsTold: a request ends with a notice, except one its asker took back.
func (c *city) decisionsTold(before tickets.Ticket, out tickets.Outcome) {
	for _, q := range out.Ticket.Requests {
		was, _ := before.Request(q.N)
		kind := tickets.NoticeDecided
		switch {
		case was.State == q.State:
			continue
		case was.State != tickets.NoRequest && was.State != tickets.RequestOpen:
			c.fail("request %d became %s after %s", q.N, q.State, was.State)
		case q.State == tickets.RequestOpen:
			kind = tickets.NoticeToDecide
		case q.State == tickets.RequestWithdrawn:
			continue
		case q.State == tickets.RequestLapsed:
			kind = tickets.NoticeLapsed
		}
		if !slices.ContainsFunc(out.Notices, func(n tickets.Notice) bool { return n.Kind == kind && n.To != (tickets.Recipient{}) }) {
			c.fail("request %d is %s and nobody was told", q.N, q.State)
		}
	}
}

// held is what holds of every ticket at any time.
func (c *city) held(k tickets.Ticket) {
	switch {
	case k.State.Open() != k.ClosedAt.IsZero():
		c.fail("%s and closed at %v", k.State, k.ClosedAt)
	case !k.State.Open() && k.Owner != "":
		c.fail("%s is in the hands of %s", k.State, k.Owner)
	case k.State == tickets.Draft && k.Owner == "":
		c.fail("a draft is nobody's")
	case k.State == tickets.Merged && k.Master == "":
		c.fail("merged into nothing")
	case k.State == tickets.Closed && k.Result == "":
		c.fail("closed without a result")
	case k.State.Accepted() && k.State != tickets.ToSupplement && k.State != tickets.Received && k.SubmittedAt.IsZero():
		c.fail("%s and never submitted", k.State)
	}
	c.heldOfLegs(k)
	c.heldOfRequests(k)
	if !k.State.Open() && k.Supervised() {
		c.fail("%s under supervision", k.State)
	}
	urged := map[string]bool{}
	for _, call := range k.Calls {
		if call.Role == tickets.CallUrge && urged[string(call.ID)] {
			c.fail("call %s urged twice", call.ID)
		}
		urged[string(call.ID)] = urged[string(call.ID)] || call.Role == tickets.CallUrge
	}
}

func (c *city) heldOfLegs(k tickets.Ticket) {
	open, lead := 0, tickets.Leg{}
	for _, l := range k.Legs {
		if !l.State.Open() {
			if !l.SuspendedAt.IsZero() && l.State != tickets.Replied {
				c.fail("leg %d ended with its clock stopped", l.N)
			}
			continue
		}
		open++
		if l.Parent == 0 && l.Role == tickets.Lead {
			if lead.N != 0 {
				c.fail("two leads at once")
			}
			lead = l
		}
		below := k.Below(l.N)
		openBelow := slices.ContainsFunc(below, func(b tickets.Leg) bool { return b.State.Open() })
		parent, _ := k.Leg(l.Parent)
		switch {
		case l.Parent != 0 && !parent.State.Open():
			c.fail("leg %d is open below one that ended", l.N)
		case l.State == tickets.Delegated && !openBelow:
			c.fail("leg %d is 已交办 to nobody", l.N)
		case l.State == tickets.Handling && openBelow:
			c.fail("leg %d is 办理中 while a unit below has it", l.N)
		case l.SuspendedAt.IsZero() == (k.State == tickets.Suspended):
			c.fail("leg %d in %s: clock stopped at %v", l.N, k.State, l.SuspendedAt)
		case l.DueAt.IsZero():
			c.fail("leg %d has no deadline", l.N)
		case l.State != tickets.ToSign && l.SignedAt.IsZero():
			c.fail("leg %d is %s and nobody signed", l.N, l.State)
		}
	}
	newest, _ := k.LeadLeg()
	switch {
	case open > 0 && !slices.Contains([]tickets.State{tickets.Dispatched, tickets.Suspended, tickets.ToDispatch}, k.State):
		c.fail("%s with %d open legs", k.State, open)
	case k.State == tickets.ToDispatch && lead.N != 0:
		c.fail("待派单 with an open lead")
	case k.State == tickets.Suspended && lead.N == 0:
		c.fail("suspended without a lead")
	case k.State == tickets.Dispatched && open == 0:
		c.fail("已转办 and nobody has it")
	case k.State == tickets.Dispatched && lead.N != 0 && (!k.DueAt.Equal(lead.DueAt) || k.Unit != lead.Unit):
		c.fail("the ticket is due %s by %s, its lead %s by %s", k.DueAt, k.Unit, lead.DueAt, lead.Unit)
	case k.State == tickets.Dispatched && lead.N == 0 && newest.State != tickets.Replied:
		c.fail("已转办 with a lead that is %s", newest.State)
	}
}

func (c *city) heldOfRequests(k tickets.Ticket) {
	askedBy := map[int]int{}
	for _, q := range k.Requests {
		if q.State != tickets.RequestOpen {
			continue
		}
		after := q.Kind == tickets.RequestAppeal || q.Kind == tickets.RequestReopening
		if !k.State.Open() && !after {
			c.fail("%s with an open request for %s", k.State, q.Kind)
		}
		l, ofLeg := k.Leg(q.Leg)
		if ofLeg && !after {
			askedBy[q.Leg]++
			if askedBy[q.Leg] > 1 {
				c.fail("leg %d asks for two things at once", q.Leg)
			}
			if !l.State.Open() {
				c.fail("leg %d is %s and asks for %s", q.Leg, l.State, q.Kind)
			}
		}
		if ofLeg && (q.Kind == tickets.RequestReturn) != (l.State == tickets.ReturnAsked) && !after {
			c.fail("leg %d is %s and asks for %s", q.Leg, l.State, q.Kind)
		}
	}
}
