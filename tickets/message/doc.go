// Package message is what the hotline tells people and in which words: templates for citizens
// and for staff, filled with what a ticket knows, and the port by which short messages and
// letters leave. It does no I/O. To citizens no inner word of the hotline is said.
package message
