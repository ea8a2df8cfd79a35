package suggest

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/go-ego/gse"
)

// The dictionary takes a second and 130 MB: it is loaded at the first text, once.
var segmenter = sync.OnceValues(func() (*gse.Segmenter, error) {
	s := &gse.Segmenter{SkipLog: true}
	if err := s.LoadDictEmbed("zh_s"); err != nil {
		return nil, fmt.Errorf("load the segmenter's dictionary: %w", err)
	}
	return s, nil
})

// stop are words that tell nothing about whose matter it is.
var stop = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`我们 你们 他们 自己 这个 那个 这种 这样 已经 现在 目前 最近 每天 今天 昨天 晚上 早上 上午 下午 一直 没有
		不能 可以 希望 要求 反映 投诉 举报 咨询 建议 求助 来电 市民 诉求 问题 情况 部门 有关 相关 进行 处理 解决 尽快 请求 因为 所以 但是
		而且 还是 如果 以及 或者 其中 多次 非常 十分 特别 什么 怎么 如何 为什么 谢谢 您好 你好 麻烦 请问 位于 附近 联系 电话 工作人员`) {
		stop[w] = true
	}
}

// Words are the words of a text that can tell something, each once, in their order.
func Words(text string) ([]string, error) {
	seg, err := segmenter()
	if err != nil {
		return nil, err
	}
	var words []string
	seen := map[string]bool{}
	for _, w := range seg.Cut(strings.ToLower(text), true) {
		w = strings.TrimSpace(w)
		if utf8.RuneCountInString(w) < 2 || stop[w] || seen[w] || strings.IndexFunc(w, isWord) < 0 {
			continue
		}
		seen[w] = true
		words = append(words, w)
	}
	return words, nil
}

// features are what a model counts: the words, and every pair of neighbouring Chinese characters.
// People say one thing in words that a dictionary cuts apart differently; the pairs still meet.
// word tells which are words, fit to be shown.
func features(text string) (list []string, word map[string]bool, err error) {
	words, err := Words(text)
	if err != nil {
		return nil, nil, err
	}
	word = make(map[string]bool, len(words))
	for _, w := range words {
		word[w] = true
	}
	seen := maps.Clone(word)
	list = words
	var last rune
	for _, r := range text {
		if !unicode.Is(unicode.Han, r) {
			last = 0
			continue
		}
		if pair := string([]rune{last, r}); last != 0 && !seen[pair] && !stop[pair] {
			seen[pair] = true
			list = append(list, pair)
		}
		last = r
	}
	return list, word, nil
}

// isWord tells characters that words are made of; numbers of houses and dates are none.
func isWord(r rune) bool { return unicode.IsLetter(r) }
