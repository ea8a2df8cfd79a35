package knowledge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/open12345/hotline/tickets/knowledge"
)

var (
	now       = time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
	clerk     = knowledge.Actor{Account: "pt-xxb-jb", Name: "经办", Write: true}
	publisher = knowledge.Actor{Account: "zhishi", Name: "知识管理员", Write: true, Publish: true}
	reader    = knowledge.Actor{Account: "8001"}
	text      = knowledge.Content{Title: "社保卡补办", Body: "到社保经办窗口或网点办理。", Category: "social"}
)

func after(t *testing.T, who knowledge.Actor, a knowledge.Article, events ...knowledge.Event) knowledge.Article {
	t.Helper()
	for _, e := range events {
		next, err := knowledge.Apply(a, e, who, text, "原因", now)
		require.NoError(t, err, e)
		a = next
	}
	return a
}

// TestEveryEventInEveryStateForEverybody is the life of a version, said apart from the table.
func TestEveryEventInEveryStateForEverybody(t *testing.T) {
	t.Parallel()
	draft := after(t, clerk, knowledge.Article{}, knowledge.Edit)
	review := after(t, clerk, draft, knowledge.Submit)
	published := after(t, publisher, review, knowledge.Publish)
	withdrawn := after(t, publisher, published, knowledge.Withdraw)
	want := map[knowledge.State]map[knowledge.Event][2]knowledge.State{ // for the clerk, for the publisher; "" is refused
		knowledge.Draft: {knowledge.Edit: {"draft", "draft"}, knowledge.Submit: {"review", "review"}, knowledge.Publish: {"", "published"}},
		knowledge.InReview: {knowledge.Edit: {"", "review"}, knowledge.Recall: {"draft", "draft"}, knowledge.SendBack: {"", "draft"},
			knowledge.Publish: {"", "published"}},
		knowledge.Published: {knowledge.Edit: {"draft", "draft"}, knowledge.Withdraw: {"", "withdrawn"}},
		knowledge.Withdrawn: {knowledge.Edit: {"draft", "draft"}},
	}
	events := []knowledge.Event{knowledge.Edit, knowledge.Submit, knowledge.Recall, knowledge.SendBack, knowledge.Publish, knowledge.Withdraw}
	for _, a := range []knowledge.Article{draft, review, published, withdrawn} {
		from := a.Head().State
		for _, e := range events {
			for i, who := range []knowledge.Actor{clerk, publisher, reader} {
				next := knowledge.State("")
				if i < 2 {
					next = want[from][e][i]
				}
				got, err := knowledge.Apply(a, e, who, text, "原因", now)
				var refusal *knowledge.Refusal
				if next == "" {
					require.ErrorAs(t, err, &refusal, "%s %s %s", from, e, who.Account)
					require.NotEmpty(t, refusal.Text())
					require.Equal(t, a, got)
				} else {
					require.NoError(t, err, "%s %s %s", from, e, who.Account)
					require.Equal(t, next, got.Head().State)
				}
				allowed := false
				for _, act := range knowledge.Allowed(a, who) {
					allowed = allowed || act.Event == e
				}
				require.Equal(t, next != "", allowed, "%s %s %s", from, e, who.Account)
			}
		}
	}
}

func TestPeopleReadThePublishedVersionWhileTheNextIsWrittenAndReviewed(t *testing.T) {
	t.Parallel()
	a := after(t, publisher, knowledge.Article{}, knowledge.Edit, knowledge.Publish)
	revised := text
	revised.Title = "社保卡补办与换领"
	a, err := knowledge.Apply(a, knowledge.Edit, clerk, revised, "", now)
	require.NoError(t, err)
	require.Equal(t, 1, a.Current().N)
	require.Equal(t, 2, a.Head().N)
	a = after(t, clerk, a, knowledge.Submit)
	require.Equal(t, "社保卡补办", a.Current().Title)
	a = after(t, publisher, a, knowledge.Publish)
	require.Equal(t, "社保卡补办与换领", a.Current().Title)
	old, ok := a.Version(1)
	require.True(t, ok)
	require.Equal(t, knowledge.Superseded, old.State)
	require.Equal(t, "社保卡补办", old.Title)
}

func TestWhatIsMissingIsAskedForBeforeOthersReadIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content knowledge.Content
		event   knowledge.Event
		opinion string
		code    string
	}{
		"no title":             {knowledge.Content{Body: "x", Category: "c"}, knowledge.Submit, "", "fields_missing"},
		"no category":          {knowledge.Content{Title: "x", Body: "x"}, knowledge.Publish, "", "fields_missing"},
		"a guide without text": {knowledge.Content{Title: "x", Body: "x", Category: "c", Guide: true}, knowledge.Publish, "", "spoken_missing"},
		"already over":         {knowledge.Content{Title: "x", Body: "x", Category: "c", To: now}, knowledge.Publish, "", "bad_value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := knowledge.Apply(knowledge.Article{}, knowledge.Edit, publisher, c.content, "", now.AddDate(0, -1, 0))
			require.NoError(t, err)
			_, err = knowledge.Apply(a, c.event, publisher, knowledge.Content{}, c.opinion, now)
			var refusal *knowledge.Refusal
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, c.code, refusal.Code)
		})
	}
	_, err := knowledge.Apply(after(t, clerk, knowledge.Article{}, knowledge.Edit, knowledge.Submit), knowledge.SendBack, publisher, text, " ", now)
	var refusal *knowledge.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, "reason_missing", refusal.Code)
}

func TestAVersionHoldsFromItsFirstDayUntilItsLast(t *testing.T) {
	t.Parallel()
	v := knowledge.Version{State: knowledge.Published, Content: knowledge.Content{From: now, To: now.AddDate(0, 0, 1)}}
	require.False(t, v.Valid(now.Add(-time.Second)))
	require.True(t, v.Valid(now))
	require.False(t, v.Valid(now.AddDate(0, 0, 1)))
	require.Equal(t, knowledge.Expired, v.StateAt(now.AddDate(0, 0, 1)))
	require.Equal(t, knowledge.Published, v.StateAt(now))
}

func TestADiffGivesBothTextsBack(t *testing.T) {
	t.Parallel()
	require.Equal(t, []knowledge.Piece{{Kind: knowledge.Same, Text: "带身份证，"}, {Kind: knowledge.Removed, Text: "到窗口办理。"},
		{Kind: knowledge.Added, Text: "网上或窗口办理。"}, {Kind: knowledge.Same, Text: "免费。"}},
		knowledge.Diff("带身份证，到窗口办理。免费。", "带身份证，网上或窗口办理。免费。"))
	rapid.Check(t, func(t *rapid.T) {
		gen := rapid.StringMatching(`[甲乙丙丁，。\n]{0,30}`)
		a, b := gen.Draw(t, "before"), gen.Draw(t, "after")
		var before, after strings.Builder
		for _, p := range knowledge.Diff(a, b) {
			if p.Kind != knowledge.Added {
				before.WriteString(p.Text)
			}
			if p.Kind != knowledge.Removed {
				after.WriteString(p.Text)
			}
		}
		require.Equal(t, a, before.String())
		require.Equal(t, b, after.String())
	})
}

func TestSuggestionsNameTheWordsTheyShare(t *testing.T) {
	t.Parallel()
	x := knowledge.NewIndex([]knowledge.Entry{
		{ID: "card", Title: "社保卡丢失补办", Tags: []string{"社保卡", "补卡"}, Body: "到窗口办理"},
		{ID: "heat", Title: "供暖温度不达标怎么办", Tags: []string{"暖气不热", "供暖"}, Body: "先报热力公司测温", Class: "heating"},
		{ID: "fund", Title: "公积金提取条件", Tags: []string{"公积金"}, Body: "买房租房可提取"},
		{ID: "pass", Title: "居住证办理", Tags: []string{"居住证"}, Body: "到派出所窗口办理"},
	})
	got := x.Suggest("市民反映家里暖气不热，供暖温度只有十五度", "", 5)
	require.NotEmpty(t, got)
	require.Equal(t, "heat", got[0].ID)
	require.Equal(t, []string{"暖气不热", "供暖", "供暖温度"}, got[0].Words)
	require.Equal(t, "card", x.Suggest("我的社保卡丢了想补卡", "", 1)[0].ID)
	require.Empty(t, x.Suggest("今天天气很好", "", 5))
	require.Empty(t, x.Suggest("", "", 5))
	byClass := x.Suggest("家里很冷，温度不达标", "heating", 5)
	require.Equal(t, "heat", byClass[0].ID)
	require.True(t, byClass[0].Class)
}

func TestAnAnswerGetsTheTextWithoutItsMarks(t *testing.T) {
	t.Parallel()
	require.Equal(t, "办理条件\n· 本人\n· 带身份证\n见 官网（https://example.com/a）<script>",
		knowledge.Plain("## 办理条件\n- 本人\n- **带身份证**\n见 [官网](https://example.com/a)<script>"))
}
