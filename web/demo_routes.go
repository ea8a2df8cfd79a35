package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// DemoCitizen is one of the people who call in the demo.
type DemoCitizen struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Number string `json:"number" doc:"Empty: withholds it"`
	Note   string `json:"note"`
}

// DemoState is how the demo runs now.
type DemoState struct {
	TrafficPerMinute int           `json:"traffic_per_minute"`
	ClockOffsetDays  int           `json:"clock_offset_days" doc:"Calendar days the demo clock runs ahead"`
	Now              time.Time     `json:"now" doc:"Demo clock"`
	Citizens         []DemoCitizen `json:"citizens"`
}

// DemoControl runs the demo; there is none where demo is false.
type DemoControl interface {
	State(ctx context.Context) (DemoState, error)
	// SetTraffic makes simulated citizens call that often a minute: 0, 5 or 30.
	SetTraffic(ctx context.Context, perMinute int) error
	// AdvanceClock moves the desk's clock on by working days.
	AdvanceClock(ctx context.Context, workingDays int) error
	// CitizenPhone gives a browser phone that calls as the citizen.
	CitizenPhone(ctx context.Context, citizen string) (PhoneSecret, error)
}

// DemoCard is a person one can be in the demo.
type DemoCard struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Role    string `json:"role"`
	URL     string `json:"url"`
}

type publicInfo struct {
	Demo          bool       `json:"demo"`
	CaptchaAlways bool       `json:"captcha_always"`
	Cards         []DemoCard `json:"cards"`
	Version       string     `json:"version"`
}

func (s *Server) publicRoutes() {
	huma.Register(s.api, operation("get-public", http.MethodGet, "/public", public, "What the sign-in page needs"),
		func(ctx context.Context, _ *none) (*answer[publicInfo], error) {
			info := publicInfo{Demo: s.cfg.Demo, CaptchaAlways: s.cfg.Captcha == CaptchaAlways, Cards: []DemoCard{}, Version: s.cfg.Version}
			if s.cfg.Demo {
				people, err := s.desk.Cards(ctx)
				if err != nil {
					return nil, failed("list the demo's people", err)
				}
				for _, p := range people {
					info.Cards = append(info.Cards, DemoCard{Account: p.Account, Name: p.Name, Role: p.Role, URL: s.demoURL(p.Account)})
				}
			}
			return &answer[publicInfo]{info}, nil
		})
}

// demoURL is where the account's own page of the demo is.
func (s *Server) demoURL(account string) string {
	scheme := "http"
	if s.cfg.Certificate != "" {
		scheme = "https"
	}
	return fmt.Sprintf("%s://%s.localhost:%s/", scheme, account, s.port())
}

func (s *Server) demoRoutes() {
	if s.demo == nil {
		return
	}
	route(s, operation("get-demo", http.MethodGet, "/demo", public, "How the demo runs"),
		func(ctx context.Context, _ Identity, _ *none) (DemoState, error) { return s.demo.State(ctx) })
	type trafficInput struct {
		Body struct {
			PerMinute int `json:"per_minute" enum:"0,5,30"`
		}
	}
	route(s, operation("set-demo-traffic", http.MethodPut, "/demo/traffic", public, "演示话务"),
		func(ctx context.Context, _ Identity, in *trafficInput) (DemoState, error) {
			if err := s.demo.SetTraffic(ctx, in.Body.PerMinute); err != nil {
				return DemoState{}, err
			}
			return s.demo.State(ctx)
		})
	type clockInput struct {
		Body struct {
			WorkingDays int `json:"working_days" minimum:"1" maximum:"5"`
		}
	}
	route(s, operation("advance-demo-clock", http.MethodPost, "/demo/clock", public, "演示时钟 +1 工作日"),
		func(ctx context.Context, _ Identity, in *clockInput) (DemoState, error) {
			if err := s.demo.AdvanceClock(ctx, in.Body.WorkingDays); err != nil {
				return DemoState{}, err
			}
			return s.demo.State(ctx)
		})
	type citizenInput struct {
		Body struct {
			Citizen string `json:"citizen" maxLength:"64"`
		}
	}
	route(s, operation("new-citizen-phone", http.MethodPost, "/demo/citizen-phone", public, "A browser phone that calls as a citizen"),
		func(ctx context.Context, _ Identity, in *citizenInput) (PhoneSecret, error) {
			return s.demo.CitizenPhone(ctx, in.Body.Citizen)
		})
}
