package message

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/open12345/hotline/tickets"
)

// Audience is who reads a message.
type Audience string

// Audiences.
const (
	ToCitizen Audience = "citizen"
	ToStaff   Audience = "staff"
)

// Template is the words of one kind of notice to one audience.
type Template struct {
	Title string `yaml:"title" json:"title"` // of a notice in the page and of a letter
	Text  string `yaml:"text" json:"text"`
	SMS   bool   `yaml:"sms" json:"sms"` // staff get a short message too
}

// ErrBadTemplate is a template that can't be used; the wrapping error says where and why.
var ErrBadTemplate = errors.New("bad template")

// Longest text in characters: a short message of six parts.
const maxText = 400

// Words lists the words that templates may be filled with, with their labels.
var Words = []tickets.Term{
	{Code: "number", Label: "工单号"}, {Code: "code", Label: "查询码"}, {Code: "title", Label: "标题"}, {Code: "unit", Label: "单位"},
	{Code: "due", Label: "期限"}, {Code: "sign_due", Label: "签收时限"}, {Code: "state", Label: "状态"}, {Code: "reason", Label: "原因"},
	{Code: "opinion", Label: "意见"}, {Code: "text", Label: "内容"}, {Code: "request", Label: "申请"}, {Code: "decision", Label: "决定"},
	{Code: "card", Label: "牌"}, {Code: "demand", Label: "督办要求"}, {Code: "missing", Label: "需补充"},
	{Code: "reply_link", Label: "答复链接"}, {Code: "rating_link", Label: "评价链接"},
}

// innerWords must never be said to a citizen.
var innerWords = []string{"待派单", "待审核", "已转办", "退单", "重办", "疑难", "挂起", "督办", "不合理", "黄牌", "红牌", "待签收", "汇总"}

var (
	placeholder = regexp.MustCompile(`\{(\w+)\}`)
	optional    = regexp.MustCompile(`\[([^\[\]]*)\]`)
)

// Check tells what is wrong with a template for the audience. ErrBadTemplate.
func (t Template) Check(a Audience) error {
	switch {
	case strings.TrimSpace(t.Text) == "":
		return fmt.Errorf("%w: 内容为空", ErrBadTemplate)
	case utf8.RuneCountInString(t.Text) > maxText:
		return fmt.Errorf("%w: 内容超过 %d 字", ErrBadTemplate, maxText)
	}
	for _, m := range placeholder.FindAllStringSubmatch(t.Text+t.Title, -1) {
		if !slices.ContainsFunc(Words, func(w tickets.Term) bool { return w.Code == m[1] }) {
			return fmt.Errorf("%w: 没有 {%s} 这个词", ErrBadTemplate, m[1])
		}
	}
	if a == ToCitizen {
		for _, w := range innerWords {
			if strings.Contains(t.Text, w) {
				return fmt.Errorf("%w: 不能对群众说“%s”", ErrBadTemplate, w)
			}
		}
	}
	return nil
}

// fill puts the words in. A bracket with a word that is not known is left out; elsewhere such a
// word leaves nothing.
func fill(text string, vars map[string]string) string {
	text = optional.ReplaceAllStringFunc(text, func(part string) string {
		part = part[1 : len(part)-1]
		for _, m := range placeholder.FindAllStringSubmatch(part, -1) {
			if vars[m[1]] == "" {
				return ""
			}
		}
		return part
	})
	return placeholder.ReplaceAllStringFunc(text, func(p string) string { return vars[p[1:len(p)-1]] })
}

// Book is the templates by audience and kind.
type Book struct {
	Citizen map[tickets.NoticeKind]Template `yaml:"citizen"`
	Staff   map[tickets.NoticeKind]Template `yaml:"staff"`
}

// ParseBook reads templates.yaml. ErrBadTemplate names the template.
func ParseBook(raw []byte) (Book, error) {
	var b Book
	if err := yaml.Unmarshal(raw, &b); err != nil {
		return b, fmt.Errorf("%w: %w", ErrBadTemplate, err)
	}
	for audience, list := range map[Audience]map[tickets.NoticeKind]Template{ToCitizen: b.Citizen, ToStaff: b.Staff} {
		for _, kind := range slices.Sorted(maps.Keys(list)) {
			if err := list[kind].Check(audience); err != nil {
				return b, fmt.Errorf("%s %s: %w", audience, kind, err)
			}
		}
	}
	return b, nil
}

// Template of a kind for the audience.
func (b Book) Template(a Audience, kind tickets.NoticeKind) (Template, bool) {
	list := b.Staff
	if a == ToCitizen {
		list = b.Citizen
	}
	t, ok := list[kind]
	return t, ok
}

// With is the book with one template replaced.
func (b Book) With(a Audience, kind tickets.NoticeKind, t Template) Book {
	out := Book{Citizen: maps.Clone(b.Citizen), Staff: maps.Clone(b.Staff)}
	list := &out.Staff
	if a == ToCitizen {
		list = &out.Citizen
	}
	if *list == nil {
		*list = map[tickets.NoticeKind]Template{}
	}
	(*list)[kind] = t
	return out
}

// Filled is a template with its words in.
type Filled struct {
	Title string
	Text  string
	SMS   bool
}

// Fill gives the words of a notice; false when the audience is told nothing of the kind.
func (b Book) Fill(a Audience, kind tickets.NoticeKind, vars map[string]string) (Filled, bool) {
	t, ok := b.Template(a, kind)
	if !ok {
		return Filled{}, false
	}
	return Filled{Title: fill(t.Title, vars), Text: fill(t.Text, vars), SMS: t.SMS}, true
}
