package privacy

import (
	"log/slog"
	"strings"
)

// Phone is a telephone number in clear, normalised by Normalize. It shows itself masked
// wherever it is logged or formatted; Clear is the only way to the digits.
type Phone string

// Normalize turns what a trunk or a person gives into the one form a number is known by:
// digits only, without +86, 0086 or the 0 before a mobile number. Anything without a digit
// (anonymous, "unknown") is the empty Phone. More than 20 digits are cut: no real number has
// them, and what follows must not grow.
func Normalize(raw string) Phone {
	var b strings.Builder
	for _, r := range raw {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
		if b.Len() >= 20 {
			break
		}
	}
	digits := b.String()
	plus := strings.HasPrefix(strings.TrimSpace(raw), "+")
	switch {
	case plus && strings.HasPrefix(digits, "86"):
		digits = digits[2:]
	case strings.HasPrefix(digits, "0086"):
		digits = digits[4:]
	case strings.HasPrefix(digits, "86") && len(digits) == 13 && digits[2] == '1':
		digits = digits[2:]
	case plus && digits != "":
		return Phone("00" + digits)
	}
	if len(digits) == 12 && strings.HasPrefix(digits, "01") && digits[2] >= '3' {
		digits = digits[1:]
	}
	return Phone(digits)
}

// Clear returns the digits.
func (p Phone) Clear() string { return string(p) }

// Masked hides the middle: 138****5678. Short numbers of services (110, 12345) are no secret.
func (p Phone) Masked() string {
	n := len(p)
	switch {
	case n == 0:
		return ""
	case n <= 5:
		return string(p)
	case n <= 8:
		return string(p[:2]) + strings.Repeat("*", n-4) + string(p[n-2:])
	default:
		return string(p[:3]) + strings.Repeat("*", n-7) + string(p[n-4:])
	}
}

// Mobile tells mainland mobile numbers, which short messages can be sent to.
func (p Phone) Mobile() bool { return len(p) == 11 && p[0] == '1' && p[1] >= '3' }

// LastFour returns the last four digits, or all of a shorter number.
func (p Phone) LastFour() string {
	if len(p) <= 4 {
		return string(p)
	}
	return string(p[len(p)-4:])
}

// String masks, so that no format verb prints a number by accident.
func (p Phone) String() string { return p.Masked() }

// MarshalText masks: whoever wants the digits in JSON has to say Clear.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.Masked()), nil }

// LogValue masks.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.Masked()) }

// MaskName keeps the family name: 王秀兰 becomes 王**.
func MaskName(name string) string {
	runes := []rune(name)
	if len(runes) <= 1 {
		return name
	}
	return string(runes[:1]) + strings.Repeat("*", len(runes)-1)
}
