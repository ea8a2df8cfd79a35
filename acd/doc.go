// Package acd is the routing engine (automatic call distribution): which seat gets which call,
// and when. It knows seats with skills, queues with rules, and waiting calls; it answers with
// decisions that the floor carries out.
//
// The engine is pure: it does no I/O, starts no goroutine and reads no clock. Every method takes
// the time; the same history of calls gives the same decisions on every machine, which is how a
// successor continues and how a day of traffic is simulated in seconds. It is not safe for
// concurrent use: the floor owns it from one goroutine.
//
// # Order
//
// A waiting call's score is priority + waited/target, target being its queue's service-level
// target. A freed seat takes the qualified call with the highest score, on equal scores the one
// that entered first. Inside a queue the order of scores never changes as time passes, because
// it is the order of the virtual start, entered − priority·target; so waiting calls stand in
// lines sorted once, at entry, and ageing costs nothing. Only the heads of lines of different
// queues have to be compared at the time of the decision.
//
// # Index
//
// Calls that want the same of the same queue stand in one class, seats that can do the same in
// one profile. Which class fits which profile is worked out when either first appears and kept as
// bit sets, so a decision walks the fitting classes that have a caller, or the fitting profiles
// that have a free seat, and never the calls or the seats themselves. A relaxation step moves a
// call to the class of its relaxed wish.
package acd
