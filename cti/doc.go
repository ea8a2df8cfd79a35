// Package cti is what the hotline may ask of a telephone switch and what it hears back.
//
// It names no vendor: cti/asterisk drives a real switch, cti/switchtest is the one fake, and
// both pass the same conformance table. Ids of legs and bridges are chosen by the caller
// before the request is sent, so that an event that overtakes its response finds its owner.
package cti
