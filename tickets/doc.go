// Package tickets is the work order of the hotline: its fields, its states, who may do what in
// each state, and what an act leaves behind. It does no I/O, reads no clock and draws no random
// number: now and codes come in as arguments.
//
// The state machine is one table, Transitions, transcribed from the rules of the trade; the
// buttons a person sees (Allowed), the moves (Apply) and the diagram in the docs (Mermaid) are
// all derived from it. An act either moves the ticket and leaves one FlowStep, or is refused
// with a *Refusal whose code a page can translate.
package tickets
