package acd

import "slices"

// rank is a call's place in the order of its queue: the earlier virtual start first (that is the
// higher score), then the earlier entry, then the earlier offer.
type rank struct {
	start   int64 // ns: entered − priority·target, and long before that for a returned call
	entered int64 // ns
	seq     uint64
}

func (r rank) before(o rank) bool {
	if r.start != o.start {
		return r.start < o.start
	}
	if r.entered != o.entered {
		return r.entered < o.entered
	}
	return r.seq < o.seq
}

// placed is a call with its rank, kept together so that a search stays in the block.
type placed struct {
	rank
	call *call
}

// blockSize bounds what one insertion or removal moves.
const blockSize = 64

// block is a run of a line, live in items[from:to].
type block struct {
	items    [blockSize]placed
	from, to int
}

func (b *block) live() []placed { return b.items[b.from:b.to] }

// run is a block with a rank that is not after its first call but after the last of the block
// before, so that a search need not open blocks.
type run struct {
	low   rank
	block *block
}

// line keeps calls sorted by rank. Almost every call enters at the end and leaves at the front,
// which are both cheap; a call in the middle costs one block's move. Unlike a heap it also tells
// how many stand before a rank.
type line struct {
	runs  []run
	count int
	spare *block
}

// head is the first call; the line must not be empty.
func (l *line) head() placed { b := l.runs[0].block; return b.items[b.from] }

// find gives the run in which r stands or would stand.
func (l *line) find(r rank) int {
	last := len(l.runs) - 1
	if last <= 0 || !r.before(l.runs[last].low) {
		return max(last, 0)
	}
	lo, hi := 1, last
	for lo < hi {
		mid := (lo + hi) / 2
		if r.before(l.runs[mid].low) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo - 1
}

// within gives how many calls of the block are before r.
func (b *block) within(r rank) int {
	lo, hi := b.from, b.to
	if lo < hi && !b.items[lo].before(r) {
		return 0
	}
	for lo < hi {
		mid := (lo + hi) / 2
		if b.items[mid].before(r) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - b.from
}

func (l *line) insert(p placed) {
	l.count++
	if len(l.runs) == 0 {
		l.runs = append(l.runs, run{p.rank, l.newBlock()})
	}
	n := l.find(p.rank)
	if p.before(l.runs[n].low) {
		l.runs[n].low = p.rank
	}
	b := l.runs[n].block
	at := b.within(p.rank)
	if b.to-b.from == blockSize {
		b, at = l.split(n, at, p.rank)
	}
	if b.to == blockSize {
		copy(b.items[:], b.live())
		clear(b.items[b.to-b.from:])
		b.from, b.to = 0, b.to-b.from
	}
	copy(b.items[b.from+at+1:b.to+1], b.items[b.from+at:b.to])
	b.items[b.from+at] = p
	b.to++
}

// split makes room at offset `at` of the full block of run n for rank r, and tells where that
// offset is now.
func (l *line) split(n, at int, r rank) (*block, int) {
	b, next := l.runs[n].block, l.newBlock()
	if at == blockSize { // at the end: calls mostly come in order, so leave this one full
		l.runs = slices.Insert(l.runs, n+1, run{r, next})
		return next, 0
	}
	half := blockSize / 2
	l.runs = slices.Insert(l.runs, n+1, run{b.items[half].rank, next})
	next.to = copy(next.items[:], b.items[half:])
	clear(b.items[half:])
	b.to = half
	if at > half {
		return next, at - half
	}
	return b, at
}

func (l *line) newBlock() *block {
	if b := l.spare; b != nil {
		l.spare = nil
		return b
	}
	return new(block)
}

// remove takes the call with exactly this rank out; it must be there.
func (l *line) remove(r rank) {
	n := l.find(r)
	b := l.runs[n].block
	at := b.from + b.within(r)
	if at == b.from {
		b.items[at] = placed{}
		b.from++
	} else {
		copy(b.items[at:], b.items[at+1:b.to])
		b.to--
		b.items[b.to] = placed{}
	}
	l.count--
	if b.from == b.to {
		b.from, b.to = 0, 0
		l.spare = b
		l.runs = slices.Delete(l.runs, n, n+1)
	}
}

// before gives how many calls of the line are before r.
func (l *line) before(r rank) int {
	if len(l.runs) == 0 {
		return 0
	}
	n := l.find(r)
	count := l.runs[n].block.within(r)
	for _, run := range l.runs[:n] {
		count += run.block.to - run.block.from
	}
	return count
}

// each visits the calls in order until visit returns false.
func (l *line) each(visit func(placed) bool) {
	for _, run := range l.runs {
		for _, p := range run.block.live() {
			if !visit(p) {
				return
			}
		}
	}
}
