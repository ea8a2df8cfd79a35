package mandarin

import "time"

// Date reads month and day: 十一月 二十四日.
func Date(month time.Month, day int) []string {
	return []string{upTo99(int(month), true) + "月", upTo99(day, true) + "日"}
}

// Year reads a year digit by digit, with 一 and not 幺: 二 零 二 一 年.
func Year(year int) []string {
	var out []string
	for ; year > 0; year /= 10 {
		out = append([]string{digits[year%10]}, out...)
	}
	return append(out, "年")
}

// Duration reads hours, minutes and seconds: 两 小时 零 五 分钟. Fractions of a second
// are left out; less than a second is 零 秒.
func Duration(d time.Duration) []string {
	d = max(d, 0)
	parts := []struct {
		n    int64
		unit string
	}{
		{int64(d / time.Hour), "小时"},
		{int64(d % time.Hour / time.Minute), "分钟"},
		{int64(d % time.Minute / time.Second), "秒"},
	}
	var out []string
	for _, p := range parts {
		if p.n == 0 {
			continue
		}
		if len(out) > 0 && p.n < 10 {
			out = append(out, zero)
		}
		out = append(append(out, Count(p.n)...), p.unit)
	}
	if out == nil {
		return []string{zero, "秒"}
	}
	return out
}

// Money reads an amount of fen (1/100 yuan): 十二 元 五 角, 两 元 零 六 分.
func Money(fen int64) []string {
	var out []string
	amount := uint64(fen)
	if fen < 0 {
		out, amount = append(out, minus), negate(fen)
	}
	yuan, jiao, rest := amount/100, int64(amount%100/10), int64(amount%10)
	if yuan > 0 || amount == 0 {
		if yuan == 2 {
			out = append(out, pair, "元")
		} else {
			out = append(append(out, magnitude(yuan)...), "元")
		}
	}
	if jiao > 0 {
		out = append(append(out, Count(jiao)...), "角")
	}
	if rest > 0 {
		if jiao == 0 && yuan > 0 {
			out = append(out, zero)
		}
		out = append(append(out, Count(rest)...), "分")
	}
	return out
}
