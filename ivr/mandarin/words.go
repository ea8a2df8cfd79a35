package mandarin

// Words are all words that the functions of this package can return: what has to be
// recorded or synthesised.
func Words() []string {
	out := []string{zero, pair, "幺", minus, "加", "万", "亿", "元", "角", "分", "年", "小时", "分钟", "秒", pair + "千"}
	for n := 1; n < 100; n++ {
		out = append(out, upTo99(n, true))
	}
	for n := 10; n < 20; n++ {
		out = append(out, upTo99(n, false))
	}
	for n := 1; n < 10; n++ {
		out = append(out, digits[n]+"百", digits[n]+"千")
	}
	for n := 1; n <= 12; n++ {
		out = append(out, upTo99(n, true)+"月")
	}
	for n := 1; n <= 31; n++ {
		out = append(out, upTo99(n, true)+"日")
	}
	return out
}
