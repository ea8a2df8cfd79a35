package acd

import "math/bits"

// bitset is a growing set of small numbers.
type bitset []uint64

func (b *bitset) set(i int) {
	for i>>6 >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[i>>6] |= 1 << (i & 63)
}

func (b bitset) clear(i int) {
	if i>>6 < len(b) {
		b[i>>6] &^= 1 << (i & 63)
	}
}

// both calls visit for every member of a and b, in rising order.
func both(a, b bitset, visit func(i int)) {
	for w := range min(len(a), len(b)) {
		for word := a[w] & b[w]; word != 0; word &= word - 1 {
			visit(w<<6 | bits.TrailingZeros64(word))
		}
	}
}

// each calls visit for every member, in rising order.
func (b bitset) each(visit func(i int)) { both(b, b, visit) }

// add makes b the union of b and o.
func (b *bitset) add(o bitset) {
	for len(*b) < len(o) {
		*b = append(*b, 0)
	}
	for w := range o {
		(*b)[w] |= o[w]
	}
}
