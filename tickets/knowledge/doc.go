// Package knowledge is the hotline's knowledge base (知识库): articles that departments write
// and the knowledge administrator publishes, their versions, their validity, and which of them
// fit what a citizen is just saying. It is pure: no I/O, no clock.
//
// A published version stays what people read until the next one is published; whoever edits a
// published article works at a new version beside it.
package knowledge
