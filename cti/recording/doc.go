// Package recording takes finished recordings from the switch into the store: checked, hashed,
// linked to their call, and only then deleted on the switch.
//
// The order makes it repeatable by call id at any break: stream under a temporary key, copy to
// the final key, hash what is stored there, link in the desk's transaction, delete the source.
// A recording that can't be sealed is tried again for ever and is an alarm after a few
// attempts; it never blocks a call or a ticket.
package recording
