package acd

import "time"

// Buckets are the bounds, in seconds, by which answered and abandoned calls are counted.
var Buckets = [...]int{3, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60}

// Histogram counts calls by wait: entry i those up to Buckets[i] seconds (and over the bound
// before), the last one the rest.
type Histogram [len(Buckets) + 1]int64

func (h *Histogram) count(wait int64) {
	for i, bound := range Buckets {
		if wait <= int64(bound)*int64(time.Second) {
			h[i]++
			return
		}
	}
	h[len(Buckets)]++
}

// Counters count what became of a queue's calls since the engine began or ResetCounters. Rates
// are made of them by whoever shows them, as their usage differs:
// AnsweredInTarget ÷ Offered, ÷ Answered, or ÷ (Offered − AbandonedInTarget).
//
// Offered + OverflowedIn = Answered + Abandoned + the four ways out below + those still in the
// engine.
type Counters struct {
	Offered           int64         `json:"offered"`       // new requests
	OverflowedIn      int64         `json:"overflowed_in"` // from other queues
	Answered          int64         `json:"answered"`
	AnsweredInTarget  int64         `json:"answered_in_target"`
	AnsweredWait      time.Duration `json:"answered_wait"` // sum, for the average speed of answer
	Abandoned         int64         `json:"abandoned"`
	AbandonedInTarget int64         `json:"abandoned_in_target"`
	AbandonedRinging  int64         `json:"abandoned_ringing"` // of Abandoned: while a seat rang
	ToQueue           int64         `json:"to_queue"`
	ToCallback        int64         `json:"to_callback"`
	ToVoicemail       int64         `json:"to_voicemail"`
	Refused           int64         `json:"refused"` // full or maximum wait, with nowhere to go
	AnsweredBy        Histogram     `json:"answered_by"`
	AbandonedBy       Histogram     `json:"abandoned_by"`
}

// QueueStats is a queue now.
type QueueStats struct {
	Counters
	Waiting       int           `json:"waiting"`
	Ringing       int           `json:"ringing"` // given to a seat that hasn't answered
	LongestWait   time.Duration `json:"longest_wait"`
	SeatsReady    int           `json:"seats_ready"`     // free seats that serve the queue
	SeatsWorking  int           `json:"seats_working"`   // free or with a call
	SeatsSignedIn int           `json:"seats_signed_in"` // all of them, not ready ones too
}

func (q *queue) countAnswered(wait int64) {
	q.count.Answered++
	q.count.AnsweredWait += time.Duration(wait)
	if wait <= q.target {
		q.count.AnsweredInTarget++
	}
	q.count.AnsweredBy.count(wait)
}

func (q *queue) countAbandoned(wait int64) {
	q.count.Abandoned++
	if wait <= q.target {
		q.count.AbandonedInTarget++
	}
	q.count.AbandonedBy.count(wait)
}

func (q *queue) countOverflow(to Target) {
	switch to.Kind {
	case ToQueue:
		q.count.ToQueue++
	case ToCallback:
		q.count.ToCallback++
	case ToVoicemail:
		q.count.ToVoicemail++
	default:
		q.count.Refused++
	}
}

// Stats gives a queue's figures; false if there is no such queue. It doesn't touch any call.
func (e *Engine) Stats(id QueueID, now time.Time) (QueueStats, bool) {
	e.setNow(now)
	q := e.queues[id]
	if q == nil {
		return QueueStats{}, false
	}
	st := QueueStats{Counters: q.count, Waiting: q.waiting, Ringing: q.ringing}
	if c := q.longest(); c != nil {
		st.LongestWait = time.Duration(e.now - c.entered)
	}
	for _, p := range e.profiles {
		if p != nil && p.serves(q) {
			st.SeatsReady += len(p.idle[byIdle].seats)
			st.SeatsWorking += p.present
			st.SeatsSignedIn += p.seats
		}
	}
	return st, true
}

// ResetCounters begins new counters in all queues, at the start of a day.
func (e *Engine) ResetCounters() {
	for _, q := range e.inOrder {
		q.count = Counters{}
	}
}
