package ivr

import "time"

// Prompt is one thing to be heard: a recorded or synthesised line by its id, or a
// value that is spoken by the grammar of its language. Exactly one of ID and Value
// is set.
type Prompt struct {
	// ID names a line of the prompt manifest, such as "welcome".
	ID string `json:"id,omitempty"`
	// Language is the slot the line is spoken in: "zh", "en" or "mn".
	Language string `json:"language,omitempty"`
	// Value is a spoken value; Expand turns it into lines.
	Value *Value `json:"value,omitempty"`
	// Optional lines are left out without a word where no sound exists, such as
	// the notice of the hour.
	Optional bool `json:"optional,omitempty"`
}

// ValueKind says how a value is read aloud.
type ValueKind string

// The ways of reading a value.
const (
	// ValueDigits reads digit by digit, 1 as 幺.
	ValueDigits ValueKind = "digits"
	// ValueTicket reads a ticket number digit by digit in groups of four.
	ValueTicket ValueKind = "ticket"
	// ValuePhone reads a telephone number in its usual groups.
	ValuePhone ValueKind = "phone"
	// ValueNumber reads a cardinal number: 2 is 二.
	ValueNumber ValueKind = "number"
	// ValueCount reads a number before a measure word: 2 is 两.
	ValueCount ValueKind = "count"
	// ValueDate reads month and day.
	ValueDate ValueKind = "date"
	// ValueDateYear reads year, month and day.
	ValueDateYear ValueKind = "date_year"
	// ValueDuration reads hours, minutes and seconds.
	ValueDuration ValueKind = "duration"
	// ValueMoney reads an amount of yuan.
	ValueMoney ValueKind = "money"
)

// Value is something to be spoken that no line can hold ready. Which field is used
// follows from Kind.
type Value struct {
	Kind ValueKind `json:"kind"`
	// Text holds the digits of ValueDigits, ValueTicket and ValuePhone.
	Text string `json:"text,omitempty"`
	// Number holds ValueNumber, ValueCount, and fen (1/100 yuan) for ValueMoney.
	Number int64 `json:"number,omitempty"`
	// Time holds ValueDate and ValueDateYear; its own zone decides the day.
	Time time.Time `json:"time,omitzero"`
	// Duration holds ValueDuration.
	Duration time.Duration `json:"duration,omitempty"`
}

// Line is the prompt with the given id in the current language.
func Line(id string) Prompt { return Prompt{ID: id} }

// Digits is a string of digits, read one by one.
func Digits(s string) Prompt { return Prompt{Value: &Value{Kind: ValueDigits, Text: s}} }

// TicketNumber is a ticket number, read one by one in groups of four.
func TicketNumber(s string) Prompt { return Prompt{Value: &Value{Kind: ValueTicket, Text: s}} }

// PhoneNumber is a telephone number, read one by one in its usual groups.
func PhoneNumber(s string) Prompt { return Prompt{Value: &Value{Kind: ValuePhone, Text: s}} }

// Number is a cardinal number.
func Number(n int64) Prompt { return Prompt{Value: &Value{Kind: ValueNumber, Number: n}} }

// Count is a number of things; the line after it names them.
func Count(n int64) Prompt { return Prompt{Value: &Value{Kind: ValueCount, Number: n}} }

// Date is a day without its year, in t's zone.
func Date(t time.Time) Prompt { return Prompt{Value: &Value{Kind: ValueDate, Time: t}} }

// DateYear is a day with its year, in t's zone.
func DateYear(t time.Time) Prompt { return Prompt{Value: &Value{Kind: ValueDateYear, Time: t}} }

// Duration is a length of time, to the second.
func Duration(d time.Duration) Prompt {
	return Prompt{Value: &Value{Kind: ValueDuration, Duration: d}}
}

// Money is an amount in fen, 1/100 yuan.
func Money(fen int64) Prompt { return Prompt{Value: &Value{Kind: ValueMoney, Number: fen}} }

// In returns the prompt spoken in the given language.
func (p Prompt) In(language string) Prompt {
	p.Language = language
	return p
}
