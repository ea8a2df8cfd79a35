package web

import (
	"context"
	"net/http"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/knowledge"
	"github.com/open12345/hotline/tickets/service"
)

type articleListInput struct {
	PageInput
	Query    string `query:"q" maxLength:"100"`
	Category string `query:"category" maxLength:"64" doc:"This one and those below"`
	Unit     string `query:"unit" maxLength:"64"`
	State    string `query:"state" enum:"draft,review,published,expired,withdrawn"`
	Expiring bool   `query:"expiring" doc:"Expired, or within thirty days"`
	Guide    bool   `query:"guide" doc:"Read aloud by the phone menu"`
	Reported bool   `query:"reported" doc:"With open 纠错"`
}

type articleWriteInput struct {
	Body service.ArticleDraft
}

type articleSaveInput struct {
	IDInput
	Body service.ArticleDraft
}

type articleActInput struct {
	IDInput
	Event string `path:"event" maxLength:"32"`
	Body  struct {
		Rev     int    `json:"rev"`
		Opinion string `json:"opinion,omitempty" maxLength:"1000"`
	}
}

func (s *Server) knowledgeRoutes() {
	read := directory.KnowledgeRead
	route(s, operation("list-articles", http.MethodGet, "/knowledge", read, "Articles of the knowledge base, last changed first"),
		func(ctx context.Context, who Identity, in *articleListInput) (service.Page[service.ArticleRow], error) {
			return s.desk.Articles(ctx, who, service.ArticleFilter{
				Paging: in.paging(), Query: in.Query, Category: in.Category, Unit: in.Unit, State: knowledge.State(in.State),
				Expiring: in.Expiring, Guide: in.Guide, Reported: in.Reported,
			})
		})
	route(s, operation("get-knowledge-tree", http.MethodGet, "/knowledge/tree", read, "The tree by category and by department, and what awaits the asker"),
		func(ctx context.Context, who Identity, _ *none) (service.KnowledgeTree, error) {
			return s.desk.KnowledgeTree(ctx, who)
		})
	type suggestInput struct {
		Text  string `query:"q" maxLength:"2000" doc:"What is being typed"`
		Class string `query:"class" maxLength:"64"`
		Limit int    `query:"limit" minimum:"0" maximum:"10"`
	}
	route(s, operation("suggest-articles", http.MethodGet, "/knowledge/suggest", read, "Articles that fit a text, with the words they share"),
		func(ctx context.Context, who Identity, in *suggestInput) (list[knowledge.Suggestion], error) {
			items, err := s.desk.SuggestArticles(ctx, who, in.Text, in.Class, in.Limit)
			return listOf(items), err
		})
	route(s, operation("get-article", http.MethodGet, "/knowledge/{id}", read, "One article with its versions"),
		func(ctx context.Context, who Identity, in *IDInput) (service.ArticleView, error) {
			return s.desk.Article(ctx, who, in.ID)
		})
	create := operation("create-article", http.MethodPost, "/knowledge", directory.KnowledgeWrite, "Begin an article")
	create.DefaultStatus = http.StatusCreated
	route(s, create, func(ctx context.Context, who Identity, in *articleWriteInput) (service.ArticleView, error) {
		return s.desk.WriteArticle(ctx, who, "", in.Body)
	})
	route(s, operation("save-article", http.MethodPut, "/knowledge/{id}", directory.KnowledgeWrite, "Save the version being written"),
		func(ctx context.Context, who Identity, in *articleSaveInput) (service.ArticleView, error) {
			return s.desk.WriteArticle(ctx, who, in.ID, in.Body)
		})
	route(s, operation("act-on-article", http.MethodPost, "/knowledge/{id}/actions/{event}", directory.KnowledgeWrite, "Do one of the article's allowed actions"),
		func(ctx context.Context, who Identity, in *articleActInput) (service.ArticleView, error) {
			return s.desk.ActOnArticle(ctx, who, in.ID, in.Body.Rev, knowledge.Event(in.Event), in.Body.Opinion)
		})
	type diffInput struct {
		IDInput
		From int `query:"from" required:"true" minimum:"1"`
		To   int `query:"to" required:"true" minimum:"1"`
	}
	route(s, operation("diff-article", http.MethodGet, "/knowledge/{id}/diff", read, "What changed between two versions"),
		func(ctx context.Context, who Identity, in *diffInput) (list[knowledge.Piece], error) {
			items, err := s.desk.ArticleDiff(ctx, who, in.ID, in.From, in.To)
			return listOf(items), err
		})
	type hitInput struct {
		IDInput
		Body struct {
			Inserted bool `json:"inserted" doc:"It went into an answer; false: it was read"`
		}
	}
	routeDone(s, operation("hit-article", http.MethodPost, "/knowledge/{id}/hits", read, "Count that the article was read or went into an answer"),
		func(ctx context.Context, who Identity, in *hitInput) error {
			return s.desk.HitArticle(ctx, who, in.ID, in.Body.Inserted)
		})
	type categoryInput struct{ Body service.KnowledgeCategory }
	routeDone(s, operation("save-knowledge-category", http.MethodPut, "/knowledge/categories", directory.KnowledgePublish, "Add or change a branch of the tree"),
		func(ctx context.Context, who Identity, in *categoryInput) error {
			return s.desk.SaveKnowledgeCategory(ctx, who, in.Body)
		})
	s.knowledgeReportRoutes()
}

func (s *Server) knowledgeReportRoutes() {
	type listInput struct {
		PageInput
		State   string `query:"state" enum:"open,fixed,refused"`
		Article string `query:"article" maxLength:"64"`
	}
	route(s, operation("list-knowledge-reports", http.MethodGet, "/knowledge-reports", directory.KnowledgeRead, "纠错: own ones, and those of articles one may write"),
		func(ctx context.Context, who Identity, in *listInput) (service.Page[service.KnowledgeReport], error) {
			return s.desk.KnowledgeReports(ctx, who, service.ReportQuery{Paging: in.paging(), State: in.State, Article: in.Article})
		})
	type reportInput struct {
		IDInput
		Body struct {
			Text  string `json:"text" minLength:"1" maxLength:"2000"`
			Quote string `json:"quote,omitempty" maxLength:"500" doc:"The passage it is about"`
		}
	}
	report := operation("report-article", http.MethodPost, "/knowledge/{id}/reports", directory.KnowledgeRead, "纠错: say what is wrong with an article")
	report.DefaultStatus = http.StatusCreated
	route(s, report, func(ctx context.Context, who Identity, in *reportInput) (service.KnowledgeReport, error) {
		return s.desk.ReportArticle(ctx, who, in.ID, in.Body.Text, in.Body.Quote)
	})
	type handleInput struct {
		IDInput
		Body struct {
			Fixed  bool   `json:"fixed" doc:"false: the report was wrong"`
			Answer string `json:"answer" minLength:"1" maxLength:"2000"`
		}
	}
	routeDone(s, operation("handle-knowledge-report", http.MethodPost, "/knowledge-reports/{id}/handle", directory.KnowledgeWrite, "Answer a 纠错"),
		func(ctx context.Context, who Identity, in *handleInput) error {
			return s.desk.HandleReport(ctx, who, in.ID, in.Body.Fixed, in.Body.Answer)
		})
}
