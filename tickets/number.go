package tickets

import (
	"errors"
	"fmt"
	"time"
)

// ErrBadNumber is not a ticket number: wrong length, a character that is no digit, or a wrong
// check digit.
var ErrBadNumber = errors.New("not a ticket number")

// MaxPerDay is the highest number of a day's tickets that a ticket number can hold.
const MaxPerDay = 99999

var noTime time.Time

// NumberOf is the ticket number of the day's n-th ticket: yymmdd, five digits, check digit.
// day is taken in its own time zone.
func NumberOf(day time.Time, n int) (string, error) {
	if n < 1 || n > MaxPerDay {
		return "", fmt.Errorf("number %d of a day: %w", n, ErrBadNumber)
	}
	body := day.Format("060102") + fmt.Sprintf("%05d", n)
	return body + string(checkDigit(body)), nil
}

// CheckNumber tells whether s can be a ticket number.
func CheckNumber(s string) error {
	if len(s) != 12 {
		return ErrBadNumber
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return ErrBadNumber
		}
	}
	if s[11] != checkDigit(s[:11]) {
		return ErrBadNumber
	}
	return nil
}

// checkDigit is ISO/IEC 7064 MOD 11,10: it finds every wrong digit and nearly every swap.
func checkDigit(digits string) byte {
	p := 10
	for i := range len(digits) {
		s := (p + int(digits[i]-'0')) % 10
		if s == 0 {
			s = 10
		}
		p = s * 2 % 11
	}
	return byte('0' + (11-p)%10)
}

// QueryCode makes six digits of a random number, so that nothing about the ticket tells it.
func QueryCode(random uint64) string { return fmt.Sprintf("%06d", random%1_000_000) }
