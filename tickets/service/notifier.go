package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/message"
)

// NotifierConfig is what a Notifier is made of.
type NotifierConfig struct {
	Desk    *Service
	Gateway message.Gateway
	// Address of the pages for citizens, such as https://12345.example.gov.cn; links begin with it.
	Address string
	// Quota is how many short messages a month a member of staff gets whose account says 0.
	Quota int
	// Ring rings a unit's duty phone for a ticket; nil: there is none to ring.
	Ring func(ctx context.Context, unit, ticket string) error
	Log  *slog.Logger
}

// Notifier tells people what the outbox holds: it turns notices into messages and notices in
// pages, hands messages to the gateway, and keeps what became of them. Several may run beside
// each other: a row is in one's hands only. A message keeps its key through every try, so that
// one whose end is not known, because the process died, is dropped by the gateway when it comes again.
type Notifier struct {
	cfg    NotifierConfig
	mu     sync.Mutex
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// How the notifier works.
const (
	noticePause   = time.Second
	noticeBatch   = 100
	sendBatch     = 32
	sendWorkers   = 4
	sendLease     = time.Minute // longer than a gateway's deadline
	mostTries     = 8
	firstRetry    = 30 * time.Second
	longestRetry  = 2 * time.Hour
	settleTimeout = 10 * time.Second
)

// NewNotifier makes one; it does nothing until Start.
func NewNotifier(cfg NotifierConfig) *Notifier { return &Notifier{cfg: cfg} }

// Start begins to work until Stop or the end of ctx. It never blocks.
func (n *Notifier) Start(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cancel != nil {
		return errors.New("already started")
	}
	ctx, n.cancel = context.WithCancel(ctx)
	n.done.Go(func() { n.loop(ctx, "expand", n.expand) })
	n.done.Go(func() { n.loop(ctx, "send", n.send) })
	return nil
}

// Stop ends the work; what is being sent is finished first. It may be called more than once.
func (n *Notifier) Stop() {
	n.mu.Lock()
	cancel := n.cancel
	n.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	n.done.Wait()
}

// loop runs step again at once while it finds work.
func (n *Notifier) loop(ctx context.Context, name string, step func(context.Context) (int, error)) {
	for ctx.Err() == nil {
		did, err := step(ctx)
		if err != nil && ctx.Err() == nil {
			n.cfg.Log.Warn("telling people stopped for a moment", "step", name, "err", err)
		}
		if did > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(noticePause):
		}
	}
}

func (n *Notifier) expand(ctx context.Context) (int, error) {
	book, err := n.cfg.Desk.Book(ctx)
	if err != nil {
		return 0, err
	}
	var rings []DueNotice
	did, err := n.cfg.Desk.store.ExpandNotices(ctx, n.cfg.Desk.clock(), noticeBatch, func(ctx context.Context, due DueNotice) (Expansion, error) {
		out, err := n.expansion(ctx, book, due)
		if err == nil && out.Ring != "" {
			rings = append(rings, due)
		}
		return out, err
	})
	if err != nil {
		return did, err
	}
	for _, due := range rings {
		if err := n.cfg.Ring(ctx, due.To.Duty, due.Ticket); err != nil {
			n.cfg.Log.Error("the duty phone was not rung; the timer tries again", "unit", due.To.Duty, "ticket", due.Ticket, "err", err)
		}
	}
	return did, nil
}

// send hands due messages to the gateway, a few beside each other.
func (n *Notifier) send(ctx context.Context) (int, error) {
	now := n.cfg.Desk.clock()
	list, err := n.cfg.Desk.store.ClaimMessages(ctx, now, now.Add(sendLease), sendBatch)
	if err != nil {
		return 0, err
	}
	work := make(chan OutMessage)
	var workers sync.WaitGroup
	for range sendWorkers {
		workers.Go(func() {
			for m := range work {
				n.sendOne(context.WithoutCancel(ctx), m)
			}
		})
	}
	for _, m := range list {
		work <- m
	}
	close(work)
	workers.Wait()
	return len(list), nil
}

func (n *Notifier) sendOne(ctx context.Context, m OutMessage) {
	try, cancel := context.WithTimeout(ctx, sendLease/2)
	id, err := n.cfg.Gateway.Send(try, m.Message)
	cancel()
	now := n.cfg.Desk.clock()
	end := MessageEnd{State: message.Sent, GatewayID: id, At: now}
	switch {
	case err == nil:
	case errors.Is(err, message.ErrRefused), m.Tries >= mostTries:
		end.State, end.Error = message.Failed, err.Error()
	default:
		end.State, end.Error, end.NextTry = message.Waiting, err.Error(), now.Add(retryAfter(m.Tries))
	}
	if end.State == message.Failed {
		n.cfg.Log.Error("a message was given up", "message", m.ID, "tries", m.Tries, "err", err)
	}
	settle, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	if err := n.cfg.Desk.store.SettleMessage(settle, m.ID, end); err != nil {
		n.cfg.Log.Warn("the end of a message was not kept; it is sent again under its key", "message", m.ID, "err", err)
	}
}

// retryAfter doubles from half a minute to two hours.
func retryAfter(tries int) time.Duration {
	d := firstRetry
	for range tries - 1 {
		d = min(2*d, longestRetry)
	}
	return d
}

// expansion is what a notice becomes.
func (n *Notifier) expansion(ctx context.Context, book message.Book, due DueNotice) (Expansion, error) {
	if due.To.Duty != "" {
		if n.cfg.Ring == nil {
			return Expansion{Dropped: "no telephone to ring with"}, nil
		}
		return Expansion{Ring: due.To.Duty}, nil
	}
	var t TicketRecord
	if due.Ticket != "" {
		var err error
		if t, err = n.cfg.Desk.store.Ticket(ctx, due.Ticket); err != nil {
			return Expansion{}, fmt.Errorf("read the notice's ticket: %w", err)
		}
	}
	if due.To.Citizen {
		return n.toCitizens(ctx, book, due, t)
	}
	return n.toStaff(ctx, book, due, t)
}

// toCitizens tells the ticket's citizen and those whose tickets were merged into it.
func (n *Notifier) toCitizens(ctx context.Context, book message.Book, due DueNotice, t TicketRecord) (Expansion, error) {
	list := []TicketRecord{t}
	merged, err := n.cfg.Desk.store.MergedInto(ctx, t.ID)
	if err != nil {
		return Expansion{}, fmt.Errorf("read merged tickets: %w", err)
	}
	if due.Kind != tickets.NoticeAccepted && due.Kind != tickets.NoticeToAdd {
		list = append(list, merged...)
	}
	var out Expansion
	for _, one := range list {
		to, channel := reachOf(one.Ticket)
		if to == "" {
			continue
		}
		vars, err := n.vars(ctx, due, t)
		if err != nil {
			return out, err
		}
		vars["number"], vars["code"] = one.Number, one.QueryCode
		vars["reply_link"], vars["rating_link"] = n.link(LinkReply, one.ID, replyDays), n.link(LinkRating, one.ID, n.linkDays(ctx))
		words, ok := book.Fill(message.ToCitizen, due.Kind, vars)
		if !ok {
			return Expansion{Dropped: "citizens are not told of it"}, nil
		}
		out.Messages = append(out.Messages, NewMessage{State: message.Waiting, Message: message.Message{
			Key: due.Key + ":" + one.ID, Channel: channel, To: to, Title: "12345热线", Text: words.Text,
		}})
	}
	if len(out.Messages) == 0 {
		out.Dropped = "the citizen cannot be reached or wants no messages"
	}
	return out, nil
}

// reachOf is how the citizen of a ticket wants to be told; short messages go to mobile phones.
func reachOf(t tickets.Ticket) (to string, channel message.Channel) {
	switch t.Notice {
	case tickets.NoticeNone, tickets.NoticeByPhone:
		return "", ""
	case tickets.NoticeByEmail:
		return t.Caller.Email, message.Email
	}
	if reach := t.Caller.Reach(); reach.Mobile() {
		return reach.Clear(), message.SMS
	}
	return t.Caller.Email, message.Email
}

// toStaff puts a notice into the pages of everybody meant, and sends a short message where the
// template says so.
func (n *Notifier) toStaff(ctx context.Context, book message.Book, due DueNotice, t TicketRecord) (Expansion, error) {
	people, err := n.cfg.Desk.store.Recipients(ctx, due.To)
	if err != nil {
		return Expansion{}, err
	}
	vars, err := n.vars(ctx, due, t)
	if err != nil {
		return Expansion{}, err
	}
	words, ok := book.Fill(message.ToStaff, due.Kind, vars)
	if !ok {
		return Expansion{Dropped: "staff are not told of it"}, nil
	}
	out := Expansion{}
	for _, p := range people {
		out.Staff = append(out.Staff, StaffNotice{Account: p.Account, Title: words.Title, Text: words.Text})
		if !words.SMS {
			continue
		}
		switch {
		case p.Mobile.Mobile():
			m := NewMessage{Account: p.Account, State: message.Waiting, Message: message.Message{
				Key: due.Key + ":" + p.Account, Channel: message.SMS, To: p.Mobile.Clear(), Text: "【12345热线】" + words.Text,
			}}
			if m.State, err = n.withinQuota(ctx, p); err != nil {
				return out, err
			}
			out.Messages = append(out.Messages, m)
		case p.Email != "":
			out.Messages = append(out.Messages, NewMessage{Account: p.Account, State: message.Waiting, Message: message.Message{
				Key: due.Key + ":" + p.Account, Channel: message.Email, To: p.Email, Title: words.Title, Text: words.Text,
			}})
		}
	}
	if len(people) == 0 {
		out.Dropped = "nobody is there to be told"
	}
	return out, nil
}

// withinQuota is the state of a new short message to a member of staff.
func (n *Notifier) withinQuota(ctx context.Context, p Person) (message.State, error) {
	quota := p.Quota
	if quota == 0 {
		quota = n.cfg.Quota
	}
	today := n.cfg.Desk.today()
	month := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, today.Location())
	sent, err := n.cfg.Desk.store.SentThisMonth(ctx, p.Account, month)
	if err != nil {
		return "", err
	}
	if sent >= quota {
		return message.OverQuota, nil
	}
	return message.Waiting, nil
}

// vars are the words of a notice: what the ticket knows, and over it what the step said.
func (n *Notifier) vars(ctx context.Context, due DueNotice, t TicketRecord) (map[string]string, error) {
	vars := map[string]string{"number": t.Number, "title": t.Title, "unit": t.UnitName, "state": t.State.Label()}
	if !t.DueAt.IsZero() {
		vars["due"] = n.cfg.Desk.dayWords(t.DueAt)
	}
	units, err := n.cfg.Desk.house.units(ctx)
	if err != nil {
		return nil, err
	}
	for word, value := range due.Vars {
		if value != "" {
			vars[word] = n.cfg.Desk.noticeWord(units, word, value)
		}
	}
	return vars, nil
}

// replyDays is how long a public reply can be read by its link.
const replyDays = 90

// link is an address for the citizen of a ticket.
func (n *Notifier) link(purpose LinkPurpose, ticket string, days int) string {
	token, err := n.cfg.Desk.LinkToken(purpose, ticket, n.cfg.Desk.now().AddDate(0, 0, days))
	if err != nil {
		return ""
	}
	return n.cfg.Address + "/" + string(rune(purpose)) + "/" + token
}

// linkDays is how long the policy lets a follow-up be answered by its link.
func (n *Notifier) linkDays(ctx context.Context) int {
	rules, err := n.cfg.Desk.Rules(ctx)
	if err != nil || rules.Policy == nil || rules.Policy.FollowUp.LinkDays == 0 {
		return 3
	}
	return rules.Policy.FollowUp.LinkDays
}
