package floor

import "strings"

// maxNumber is the longest telephone number: E.164 has 15 digits, a long-distance prefix before
// them makes it 20.
const maxNumber = 20

// NormalNumber brings a number as a carrier or a person wrote it into the one form in which the
// floor compares and stores numbers: digits only, mainland China's country code removed. What
// can't be a telephone number (anonymous, letters, 40 digits) gives "".
func NormalNumber(raw string) string {
	s := strings.TrimSpace(raw)
	s = strings.TrimPrefix(s, "tel:")
	plus := strings.HasPrefix(s, "+")
	var digits strings.Builder
	for _, r := range strings.TrimPrefix(s, "+") {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == ' ' || r == '-' || r == '(' || r == ')' || r == '.':
		default:
			return ""
		}
	}
	n := digits.String()
	switch {
	case plus && strings.HasPrefix(n, "86"):
		n = n[2:]
	case strings.HasPrefix(n, "0086"):
		n = n[4:]
	case len(n) == 13 && strings.HasPrefix(n, "861"):
		n = n[2:]
	case plus:
		n = "00" + n
	}
	if len(n) < 3 || len(n) > maxNumber {
		return ""
	}
	// A carrier puts a zero before a mobile number of another province.
	if len(n) == 12 && strings.HasPrefix(n, "01") && n[2] >= '3' {
		n = n[1:]
	}
	return n
}

// MaskNumber hides the middle of a number: 138****5678. A short number is hidden whole but for
// its last digit; no number stays no number.
func MaskNumber(n string) string {
	switch {
	case n == "":
		return ""
	case len(n) >= 8:
		return n[:len(n)-8] + "****" + n[len(n)-4:]
	default:
		return strings.Repeat("*", len(n)-1) + n[len(n)-1:]
	}
}

// publicNumber tells whether a number may be shown to everybody: a service short code such as
// 110 or 12315.
func publicNumber(n string) bool { return len(n) <= 5 }
