package livestate

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/livestate/redisserver"
	"github.com/open12345/hotline/cti/calls"
)

func testLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

func client(t *testing.T) *redis.Client {
	t.Helper()
	c := redis.NewClient(redisserver.ForTest(t).Options())
	t.Cleanup(func() { c.Close() })
	return c
}

func TestStreamKeepsTheFloorsIDsAndARepeatDoesNothing(t *testing.T) {
	c := client(t)
	s := NewStream(c)
	last, err := s.Last(t.Context())
	require.NoError(t, err)
	require.Empty(t, last)
	events := []calls.Event{{ID: "3-1", Type: calls.CallStarted}, {ID: "3-2", Type: calls.CallEnded}}
	require.NoError(t, s.Store(t.Context(), events))
	require.NoError(t, s.Store(t.Context(), append(events, calls.Event{ID: "3-3", Type: calls.SeatChanged})))
	require.NoError(t, s.Store(t.Context(), []calls.Event{{ID: "2-9"}}), "an old leader's event is refused by Redis, not an error")
	all, err := c.XRange(t.Context(), streamKey, "-", "+").Result()
	require.NoError(t, err)
	require.Len(t, all, 3)
	last, err = s.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, "3-3", last)
}

func TestStateIsLoadedBySuccessors(t *testing.T) {
	c := client(t)
	first := NewState(c, 1)
	require.NoError(t, first.SaveCall(t.Context(), "a", []byte("A")))
	require.NoError(t, first.SaveCall(t.Context(), "b", []byte("B")))
	require.NoError(t, first.SaveSeat(t.Context(), "8001", []byte("S")))
	require.NoError(t, first.SaveSeat(t.Context(), "8002", []byte("S")))
	require.NoError(t, first.DropCall(t.Context(), "a"))
	require.NoError(t, first.DropSeat(t.Context(), "8002"))
	byID, seats, err := NewState(c, 2).Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[calls.ID][]byte{"b": []byte("B")}, byID)
	require.Equal(t, map[string][]byte{"8001": []byte("S")}, seats)
}

func TestOldLeaderCanNotWrite(t *testing.T) {
	c := client(t)
	require.NoError(t, NewState(c, 2).SaveCall(t.Context(), "a", []byte("new")))
	old := NewState(c, 1)
	require.ErrorIs(t, old.SaveCall(t.Context(), "a", []byte("old")), ErrStale)
	require.ErrorIs(t, old.DropCall(t.Context(), "a"), ErrStale)
	require.ErrorIs(t, old.SaveSeat(t.Context(), "8001", []byte("old")), ErrStale)
	byID, _, err := old.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, "new", string(byID["a"]))
}

type memoryEpoch struct{ epoch uint64 }

func (m *memoryEpoch) Epoch(context.Context) (uint64, error) { return m.epoch, nil }
func (m *memoryEpoch) RaiseEpoch(_ context.Context, e uint64) error {
	m.epoch = max(m.epoch, e)
	return nil
}

// address listens until the test or close ends it, as a living server does.
func address(t *testing.T) (string, func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l.Addr().String(), func() { l.Close() }
}

func TestEpochIsOneAboveTheHighestKnown(t *testing.T) {
	c := client(t)
	here, _ := address(t)
	db, sw := &memoryEpoch{41}, &memoryEpoch{7}
	l, err := Acquire(t.Context(), c, here, map[string]EpochStore{"database": db, "switch": sw}, testLog())
	require.NoError(t, err)
	require.EqualValues(t, 42, l.Epoch())
	require.EqualValues(t, 42, db.epoch)
	require.EqualValues(t, 42, sw.epoch)
	require.NoError(t, l.Release(t.Context()))
	again, err := Acquire(t.Context(), c, here, nil, testLog())
	require.NoError(t, err)
	require.EqualValues(t, 43, again.Epoch(), "Redis remembers too")
	require.NoError(t, again.Release(t.Context()))
}

func TestLeaseOfALivingServerIsWaitedFor(t *testing.T) {
	c := client(t)
	here, _ := address(t)
	there, _ := address(t)
	l, err := Acquire(t.Context(), c, here, nil, testLog())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = Acquire(ctx, c, there, nil, testLog())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, l.Release(t.Context()))
	next, err := Acquire(t.Context(), c, there, nil, testLog())
	require.NoError(t, err)
	require.NoError(t, next.Release(t.Context()))
}

func TestLeaseOfADeadServerIsTakenOverAtOnce(t *testing.T) {
	c := client(t)
	here, die := address(t)
	there, _ := address(t)
	dead, err := Acquire(t.Context(), c, here, nil, testLog())
	require.NoError(t, err)
	dead.cancel() // it no longer renews
	<-dead.done
	die()
	began := time.Now()
	next, err := Acquire(t.Context(), c, there, nil, testLog())
	require.NoError(t, err)
	require.Less(t, time.Since(began), leaseTime/2, "the lease's own end was not waited for")
	require.NoError(t, next.Release(t.Context()))
}

func TestHolderLearnsThatAnotherLeads(t *testing.T) {
	c := client(t)
	here, _ := address(t)
	l, err := Acquire(t.Context(), c, here, nil, testLog())
	require.NoError(t, err)
	require.NoError(t, c.Set(t.Context(), leaseKey, "127.0.0.1:1", leaseTime).Err())
	select {
	case <-l.Lost():
	case <-time.After(5 * time.Second):
		t.Fatal("the holder goes on leading")
	}
	require.NoError(t, l.Release(t.Context()))
}

func TestEmptiedRedisLearnsLeaseAndEpochAgain(t *testing.T) {
	c := client(t)
	here, _ := address(t)
	l, err := Acquire(t.Context(), c, here, map[string]EpochStore{"database": &memoryEpoch{9}}, testLog())
	require.NoError(t, err)
	require.NoError(t, c.FlushAll(t.Context()).Err())
	require.Eventually(t, func() bool {
		holder, err := Leader(t.Context(), c)
		return err == nil && holder == here && c.Get(t.Context(), epochKey).Val() == "10"
	}, 5*time.Second, 20*time.Millisecond)
	require.NoError(t, l.Release(t.Context()))
}
