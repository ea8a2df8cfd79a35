package web

import (
	"context"
	"crypto/subtle"
	"net/http"
	"time"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/message"
	"github.com/open12345/hotline/tickets/service"
)

// noticeRoutes registers what people are told: one's own notices, messages and their words.
func (s *Server) noticeRoutes() {
	type noticesInput struct {
		PageInput
		Unread bool `query:"unread"`
	}
	route(s, operation("list-notices", http.MethodGet, "/notices", signedInOnly, "Own notices, newest first, and how many are unread"),
		func(ctx context.Context, who Identity, in *noticesInput) (service.NoticePage, error) {
			return s.desk.Notices(ctx, who, in.Unread, in.paging())
		})
	type readInput struct {
		Body struct {
			IDs []string `json:"ids,omitempty" maxItems:"200" doc:"Left out: all"`
		}
	}
	routeDone(s, operation("read-notices", http.MethodPost, "/notices/read", signedInOnly, "Mark own notices as read"),
		func(ctx context.Context, who Identity, in *readInput) error {
			return s.desk.ReadNotices(ctx, who, in.Body.IDs)
		})
	type messagesInput struct {
		PageInput
		Ticket string    `query:"ticket" maxLength:"64"`
		State  string    `query:"state" enum:"waiting,sending,sent,delivered,failed,over_quota"`
		From   time.Time `query:"from"`
		To     time.Time `query:"to"`
	}
	route(s, operation("list-messages", http.MethodGet, "/messages", signedInOnly, "Messages to citizens and staff with their delivery; of one ticket, or all for administrators"),
		func(ctx context.Context, who Identity, in *messagesInput) (service.Page[service.MessageRecord], error) {
			return s.desk.Messages(ctx, who, service.MessageFilter{Paging: in.paging(), Ticket: in.Ticket, State: message.State(in.State), From: in.From, To: in.To})
		})
	route(s, operation("list-message-templates", http.MethodGet, "/admin/templates", directory.AdminTemplates, "Words of messages, with a sample of each"),
		func(ctx context.Context, who Identity, _ *none) (list[service.TemplateView], error) {
			items, err := s.desk.Templates(ctx, who)
			return listOf(items), err
		})
	type templateInput struct {
		Audience string `path:"audience" enum:"citizen,staff"`
		Kind     string `path:"kind" maxLength:"64"`
		Body     message.Template
	}
	routeDone(s, operation("save-message-template", http.MethodPut, "/admin/templates/{audience}/{kind}", directory.AdminTemplates,
		"Put words in place of the file's; an empty text goes back to it"),
		func(ctx context.Context, who Identity, in *templateInput) error {
			return s.desk.SaveTemplate(ctx, who, message.Audience(in.Audience), tickets.NoticeKind(in.Kind), in.Body)
		})
	type receiptInput struct {
		Token string `header:"X-Gateway-Token" maxLength:"200"`
		Body  struct {
			ID        string `json:"id,omitempty" maxLength:"200" doc:"The gateway's own id"`
			Key       string `json:"key,omitempty" maxLength:"300" doc:"The message's key"`
			Delivered bool   `json:"delivered"`
			Detail    string `json:"detail,omitempty" maxLength:"300"`
		}
	}
	routeDone(s, operation("gateway-receipt", http.MethodPost, "/gateway/receipts", public, "What the message gateway says of a delivery"),
		func(ctx context.Context, _ Identity, in *receiptInput) error {
			if s.cfg.GatewayToken == "" || subtle.ConstantTimeCompare([]byte(in.Token), []byte(s.cfg.GatewayToken)) != 1 {
				return problem(http.StatusForbidden, "forbidden", "wrong gateway token")
			}
			return s.desk.Receipt(ctx, in.Body.ID, in.Body.Key, in.Body.Delivered, in.Body.Detail)
		})
}
