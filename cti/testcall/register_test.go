package testcall

import (
	"context"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"
)

// registrar is a switch's registrar as a phone meets it: it challenges, checks the
// secret, grants a life and can forget or refuse.
type registrar struct {
	addr    string
	secret  string
	expires int

	mu       sync.Mutex
	refuse   int
	accepted []int // the lives asked for, in order
	changed  chan struct{}
}

func startRegistrar(t *testing.T, secret string, expires int) *registrar {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	ua, err := sipgo.NewUA()
	require.NoError(t, err)
	server, err := sipgo.NewServer(ua)
	require.NoError(t, err)
	r := &registrar{addr: conn.LocalAddr().String(), secret: secret, expires: expires, changed: make(chan struct{}, 100)}
	server.OnRegister(r.onRegister)
	socket := newSocket(conn)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.ServeUDP(socket) }()
	<-socket.reading
	t.Cleanup(func() { socket.quiesce(); ua.Close(); conn.Close(); <-done; ua.Close() })
	return r
}

func (r *registrar) onRegister(req *sip.Request, tx sip.ServerTransaction) {
	challenge := &digest.Challenge{Realm: "hotline", Nonce: "0123456789", Algorithm: "MD5", QOP: []string{"auth"}}
	r.mu.Lock()
	defer r.mu.Unlock()
	respond := func(status int, headers ...sip.Header) {
		res := sip.NewResponseFromRequest(req, status, "", nil)
		for _, h := range headers {
			res.AppendHeader(h)
		}
		_ = tx.Respond(res)
	}
	if r.refuse != 0 {
		respond(r.refuse)
		return
	}
	given := req.GetHeader("Authorization")
	if given == nil {
		respond(401, sip.NewHeader("WWW-Authenticate", challenge.String()))
		return
	}
	credentials, err := digest.ParseCredentials(given.Value())
	if err != nil {
		respond(400)
		return
	}
	wanted, err := digest.Digest(challenge, digest.Options{
		Method: "REGISTER", URI: credentials.URI, Username: "8001", Password: r.secret,
		Cnonce: credentials.Cnonce, Count: credentials.Nc,
	})
	if err != nil || wanted.Response != credentials.Response {
		respond(403)
		return
	}
	life, _ := strconv.Atoi(req.GetHeader("Expires").Value())
	r.accepted = append(r.accepted, life)
	respond(200, sip.NewHeader("Contact", req.Contact().Value()+";expires="+strconv.Itoa(r.expires)))
	r.changed <- struct{}{}
}

func (r *registrar) lives() []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]int{}, r.accepted...)
}

func TestSeatRegistersWithItsSecretAndGoes(t *testing.T) {
	r := startRegistrar(t, "hotline-demo", 60)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	seat := startPhone(t, Config{Number: "8001", Registrar: r.addr, Password: "hotline-demo", Expiry: time.Minute})
	require.False(t, seat.Registered())
	require.NoError(t, seat.Register(ctx))
	require.True(t, seat.Registered())
	require.Equal(t, []int{60}, r.lives())
	require.NoError(t, seat.Unregister(ctx))
	require.False(t, seat.Registered())
	require.Equal(t, []int{60, 0}, r.lives())
}

func TestStopTakesTheRegistrationBack(t *testing.T) {
	r := startRegistrar(t, "hotline-demo", 60)
	seat := startPhone(t, Config{Number: "8001", Registrar: r.addr, Password: "hotline-demo"})
	require.NoError(t, seat.Register(context.Background()))
	seat.Stop()
	require.Equal(t, []int{120, 0}, r.lives())
}

func TestWrongSecretIsRefused(t *testing.T) {
	r := startRegistrar(t, "hotline-demo", 60)
	seat := startPhone(t, Config{Number: "8001", Registrar: r.addr, Password: "guess"})
	err := seat.Register(context.Background())
	var refused *RegisterError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 403, refused.Status)
	require.False(t, seat.Registered())
}

func TestRegistrationIsRefreshedBeforeItEnds(t *testing.T) {
	t.Parallel()
	r := startRegistrar(t, "hotline-demo", 1) // a life of one second
	seat := startPhone(t, Config{Number: "8001", Registrar: r.addr, Password: "hotline-demo"})
	require.NoError(t, seat.Register(context.Background()))
	<-r.changed
	select {
	case <-r.changed:
	case <-time.After(5 * time.Second):
		t.Fatal("no refresh")
	}
	require.True(t, seat.Registered())

	r.mu.Lock()
	r.refuse = 503
	r.mu.Unlock()
	require.Eventually(t, func() bool { return !seat.Registered() }, 5*time.Second, 10*time.Millisecond)
	r.mu.Lock()
	r.refuse = 0
	r.mu.Unlock()
	require.Eventually(t, seat.Registered, 10*time.Second, 10*time.Millisecond)
}
