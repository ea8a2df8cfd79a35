// Package demo loads the demo's city: its house, its people and thirty days of its past, dated
// back from the day of loading. Every past ticket goes through the use cases of the service
// with a clock set back, and every past call through the floor's events, so that the demo's
// rows are of the same make as real ones: numbered, chained and sealed.
//
// It loads once. The same seed on the same day gives the same city.
package demo
