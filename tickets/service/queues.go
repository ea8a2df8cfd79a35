package service

import (
	"context"
	"fmt"
	"slices"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

// queueOf is a queue as one role sees it.
type queueOf struct {
	queue DeskQueue
	label string
	roles []tickets.Role
	level int // of the unit: 1, or 2 and below; 0: both, and the hotline's queues
	// leaders' queues are for a leader and for who stands in for him.
	leader bool
}

var (
	unitPeople   = []tickets.Role{tickets.UnitClerk, tickets.UnitLeader}
	hotlineChief = []tickets.Role{tickets.Office, tickets.CityLeader}
)

// deskQueues are the queues in the order of the page, with the words of the operating manual.
var deskQueues = []queueOf{
	{queue: QueueReceived, label: "待受理", roles: []tickets.Role{tickets.Intake}},
	{queue: QueueSupplement, label: "待补充", roles: []tickets.Role{tickets.Agent, tickets.Intake}},
	{queue: QueueToDispatch, label: "待派单", roles: []tickets.Role{tickets.Dispatcher}},
	{queue: QueueReturned, label: "退单待派", roles: []tickets.Role{tickets.Dispatcher}},
	{queue: QueueReview, label: "待审核", roles: []tickets.Role{tickets.Reviewer}},
	{queue: QueueFollowUp, label: "待回访", roles: []tickets.Role{tickets.FollowUp}},
	{queue: QueueDecisions, label: "待决定", roles: []tickets.Role{tickets.Office, tickets.Reviewer}},
	{queue: QueueDeliberation, label: "疑难会商", roles: []tickets.Role{tickets.Office}},
	{queue: QueueSupervisions, label: "督办", roles: hotlineChief},
	{queue: QueueSuspended, label: "挂起", roles: []tickets.Role{tickets.Office}},

	{queue: QueueUnitInbox, label: "一级部门件", roles: unitPeople, level: 1},
	{queue: QueueUnitInbox, label: "二级部门件", roles: unitPeople, level: 2},
	{queue: QueueUnitCompile, label: "一级部门汇总/待办件", roles: unitPeople, level: 1},
	{queue: QueueUnitBelow, label: "已交办", roles: unitPeople, level: 1},
	{queue: QueueUnitApprove, label: "待我审批", roles: unitPeople, leader: true},
	{queue: QueueUnitDecide, label: "下级申请", roles: unitPeople, level: 1},
	{queue: QueueUnitSupervise, label: "督办件", roles: unitPeople},
	{queue: QueueUnitSent, label: "已上报", roles: unitPeople, level: 1},
	{queue: QueueUnitSent, label: "已办理", roles: unitPeople, level: 2},
	{queue: QueueUnitDone, label: "已办结", roles: unitPeople},
	{queue: QueueUnitCards, label: "黄红牌", roles: append([]tickets.Role{tickets.Office}, unitPeople...)},

	{queue: QueueDueSoon, label: "将超期", roles: append([]tickets.Role{tickets.Dispatcher, tickets.Office, tickets.CityLeader}, unitPeople...)},
	{queue: QueueOverdue, label: "已超期", roles: append([]tickets.Role{tickets.Dispatcher, tickets.Office, tickets.CityLeader}, unitPeople...)},
}

// decides are the kinds of requests that a role decides at the hotline.
var decides = map[tickets.Role][]tickets.RequestKind{
	tickets.Reviewer: {tickets.RequestReopening},
	tickets.Office: {
		tickets.RequestReturn, tickets.RequestExtension, tickets.RequestSuspension, tickets.RequestUnreasonable, tickets.RequestAppeal,
		tickets.RequestDeliberation, tickets.RequestVoid, tickets.RequestWithdrawal, tickets.RequestAtLimit, tickets.RequestReopening,
	},
}

// ofUnit tells the queues in which parts of a unit lie.
func (q DeskQueue) ofUnit() bool {
	switch q {
	case QueueUnitInbox, QueueUnitBelow, QueueUnitCompile, QueueUnitApprove, QueueUnitDecide, QueueUnitSupervise, QueueUnitSent, QueueUnitDone, QueueUnitCards:
		return true
	}
	return false
}

// pool tells the queues of which a person takes tickets one by one, and the state they lie in.
func (q DeskQueue) pool() bool {
	switch q {
	case QueueReceived, QueueToDispatch, QueueReturned, QueueReview, QueueFollowUp:
		return true
	}
	return false
}

// queuesFor lists the queues of the asker's roles and unit.
func queuesFor(who Identity, place setting) []queueOf {
	level := 0
	if who.Unit != nil {
		level = min(place.units[who.Unit.ID].Level, 2)
	}
	var list []queueOf
	for _, q := range deskQueues {
		switch {
		case !who.Actor().Has(q.roles...),
			q.queue.ofUnit() && level == 0,
			q.level != 0 && q.level != level,
			q.leader && !place.deputy && !who.Actor().Has(tickets.UnitLeader):
			continue
		}
		list = append(list, q)
	}
	return list
}

// query is the filter with the asker's scope.
func (s *Service) queueQuery(ctx context.Context, who Identity, place setting, f QueueFilter) (QueueQuery, error) {
	q := QueueQuery{
		QueueFilter: f, Account: who.Account, Now: place.now,
		YellowBefore: place.rules.After(place.now, place.rules.Policy.Light.Yellow), YellowShare: place.rules.Policy.Light.Share,
	}
	for _, role := range who.Roles {
		for _, kind := range decides[role] {
			if !slices.Contains(q.Kinds, kind) {
				q.Kinds = append(q.Kinds, kind)
			}
		}
	}
	var err error
	if f.Queue.ofUnit() && who.Unit != nil && who.Actor().Has(unitPeople...) {
		q.Units = []string{who.Unit.ID}
	} else {
		q.Units, err = s.unitsOf(ctx, who)
	}
	return q, err
}

// DeskQueues counts what lies in the asker's queues.
func (s *Service) DeskQueues(ctx context.Context, who Identity) ([]QueueCount, error) {
	if err := who.need(directory.TicketList); err != nil {
		return nil, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return nil, err
	}
	list := queuesFor(who, place)
	queries := make([]QueueQuery, len(list))
	for i, q := range list {
		if queries[i], err = s.queueQuery(ctx, who, place, QueueFilter{Queue: q.queue}); err != nil {
			return nil, err
		}
	}
	counts, err := s.store.QueueCounts(ctx, queries)
	if err != nil {
		return nil, fmt.Errorf("count queues: %w", err)
	}
	for i := range counts {
		counts[i].Queue, counts[i].Label = list[i].queue, list[i].label
	}
	return orEmpty(counts), nil
}

// ownQueue checks that the queue is one of the asker's.
func ownQueue(who Identity, place setting, queue DeskQueue) error {
	if !slices.ContainsFunc(queuesFor(who, place), func(q queueOf) bool { return q.queue == queue }) {
		return fmt.Errorf("queue %s: %w", queue, ErrForbidden)
	}
	return nil
}

// QueuePage lists what lies in one of the asker's queues, the most urgent first.
func (s *Service) QueuePage(ctx context.Context, who Identity, f QueueFilter) (Page[QueueItem], error) {
	page := Page[QueueItem]{Items: []QueueItem{}}
	if err := who.need(directory.TicketList); err != nil {
		return page, err
	}
	place, err := s.setting(ctx, who)
	if err != nil {
		return page, err
	}
	if err := ownQueue(who, place, f.Queue); err != nil {
		return page, err
	}
	q, err := s.queueQuery(ctx, who, place, f)
	if err != nil {
		return page, err
	}
	rows, next, total, more, err := s.store.Queue(ctx, q)
	if err != nil {
		return page, fmt.Errorf("read queue %s: %w", f.Queue, err)
	}
	areas, err := s.areaNames(ctx)
	if err != nil {
		return page, err
	}
	page.NextCursor, page.Total, page.TotalIsMore = next, total, more
	for _, r := range rows {
		page.Items = append(page.Items, s.queueItem(who, place, areas, r))
	}
	return page, nil
}

// areaNames maps the codes of areas to their names.
func (s *Service) areaNames(ctx context.Context) (map[string]string, error) {
	list, err := s.store.Areas(ctx)
	if err != nil {
		return nil, fmt.Errorf("read areas: %w", err)
	}
	names := make(map[string]string, len(list))
	for _, a := range list {
		names[a.Code] = a.Name
	}
	return names, nil
}

func (s *Service) queueItem(who Identity, place setting, areas map[string]string, r QueueRow) QueueItem {
	t := r.Ticket
	item := QueueItem{
		ID: t.ID, Number: t.Number, Version: t.Version, Title: t.Title, Type: t.Type, Urgency: t.Urgency, Source: t.Source,
		ClassPath: orEmpty(t.ClassPath), Place: placeText(t.Place, areas), State: t.State, StateLabel: t.State.Label(), Round: t.Round,
		Secret: t.Secret, Hard: t.Hard, Urges: t.Count(tickets.CallUrge), SubmittedAt: t.SubmittedAt, At: r.At, Owner: t.Owner,
		OwnerName: r.OwnerName, DueAt: r.DueAt, From: r.WriterName, Actions: []tickets.Action{},
	}
	see := sightOf(who, place)
	for _, l := range t.Legs {
		item.Returns += l.Returns
	}
	item.Supervised = slices.ContainsFunc(t.Supervisions, func(v tickets.Supervision) bool {
		return v.State.Open() && (see.all || v.State != tickets.SupervisionFiled && see.within(v.Unit))
	})
	if t.Unit != "" {
		item.Unit = &UnitRef{ID: t.Unit, Name: place.unitName(t.Unit)}
	}
	item.Light = place.stageLight(t.StageAt, r.DueAt)
	s.itemTarget(place, see, r, &item)
	item.Remains = place.remains(item.DueAt)
	for _, a := range tickets.Allowed(t, who.Actor(), place.facts()) {
		if who.Can(directory.TicketAct) && a.Name != tickets.Save && concernsRow(a, r) {
			item.Actions = append(item.Actions, a)
		}
	}
	return item
}
