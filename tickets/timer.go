package tickets

import "time"

// TimerKind is what time brings about. Timers only cause events of the tables, as System.
type TimerKind string

// Kinds of timers.
const (
	TimerSign       TimerKind = "sign"        // 签收超时
	TimerStage      TimerKind = "stage"       // 派单、审核、回访、会商超时
	TimerDueSoon    TimerKind = "due_soon"    // 黄灯
	TimerPastDue    TimerKind = "past_due"    // 红灯
	TimerYellowCard TimerKind = "yellow_card" // 黄牌
	TimerRedCard    TimerKind = "red_card"    // 红牌
	TimerRemind     TimerKind = "remind"      // 催办通知书, the day after due
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

// Timers lists the moments at which the ticket, as it is, has to be looked at again; the ones
// that passed already too. Fired (State unchanged flags on ticket and legs) ones are not in it.
func Timers(t Ticket, r Rules) []Timer {
	var list []Timer
	for _, leg := range t.Legs {
		if leg.State == ToSign && !leg.SignedLate && !leg.SignDueAt.IsZero() {
			list = append(list, Timer{Kind: TimerSign, N: leg.N, Version: leg.DueVersion, At: leg.SignDueAt})
		}
	}
	return list
}
