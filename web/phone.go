package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets/directory"
)

// PhoneSecret lets a browser phone register. It is made anew at each request and kept nowhere
// but in the page and, hashed, on the switch.
type PhoneSecret struct {
	User   string `json:"user"`
	Realm  string `json:"realm"`
	HA1    string `json:"ha1" doc:"MD5(user:realm:secret)"`
	URI    string `json:"uri"`
	WSPath string `json:"ws_path"`
	Number string `json:"number,omitempty" doc:"Demo citizen only: the number it calls from"`
}

// PhoneSecrets makes them.
type PhoneSecrets interface {
	// SeatPhone gives the seat's browser phone a fresh secret on every switch node.
	SeatPhone(ctx context.Context, seat string) (PhoneSecret, error)
}

type phoneSecretOutput struct{ Body PhoneSecret }

func (s *Server) phoneRoutes() {
	huma.Register(s.api, operation("new-phone-secret", http.MethodPost, "/phone-secret", directory.FloorSeat,
		"Give the seat's browser phone a fresh secret"),
		func(ctx context.Context, _ *struct{}) (*phoneSecretOutput, error) {
			id, _ := IdentityOf(ctx)
			if id.Seat == "" {
				return nil, problem(http.StatusForbidden, "not_your_seat", "this account owns no seat")
			}
			secret, err := s.phones.SeatPhone(ctx, id.Seat)
			if err != nil {
				return nil, failed("give the phone a secret", err)
			}
			return &phoneSecretOutput{secret}, nil
		})
}

// serveSIP carries a browser phone's line; the session decides, the switch asks for the secret.
func (s *Server) serveSIP(w http.ResponseWriter, r *http.Request) {
	id, ok := IdentityOf(r.Context())
	citizen := s.cfg.Demo && strings.HasPrefix(r.URL.RawQuery, "citizen")
	switch {
	case !sameOrigin(r):
		writeProblem(w, problem(http.StatusForbidden, "cross_origin", "requests from other sites are refused"))
	case !citizen && !ok:
		writeProblem(w, problem(http.StatusUnauthorized, "not_signed_in", "sign in first"))
	case !citizen && !id.Can(directory.FloorSeat):
		writeProblem(w, problem(http.StatusForbidden, "forbidden", "this role has no phone"))
	default:
		s.sip.serve(w, r, r.PathValue("node"), sessionOf(r.Context()))
	}
}
