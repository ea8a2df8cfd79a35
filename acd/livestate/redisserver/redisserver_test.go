package redisserver_test

import (
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/livestate/redisserver"
	"github.com/open12345/hotline/asterisk/child"
)

func TestServerKeepsItsDataAndItsAddress(t *testing.T) {
	s := redisserver.ForTest(t)
	client := redis.NewClient(s.Options())
	t.Cleanup(func() { client.Close() })
	require.NoError(t, client.Set(t.Context(), "k", "v", 0).Err())

	addr, done := s.Addr(), s.Done()
	require.NoError(t, s.Stop(t.Context()))
	<-done
	require.Zero(t, s.PID())
	require.Error(t, client.Get(t.Context(), "k").Err())

	require.NoError(t, s.Restart(t.Context()))
	require.Equal(t, addr, s.Addr())
	got, err := client.Get(t.Context(), "k").Result()
	require.NoError(t, err)
	require.Equal(t, "v", got)
}

func TestServerComesBackAfterACrash(t *testing.T) {
	s := redisserver.ForTest(t)
	require.NoError(t, s.Kill())
	require.NoError(t, s.Kill(), "killing twice is harmless")
	require.NoError(t, s.Restart(t.Context()))
	client := redis.NewClient(s.Options())
	defer client.Close()
	require.NoError(t, client.Ping(t.Context()).Err())
}

func TestPasswordIsAskedFor(t *testing.T) {
	s, err := redisserver.Start(t.Context(), redisserver.Config{Dir: t.TempDir(), Password: "a secret \" with a quote"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Kill()) })
	stranger := redis.NewClient(&redis.Options{Addr: s.Addr()})
	defer stranger.Close()
	require.ErrorContains(t, stranger.Ping(t.Context()).Err(), "NOAUTH")
	friend := redis.NewClient(s.Options())
	defer friend.Close()
	require.NoError(t, friend.Ping(t.Context()).Err())
}

func TestPortInUseIsNamed(t *testing.T) {
	s := redisserver.ForTest(t)
	_, err := redisserver.Start(t.Context(), redisserver.Config{Dir: t.TempDir(), Port: s.Port()})
	var taken *child.PortError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, s.Port(), taken.Port)
}
