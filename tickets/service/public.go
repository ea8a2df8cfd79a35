package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/open12345/hotline/tickets"
)

// citizenLink is what a token of a message opens: a citizen's own ticket, and the ticket it is
// worked on, which is another one when it was merged.
type citizenLink struct {
	purpose LinkPurpose
	own     TicketRecord
	main    TicketRecord
}

// merged is the id of the merged ticket whose citizen it is; empty: the main ticket's own.
func (l citizenLink) merged() string {
	if l.own.ID == l.main.ID {
		return ""
	}
	return l.own.ID
}

// message is the id that the answers of a link go by: one for each round.
func (l citizenLink) message() string {
	return "link:" + strconv.Itoa(l.main.Round) + ":" + l.own.ID
}

// rated tells whether the questions of the link were answered.
func (l citizenLink) rated(t tickets.Ticket) bool {
	return slices.ContainsFunc(t.Visits, func(v tickets.Visit) bool { return v.Message == l.message() })
}

// openLink reads a token of one of the purposes with its tickets. ErrNotFound.
func (s *Service) openLink(ctx context.Context, token string, purposes ...LinkPurpose) (citizenLink, error) {
	var link citizenLink
	for _, link.purpose = range purposes {
		id, err := s.LinkTicket(link.purpose, token)
		if err != nil {
			continue
		}
		if link.own, err = s.store.Ticket(ctx, id); err != nil {
			return link, fmt.Errorf("open link: %w", err)
		}
		link.main = link.own
		if link.own.State == tickets.Merged && link.own.Master != "" {
			if link.main, err = s.store.Ticket(ctx, link.own.Master); err != nil {
				return link, fmt.Errorf("open link: %w", err)
			}
		}
		return link, nil
	}
	return link, fmt.Errorf("open link: %w", ErrNotFound)
}

// PublicTicket is what a citizen sees who opened the link of a message: no inner word.
type PublicTicket struct {
	Number    string     `json:"number"`
	Title     string     `json:"title"`
	Said      string     `json:"said"` // where it is, in the citizen's words
	Unit      string     `json:"unit,omitempty"`
	Reply     string     `json:"reply,omitempty"`
	RepliedAt time.Time  `json:"replied_at,omitzero"`
	Files     []FileView `json:"files"` // that the citizen may have
	Rated     bool       `json:"rated"` // the questions were answered
	MayRate   bool       `json:"may_rate"`
	MayReopen bool       `json:"may_reopen"`
	MayCancel bool       `json:"may_withdraw"`
	Questions []Question `json:"questions,omitempty"`
}

// Question is one of the follow-up, word by word.
type Question struct {
	Code    string         `json:"code"` // contacted, solved, result, unit, agent
	Text    string         `json:"text"`
	Answers []tickets.Term `json:"answers"`
}

// Questions of a follow-up, word by word as they are read out.
func Questions() []Question {
	return []Question{
		{Code: "contacted", Text: "承办单位在办理过程中是否与您联系过？", Answers: []tickets.Term{{Code: "true", Label: "联系过"}, {Code: "false", Label: "没有联系"}}},
		{Code: "solved", Text: "您反映的问题是否已经解决？", Answers: tickets.SolvedTerms},
		{Code: "result", Text: "您对办理结果是否满意？", Answers: tickets.Satisfactions},
		{Code: "unit", Text: "您对承办单位的办理工作是否满意？", Answers: tickets.Satisfactions},
		{Code: "agent", Text: "您对话务员的服务是否满意？", Answers: tickets.Satisfactions},
	}
}

// PublicReply is what the link of a message shows. ErrNotFound: no valid link.
func (s *Service) PublicReply(ctx context.Context, token string) (PublicTicket, error) {
	link, err := s.openLink(ctx, token, LinkReply, LinkRating)
	if err != nil {
		return PublicTicket{}, err
	}
	return s.publicTicket(ctx, link)
}

func (s *Service) publicTicket(ctx context.Context, link citizenLink) (PublicTicket, error) {
	t := link.main.Ticket
	view := PublicTicket{
		Number: link.own.Number, Title: link.own.Title, Said: s.said(t, link.main.UnitName), Unit: link.main.UnitName, Reply: t.PublicReply,
		Files: []FileView{}, Rated: link.rated(t), Questions: Questions(),
	}
	if lead, ok := t.LeadLeg(); ok && t.PublicReply != "" {
		view.RepliedAt = lead.RepliedAt
	}
	rules, err := s.Rules(ctx)
	if err != nil {
		return view, err
	}
	view.MayRate = link.purpose == LinkRating && t.State == tickets.ToFollowUp && !view.Rated
	view.MayCancel = t.State.Accepted() && link.merged() == ""
	view.MayReopen = t.State == tickets.Closed && link.merged() == "" && s.clock().Before(rules.After(t.ClosedAt, rules.Policy.Reopen))
	files, err := s.store.FilesOf(ctx, t.ID)
	if err != nil {
		return view, fmt.Errorf("open link: %w", err)
	}
	for _, f := range files {
		if f.Public {
			view.Files = append(view.Files, FileView{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, At: f.At, Public: true})
		}
	}
	return view, nil
}

// said is where a ticket is, in the words for citizens.
func (s *Service) said(t tickets.Ticket, unit string) string {
	p := tickets.PublicOf(t)
	date := p.Date.In(s.zone).Format("1月2日")
	switch p.State {
	case tickets.PublicInProgress:
		if p.Date.IsZero() {
			return unit + "正在办理"
		}
		return unit + "正在办理，预计" + date + "前答复"
	case tickets.PublicSuspended:
		return "需要较长时间办理，" + date + "前回复进展"
	case tickets.PublicReplied:
		return "承办单位已答复，我们将回访您"
	case tickets.PublicClosed:
		return "已办结（" + date + "）"
	case tickets.PublicWithdrawn:
		return "已按您的要求撤销"
	case tickets.PublicNotAccepted:
		return "不属于受理范围，已告知途径"
	case tickets.PublicMerged:
		return "已与您的另一件合并办理"
	}
	return "已受理，正在转交承办单位"
}

// RatingAnswers are a citizen's answers to the questions, by link.
type RatingAnswers struct {
	Contacted bool           `json:"contacted"`
	Solved    tickets.Solved `json:"solved" enum:"0,1,2"`
	Result    int            `json:"result" minimum:"0" maximum:"5"`
	Unit      int            `json:"unit,omitempty" minimum:"0" maximum:"5"`
	Agent     int            `json:"agent,omitempty" minimum:"0" maximum:"5"`
	Text      string         `json:"text,omitempty" maxLength:"500"`
}

// citizenActor is who answers by a link.
var citizenActor = tickets.Actor{Account: "citizen", Name: "群众", Roles: []tickets.Role{tickets.Citizen}}

// Rate takes the answers of a link. Content closes the follow-up of this citizen; discontent first
// becomes a task for the telephone. A second answer changes nothing. ErrNotFound,
// *tickets.Refusal.
func (s *Service) Rate(ctx context.Context, token string, in RatingAnswers) (PublicTicket, error) {
	link, err := s.openLink(ctx, token, LinkRating)
	if err != nil {
		return PublicTicket{}, err
	}
	if link.main.State != tickets.ToFollowUp || link.rated(link.main.Ticket) {
		return s.publicTicket(ctx, link)
	}
	visit := tickets.Visit{
		For: link.merged(), Channel: tickets.VisitBySMS, Message: link.message(), Reached: true, Contacted: in.Contacted, Solved: in.Solved,
		Result: in.Result, Unit: in.Unit, Agent: in.Agent, Text: in.Text,
	}
	event := tickets.VisitClose
	if visit.Dissatisfied() {
		visit.Reached, visit.Failure, event = false, "短信评价不满意，待电话回访", tickets.VisitMissed
	}
	err = s.byLink(ctx, link, event, tickets.ByRule, tickets.Args{Visit: &visit})
	if err != nil {
		return PublicTicket{}, fmt.Errorf("rate: %w", err)
	}
	return s.PublicReply(ctx, token)
}

// byLink does an event to the ticket of the link, once for each answer.
func (s *Service) byLink(ctx context.Context, link citizenLink, event tickets.Event, actor tickets.Actor, args tickets.Args) error {
	place, err := s.setting(ctx, Identity{})
	if err != nil {
		return err
	}
	err = s.store.UpdateTicket(ctx, link.main.ID, AnyVersion, func(ctx context.Context, tx Tx, t tickets.Ticket) (tickets.Outcome, error) {
		if args.Visit != nil && link.rated(t) {
			return tickets.Outcome{}, errNothingToDo
		}
		facts, err := s.systemFacts(ctx, tx, place, t, event)
		if err != nil {
			return tickets.Outcome{}, err
		}
		return s.apply(ctx, tx, place, t, event, actor, args, facts)
	})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return err
}

// AskByLink is a citizen's wish about the own ticket: tickets.CitizenWithdraw or
// tickets.AskReopen, proved by the link. ErrNotFound, *tickets.Refusal.
func (s *Service) AskByLink(ctx context.Context, token string, event tickets.Event, reason string) (PublicTicket, error) {
	link, err := s.openLink(ctx, token, LinkReply, LinkRating)
	if err != nil {
		return PublicTicket{}, err
	}
	if event != tickets.CitizenWithdraw && event != tickets.AskReopen || link.merged() != "" {
		return PublicTicket{}, fmt.Errorf("ask by link: %w", ErrNotFound)
	}
	if err := s.byLink(ctx, link, event, citizenActor, tickets.Args{Reason: reason, Proof: link.message()}); err != nil {
		return PublicTicket{}, fmt.Errorf("ask by link: %w", err)
	}
	return s.PublicReply(ctx, token)
}
