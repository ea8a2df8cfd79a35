// Package server joins the parts of one `hotline serve` process: the floor with the switch, the
// desk with the database, the web with both. It is the only place that knows them all; the
// ports that one half declares are adapted to the other half here.
package server
