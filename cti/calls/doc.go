// Package calls holds the plain types in which both halves of the hotline, the floor (real
// time) and the desk (tickets), speak of telephone calls: the call id, call and seat events,
// the typed end of a call and the reference of its recording.
//
// It imports nothing of this project and does no I/O.
package calls
