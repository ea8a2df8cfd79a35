package tickets_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
)

// TestRandomPeopleDoingRandomThings walks tickets through the table with every kind of person
// and checks after each step what must always hold.
func TestRandomPeopleDoingRandomThings(t *testing.T) {
	roles := []tickets.Role{
		tickets.Agent, tickets.Supervisor, tickets.Intake, tickets.Dispatcher, tickets.Reviewer, tickets.Office, tickets.Quality,
		tickets.UnitClerk, tickets.Citizen, tickets.System,
	}
	events := make([]tickets.Event, len(tickets.Events))
	for i, e := range tickets.Events {
		events[i] = tickets.Event(e.Code)
	}
	rapid.Check(t, func(t *rapid.T) {
		var k tickets.Ticket
		at := now
		numbered := false
		explained := tickets.None
		for step := range rapid.IntRange(1, 60).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(1, 3600).Draw(t, "seconds")) * time.Second)
			event := rapid.SampledFrom(events).Draw(t, "event")
			actor := tickets.Actor{
				Account: rapid.SampledFrom([]string{"8001", "8002", "shouli"}).Draw(t, "account"),
				Roles:   []tickets.Role{rapid.SampledFrom(roles).Draw(t, "role")},
			}
			if step == 0 {
				event = rapid.SampledFrom([]tickets.Event{tickets.CreateByCall, tickets.Register, tickets.SubmitOnline}).Draw(t, "beginning")
				actor.Roles = []tickets.Role{tickets.Agent, tickets.Citizen}
			}
			if rapid.Bool().Draw(t, "versatile") {
				actor.Roles = []tickets.Role{tickets.Agent, tickets.Intake, tickets.Dispatcher, tickets.Supervisor}
			}
			args, facts := goodArgs(event)
			args.Call = rapid.SampledFrom([]calls.ID{"c1", "c2", "c3"}).Draw(t, "call")
			args.Fields = goodFields()
			facts.HandedOver = rapid.Bool().Draw(t, "handed over")
			facts.DispatchDirectly = rapid.IntRange(0, 20).Draw(t, "right") == 0
			listed := slices.ContainsFunc(tickets.Allowed(k, actor, facts), func(a tickets.Action) bool { return a.Name == event })
			before := k
			out, err := tickets.Apply(k, event, actor, args, facts, at)
			if err != nil {
				continue
			}
			if k.State != tickets.None && !listed {
				t.Fatalf("%s of %s in %s went through, but no button showed it", event, actor.Roles[0], k.State.Label())
			}
			k = out.Ticket
			for _, step := range out.Steps {
				if step.From != explained {
					t.Fatalf("the flow does not explain the state: %+v after %s", step, explained)
				}
				explained = step.To
			}
			if len(out.Steps) == 0 && k.State != before.State {
				t.Fatalf("the state changed without a step")
			}
			if slices.Contains(out.Effects, tickets.AssignNumber) {
				if numbered {
					t.Fatal("a second number")
				}
				numbered, k.Number = true, "261124000014"
			}
			held(t, k)
		}
	})
}

func goodFields() tickets.Fields {
	kind, title, content, class, answer := tickets.Complaint, "夜间施工", "每天晚上十一点以后工地还在施工，噪音很大，影响休息，已持续一周。", "noise", "已答复"
	name, phone := "王秀兰", "13800005678"
	return tickets.Fields{Type: &kind, Title: &title, Content: &content, ClassID: &class, Answer: &answer,
		Caller: &tickets.CallerPatch{Name: &name, Phone: &phone}}
}

// held is what holds of every ticket.
func held(t *rapid.T, k tickets.Ticket) {
	switch {
	case k.State.Open() != k.ClosedAt.IsZero():
		t.Fatalf("%s and closed at %v", k.State.Label(), k.ClosedAt)
	case !k.State.Open() && k.Owner != "":
		t.Fatalf("%s is in the hands of %s", k.State.Label(), k.Owner)
	case k.State == tickets.Draft && k.Owner == "":
		t.Fatal("a draft is nobody's")
	case k.State.Accepted() && k.State != tickets.ToSupplement && k.Number == "":
		t.Fatalf("%s without a number", k.State.Label())
	case k.State == tickets.Merged && k.Master == "":
		t.Fatal("merged into nothing")
	}
	urges := map[calls.ID]int{}
	for _, c := range k.Calls {
		if c.Role == tickets.CallUrge {
			urges[c.ID]++
		}
	}
	for call, n := range urges {
		if n > 1 {
			t.Fatalf("call %s urged %d times", call, n)
		}
	}
}
