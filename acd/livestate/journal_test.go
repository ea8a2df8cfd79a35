package livestate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/open12345/hotline/cti/calls"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memorySink keeps what it was given, fails when told, and checks the order.
type memorySink struct {
	mu     sync.Mutex
	ids    []string
	failed error
}

func (s *memorySink) Store(_ context.Context, events []calls.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return s.failed
	}
	for _, e := range events {
		s.ids = append(s.ids, e.ID)
	}
	return nil
}

func (s *memorySink) Last(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ids) == 0 {
		return "", nil
	}
	return s.ids[len(s.ids)-1], nil
}

func (s *memorySink) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err
}

func (s *memorySink) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.ids...)
}

func open(t *testing.T, dir string, epoch uint64, sink Sink) *Journal {
	t.Helper()
	j, err := OpenJournal(JournalConfig{Dir: dir, Epoch: epoch, SegmentSize: 400})
	require.NoError(t, err)
	if sink != nil {
		j.Follow("memory", sink)
	}
	require.NoError(t, j.Start(t.Context()))
	return j
}

func stop(t *testing.T, j *Journal) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	require.NoError(t, j.Stop(ctx))
}

func ids(epoch, from, to int) []string {
	var list []string
	for i := from; i <= to; i++ {
		list = append(list, fmt.Sprintf("%d-%d", epoch, i))
	}
	return list
}

func appendN(t *testing.T, j *Journal, n int) {
	t.Helper()
	for range n {
		_, err := j.Append(calls.Event{Type: calls.CallHeld, Call: "c", At: time.Unix(0, 0)})
		require.NoError(t, err)
	}
}

func TestEventsGetGaplessIDsAndReachTheFollowerInOrder(t *testing.T) {
	sink := &memorySink{}
	j := open(t, t.TempDir(), 7, sink)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { appendN(t, j, 50) })
	}
	group.Wait()
	stop(t, j)
	require.Equal(t, ids(7, 1, 200), sink.got(), "through all files, without a gap")
}

func TestAppendedEventIsInTheFileBeforeAppendReturns(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir, 1, nil)
	defer stop(t, j)
	_, err := j.Append(calls.Event{Type: calls.CallHeld, Call: "here"})
	require.NoError(t, err)
	raw, err := os.ReadFile(filepath.Join(dir, "1-1.events"))
	require.NoError(t, err)
	require.Contains(t, string(raw), "here")
}

func TestFollowerThatWasDownCatchesUpInOrder(t *testing.T) {
	sink := &memorySink{failed: errors.New("down")}
	j := open(t, t.TempDir(), 1, sink)
	appendN(t, j, 20)
	sink.fail(nil)
	stop(t, j)
	require.Equal(t, ids(1, 1, 20), sink.got())
}

func TestSuccessorReplaysWhatThePredecessorsFollowerMissed(t *testing.T) {
	dir, sink := t.TempDir(), &memorySink{}
	first := open(t, dir, 1, sink)
	appendN(t, first, 3)
	require.Eventually(t, func() bool { return len(sink.got()) == 3 }, 5*time.Second, time.Millisecond)
	sink.fail(errors.New("down"))
	appendN(t, first, 5)
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // killed: nothing is drained
	require.NoError(t, first.Stop(ctx))
	sink.fail(nil)
	second := open(t, dir, 2, sink)
	appendN(t, second, 2)
	stop(t, second)
	require.Equal(t, append(ids(1, 1, 8), ids(2, 1, 2)...), sink.got())
}

func TestTornLastLineOfAKilledServerIsCutOff(t *testing.T) {
	dir, sink := t.TempDir(), &memorySink{}
	first := open(t, dir, 1, nil)
	appendN(t, first, 2)
	stop(t, first)
	path := filepath.Join(dir, "1-1.events")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(`{"id":"1-3","ty`)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	second := open(t, dir, 2, sink)
	appendN(t, second, 1)
	stop(t, second)
	require.Equal(t, []string{"1-1", "1-2", "2-1"}, sink.got())
}

func TestDamageBeforeTheEndIsAnErrorThatNamesThePlace(t *testing.T) {
	dir := t.TempDir()
	good, err := json.Marshal(calls.Event{ID: "1-2"})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "1-1.events"), append([]byte("garbage\n"), append(good, '\n')...), 0o600))
	_, err = OpenJournal(JournalConfig{Dir: dir, Epoch: 2})
	require.ErrorContains(t, err, "1-1.events is damaged at byte 0")
}

func TestJournalOfALaterEpochIsNotWrittenTo(t *testing.T) {
	dir := t.TempDir()
	stop(t, open(t, dir, 5, nil))
	for _, epoch := range []uint64{4, 5} {
		_, err := OpenJournal(JournalConfig{Dir: dir, Epoch: epoch})
		require.ErrorIs(t, err, ErrEpoch)
	}
}

func TestFilesAreDroppedWhenEveryFollowerHasPassedThem(t *testing.T) {
	dir, fast, slow := t.TempDir(), &memorySink{}, &memorySink{failed: errors.New("down")}
	j, err := OpenJournal(JournalConfig{Dir: dir, Epoch: 1, SegmentSize: 200})
	require.NoError(t, err)
	j.Follow("fast", fast)
	j.Follow("slow", slow)
	require.NoError(t, j.Start(t.Context()))
	appendN(t, j, 20)
	require.Eventually(t, func() bool { return len(fast.got()) == 20 }, 5*time.Second, time.Millisecond)
	require.NoError(t, j.retain())
	files, err := listSegments(dir)
	require.NoError(t, err)
	require.Equal(t, eventID{1, 1}, files[0].first, "the slow follower has not read the first file")
	slow.fail(nil)
	require.Eventually(t, func() bool { return len(slow.got()) == 20 }, 10*time.Second, time.Millisecond)
	require.Eventually(t, func() bool { return j.followers[1].position() == eventID{1, 20} }, 5*time.Second, time.Millisecond)
	require.NoError(t, j.retain())
	files, err = listSegments(dir)
	require.NoError(t, err)
	require.Len(t, files, 1)
	stop(t, j)
}

func TestLaggingFollowerIsTold(t *testing.T) {
	var told []bool
	f := &follower{name: "db", log: testLog(), lagging: func(_ string, behind bool, _ string) { told = append(told, behind) }}
	tries := 0
	require.True(t, f.retrying(t.Context(), "store", func(context.Context) error {
		if tries++; tries < 3 {
			return errors.New("down")
		}
		return nil
	}))
	require.Equal(t, []bool{true, false}, told)
}
