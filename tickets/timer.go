package tickets

import (
	"slices"
	"time"
)

// TimerKind is what time brings about. Timers only cause events of the tables, as System.
type TimerKind string

// Kinds of timers.
const (
	TimerSign       TimerKind = "sign"        // 签收超时
	TimerStage      TimerKind = "stage"       // 受理、派单、审核、回访、会商超时; 待补充 of a telephone ticket
	TimerDueSoon    TimerKind = "due_soon"    // 黄灯
	TimerPastDue    TimerKind = "past_due"    // 红灯
	TimerYellowCard TimerKind = "yellow_card" // 黄牌
	TimerRedCard    TimerKind = "red_card"    // 红牌
	TimerRemind     TimerKind = "remind"      // 催办通知书, the day after due; N 0: the citizen of 待补充
	TimerDecision   TimerKind = "decision"    // a request past its limit
	TimerResume     TimerKind = "resume"      // end of a suspension
	TimerExpire     TimerKind = "expire"      // 待补充 that nobody completed
	TimerArchive    TimerKind = "archive"     // 归档
	TimerLeftOpen   TimerKind = "left_open"   // draft left open after its call
	TimerDuty       TimerKind = "duty"        // ring the duty phone again
	TimerSupervise  TimerKind = "supervise"   // 督办 past due
)

// Timer is a moment at which the ticket has to be looked at again. Version is the deadline's
// version: a timer whose version is not the present one does nothing.
type Timer struct {
	Kind    TimerKind
	N       int // of the leg, request or supervision; 0: the ticket
	Version int
	At      time.Time
}

// Timers lists the moments at which the ticket, as it is, has to be looked at again, those that
// passed already included: one that fired is not in it, because its event left a mark on the
// ticket. In the order of time.
func Timers(t Ticket, r Rules) []Timer {
	list := r.ticketTimers(t)
	for _, leg := range t.Legs {
		list = append(list, r.legTimers(t, leg)...)
	}
	for _, q := range t.Requests {
		if q.State == RequestOpen && !q.Escalated {
			list = append(list, Timer{Kind: TimerDecision, N: q.N, At: q.DecideDueAt})
		}
	}
	for _, s := range t.Supervisions {
		if s.State == SupervisionIssued && !s.ToldPast.Equal(s.DueAt) {
			list = append(list, Timer{Kind: TimerSupervise, N: s.N, At: s.DueAt})
		}
	}
	list = slices.DeleteFunc(list, func(m Timer) bool { return m.At.IsZero() })
	slices.SortStableFunc(list, func(a, b Timer) int { return a.At.Compare(b.At) })
	return list
}

// Due tells whether the timer has to fire now: it is still one of the ticket's, at the same
// version, and its time has come. A job asks it again in its own transaction.
func (m Timer) Due(t Ticket, r Rules, now time.Time) bool {
	return slices.ContainsFunc(Timers(t, r), func(o Timer) bool {
		return o.Kind == m.Kind && o.N == m.N && o.Version == m.Version && !o.At.After(now)
	})
}

// TimerEvent is what a timer that fires does, as System.
func TimerEvent(m Timer) (Event, Args) {
	switch m.Kind {
	case TimerSign:
		return SignOverdue, Args{Leg: m.N}
	case TimerStage, TimerLeftOpen:
		return StageOverdue, Args{}
	case TimerDueSoon:
		return DueSoon, Args{Leg: m.N}
	case TimerPastDue:
		return PastDue, Args{Leg: m.N}
	case TimerYellowCard:
		return IssueCard, Args{Leg: m.N, Kind: string(YellowCard)}
	case TimerRedCard:
		return IssueCard, Args{Leg: m.N, Kind: string(RedCard)}
	case TimerRemind:
		return Remind, Args{Leg: m.N}
	case TimerDecision:
		return DecisionOverdue, Args{Request: m.N}
	case TimerResume:
		return Resume, Args{}
	case TimerExpire:
		return Expire, Args{}
	case TimerArchive:
		return Archive, Args{}
	case TimerDuty:
		return RingDuty, Args{Leg: m.N}
	case TimerSupervise:
		return StageOverdue, Args{Supervision: m.N}
	}
	return "", Args{}
}

// ticketTimers are those of the ticket's own state.
func (r Rules) ticketTimers(t Ticket) []Timer {
	switch t.State {
	case Draft:
		return r.untold(t, TimerLeftOpen)
	case Received, ToDispatch, UnderReview, ToFollowUp, Deliberation:
		return r.untold(t, TimerStage)
	case ToSupplement:
		return r.supplementTimers(t)
	case Suspended:
		return []Timer{{Kind: TimerResume, At: t.DueAt}}
	case Closed, Withdrawn, NotAccepted, Shut, Transferred, Voided, Discarded:
		return r.archive(t)
	}
	return nil // 已转办 is its legs'; 已并单 is archived with its master; 已归档 rests
}

// StageLimit is when the hotline's own stage is late: the limit that Ticket.ToldStage is held
// against. A draft is late so long after it was begun or after its last call was linked, a
// telephone ticket in 待补充 when a citizen of the network would lose his.
func (r Rules) StageLimit(t Ticket) time.Time {
	switch t.State {
	case Draft:
		from := t.CreatedAt
		for _, c := range t.Calls {
			from = later(from, c.At)
		}
		return r.After(from, r.Policy.LeftOpen)
	case Received:
		return t.DueAt
	case ToSupplement:
		return r.After(supplementSince(t), r.Policy.Supplement)
	}
	return t.StageDueAt
}

// untold is a timer of the ticket's stage, unless its limit was told of.
func (r Rules) untold(t Ticket, kind TimerKind) []Timer {
	limit := r.StageLimit(t)
	if t.ToldStage.Equal(limit) {
		return nil
	}
	return []Timer{{Kind: kind, At: limit}}
}

func supplementSince(t Ticket) time.Time {
	if t.StageAt.IsZero() {
		return t.UpdatedAt
	}
	return t.StageAt
}

// supplementTimers: a citizen who was asked by the network is reminded half-way and the ticket is
// closed at the end; a telephone ticket, and one that waits for its writer, is shown to 班长
// instead.
func (r Rules) supplementTimers(t Ticket) []Timer {
	if !t.Source.Online() || t.ReturnTo == ToDispatch {
		return r.untold(t, TimerStage)
	}
	since, end := supplementSince(t), r.StageLimit(t)
	list := []Timer{{Kind: TimerExpire, At: end}}
	if t.RemindedAt.Before(since) && !end.IsZero() {
		list = append(list, Timer{Kind: TimerRemind, At: since.Add(end.Sub(since) / 2)})
	}
	return list
}

// archive waits until nothing is asked for or supervised any more.
func (r Rules) archive(t Ticket) []Timer {
	for _, q := range t.Requests {
		if q.State == RequestOpen {
			return nil
		}
	}
	for _, s := range t.Supervisions {
		if s.State.Open() {
			return nil
		}
	}
	ended := t.ClosedAt
	if ended.IsZero() {
		ended = t.UpdatedAt
	}
	return []Timer{{Kind: TimerArchive, At: r.After(ended, r.Policy.Archive)}}
}

// legTimers are those of one leg. A suspended leg's clock stands; one that ended has no more,
// except the card of a reply that came late while no timer could fire.
func (r Rules) legTimers(t Ticket, leg Leg) []Timer {
	if leg.State == Replied && leg.RepliedLate {
		return r.cardTimers(t, leg, leg.RepliedAt)
	}
	if !leg.State.Open() || !leg.SuspendedAt.IsZero() || !t.State.Open() {
		return nil
	}
	list := r.cardTimers(t, leg, time.Time{})
	add := func(kind TimerKind, at time.Time) {
		list = append(list, Timer{Kind: kind, N: leg.N, Version: leg.DueVersion, At: at})
	}
	if leg.State == ToSign {
		if !leg.SignedLate {
			add(TimerSign, leg.SignDueAt)
		}
		if t.Urgency == Critical || t.Routing.Duty {
			add(TimerDuty, r.After(later(leg.SentAt, leg.DutyRungAt), r.Policy.DutyRing))
		}
	}
	if leg.DueAt.IsZero() {
		return list
	}
	past := leg.ToldPast.Equal(leg.DueAt)
	if !past {
		add(TimerPastDue, leg.DueAt)
	}
	if !past && !leg.ToldSoon.Equal(leg.DueAt) {
		add(TimerDueSoon, r.YellowAt(leg))
	}
	if !leg.ToldRemind.Equal(leg.DueAt) {
		add(TimerRemind, r.RemindAt(leg.DueAt))
	}
	return list
}

// RemindAt is when the 催办通知书 of a deadline goes out: when the office opens on the last day of
// Policy.Remind.
func (r Rules) RemindAt(due time.Time) time.Time {
	at := r.After(due, r.Policy.Remind)
	if at.IsZero() || r.Policy.Remind.Unit == Hours || r.Policy.Remind.Unit == Minutes {
		return at
	}
	return later(due, r.Calendar.Opening(r.Policy.Office, at.Add(-time.Second)).UTC())
}

// cardTimers are the cards still to come for the leg's present deadline, until an end that is not
// zero. While a request that was asked in time waits, none is issued; when it is granted the
// deadline moves, when it is denied time is left to act.
func (r Rules) cardTimers(t Ticket, leg Leg, until time.Time) []Timer {
	if leg.Excluded || leg.DueAt.IsZero() {
		return nil
	}
	if q, asked := t.OpenRequest(leg.N, RequestReturn, RequestExtension, RequestSuspension, RequestUnreasonable); asked && q.InTime {
		return nil
	}
	var list []Timer
	add := func(kind TimerKind, card CardKind, at time.Time) {
		if !at.IsZero() && (until.IsZero() || at.Before(until)) && !t.carded(leg, card) {
			list = append(list, Timer{Kind: kind, N: leg.N, Version: leg.DueVersion, At: at})
		}
	}
	rule := r.Policy.Card
	second := rule.RedOnSecond && t.yellowBefore(leg)
	if rule.Yellow && !second {
		add(TimerYellowCard, YellowCard, leg.DueAt)
	}
	if second {
		add(TimerRedCard, RedCard, leg.DueAt)
	} else {
		add(TimerRedCard, RedCard, r.After(leg.DueAt, rule.RedAfter))
	}
	return list
}

// carded tells whether a card of the kind was issued for the leg's present deadline, revoked or
// not.
func (t Ticket) carded(leg Leg, kind CardKind) bool {
	return slices.ContainsFunc(t.Cards, func(c Card) bool {
		return c.Leg == leg.N && c.Kind == kind && !c.IssuedAt.Before(leg.DueAt)
	})
}

// yellowBefore tells whether the unit has a standing yellow card of an earlier deadline of this
// ticket.
func (t Ticket) yellowBefore(leg Leg) bool {
	return slices.ContainsFunc(t.Cards, func(c Card) bool {
		return c.Unit == leg.Unit && c.Kind == YellowCard && c.RevokedAt.IsZero() && c.IssuedAt.Before(leg.DueAt)
	})
}
