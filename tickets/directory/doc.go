// Package directory is who and what the hotline consists of: units, accounts with their roles
// and rights, seats, skills, queues, called lines, classes, areas and outside contacts; and the
// rules of signing in. Pure: the rows live in tickets/postgres.
package directory
