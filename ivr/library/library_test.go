package library_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/ivr"
	"github.com/open12345/hotline/ivr/library"
)

const text = `menu: %s
title: %s
numbers: ["%s"]
direct: tiny
start: person
fallback: person
nodes:
  person: {type: queue, queue: general, otherwise: leave}
  leave: {type: voicemail, next: bye}
  bye: {type: hangup}
`

const tiny = `menu: tiny
start: person
fallback: person
nodes:
  person: {type: queue, queue: tiny, otherwise: leave}
  leave: {type: voicemail, next: bye}
  bye: {type: hangup}
`

type bundle struct {
	dir, archive string
	stamp        time.Time
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{dir: t.TempDir(), archive: t.TempDir(), stamp: time.Now()}
	b.write(t, "main", fmt.Sprintf(text, "main", "one", "12345"))
	b.write(t, "tiny", tiny)
	return b
}

// write gives each text a time of its own, as an editor would.
func (b *bundle) write(t *testing.T, name, src string) {
	t.Helper()
	path := filepath.Join(b.dir, name+".yaml")
	require.NoError(t, os.WriteFile(path, []byte(src), 0o644))
	b.stamp = b.stamp.Add(time.Second)
	require.NoError(t, os.Chtimes(path, b.stamp, b.stamp))
}

func (b *bundle) open(t *testing.T, direct bool) *library.Library {
	t.Helper()
	l, err := library.Open(library.Options{Dir: b.dir, Archive: b.archive, Direct: direct})
	require.NoError(t, err)
	return l
}

func TestNewCallsUseTheNewFileAndRunningOnesFinishOnTheirs(t *testing.T) {
	b := setup(t)
	l := b.open(t, false)
	old, err := l.Menu("main")
	require.NoError(t, err)

	changed, err := l.Reload()
	require.NoError(t, err)
	require.Empty(t, changed, "nothing was touched")

	b.write(t, "main", fmt.Sprintf(text, "main", "two", "12345"))
	changed, err = l.Reload()
	require.NoError(t, err)
	require.Equal(t, []string{"main"}, changed)

	fresh, err := l.Menu("main")
	require.NoError(t, err)
	require.Equal(t, "two", fresh.Title())
	running, err := l.MenuVersion("main", old.Version())
	require.NoError(t, err)
	require.Same(t, old, running)
}

func TestAFaultyFileIsRefusedAndTheOldMenuStays(t *testing.T) {
	b := setup(t)
	l := b.open(t, false)
	b.write(t, "main", "menu: main\nstart: nowhere\nfallback: person\nnodes: {person: {type: queue, queue: q, otherwise: person}}\n")
	_, err := l.Reload()
	require.ErrorIs(t, err, library.ErrFaulty)
	var refusal *library.FaultError
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, ivr.FaultUnknownNode, refusal.Faults[0].Code)
	require.Equal(t, 2, refusal.Faults[0].Line)

	m, err := l.Menu("main")
	require.NoError(t, err)
	require.Equal(t, "one", m.Title())
	require.Len(t, l.Refused(), 1)

	b.write(t, "main", fmt.Sprintf(text, "main", "mended", "12345"))
	_, err = l.Reload()
	require.NoError(t, err)
	require.Empty(t, l.Refused())
}

func TestASuccessorFindsTheVersionACallBeganOn(t *testing.T) {
	b := setup(t)
	old, err := b.open(t, false).Menu("main")
	require.NoError(t, err)
	b.write(t, "main", fmt.Sprintf(text, "main", "two", "12345"))

	successor := b.open(t, false)
	found, err := successor.MenuVersion("main", old.Version())
	require.NoError(t, err)
	require.Equal(t, "one", found.Title())

	found, err = successor.MenuVersion("main", "0000000000000000")
	require.NoError(t, err)
	require.Equal(t, "two", found.Title(), "a version that is gone gives way to the one in force")
}

func TestCalledNumbersChooseTheirMenu(t *testing.T) {
	b := setup(t)
	b.write(t, "other", fmt.Sprintf(text, "other", "消费维权", "12315"))
	l := b.open(t, false)
	m, err := l.ForNumber("12315", "main")
	require.NoError(t, err)
	require.Equal(t, "other", m.Name())
	m, err = l.ForNumber("96116", "main")
	require.NoError(t, err)
	require.Equal(t, "main", m.Name())
	_, err = l.ForNumber("96116", "nothing")
	require.ErrorIs(t, err, library.ErrNoMenu)
}

func TestWithMenusSwitchedOffTheDirectOneServes(t *testing.T) {
	l := setup(t).open(t, true)
	m, err := l.Menu("main")
	require.NoError(t, err)
	require.Equal(t, "tiny", m.Name())
}

func TestSwitchingMenusOnOrOffKeepsRunningCallsOnTheirs(t *testing.T) {
	b := setup(t)
	full, err := b.open(t, false).Menu("main")
	require.NoError(t, err)
	direct, err := b.open(t, true).Menu("main")
	require.NoError(t, err)
	for _, off := range []bool{false, true} {
		l := b.open(t, off)
		for _, began := range []*ivr.Menu{full, direct} {
			m, err := l.MenuVersion("main", began.Version())
			require.NoError(t, err)
			require.Equal(t, began.Name(), m.Name())
		}
	}
}

func TestTwoFilesCantHoldOneMenu(t *testing.T) {
	b := setup(t)
	l := b.open(t, false)
	b.write(t, "second", fmt.Sprintf(text, "main", "again", "12345"))
	_, err := l.Reload()
	require.ErrorIs(t, err, library.ErrFaulty)
	m, err := l.Menu("main")
	require.NoError(t, err)
	require.Equal(t, "one", m.Title())
}

func TestAnOperatorReplacesAMenuOnlyByAFaultlessOne(t *testing.T) {
	b := setup(t)
	l := b.open(t, false)
	require.ErrorIs(t, l.Replace("main", []byte("menu: main")), library.ErrFaulty)
	require.Error(t, l.Replace("../main", []byte(tiny)))
	require.NoError(t, l.Replace("main", fmt.Appendf(nil, text, "main", "three", "12345")))
	m, err := l.Menu("main")
	require.NoError(t, err)
	require.Equal(t, "three", m.Title())
	require.NoFileExists(t, filepath.Join(b.dir, ".main.new"))
}

func TestAServerDoesNotStartOnAFaultyFolder(t *testing.T) {
	b := setup(t)
	b.write(t, "broken", "menu: [")
	_, err := library.Open(library.Options{Dir: b.dir})
	require.ErrorIs(t, err, library.ErrFaulty)
	_, err = library.Open(library.Options{Dir: t.TempDir()})
	require.ErrorIs(t, err, library.ErrNoMenu)
}

func TestCallsAndReloadsDoNotDisturbEachOther(t *testing.T) {
	b := setup(t)
	l := b.open(t, false)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				m, err := l.Menu("main")
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = m.Step(ivr.State{}, ivr.Input{Kind: ivr.InputStart}, time.Time{}, nil)
			}
		})
	}
	for i := range 20 {
		b.write(t, "main", fmt.Sprintf(text, "main", fmt.Sprint(i), "12345"))
		_, err := l.Reload()
		require.NoError(t, err)
	}
	wg.Wait()
}
