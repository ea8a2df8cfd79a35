package tickets

import (
	"time"

	"github.com/open12345/hotline/tickets/calendar"
)

// Rules are a policy with the calendar it counts by. All their methods are pure.
type Rules struct {
	Policy   *Policy
	Calendar calendar.Calendar
}

// Unofficial lists the years that the deadlines fall in and that have no official notice yet:
// their days are 暂定, weekends and 元旦 only. Sorted, without repeats; the zero time is left out.
func (r Rules) Unofficial(deadlines ...time.Time) []int {
	return r.Calendar.Unofficial(deadlines...)
}
