// Package floor is the running floor of the hotline: one goroutine per call walks the call's
// script of stages, one dispatcher goroutine owns the routing engine and the seats.
//
// It alone changes call and seat state. Everybody else asks by Command and hears by Update.
// It never imports tickets: what it needs of the desk is declared in ports.go and joined in
// cmd/hotline. Whatever a stage needs to be entered again is recorded, on the channel and in
// the live state, before the stage starts, so that a successor continues there.
package floor
