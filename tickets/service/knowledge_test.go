package service_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/knowledge"
	"github.com/open12345/hotline/tickets/service"
)

// library adds the knowledge administrator, a clerk of the 信息办 and two categories.
func library(t *testing.T) *bundle {
	b := setup(t)
	for name, a := range map[string]directory.Account{
		"zhishi":   {Roles: []tickets.Role{tickets.Knowledge}},
		"xxb-jb":   {Roles: []tickets.Role{tickets.UnitClerk}, UnitID: "xxb"},
		"xxb-xxk1": {Roles: []tickets.Role{tickets.UnitClerk}, UnitID: "xxb-xxk"},
	} {
		a.Name, a.PersonName, a.PasswordHash, a.CreatedAt = name, "人"+name, "x", start
		require.NoError(t, b.store.SaveAccount(b.ctx, a, true, "test"))
	}
	for _, c := range []service.KnowledgeCategory{{ID: "life", Name: "生活服务"}, {ID: "heat", Parent: "life", Name: "供暖"}, {ID: "net", Name: "网上办事"}} {
		require.NoError(t, b.SaveKnowledgeCategory(b.ctx, b.as("zhishi"), c))
	}
	return b
}

func (b *bundle) write(account string, c knowledge.Content) service.ArticleView {
	b.t.Helper()
	view, err := b.WriteArticle(b.ctx, b.as(account), "", service.ArticleDraft{Content: c})
	require.NoError(b.t, err)
	return view
}

func (b *bundle) publish(c knowledge.Content) service.ArticleView {
	b.t.Helper()
	view := b.write("zhishi", c)
	view, err := b.ActOnArticle(b.ctx, b.as("zhishi"), view.ID, view.Rev, knowledge.Publish, "")
	require.NoError(b.t, err)
	return view
}

func (b *bundle) titles(account string, f service.ArticleFilter) []string {
	b.t.Helper()
	page, err := b.Articles(b.ctx, b.as(account), f)
	require.NoError(b.t, err)
	titles := []string{}
	for _, row := range page.Items {
		titles = append(titles, row.Title)
	}
	return titles
}

var heating = knowledge.Content{Title: "供暖温度不达标怎么办", Body: "先联系供热单位上门测温。", Category: "heat", Tags: []string{"暖气不热"}}

func TestADepartmentsArticleIsReadOnceItIsPublished(t *testing.T) {
	b := library(t)
	mine := heating
	view := b.write("xxb-jb", mine)
	require.Equal(t, "xxb", view.Unit.ID)
	require.Empty(t, b.titles("8001", service.ArticleFilter{}))
	_, err := b.Article(b.ctx, b.as("8001"), view.ID)
	require.ErrorIs(t, err, service.ErrNotFound)
	_, err = b.ActOnArticle(b.ctx, b.as("xxb-jb"), view.ID, view.Rev, knowledge.Publish, "")
	var refusal *knowledge.Refusal
	require.ErrorAs(t, err, &refusal)

	view, err = b.ActOnArticle(b.ctx, b.as("xxb-jb"), view.ID, view.Rev, knowledge.Submit, "")
	require.NoError(t, err)
	require.Equal(t, []string{mine.Title}, b.titles("zhishi", service.ArticleFilter{State: knowledge.InReview}))
	require.Empty(t, b.titles("8001", service.ArticleFilter{State: knowledge.InReview}))
	tree, err := b.KnowledgeTree(b.ctx, b.as("zhishi"))
	require.NoError(t, err)
	require.Equal(t, 1, tree.Review)

	view, err = b.ActOnArticle(b.ctx, b.as("zhishi"), view.ID, view.Rev, knowledge.Publish, "")
	require.NoError(t, err)
	require.Equal(t, []string{mine.Title}, b.titles("8001", service.ArticleFilter{}))
	read, err := b.Article(b.ctx, b.as("8001"), view.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"生活服务", "供暖"}, read.Path)
	require.Empty(t, read.Actions)
}

func TestAUnitWritesOnlyItsOwnAndThoseBelow(t *testing.T) {
	b := library(t)
	below := b.write("xxb-xxk1", heating)
	_, err := b.Article(b.ctx, b.as("xxb-jb"), below.ID)
	require.ErrorIs(t, err, service.ErrNotFound, "a clerk's scope is the unit")
	_, err = b.Article(b.ctx, b.as("pt-xxb"), below.ID)
	require.NoError(t, err, "a leader's reaches below")
	_, err = b.WriteArticle(b.ctx, b.as("xxb-jb"), "", service.ArticleDraft{Unit: "xxb-xxk", Content: heating})
	require.ErrorIs(t, err, service.ErrForbidden)
	_, err = b.WriteArticle(b.ctx, b.as("8001"), "", service.ArticleDraft{Content: heating})
	require.ErrorIs(t, err, service.ErrForbidden)
	_, err = b.WriteArticle(b.ctx, b.as("xxb-jb"), below.ID, service.ArticleDraft{Rev: below.Rev, Content: heating})
	require.ErrorIs(t, err, service.ErrNotFound)
}

func TestTwoWhoSaveTheSameVersionDoNotOverwriteEachOther(t *testing.T) {
	b := library(t)
	view := b.write("zhishi", heating)
	_, err := b.WriteArticle(b.ctx, b.as("zhishi"), view.ID, service.ArticleDraft{Rev: view.Rev, Content: heating})
	require.NoError(t, err)
	_, err = b.WriteArticle(b.ctx, b.as("zhishi"), view.ID, service.ArticleDraft{Rev: view.Rev, Content: heating})
	require.ErrorIs(t, err, service.ErrStale)
}

func TestAnArticleIsFoundByWordsOfTwoLettersAndMore(t *testing.T) {
	b := library(t)
	b.publish(heating)
	b.clock = b.clock.Add(time.Second)
	b.publish(knowledge.Content{Title: "居住证怎么办", Body: "到派出所,带𠮷祥路的租房合同。", Category: "net"})
	for query, want := range map[string][]string{
		"供暖": {heating.Title}, "测温": {heating.Title}, "暖气不热": {}, "上门测温": {heating.Title}, "测温上门": {}, "怎么办": {"居住证怎么办", heating.Title},
		"怎么办 派出": {"居住证怎么办"}, "𠮷祥": {"居住证怎么办"}, "100%": {},
	} {
		require.Equal(t, want, b.titles("8001", service.ArticleFilter{Query: query}), query)
	}
	require.Equal(t, []string{heating.Title}, b.titles("8001", service.ArticleFilter{Category: "life"}), "with the categories below")
}

func TestAnArticleExpiresAndItsWriterIsToldBefore(t *testing.T) {
	b := library(t)
	c := heating
	c.To = start.AddDate(0, 0, 20)
	b.publish(c)
	require.Equal(t, []string{c.Title}, b.titles("zhishi", service.ArticleFilter{Expiring: true}))
	b.clock = c.To
	require.Empty(t, b.titles("8001", service.ArticleFilter{}))
	page, err := b.Articles(b.ctx, b.as("zhishi"), service.ArticleFilter{State: knowledge.Expired})
	require.NoError(t, err)
	require.Equal(t, "已过期", page.Items[0].StateLabel)
	found, err := b.SuggestArticles(b.ctx, b.as("8001"), "供暖温度", "", 5)
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestSuggestionsFollowWhatIsPublished(t *testing.T) {
	b := library(t)
	text := "家里供暖温度只有十五度,暖气不热"
	found, err := b.SuggestArticles(b.ctx, b.as("8001"), text, "", 5)
	require.NoError(t, err)
	require.Empty(t, found)
	b.publish(heating)
	b.clock = b.clock.Add(time.Minute)
	found, err = b.SuggestArticles(b.ctx, b.as("8001"), text, "", 5)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Contains(t, found[0].Words, "暖气不热")
}

func TestAReportIsHandledOnceByWhoWritesTheArticle(t *testing.T) {
	b := library(t)
	view := b.publish(heating)
	r, err := b.ReportArticle(b.ctx, b.as("8001"), view.ID, "电话号码变了", "供热单位")
	require.NoError(t, err)
	require.Equal(t, []string{heating.Title}, b.titles("zhishi", service.ArticleFilter{Reported: true}))
	require.ErrorIs(t, b.HandleReport(b.ctx, b.as("8001"), r.ID, true, "已改"), service.ErrNotFound)
	require.ErrorIs(t, b.HandleReport(b.ctx, b.as("xxb-jb"), r.ID, true, "已改"), service.ErrNotFound)
	require.NoError(t, b.HandleReport(b.ctx, b.as("zhishi"), r.ID, true, "已更新电话"))
	require.ErrorIs(t, b.HandleReport(b.ctx, b.as("zhishi"), r.ID, false, "再来"), service.ErrHandled)
	page, err := b.KnowledgeReports(b.ctx, b.as("8001"), service.ReportQuery{})
	require.NoError(t, err)
	require.Equal(t, "已更新电话", page.Items[0].Answer)
	page, err = b.KnowledgeReports(b.ctx, b.as("8002"), service.ReportQuery{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
}

func TestHitsAreCountedAndGuidesAreReadByThePhone(t *testing.T) {
	b := library(t)
	b.publish(heating)
	guide := b.publish(knowledge.Content{Title: "社保卡怎么补", Body: "见窗口。", Category: "net", Guide: true, Spoken: "社保卡丢失请先挂失。"})
	require.NoError(t, b.HitArticle(b.ctx, b.as("8001"), guide.ID, true))
	require.NoError(t, b.HitArticle(b.ctx, b.as("8001"), guide.ID, false))
	page, err := b.Articles(b.ctx, b.as("8001"), service.ArticleFilter{Guide: true})
	require.NoError(t, err)
	require.Equal(t, [2]int{1, 1}, [2]int{page.Items[0].Reads, page.Items[0].Inserts})
	guides, err := b.GuidesForPhone(b.ctx)
	require.NoError(t, err)
	require.Equal(t, []service.Guide{{ID: guide.ID, Title: "社保卡怎么补", Text: "社保卡丢失请先挂失。"}}, guides)
}

func TestVersionsAreComparedAndOnlyThoseThatWereReadAreShownToReaders(t *testing.T) {
	b := library(t)
	view := b.publish(heating)
	c := heating
	c.Body = "先联系供热单位上门测温。不达标的按规定退费。"
	view, err := b.WriteArticle(b.ctx, b.as("zhishi"), view.ID, service.ArticleDraft{Rev: view.Rev, Content: c})
	require.NoError(t, err)
	require.Equal(t, 2, view.Head.N)
	_, err = b.ArticleDiff(b.ctx, b.as("8001"), view.ID, 1, 2)
	require.ErrorIs(t, err, service.ErrNotFound)
	pieces, err := b.ArticleDiff(b.ctx, b.as("zhishi"), view.ID, 1, 2)
	require.NoError(t, err)
	require.Equal(t, knowledge.Piece{Kind: knowledge.Added, Text: "不达标的按规定退费。"}, pieces[len(pieces)-1])
}
