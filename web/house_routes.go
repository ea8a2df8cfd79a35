package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// Reconfigure tells the floor that seats, queues or lines were changed; it applies to new calls.
type Reconfigure interface {
	Reconfigure(ctx context.Context) error
}

type saved struct {
	ID string `json:"id"`
}

// saveRoute registers a change of one row of the house, after which the floor reads it again.
func saveRoute[B any](s *Server, op huma.Operation, save func(context.Context, Identity, B) (string, error)) {
	type input struct{ Body B }
	route(s, op, func(ctx context.Context, who Identity, in *input) (saved, error) {
		id, err := save(ctx, who, in.Body)
		if err != nil {
			return saved{}, err
		}
		return saved{id}, s.house.Reconfigure(ctx)
	})
}

func (s *Server) houseRoutes() {
	s.seatRoutes()
	route(s, operation("list-skills", http.MethodGet, "/admin/skills", directory.AdminSeats, "Skills"),
		func(ctx context.Context, _ Identity, _ *none) (list[directory.Skill], error) {
			items, err := s.desk.Skills(ctx)
			return listOf(items), err
		})
	saveRoute(s, operation("save-skill", http.MethodPut, "/admin/skills", directory.AdminSeats, "Add or rename a skill"),
		func(ctx context.Context, who Identity, b directory.Skill) (string, error) {
			return b.ID, s.desk.SaveSkill(ctx, who, b)
		})
	route(s, operation("list-queues", http.MethodGet, "/admin/queues", directory.AdminQueues, "Queues"),
		func(ctx context.Context, who Identity, _ *none) (list[directory.Queue], error) {
			items, err := s.desk.AllQueues(ctx, who)
			return listOf(items), err
		})
	saveRoute(s, operation("save-queue", http.MethodPut, "/admin/queues", directory.AdminQueues, "Add or change a queue"),
		func(ctx context.Context, who Identity, b directory.Queue) (string, error) {
			return b.ID, s.desk.SaveQueue(ctx, who, b)
		})
	route(s, operation("list-lines", http.MethodGet, "/admin/lines", directory.AdminLines, "Called numbers"),
		func(ctx context.Context, who Identity, _ *none) (list[directory.Line], error) {
			items, err := s.desk.Lines(ctx, who)
			return listOf(items), err
		})
	saveRoute(s, operation("save-line", http.MethodPut, "/admin/lines", directory.AdminLines, "Add or change a called number"),
		func(ctx context.Context, who Identity, b directory.Line) (string, error) {
			return b.Called, s.desk.SaveLine(ctx, who, b)
		})
	saveRoute(s, operation("save-class", http.MethodPut, "/admin/classes", directory.AdminClasses, "Add or change a class"),
		s.desk.SaveClass)
	s.blacklistRoutes()
}

func (s *Server) seatRoutes() {
	route(s, operation("list-admin-seats", http.MethodGet, "/admin/seats", directory.AdminSeats, "Seats with owner, skills and queues"),
		func(ctx context.Context, who Identity, _ *none) (list[directory.Seat], error) {
			items, err := s.desk.Seats(ctx, who)
			return listOf(items), err
		})
	saveRoute(s, operation("create-seat", http.MethodPost, "/admin/seats", directory.AdminSeats, "Add a seat with its two phones"),
		func(ctx context.Context, who Identity, b directory.Seat) (string, error) {
			return b.ID, s.desk.SaveSeat(ctx, who, b, true)
		})
	saveRoute(s, operation("save-seat", http.MethodPut, "/admin/seats", directory.AdminSeats, "Change a seat"),
		func(ctx context.Context, who Identity, b directory.Seat) (string, error) {
			return b.ID, s.desk.SaveSeat(ctx, who, b, false)
		})
	type secret struct {
		Password string `json:"password" doc:"Shown once; enter it in the SIP phone"`
	}
	route(s, operation("new-seat-password", http.MethodPost, "/admin/seats/{id}/password", directory.AdminSeats, "New secret of the seat's SIP phone"),
		func(ctx context.Context, who Identity, in *IDInput) (secret, error) {
			password, err := s.desk.NewSeatPassword(ctx, who, in.ID)
			if err != nil {
				return secret{}, err
			}
			return secret{password}, s.house.Reconfigure(ctx)
		})
}

func (s *Server) blacklistRoutes() {
	route(s, operation("list-blacklist", http.MethodGet, "/admin/blacklist", directory.AdminBlacklist, "Numbers refused now"),
		func(ctx context.Context, who Identity, _ *none) (list[service.BlackEntryView], error) {
			items, err := s.desk.Blacklist(ctx, who)
			return listOf(items), err
		})
	type entryInput struct {
		Body struct {
			Number string    `json:"number" minLength:"3" maxLength:"24"`
			Reason string    `json:"reason" minLength:"1" maxLength:"500"`
			Until  time.Time `json:"until"`
		}
	}
	routeDone(s, operation("blacklist-number", http.MethodPost, "/admin/blacklist", directory.AdminBlacklist, "Refuse a number until a day"),
		func(ctx context.Context, who Identity, in *entryInput) error {
			return s.desk.BlacklistNumber(ctx, who, directory.BlackEntry{
				Number: in.Body.Number, Reason: in.Body.Reason, Approver: who.Account, Until: in.Body.Until,
			})
		})
	type numberInput struct {
		Body struct {
			Number string `json:"number" minLength:"3" maxLength:"24"`
		}
	}
	routeDone(s, operation("unblacklist-number", http.MethodPost, "/admin/blacklist/remove", directory.AdminBlacklist, "Take a number off the list"),
		func(ctx context.Context, who Identity, in *numberInput) error {
			return s.desk.UnblacklistNumber(ctx, who, in.Body.Number)
		})
}
