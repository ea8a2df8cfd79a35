package demo

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/open12345/hotline/tickets/knowledge"
	"github.com/open12345/hotline/tickets/service"
)

// library is the content of knowledge.yaml.
type library struct {
	Categories []struct {
		ID     string `yaml:"id"`
		Parent string `yaml:"parent"`
		Name   string `yaml:"name"`
	} `yaml:"categories"`
	Articles []libraryArticle `yaml:"articles"`
}

type libraryArticle struct {
	Category string   `yaml:"category"`
	Unit     string   `yaml:"unit"`
	Class    string   `yaml:"class"` // name of a leaf
	Title    string   `yaml:"title"`
	Tags     []string `yaml:"tags"`
	Guide    bool     `yaml:"guide"`
	Spoken   string   `yaml:"spoken"`
	Body     string   `yaml:"body"`
	Days     int      `yaml:"days"`    // of validity from the day of loading; 0: until further notice
	Review   bool     `yaml:"review"`  // submitted, not yet published
	Revised  string   `yaml:"revised"` // what an earlier version said in place of its line on 测温
}

func readLibrary(files fs.FS) (library, error) {
	var lib library
	raw, err := fs.ReadFile(files, "knowledge.yaml")
	if err != nil {
		return lib, fmt.Errorf("read the demo's knowledge: %w", err)
	}
	if err := yaml.Unmarshal(raw, &lib); err != nil {
		return lib, fmt.Errorf("read the demo's knowledge: %w", err)
	}
	return lib, nil
}

// knowledge loads the library: each article was written by its unit two months ago, and
// published by the knowledge administrator the day after.
func (l *loader) knowledge(ctx context.Context) error {
	lib, err := readLibrary(l.cfg.Files)
	if err != nil {
		return err
	}
	for i, c := range lib.Categories {
		err := l.cfg.Store.SaveKnowledgeCategory(ctx, service.KnowledgeCategory{ID: c.ID, Parent: c.Parent, Name: c.Name, Order: i})
		if err != nil {
			return err
		}
	}
	for i, a := range lib.Articles {
		if err := l.article(ctx, i, a); err != nil {
			return fmt.Errorf("article %q: %w", a.Title, err)
		}
	}
	return nil
}

func (l *loader) article(ctx context.Context, i int, a libraryArticle) error {
	content := knowledge.Content{
		Title: a.Title, Body: strings.TrimSpace(a.Body), Category: a.Category, Tags: a.Tags, Guide: a.Guide, Spoken: a.Spoken,
	}
	if a.Class != "" {
		leaf, ok := l.city.leaves[a.Class]
		if !ok {
			return fmt.Errorf("class %q is unknown", a.Class)
		}
		content.Class = leaf
	}
	if a.Days > 0 {
		content.To = l.today.AddDate(0, 0, a.Days).UTC()
	}
	writer, publisher := "pt-"+a.Unit+"-jb", "zhishi"
	if a.Unit == "" {
		writer = publisher
	}
	written := l.today.AddDate(0, 0, -60+i%40).UTC()
	return l.cfg.Store.SaveArticle(ctx, l.uuid(), 0, func(made knowledge.Article) (knowledge.Article, error) {
		made.Unit, made.Demo = a.Unit, true
		first := content
		if a.Revised != "" {
			first.Body = strings.Replace(content.Body, measured, a.Revised, 1)
		}
		steps := []articleStep{{knowledge.Edit, writer, first}, {knowledge.Submit, writer, first}, {knowledge.Publish, publisher, first}}
		switch {
		case a.Review:
			steps = steps[:2]
		case a.Revised != "":
			steps = append(steps, articleStep{knowledge.Edit, writer, content}, articleStep{knowledge.Submit, writer, content},
				articleStep{knowledge.Publish, publisher, content})
		}
		for n, step := range steps {
			account, err := l.cfg.Store.Account(ctx, step.account)
			if err != nil {
				return made, fmt.Errorf("account %s: %w", step.account, err)
			}
			actor := knowledge.Actor{Account: account.Name, Name: account.PersonName, Write: true, Publish: step.account == publisher}
			made, err = knowledge.Apply(made, step.event, actor, step.content, "", written.AddDate(0, 0, n).Truncate(time.Second))
			if err != nil {
				return made, err
			}
		}
		return made, nil
	})
}

// measured is the line of an article that an earlier version of it said otherwise.
const measured = "联系供热公司客服报修，要求**上门测温**，测温记录由双方签字。"

type articleStep struct {
	event   knowledge.Event
	account string
	content knowledge.Content
}
