package mandarin

import (
	"strings"
)

var digits = [10]string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

const (
	minus = "负"
	zero  = "零"
	two   = "二"
	pair  = "两"
)

// Number reads a cardinal number: 2 is 二, 102 is 一百零二.
func Number(n int64) []string {
	if n < 0 {
		return append([]string{minus}, magnitude(negate(n))...)
	}
	return magnitude(uint64(n))
}

// negate is -n without overflow at the smallest number.
func negate(n int64) uint64 { return uint64(-(n + 1)) + 1 }

// Count reads a number before a measure word: 2 is 两, and 12 is still 十二.
func Count(n int64) []string {
	if n == 2 {
		return []string{pair}
	}
	return Number(n)
}

// A number is read in groups of four digits, joined by these.
const (
	myriad = 10_000
	yi     = myriad * myriad // 亿
)

func magnitude(n uint64) []string {
	if n == 0 {
		return []string{zero}
	}
	return read(n, true)
}

// read reads a number above 0. head says that nothing comes before it. From 亿 on, the
// number of 亿 is read as a number of its own: 一万二千亿.
func read(n uint64, head bool) []string {
	if n < yi {
		return belowYi(int(n), head)
	}
	high, low := n/yi, int(n%yi)
	var out []string
	if head && high == 2 {
		out = []string{pair, "亿"}
	} else {
		out = append(read(high, head), "亿")
	}
	if low > 0 && low < yi/10 {
		out = append(out, zero)
	}
	if low > 0 {
		out = append(out, belowYi(low, false)...)
	}
	return out
}

func belowYi(n int, head bool) []string {
	high, low := n/myriad, n%myriad
	if high == 0 {
		return group(low, head)
	}
	var out []string
	if head && high == 2 {
		out = []string{pair, "万"}
	} else {
		out = append(group(high, head), "万")
	}
	if low > 0 && low < myriad/10 {
		out = append(out, zero)
	}
	return append(out, group(low, false)...)
}

// group reads 0 to 9999, 0 as nothing. head says that nothing comes before it.
func group(g int, head bool) []string {
	var out []string
	if thousands := g / 1000; thousands > 0 {
		if thousands == 2 && head {
			out = append(out, pair+"千")
		} else {
			out = append(out, digits[thousands]+"千")
		}
		head = false
	}
	g %= 1000
	if hundreds := g / 100; hundreds > 0 {
		out = append(out, digits[hundreds]+"百")
		head = false
	} else if g > 0 && len(out) > 0 {
		out = append(out, zero)
	}
	rest := g % 100
	switch {
	case rest == 0:
	case rest < 10 && g >= 100:
		out = append(out, zero, digits[rest])
	default:
		out = append(out, upTo99(rest, head))
	}
	return out
}

// upTo99 reads 1 to 99 as one word: 十五 at the head of a number, 一十五 inside it.
func upTo99(n int, head bool) string {
	tens, ones := n/10, n%10
	var b strings.Builder
	if tens > 0 {
		if tens > 1 || !head {
			b.WriteString(digits[tens])
		}
		b.WriteString("十")
	}
	if ones > 0 {
		b.WriteString(digits[ones])
	}
	return b.String()
}

// OneByOne reads a string of digits one by one, 1 as 幺; + is 加, other characters are
// left out.
func OneByOne(s string) []string {
	var out []string
	for i := range len(s) {
		switch c := s[i]; {
		case c == '1':
			out = append(out, "幺")
		case c >= '0' && c <= '9':
			out = append(out, digits[c-'0'])
		case c == '+':
			out = append(out, "加")
		}
	}
	return out
}
