package words_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/open12345/hotline/tickets/words"
)

func TestPairsAreNeighboursAndPunctuationSeparates(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"a栋", "停水", "小区", "水了"}, words.Pairs("小区，停水了", "A栋 停水"))
	require.Empty(t, words.Pairs("水", "、。", ""))
}

func TestAWordIsFoundByItsCodesInEveryTextThatHasIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[停水电气暖𠮷Ab1]{2,5}`).Draw(t, "word")
		text := rapid.StringMatching(`[停水电气，。 𠮷x]{0,8}`).Draw(t, "before") + word + rapid.StringMatching(`[停水。]{0,8}`).Draw(t, "after")
		require.Subset(t, words.Codes(text), words.Codes(word))
	})
}

func TestOnlyPairsOfCommonCharactersAreExact(t *testing.T) {
	t.Parallel()
	for word, exact := range map[string]bool{"停水": true, "a1": true, "𠮷野": false, "停水了": false, "水": false, "水，": false} {
		require.Equal(t, exact, words.Exact(word), word)
	}
}

func TestNoPairHasTheCodeOfAMonth(t *testing.T) {
	t.Parallel()
	month := words.Month(time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	require.NotEqual(t, month, words.Month(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)))
	rapid.Check(t, func(t *rapid.T) {
		for _, c := range words.Codes(rapid.String().Draw(t, "text")) {
			require.False(t, c >= 0 && c < 1<<16)
		}
	})
}
