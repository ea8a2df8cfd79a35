// Package acceptance holds the end-to-end tests of the hotline: a private stack started by
// `hotline run` itself, with its real switch, database, live store and server, called by
// simulated phones on real SIP and RTP and used through the API and a real browser.
//
// One stack serves all tests of the package; each test uses its own seat and its own citizen.
package acceptance
