package mandarin_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/open12345/hotline/ivr/mandarin"
)

func join(words []string) string { return strings.Join(words, "") }

func TestCardinalNumbersAreReadAsPeopleSayThem(t *testing.T) {
	for n, want := range map[int64]string{
		0: "零", 1: "一", 2: "二", 10: "十", 11: "十一", 12: "十二", 20: "二十", 22: "二十二", 99: "九十九",
		100: "一百", 101: "一百零一", 102: "一百零二", 110: "一百一十", 111: "一百一十一", 200: "二百", 222: "二百二十二",
		1000: "一千", 1001: "一千零一", 1010: "一千零一十", 1100: "一千一百", 2000: "两千", 2002: "两千零二", 2222: "两千二百二十二",
		10000: "一万", 10005: "一万零五", 10010: "一万零一十", 10500: "一万零五百", 12000: "一万二千", 20000: "两万", 22000: "两万二千",
		100000: "十万", 100500: "十万零五百", 105000: "十万五千", 120000: "十二万", 220000: "二十二万", 1100000: "一百一十万",
		20000000: "两千万", 100000000: "一亿", 100010000: "一亿零一万", 100000010: "一亿零一十", 200000000: "两亿",
		1_0200_0000: "一亿零二百万", 1_2000_0000: "一亿二千万", 1_2000_0000_0000: "一万二千亿",
		-2: "负二", -10: "负十",
	} {
		require.Equal(t, want, join(mandarin.Number(n)), "%d", n)
	}
}

func TestTwoBeforeAMeasureWordIsLiang(t *testing.T) {
	for n, want := range map[int64]string{
		0: "零", 1: "一", 2: "两", 12: "十二", 20: "二十", 22: "二十二", 102: "一百零二", 2000: "两千",
	} {
		require.Equal(t, want, join(mandarin.Count(n)), "%d", n)
	}
}

func TestDigitsAreReadOneByOneWithYao(t *testing.T) {
	require.Equal(t, "幺二三四五", join(mandarin.OneByOne("12345")))
	require.Equal(t, "二六零幺二四零零零幺七三", join(mandarin.OneByOne("260124000173")))
	require.Equal(t, "加八六幺三八", join(mandarin.OneByOne("+86 138")))
	require.Empty(t, mandarin.OneByOne("anonymous"))
}

func TestDatesDurationsAndMoney(t *testing.T) {
	require.Equal(t, []string{"十一月", "二十四日"}, mandarin.Date(time.November, 24))
	require.Equal(t, "二月二日", join(mandarin.Date(time.February, 2)))
	require.Equal(t, "十月十日", join(mandarin.Date(time.October, 10)))
	require.Equal(t, "二零二六年", join(mandarin.Year(2026)))
	require.Equal(t, "二零一一年", join(mandarin.Year(2011)))
	for d, want := range map[time.Duration]string{
		0:                               "零秒",
		2 * time.Second:                 "两秒",
		30 * time.Second:                "三十秒",
		2 * time.Minute:                 "两分钟",
		2*time.Hour + 5*time.Minute:     "两小时零五分钟",
		12*time.Minute + 30*time.Second: "十二分钟三十秒",
		-time.Minute:                    "零秒",
	} {
		require.Equal(t, want, join(mandarin.Duration(d)), "%v", d)
	}
	for fen, want := range map[int64]string{
		0: "零元", 1: "一分", 2: "两分", 20: "两角", 1250: "十二元五角", 1256: "十二元五角六分", 1206: "十二元零六分",
		200: "两元", 20000: "二百元", 222: "两元两角两分", -150: "负一元五角",
	} {
		require.Equal(t, want, join(mandarin.Money(fen)), "%d", fen)
	}
}

// parse reads a spoken number back, knowing nothing of how it was made.
func parse(t *rapid.T, s string) int64 {
	values := map[rune]uint64{'零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	negative := strings.HasPrefix(s, "负")
	var total, section, digit uint64
	for _, r := range strings.TrimPrefix(s, "负") {
		switch r {
		case '十':
			section, digit = section+max(digit, 1)*10, 0
		case '百':
			section, digit = section+digit*100, 0
		case '千':
			section, digit = section+digit*1000, 0
		case '万':
			total, section, digit = total+(section+digit)*10_000, 0, 0
		case '亿':
			total, section, digit = (total+section+digit)*100_000_000, 0, 0
		default:
			v, ok := values[r]
			if !ok {
				t.Fatalf("%q is no digit, in %s", r, s)
			}
			digit = v
		}
	}
	total += section + digit
	if negative {
		return -int64(total)
	}
	return int64(total)
}

func anyNumber() *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Int64(),
		rapid.Int64Range(-100, 20_000),
		rapid.Custom(func(t *rapid.T) int64 { // numbers with many zeros
			n := int64(0)
			for range rapid.IntRange(1, 18).Draw(t, "digits") {
				n = n*10 + rapid.SampledFrom([]int64{0, 0, 0, 1, 2, 9}).Draw(t, "digit")
			}
			return n
		}),
		rapid.Just[int64](math.MinInt64), rapid.Just[int64](math.MaxInt64),
	)
}

func TestEveryNumberReadsBackAsItself(t *testing.T) {
	words := mandarin.Words()
	rapid.Check(t, func(t *rapid.T) {
		n := anyNumber().Draw(t, "n")
		said := mandarin.Number(n)
		if back := parse(t, join(said)); back != n {
			t.Fatalf("%d is read %s, which is %d", n, join(said), back)
		}
		for _, said := range [][]string{said, mandarin.Count(n), mandarin.Money(n)} {
			for _, word := range said {
				if !slices.Contains(words, word) {
					t.Fatalf("%d needs the word %s, which is not among Words()", n, word)
				}
			}
		}
		if strings.Contains(join(said), "零零") || strings.HasSuffix(join(said), "零") && n != 0 {
			t.Fatalf("%d is read with a zero too many: %s", n, join(said))
		}
	})
}

func TestEveryDayAndDurationHasItsWords(t *testing.T) {
	words := mandarin.Words()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "unix"), 0).UTC()
		said := slices.Concat(mandarin.Year(at.Year()), mandarin.Date(at.Month(), at.Day()),
			mandarin.Duration(time.Duration(rapid.Int64Range(-1, 1e6).Draw(t, "seconds"))*time.Second))
		for _, word := range said {
			if !slices.Contains(words, word) {
				t.Fatalf("the word %s is not among Words()", word)
			}
		}
	})
}

func TestDigitsReadBackAsThemselves(t *testing.T) {
	reading := "零幺二三四五六七八九"
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[0-9]{1,20}`).Draw(t, "number")
		var back strings.Builder
		for _, word := range mandarin.OneByOne(number) {
			back.WriteByte('0' + byte(strings.Index(reading, word)/len("零")))
		}
		if back.String() != number {
			t.Fatalf("%s is read back as %s", number, back.String())
		}
	})
}
