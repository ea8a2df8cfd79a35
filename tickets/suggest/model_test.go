package suggest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/configs/demo"
	city "github.com/open12345/hotline/tickets/demo"
	"github.com/open12345/hotline/tickets/suggest"
)

func learned(t *testing.T) *suggest.Model {
	m := suggest.NewModel()
	for text, label := range map[string]string{
		"小区停水一整天，自来水没有通知": "水务", "自来水发黄有异味，水质有问题": "水务", "水表走得快，水费突然翻倍": "水务",
		"暖气不热，室温只有十五度": "热力", "供热管道漏水，暖气片冰凉": "热力", "取暖费报停怎么收": "热力",
		"工地夜间施工噪音扰民": "环保", "烧烤店油烟直排": "环保", "河道污水发黑发臭": "环保",
	} {
		require.NoError(t, m.Learn(text, label))
	}
	return m
}

func best(t *testing.T, m *suggest.Model, text string) string {
	list, err := m.Suggest(text, 3)
	require.NoError(t, err)
	if len(list) == 0 {
		return ""
	}
	return list[0].Label
}

func TestASuggestionNamesTheWordsItWentBy(t *testing.T) {
	m := learned(t)
	list, err := m.Suggest("我家停水了，自来水什么时候来", 3)
	require.NoError(t, err)
	require.Equal(t, "水务", list[0].Label)
	words := []string{}
	for _, e := range list[0].Words {
		require.Positive(t, e.Weight)
		require.Contains(t, "我家停水了，自来水什么时候来", e.Word)
		words = append(words, e.Word)
	}
	require.Contains(t, words, "自来水")
	sum := 0.0
	for _, s := range list {
		sum += s.Share
	}
	require.InDelta(t, 1, sum, 0.01, "three labels share all belief")
}

func TestAnUnknownTextGetsNoSuggestion(t *testing.T) {
	m := learned(t)
	for name, text := range map[string]string{
		"nothing":               "",
		"another matter":        "护照办理出入境签证预约",
		"only words of nothing": "您好，我要反映问题，请尽快处理，谢谢",
		"no Chinese":            "hello world",
		"emoji and rare":        "😀😀𠮷𠮷",
		"a long senseless one":  strings.Repeat("龘靐齉", 3000),
	} {
		require.Empty(t, best(t, m, text), name)
	}
	require.Empty(t, best(t, suggest.NewModel(), "小区停水"), "nothing was learned")
}

func TestAfterFiftyReturnsItHasMoved(t *testing.T) {
	m := learned(t)
	for i := range 400 {
		require.NoError(t, m.Learn(fmt.Sprintf("%d号楼井盖丢失，路面塌陷", i), "城管"))
	}
	require.Equal(t, "城管", best(t, m, "路上的井盖丢失了"))
	for i := range 50 {
		text := fmt.Sprintf("%d号路口井盖丢失，请处理", i)
		require.NoError(t, m.Returned(text, "城管", "水务"))
	}
	require.Equal(t, "水务", best(t, m, "路上的井盖丢失了"), "the duty moved")
	require.Equal(t, "热力", best(t, m, "暖气不热"), "what has nothing to do with it stayed")
}

func TestWhatIsLearnedAndTakenBackLeavesNothing(t *testing.T) {
	m := learned(t)
	before, err := m.Suggest("暖气不热", 3)
	require.NoError(t, err)
	for range 20 {
		require.NoError(t, m.Learn("暖气不热", "环保"))
	}
	require.NoError(t, m.Returned("暖气不热", "环保", ""))
	after, err := m.Suggest("暖气不热", 3)
	require.NoError(t, err)
	require.Equal(t, before[0].Label, after[0].Label)
}

func TestEvaluationHoldsOutTemplatesAndWriters(t *testing.T) {
	samples, err := city.Samples(demo.Files, 3000, 0.08, 1)
	require.NoError(t, err)
	r, err := suggest.Evaluate(samples)
	require.NoError(t, err)
	require.Equal(t, suggest.SplitByOrigin, r.Split)
	require.True(t, r.Synthetic)
	require.Less(t, r.Learned+r.Asked, r.Samples, "what shares a template or a writer with both is in neither")
	require.Greater(t, r.Top1, 2*r.KeywordTop1, "better than a list of keywords")
	require.Greater(t, r.KeywordTop1, r.MajorityTop1)
	require.Greater(t, r.Top1, 0.6)
	require.Greater(t, r.Top3, 0.75)
}

func TestBadSamplesAreNamedByLine(t *testing.T) {
	for name, tc := range map[string]struct{ csv, want string }{
		"no header":       {"", "header"},
		"no label":        {"text,kind\na,b\n", `"label"`},
		"an empty text":   {"text,label\na,b\n,b\n", "line 3"},
		"a torn row":      {"text,label\na\n", "line 2"},
		"one sample only": {"text,label\n停水,水务\n", ""},
	} {
		samples, err := suggest.ReadSamples(strings.NewReader(tc.csv))
		if err == nil {
			_, err = suggest.Evaluate(samples)
		}
		require.ErrorIs(t, err, suggest.ErrBadSamples, name)
		require.ErrorContains(t, err, tc.want, name)
	}
	samples, err := suggest.ReadSamples(strings.NewReader("\ufefftext,label,synthetic\n停水了,水务,1\n"))
	require.NoError(t, err)
	require.Equal(t, []suggest.Sample{{Text: "停水了", Label: "水务", Synthetic: true}}, samples, "as a spreadsheet writes it")
}
