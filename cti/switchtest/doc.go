// Package switchtest holds the one fake of cti.Switch, and the conformance table that the fake
// and the real switch both pass.
//
// The fake keeps legs, bridges, playbacks and recordings in memory and answers as the real
// switch was measured to answer. It is deterministic: an operation's events are queued before
// the operation returns, in the order in which the real switch sends them, and nothing happens
// by itself but what a test asked for and what a time-out of the request demands. It reads the
// clock through package time only, so it works inside a testing/synctest bubble.
package switchtest
