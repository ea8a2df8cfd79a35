// Package node runs one telephone switch from its folder as an ordinary user:
// for `hotline run`, and for every test that needs the real switch.
//
// Start renders the configuration into a private folder, starts the switch, and
// comes back only when the switch has proved that it can do its work: ARI
// answers, every module runs, and a call of its own was recorded with sound.
// A switch that would answer calls but not record them never starts.
package node
