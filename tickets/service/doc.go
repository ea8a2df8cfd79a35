// Package service is the use cases of the desk: what web pages, the floor's ports and the
// command line ask of tickets, calls, people and the house. Each use case is one transaction.
//
// It decides who may see and do what (directory.Grants), masks what somebody may not see, and
// leaves the rules of a ticket's life to package tickets. It holds no SQL: Store is the port,
// tickets/postgres the adapter. Views carry the JSON of the REST contract, so that a handler
// only passes them on.
package service
