package acd

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A line agrees with a sorted slice through hundreds of insertions and removals anywhere.
func TestLineIsSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l line
		var want []placed
		order := func(a, b placed) int {
			switch {
			case a.before(b.rank):
				return -1
			case b.before(a.rank):
				return 1
			default:
				return 0
			}
		}
		// spread 0 has calls come in order, as they mostly do.
		spread := rapid.SampledFrom([]int64{0, 3, 1000}).Draw(t, "spread")
		growth := rapid.IntRange(1, 3).Draw(t, "growth")
		steps := rapid.IntRange(1, 900).Draw(t, "steps")
		seed := rapid.Uint64().Draw(t, "seed")
		next := func(n int) int { // cheap draws: a line is long
			seed = seed*6364136223846793005 + 1442695040888963407
			return int(seed>>33) % n
		}
		for i := range steps {
			if len(want) == 0 || next(4) < growth {
				p := placed{rank{start: int64(i) + int64(next(int(2*spread+1))) - spread, entered: int64(next(2)), seq: uint64(i)}, new(call)}
				l.insert(p)
				n, _ := slices.BinarySearchFunc(want, p, order)
				want = slices.Insert(want, n, p)
			} else {
				n := 0
				if next(2) == 0 {
					n = next(len(want))
				}
				if got := l.before(want[n].rank); got != n {
					t.Fatalf("%d are before call %d", got, n)
				}
				l.remove(want[n].rank)
				want = slices.Delete(want, n, n+1)
			}
			if l.count != len(want) || len(want) > 0 && l.head() != want[0] {
				t.Fatalf("step %d: %d calls, want %d; or another head", i, l.count, len(want))
			}
		}
		var got []placed
		l.each(func(p placed) bool { got = append(got, p); return true })
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
