// Package traffic makes a telephone network around a hotline: citizens who call by
// scripts at a rate that can be changed while it runs, seats that register and
// answer, and a carrier that takes outbound calls. It drives the demo's traffic,
// acceptance tests and loads; each part is started, owned and stopped by itself.
package traffic
