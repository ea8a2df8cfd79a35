// Package asterisk drives one Asterisk node (22.10 or newer) as a cti.Switch: events and
// requests by ARI, and one loopback AMI connection for what ARI lacks or does too late.
//
// Facts of the switch this driver is built around, beyond what cti.Switch promises:
//
//   - While a sound plays on a leg, the switch queues answer, variables and bridge moves of that
//     leg until the sound ends. So moves stop the sound first, and variables go by AMI then.
//   - Subscribing the application to an endpoint sends every channel event of that endpoint once
//     more. So phones are watched by a second application on the same socket, filtered.
//   - The first connection of each epoch makes an ARI user of its own and deletes older ones;
//     a deleted user gets 401 on every request. That is how a successor fences us off.
package asterisk
