// Package web is the hotline's HTTP server: routing, sessions, permissions, the live socket,
// the browser phones' way to the switch and the pages.
//
// Handlers are thin: they check the permission, call a use case of tickets/service or send a
// command to the floor, and shape the answer. They hold no state of calls or tickets.
// Every route is declared with its permission in the same line; a route without one does not
// compile into the table (see operation).
package web
