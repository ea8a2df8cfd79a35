// Package cluster runs a private PostgreSQL: for `hotline run`, and for tests
// that need the real database.
//
// A cluster is a folder of its own, in UTF-8 with the C.UTF-8 collation, reached
// on loopback with a generated password. No cluster of the machine's own is
// touched.
package cluster
