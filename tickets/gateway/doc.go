// Package gateway has the drivers of message.Gateway: a file that works out of the box, and
// HTTP for whatever provider a city has a contract with.
package gateway
