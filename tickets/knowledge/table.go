package knowledge

import (
	"slices"
	"strings"
	"time"
)

// Event is something done to an article.
type Event string

// Events. Edit saves content; on a published or withdrawn article it begins a new version.
const (
	Edit     Event = "edit"
	Submit   Event = "submit"
	Recall   Event = "recall"
	SendBack Event = "send_back"
	Publish  Event = "publish"
	Withdraw Event = "withdraw"
)

// Transition is a row of the table: in State, of the version it is about, Event leads to Next.
type Transition struct {
	State     State
	Event     Event
	Next      State
	Publisher bool // takes the right to publish; else the right to write suffices
	Opinion   bool // a reason has to be given
	Label     string
}

// Table is the life of a version. Edit of a published or withdrawn one begins the next version.
var Table = []Transition{
	{State: Draft, Event: Edit, Next: Draft, Label: "储存"},
	{State: Published, Event: Edit, Next: Draft, Label: "修订"},
	{State: Withdrawn, Event: Edit, Next: Draft, Label: "修订"},
	{State: InReview, Event: Edit, Next: InReview, Publisher: true, Label: "储存"},
	{State: Draft, Event: Submit, Next: InReview, Label: "提交审核"},
	{State: InReview, Event: Recall, Next: Draft, Label: "撤回提交"},
	{State: InReview, Event: SendBack, Next: Draft, Publisher: true, Opinion: true, Label: "退回修改"},
	{State: Draft, Event: Publish, Next: Published, Publisher: true, Label: "发布"},
	{State: InReview, Event: Publish, Next: Published, Publisher: true, Label: "审核发布"},
	{State: Published, Event: Withdraw, Next: Withdrawn, Publisher: true, Opinion: true, Label: "下架"},
}

// Actor is who acts, with what he may do to this article.
type Actor struct {
	Account string
	Name    string
	Write   bool // may write articles of its unit
	Publish bool // may decide
}

// Refusal is an act that is not carried out: a stable code and the reason in Chinese.
type Refusal struct {
	Code   string
	Reason string
}

func (r *Refusal) Error() string { return "refused: " + r.Code }

// Text is the reason in Chinese, fit to show.
func (r *Refusal) Text() string { return r.Reason }

// Refusals.
var (
	errState    = &Refusal{"wrong_state", "文章当前状态不能进行此操作"}
	errRole     = &Refusal{"wrong_role", "您的角色不能进行此操作"}
	errOpinion  = &Refusal{"reason_missing", "请填写原因"}
	errFields   = &Refusal{"fields_missing", "请填写标题、正文和分类"}
	errSpoken   = &Refusal{"spoken_missing", "电话播报的指南须填写播报文字"}
	errValidity = &Refusal{"bad_value", "有效期的截止日应晚于开始日和今天"}
)

// subject is the version an event is about: 下架 is of what people read, all else of the newest.
func subject(a Article, e Event) Version {
	if e == Withdraw {
		return a.Current()
	}
	return a.Head()
}

// Apply does the event to the article. content is needed for Edit, opinion where the table asks
// for a reason. The error is a *Refusal.
func Apply(a Article, e Event, who Actor, content Content, opinion string, now time.Time) (Article, error) {
	v := subject(a, e)
	if v.N == 0 {
		v = Version{N: 1, State: Draft}
	}
	row, err := find(v.State, e, who)
	if err != nil {
		return a, err
	}
	opinion = strings.TrimSpace(opinion)
	if row.Opinion && opinion == "" {
		return a, errOpinion
	}
	if err := check(row, v, content, now); err != nil {
		return a, err
	}
	if e == Edit {
		if v.State == Published || v.State == Withdrawn {
			v = Version{N: v.N + 1}
		}
		v.Content = content
		v.State, v.Author, v.AuthorName, v.EditedAt = row.Next, who.Account, who.Name, now
		return a.with(v), nil
	}
	if e == Publish {
		for _, old := range a.Versions {
			if old.State == Published {
				old.State = Superseded
				a = a.with(old)
			}
		}
	}
	v.State = row.Next
	switch e {
	case Submit:
		v.SubmittedAt, v.Opinion = now, ""
	case SendBack, Publish, Withdraw:
		v.Reviewer, v.ReviewerName, v.DecidedAt, v.Opinion = who.Account, who.Name, now, opinion
	}
	return a.with(v), nil
}

func find(s State, e Event, who Actor) (Transition, error) {
	i := slices.IndexFunc(Table, func(r Transition) bool { return r.State == s && r.Event == e })
	switch {
	case i < 0:
		return Transition{}, errState
	case Table[i].Publisher && !who.Publish, !who.Write && !who.Publish:
		return Transition{}, errRole
	}
	return Table[i], nil
}

// check looks at what has to be there before others read it.
func check(row Transition, v Version, content Content, now time.Time) error {
	c := v.Content
	if row.Event == Edit {
		c = content
	}
	if !c.To.IsZero() && !c.To.After(c.From) {
		return errValidity
	}
	if row.Next != InReview && row.Next != Published {
		return nil
	}
	switch {
	case strings.TrimSpace(c.Title) == "" || strings.TrimSpace(c.Body) == "" || c.Category == "":
		return errFields
	case c.Guide && strings.TrimSpace(c.Spoken) == "":
		return errSpoken
	case row.Event == Publish && !c.To.IsZero() && !c.To.After(now):
		return errValidity
	}
	return nil
}

// Act is something the actor may do now.
type Act struct {
	Event   Event  `json:"event"`
	Label   string `json:"label"`
	Opinion bool   `json:"opinion"` // asks for a reason
}

// Allowed lists what the actor may do, in the table's order.
func Allowed(a Article, who Actor) []Act {
	list := []Act{}
	for _, row := range Table {
		if v := subject(a, row.Event); v.N == 0 || v.State != row.State {
			continue
		}
		if _, err := find(row.State, row.Event, who); err == nil {
			list = append(list, Act{row.Event, row.Label, row.Opinion})
		}
	}
	return list
}
