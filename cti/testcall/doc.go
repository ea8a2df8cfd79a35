// Package testcall is 拨测: the hotline dials itself over SIP and measures what a
// citizen would hear.
//
// A [Phone] is one SIP socket (RFC 3261 over UDP) that dials, answers and
// registers; a [Call] is one dialog with its own RTP stream (G.711, RFC 3551;
// keys by RFC 4733). Every leg of a test sends its own tone and listens for the
// tones of the others, so that "two-way audio" is something measured and never
// assumed: see [ToneOf], [Call.WaitTone] and [ToneLevels].
//
// It is used by cmd/callsim, by the demo's traffic and by end-to-end tests. It
// knows nothing of the hotline's own packages: what it reports is what came over
// the wire.
//
// Decisions of weight: dialogs are kept here on top of sipgo's transactions, not
// with sipgo's dialog sessions, because a test must choose the instant of a
// CANCEL, of a BYE crossing an answer, of an answer that never comes. Media gaps
// are measured by the kernel's receive time, so that a busy test machine does
// not look like a broken line.
package testcall
