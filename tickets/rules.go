package tickets

import "github.com/open12345/hotline/tickets/calendar"

// Rules are a policy with the calendar it counts by. All their methods are pure.
type Rules struct {
	Policy   *Policy
	Calendar calendar.Calendar
}
