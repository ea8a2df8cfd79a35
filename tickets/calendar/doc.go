// Package calendar knows working days with their holidays and make-up days, and opening hours.
// Pure: the days are data, the instant comes in as an argument, and a day is one of the
// calendar's time zone.
package calendar
