package tickets_test

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

//go:embed testdata/guards.csv
var guardsFile string

// breach is one thing that is not as it has to be, and the reason it is refused with.
type breach struct {
	code string
	make func(*scene)
}

func args(f func(*tickets.Args)) func(*scene)     { return func(s *scene) { f(&s.args) } }
func facts(f func(*tickets.Facts)) func(*scene)   { return func(s *scene) { f(&s.facts) } }
func ticket(f func(*tickets.Ticket)) func(*scene) { return func(s *scene) { f(&s.ticket) } }
func reply(f func(*tickets.Reply)) func(*scene)   { return func(s *scene) { f(s.args.Reply) } }
func visitOf(f func(*tickets.Visit)) func(*scene) { return func(s *scene) { f(s.args.Visit) } }
func request(f func(*tickets.Request)) func(*scene) {
	return func(s *scene) { f(&s.ticket.Requests[0]) }
}
func supervision(f func(*tickets.Supervision)) func(*scene) {
	return func(s *scene) { f(&s.ticket.Supervisions[0]) }
}

// ownLeg changes the leg that the scene looks at.
func ownLeg(f func(*tickets.Leg)) func(*scene) {
	return func(s *scene) {
		for i := range s.ticket.Legs {
			if s.ticket.Legs[i].N == s.n {
				f(&s.ticket.Legs[i])
			}
		}
	}
}

func asking(kind tickets.RequestKind) func(*scene) {
	return func(s *scene) {
		s.ticket.Requests = append(s.ticket.Requests, tickets.Request{N: 7, Kind: kind, State: tickets.RequestOpen, Leg: s.n, InTime: true})
	}
}

var kindAsked = map[string]tickets.RequestKind{
	"report_hard": tickets.RequestDeliberation, "ask_close_at_limit": tickets.RequestAtLimit, "citizen_withdraw": tickets.RequestWithdrawal,
	"ask_void": tickets.RequestVoid, "ask_reopen": tickets.RequestReopening, "ask_appeal": tickets.RequestAppeal,
}

var breaches = map[string]breach{
	"no call":                      {tickets.RefusedCallMissing, args(func(a *tickets.Args) { a.Call = "" })},
	"call of another seat":         {tickets.RefusedCall, facts(func(f *tickets.Facts) { f.CallOfSeat = false })},
	"source is the telephone":      {tickets.RefusedSource, args(func(a *tickets.Args) { a.Source = tickets.SourcePhone })},
	"source is a letter":           {tickets.RefusedSource, args(func(a *tickets.Args) { a.Source = tickets.SourceLetter })},
	"no content":                   {tickets.RefusedFields, args(func(a *tickets.Args) { a.Fields.Content = nil })},
	"not in hand":                  {tickets.RefusedNotYours, ticket(func(k *tickets.Ticket) { k.Owner = "8009" })},
	"taken":                        {tickets.RefusedTaken, ticket(func(k *tickets.Ticket) { k.Owner = "8009" })},
	"impossible value":             {tickets.RefusedValue, args(func(a *tickets.Args) { soon := tickets.Urgency("soon"); a.Fields.Urgency = &soon })},
	"no target":                    {tickets.RefusedTarget, args(func(a *tickets.Args) { a.Account = "" })},
	"not transferred":              {tickets.RefusedHandover, facts(func(f *tickets.Facts) { f.HandedOver = false })},
	"no reason":                    {tickets.RefusedReason, args(func(a *tickets.Args) { a.Reason = " " })},
	"no lawful way":                {tickets.RefusedReason, args(func(a *tickets.Args) { a.LawfulWay = "" })},
	"not said what is missing":     {tickets.RefusedReason, args(func(a *tickets.Args) { a.Missing = "" })},
	"no text":                      {tickets.RefusedText, args(func(a *tickets.Args) { a.Text = "" })},
	"no basis":                     {tickets.RefusedBasis, args(func(a *tickets.Args) { a.Basis = "" })},
	"no plan":                      {tickets.RefusedPlan, args(func(a *tickets.Args) { a.Plan = "" })},
	"no proof":                     {tickets.RefusedProof, args(func(a *tickets.Args) { a.Proof = "" })},
	"no outcome":                   {tickets.RefusedOutcome, args(func(a *tickets.Args) { a.Outcome = "" })},
	"no urgency":                   {tickets.RefusedValue, args(func(a *tickets.Args) { a.Urgency = "soon" })},
	"telephone without call":       {tickets.RefusedCallMissing, ticket(func(k *tickets.Ticket) { k.Source, k.Calls = tickets.SourcePhone, nil })},
	"ticket by letter":             {tickets.RefusedSource, ticket(func(k *tickets.Ticket) { k.Source = tickets.SourceLetter })},
	"no class":                     {tickets.RefusedFields, ticket(func(k *tickets.Ticket) { k.ClassID = "" })},
	"no answer":                    {tickets.RefusedAnswer, ticket(func(k *tickets.Ticket) { k.Answer = "" })},
	"nothing known of the citizen": {tickets.RefusedContact, ticket(func(k *tickets.Ticket) { k.Caller = tickets.Caller{} })},
	"no emergency line":            {tickets.RefusedEmergency, args(func(a *tickets.Args) { a.Emergency = "96116" })},
	"waits for the writer":         {tickets.RefusedWaitsForWriter, ticket(func(k *tickets.Ticket) { k.ReturnTo = tickets.ToDispatch })},
	"other ticket closed":          {tickets.RefusedMaster, facts(func(f *tickets.Facts) { f.Other.State = tickets.Closed })},
	"old ticket closed":            {tickets.RefusedOld, facts(func(f *tickets.Facts) { f.Other.State = tickets.Closed })},
	"merged into itself":           {tickets.RefusedSelf, facts(func(f *tickets.Facts) { f.Other.ID = "t1" })},
	"is a master":                  {tickets.RefusedIsMaster, facts(func(f *tickets.Facts) { f.Merged = 1 })},
	"master goes on":               {tickets.RefusedMasterThere, facts(func(f *tickets.Facts) { f.MasterGone = false })},
	"master not archived":          {tickets.RefusedMasterThere, facts(func(f *tickets.Facts) { f.Other.State = tickets.Closed })},
	"a unit signed":                {tickets.RefusedSigned, ticket(func(k *tickets.Ticket) { withLegs(k, tickets.Handling) })},
	"urged in this call": {tickets.RefusedUrgedOnce, ticket(func(k *tickets.Ticket) {
		k.Calls = []tickets.CallRef{{ID: "c1", Role: tickets.CallUrge}}
	})},
	"no right of 直派":                     {tickets.RefusedCatalogue, facts(func(f *tickets.Facts) { f.DispatchDirectly = false })},
	"two units in the catalogue":         {tickets.RefusedCatalogue, facts(func(f *tickets.Facts) { f.CatalogueUnits = []string{"xxb", "hbj"} })},
	"disabled unit in the catalogue":     {tickets.RefusedUnitUnknown, facts(func(f *tickets.Facts) { f.CatalogueUnits = []string{"old"} })},
	"no unit":                            {tickets.RefusedUnitMissing, args(func(a *tickets.Args) { a.Unit = "" })},
	"unit of the second level":           {tickets.RefusedUnitUnknown, args(func(a *tickets.Args) { a.Unit = "xxk" })},
	"disabled unit":                      {tickets.RefusedUnitUnknown, args(func(a *tickets.Args) { a.Units = []string{"old"} })},
	"unknown unit":                       {tickets.RefusedUnitUnknown, args(func(a *tickets.Args) { a.Unit = "nobody" })},
	"unit twice":                         {tickets.RefusedUnitTwice, args(func(a *tickets.Args) { a.Units = []string{a.Unit} })},
	"limit beyond the policy":            {tickets.RefusedDue, args(func(a *tickets.Args) { a.DueAt = now.AddDate(3, 0, 0) })},
	"limit in the past":                  {tickets.RefusedDue, args(func(a *tickets.Args) { a.DueAt = now.Add(-time.Hour) })},
	"limit after the unit's own":         {tickets.RefusedDue, args(func(a *tickets.Args) { a.DueAt = now.AddDate(0, 2, 0) })},
	"off the catalogue without a reason": {tickets.RefusedOffCatalogue, func(s *scene) { s.facts.Proposed, s.args.Reason, s.args.Text = []string{"hbj"}, "", "" }},
	"no writer":                          {tickets.RefusedTarget, ticket(func(k *tickets.Ticket) { k.Writer = "" })},
	"no day to come": {tickets.RefusedUntil, func(s *scene) {
		s.args.Until = time.Time{}
		if len(s.ticket.Requests) > 0 {
			s.ticket.Requests[0].Until = now
		}
	}},
	"lead silent":               {tickets.RefusedUnanswered, ticket(func(k *tickets.Ticket) { k.Legs[0].State = tickets.Handling })},
	"assist silent":             {tickets.RefusedUnanswered, ticket(func(k *tickets.Ticket) { k.Legs[1].State = tickets.Handling })},
	"suspended still":           {tickets.RefusedNotYet, ticket(func(k *tickets.Ticket) { k.DueAt = now.Add(time.Hour) })},
	"no public reply":           {tickets.RefusedPublic, func(s *scene) { s.args.Public, s.ticket.PublicReply = "", "" }},
	"citizen to be followed up": {tickets.RefusedVisitWanted, ticket(func(k *tickets.Ticket) { k.NeedFollowUp = true })},
	"supervised": {tickets.RefusedSupervised, ticket(func(k *tickets.Ticket) {
		k.Supervisions = []tickets.Supervision{{N: 1, State: tickets.SupervisionDone}}
	})},
	"no visit":                {tickets.RefusedVisit, args(func(a *tickets.Args) { a.Visit = nil })},
	"visit without call":      {tickets.RefusedVisitProof, visitOf(func(v *tickets.Visit) { v.Call = "" })},
	"not said whether solved": {tickets.RefusedVisit, visitOf(func(v *tickets.Visit) { v.Solved = "" })},
	"impossible level":        {tickets.RefusedValue, visitOf(func(v *tickets.Visit) { v.Unit = 6 })},
	"dissatisfied":            {tickets.RefusedDiscontent, args(func(a *tickets.Args) { a.Visit = unhappy() })},
	"content":                 {tickets.RefusedContent, args(func(a *tickets.Args) { a.Visit = happy() })},
	"unreasonable":            {tickets.RefusedUnreasonable, ticket(func(k *tickets.Ticket) { k.Unreasonable = true })},
	"reworks used up":         {tickets.RefusedReworks, ticket(func(k *tickets.Ticket) { k.Reworks = 9 })},
	"below the limit without basis": {tickets.RefusedBelowLimit, func(s *scene) {
		s.ticket.Reworks, s.args.Basis = 0, ""
	}},
	"two tries": {tickets.RefusedTries, ticket(func(k *tickets.Ticket) { k.Visits = k.Visits[1:] })},
	"tries on one half-day": {tickets.RefusedTries, ticket(func(k *tickets.Ticket) {
		k.Visits[1].At, k.Visits[2].At = k.Visits[0].At.Add(time.Minute), k.Visits[0].At.Add(time.Hour)
	})},
	"link open":            {tickets.RefusedLinkOpen, ticket(func(k *tickets.Ticket) { k.StageAt = now.Add(-time.Hour) })},
	"others to visit":      {tickets.RefusedOthersToVisit, facts(func(f *tickets.Facts) { f.FollowUps = 1 })},
	"asked already":        {tickets.RefusedRequestOpen, func(s *scene) { asking(kindAsked[s.event])(s) }},
	"a request open":       {tickets.RefusedRequestOpen, asking(tickets.RequestAppeal)},
	"same person":          {tickets.RefusedSamePerson, request(func(q *tickets.Request) { q.AskedBy = "8001" })},
	"too long ago":         {tickets.RefusedReopenLate, ticket(func(k *tickets.Ticket) { k.ClosedAt = now.AddDate(-2, 0, 0) })},
	"too soon":             {tickets.RefusedNotYet, ticket(func(k *tickets.Ticket) { k.ClosedAt = now.Add(-time.Hour) })},
	"stage in time":        {tickets.RefusedNotYet, ticket(func(k *tickets.Ticket) { k.StageDueAt, k.CreatedAt = now.Add(time.Hour), now })},
	"told of the stage":    {tickets.RefusedTold, ticket(func(k *tickets.Ticket) { k.ToldStage = general.StageLimit(*k) })},
	"other unit":           {tickets.RefusedNotYourUnit, func(s *scene) { s.actor.Unit = "cgj" }},
	"other unit of both":   {tickets.RefusedNotYourUnit, func(s *scene) { s.actor.Unit = "cgj" }},
	"viewed":               {tickets.RefusedTold, ownLeg(func(l *tickets.Leg) { l.FirstViewedAt = now })},
	"not with the units":   {tickets.RefusedState, ticket(func(k *tickets.Ticket) { k.State = tickets.UnderReview })},
	"ticket open":          {tickets.RefusedState, ticket(func(k *tickets.Ticket) { k.State = tickets.Dispatched })},
	"ticket ended":         {tickets.RefusedState, ticket(func(k *tickets.Ticket) { k.State = tickets.Closed })},
	"ticket elsewhere":     {tickets.RefusedState, ticket(func(k *tickets.Ticket) { k.State = tickets.UnderReview })},
	"sign limit to come":   {tickets.RefusedNotYet, ownLeg(func(l *tickets.Leg) { l.SignDueAt = now.Add(time.Hour) })},
	"signing overdue told": {tickets.RefusedTold, ownLeg(func(l *tickets.Leg) { l.SignedLate = true })},
	"not 特急":               {tickets.RefusedNotCritical, ticket(func(k *tickets.Ticket) { k.Urgency = tickets.Urgent })},
	"below another":        {tickets.RefusedLowerLevel, ownLeg(func(l *tickets.Leg) { l.Parent = 2 })},
	"first level": {tickets.RefusedFirstLevel, func(s *scene) {
		s.n, s.args.Leg, s.actor.Unit = 1, 1, "xxb"
		s.ticket.Legs[0].State = tickets.Handling
	}},
	"an assist":         {tickets.RefusedNotLead, ownLeg(func(l *tickets.Leg) { l.Role = tickets.Assist })},
	"last level":        {tickets.RefusedLastLevel, ownLeg(func(l *tickets.Leg) { l.Level = 2 })},
	"no unit below":     {tickets.RefusedLastLevel, unit(func(u *tickets.Unit) { u.Leaf = true })},
	"deliberated":       {tickets.RefusedNoReturn, ownLeg(func(l *tickets.Leg) { l.NoReturn = true })},
	"leg asked already": {tickets.RefusedRequestOpen, asking(tickets.RequestExtension)},
	"asked in time":     {tickets.RefusedAskedInTime, asking(tickets.RequestExtension)},
	"excluded":          {tickets.RefusedExcluded, ownLeg(func(l *tickets.Leg) { l.Excluded = true })},
	"returns used up": {tickets.RefusedReturnsOver, func(s *scene) {
		for n := range general.Policy.Returns {
			s.ticket.Requests = append(s.ticket.Requests, tickets.Request{N: n + 1, Kind: tickets.RequestReturn, State: tickets.RequestGranted, Leg: 1})
		}
	}},
	"return limit passed":  {tickets.RefusedReturnLate, ownLeg(func(l *tickets.Leg) { l.ReturnDueAt = now.Add(-time.Hour) })},
	"leader signs returns": {tickets.RefusedLeaderSigns, unit(func(u *tickets.Unit) { u.SignReturn = true })},
	"leader approves":      {tickets.RefusedApproval, unit(func(u *tickets.Unit) { u.Approval = true })},
	"no approval wanted":   {tickets.RefusedNoApproval, unit(func(u *tickets.Unit) { u.Approval = false })},
	"unit not below":       {tickets.RefusedUnitBelow, args(func(a *tickets.Args) { a.Unit = "hbj" })},
	"unit twice below":     {tickets.RefusedUnitTwice, args(func(a *tickets.Args) { a.Units = []string{a.Unit} })},
	"nothing below": {tickets.RefusedNothingBelow, func(s *scene) {
		s.args.Leg = 1
		s.ticket.Legs = slices.DeleteFunc(s.ticket.Legs, func(l tickets.Leg) bool { return l.Parent != 0 })
	}},
	"open below": {tickets.RefusedOpenBelow, func(s *scene) {
		s.ticket.Legs = append(s.ticket.Legs, tickets.Leg{N: 9, Parent: s.n, Unit: "jsk", State: tickets.Handling})
	}},
	"no form":                  {tickets.RefusedForm, args(func(a *tickets.Args) { a.Reply = nil })},
	"empty form":               {tickets.RefusedForm, reply(func(r *tickets.Reply) { r.Answer, r.Handling = " ", "" })},
	"no answer on the form":    {tickets.RefusedForm, reply(func(r *tickets.Reply) { r.Answer = "" })},
	"no clerk on the form":     {tickets.RefusedForm, reply(func(r *tickets.Reply) { r.Person = "" })},
	"no telephone on the form": {tickets.RefusedForm, reply(func(r *tickets.Reply) { r.Phone = "" })},
	"unsolved without why":     {tickets.RefusedForm, reply(func(r *tickets.Reply) { r.Solved = tickets.SolvedNo })},
	"neither contact nor why":  {tickets.RefusedContactRecord, reply(func(r *tickets.Reply) { r.NoContact = "" })},
	"no contact":               {tickets.RefusedContactRecord, args(func(a *tickets.Args) { a.Contact = nil })},
	"assist in time":           {tickets.RefusedAssists, ticket(func(k *tickets.Ticket) { k.Legs[1].State = tickets.Handling })},
	"no deputy":                {tickets.RefusedRole, facts(func(f *tickets.Facts) { f.Deputy = false })},
	"weighty":                  {tickets.RefusedHeadSigns, ticket(func(k *tickets.Ticket) { k.Hard = true })},
	"past due":                 {tickets.RefusedPastDue, ownLeg(func(l *tickets.Leg) { l.DueAt = now.Add(-time.Hour) })},
	"extensions used up":       {tickets.RefusedExtensions, ownLeg(func(l *tickets.Leg) { l.Extensions = 9 })},
	"too many days":            {tickets.RefusedDays, args(func(a *tickets.Args) { a.Days = 99 })},
	"no days":                  {tickets.RefusedDays, args(func(a *tickets.Args) { a.Days = 0 })},
	"due later":                {tickets.RefusedNotYet, ownLeg(func(l *tickets.Leg) { l.DueAt = now.AddDate(0, 1, 0) })},
	"told of soon":             {tickets.RefusedTold, ownLeg(func(l *tickets.Leg) { l.ToldSoon = l.DueAt })},
	"told of past":             {tickets.RefusedTold, ownLeg(func(l *tickets.Leg) { l.ToldPast = l.DueAt })},
	"suspended leg":            {tickets.RefusedNotYet, ownLeg(func(l *tickets.Leg) { l.SuspendedAt = now })},
	"no dates":                 {tickets.RefusedDue, args(func(a *tickets.Args) { a.Dates = tickets.Deadlines{} })},
	"no such colour":           {tickets.RefusedValue, args(func(a *tickets.Args) { a.Kind = "green" })},
	"replied in time":          {tickets.RefusedNotYet, ownLeg(func(l *tickets.Leg) { l.RepliedLate = false })},
	"carded": {tickets.RefusedTold, func(s *scene) {
		s.ticket.Cards = []tickets.Card{{N: 1, Leg: 1, Kind: tickets.YellowCard, IssuedAt: now}}
	}},
	"card revoked":         {tickets.RefusedCard, ticket(func(k *tickets.Ticket) { k.Cards[0].RevokedAt = now })},
	"not the unit above":   {tickets.RefusedDecider, func(s *scene) { s.actor.Unit = "xxk" }},
	"other unit asks back": {tickets.RefusedNotAsker, func(s *scene) { s.actor.Unit = "cgj" }},
	"another asked":        {tickets.RefusedNotAsker, request(func(q *tickets.Request) { q.AskedBy = "8002" })},
	"decision in time":     {tickets.RefusedNotYet, request(func(q *tickets.Request) { q.DecideDueAt = now.Add(time.Hour) })},
	"escalated":            {tickets.RefusedTold, request(func(q *tickets.Request) { q.Escalated = true })},
	"no such kind":         {tickets.RefusedValue, args(func(a *tickets.Args) { a.Kind = "loud" })},
	"no unit at all": {tickets.RefusedUnitMissing, func(s *scene) {
		s.args.Unit, s.ticket.Unit, s.ticket.Supervisions[0].Unit = "", "", ""
	}},
	"supervision in time": {tickets.RefusedNotYet, supervision(func(v *tickets.Supervision) { v.DueAt = now.Add(time.Hour) })},
	"supervision told":    {tickets.RefusedTold, supervision(func(v *tickets.Supervision) { v.ToldPast = v.DueAt })},
}

func unit(f func(*tickets.Unit)) func(*scene) {
	return func(s *scene) {
		for _, id := range []string{"xxb", "xxk"} {
			u := s.facts.Units[id]
			f(&u)
			s.facts.Units[id] = u
		}
	}
}

// caught turns a panic of a spoilt table into a fault.
func caught(fault *string) {
	if r := recover(); r != nil {
		*fault = fmt.Sprint("panic: ", r)
	}
}

// guarded is one line of the guards' file.
type guarded struct {
	at       atCell
	role     tickets.Role
	breaches []string
}

func readGuards(t *testing.T) []guarded {
	t.Helper()
	r := csv.NewReader(strings.NewReader(guardsFile))
	r.Comment = '#'
	lines, err := r.ReadAll()
	require.NoError(t, err)
	var list []guarded
	for _, l := range lines[1:] {
		list = append(list, guarded{
			at:       atCell{machine: l[0], state: strings.TrimSuffix(l[2], "none"), event: l[3], kase: l[5]},
			role:     tickets.Role(l[4]),
			breaches: strings.Split(l[6], ";"),
		})
	}
	return list
}

// holes tells which breaches get through, or are refused for another reason, at most so many.
func holes(list []guarded, most int) (found []string, tried int) {
	for _, g := range list {
		for _, name := range g.breaches {
			tried++
			if fault := g.try(name); fault != "" {
				found = append(found, fmt.Sprintf("%v by %s, %s: %s", g.at, g.role, name, fault))
			}
			if len(found) >= most {
				return found, tried
			}
		}
	}
	return found, tried
}

func (g guarded) try(name string) (fault string) {
	defer caught(&fault)
	b, ok := breaches[name]
	if !ok {
		return "nobody knows how to make it"
	}
	s := sceneOf(g.at, g.role)
	b.make(&s)
	_, err := tickets.Apply(s.ticket, tickets.Event(g.at.event), s.actor, s.args, s.facts, now)
	var r *tickets.Refusal
	switch {
	case err == nil:
		return "let through"
	case !errors.As(err, &r):
		return err.Error()
	case r.Code != b.code:
		return "refused for another reason: " + r.Code
	}
	return ""
}

func TestEveryGuardOfEveryRowRefusesWithItsOwnReason(t *testing.T) {
	found, tried := holes(readGuards(t), 40)
	require.Empty(t, found, strings.Join(found, "\n"))
	require.Greater(t, tried, 280)
	t.Logf("%d breaches", tried)
}
