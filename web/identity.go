package web

import (
	"context"
	"net"
	"net/http"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// Identity is who makes a request.
type Identity = service.Identity

// Permission is what a route or a command takes.
type Permission = directory.Permission

type contextKey int

const (
	identityKey contextKey = iota
	sessionKey
)

// IdentityOf returns who makes the request.
func IdentityOf(ctx context.Context) (Identity, bool) {
	id, ok := ctx.Value(identityKey).(Identity)
	return id, ok
}

func sessionOf(ctx context.Context) string {
	token, _ := ctx.Value(sessionKey).(string)
	return token
}

// remoteOf is the address a request came from, without its port.
func remoteOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
