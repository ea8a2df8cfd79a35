package postgres

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
)

// undoWindow is how long what a dispatch has to tell is held back: a dispatch taken back at
// once was never told of. It is longer than the page's time for 撤回.
const undoWindow = 15 * time.Second

// ofDispatch are the notices of a dispatch.
var ofDispatch = []tickets.NoticeKind{tickets.NoticeDispatched, tickets.NoticeNewLeg, tickets.NoticeDutyPhone}

// queueNotices puts the outcome's notices into the outbox, keyed by ticket, version and place. A
// dispatch taken back drops what was not sent of it yet.
func queueNotices(batch *pgx.Batch, row ticketRow, out tickets.Outcome) {
	ticket := row.ticket.ID
	for _, step := range out.Steps {
		if step.Event == tickets.Recall {
			batch.Queue(`UPDATE notice SET state = 'dropped' WHERE ticket = $1 AND state = 'waiting' AND kind = ANY($2)`,
				ticket, ofDispatch)
		}
	}
	for i, n := range out.Notices {
		notBefore := row.ticket.UpdatedAt
		if slices.Contains(ofDispatch, n.Kind) {
			notBefore = notBefore.Add(undoWindow)
		}
		vars := n.Vars
		if vars == nil {
			vars = map[string]string{}
		}
		to := n.To
		key := strings.Join([]string{ticket, strconv.Itoa(row.ticket.Version), strconv.Itoa(i), recipientKey(to)}, ":")
		batch.Queue(`INSERT INTO notice (id, key, ticket, step, kind, citizen, account, role, unit, leaders, duty, vars, at, not_before)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
			uuid.Must(uuid.NewV7()), key, ticket, row.steps, n.Kind, to.Citizen, to.Account, to.Role, to.Unit, to.Leaders, to.Duty,
			vars, row.ticket.UpdatedAt, notBefore)
	}
}

func recipientKey(r tickets.Recipient) string {
	switch {
	case r.Citizen:
		return "citizen"
	case r.Account != "":
		return "account " + r.Account
	case r.Role != "":
		return "role " + string(r.Role)
	case r.Unit != "":
		return "unit " + r.Unit
	case r.Leaders != "":
		return "leaders " + r.Leaders
	}
	return "duty " + r.Duty
}
