// Package postgres keeps the desk in PostgreSQL: schema, migrations and every line of SQL of
// the project. It implements service.Store, stores the floor's events (EventSink) and keeps
// recordings' references.
//
// Personal fields are sealed on their way in and opened on their way out; the flow of a ticket
// and the audit log are chained by HMAC under a key the database never sees, and each ticket's
// row carries a seal over its fields, the chain's head and its length, so that Verify finds a
// changed byte, a cut tail, a deleted ticket, swapped steps and a row hashed anew.
package postgres
