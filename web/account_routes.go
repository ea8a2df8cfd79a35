package web

import (
	"context"
	"net/http"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

// AccountInput takes the account of the path.
type AccountInput struct {
	Account string `path:"account" maxLength:"64"`
}

func (s *Server) accountRoutes() {
	type searchInput struct {
		Query string `query:"q" maxLength:"60"`
	}
	route(s, operation("list-accounts", http.MethodGet, "/admin/accounts", directory.AdminAccounts, "Accounts with their roles"),
		func(ctx context.Context, who Identity, in *searchInput) (list[service.AccountView], error) {
			items, err := s.desk.Accounts(ctx, who, in.Query)
			return listOf(items), err
		})
	type newInput struct{ Body service.AccountChange }
	routeDone(s, operation("create-account", http.MethodPost, "/admin/accounts", directory.AdminAccounts, "Make an account"),
		func(ctx context.Context, who Identity, in *newInput) error {
			return s.desk.CreateAccount(ctx, who, in.Body)
		})
	type changeInput struct {
		AccountInput
		Body service.AccountChange
	}
	routeDone(s, operation("change-account", http.MethodPatch, "/admin/accounts/{account}", directory.AdminAccounts, "Change name, unit, roles or disable"),
		func(ctx context.Context, who Identity, in *changeInput) error {
			if err := s.desk.ChangeAccount(ctx, who, in.Account, in.Body); err != nil {
				return err
			}
			// What the account may do changed: its pages connect again and learn so.
			s.hub.dismiss(func(o *socket) bool { return o.identity.Account == in.Account }, "changed")
			return nil
		})
	type passwordInput struct {
		AccountInput
		Body struct {
			Password string `json:"password" minLength:"1" maxLength:"200"`
		}
	}
	routeDone(s, operation("set-password", http.MethodPost, "/admin/accounts/{account}/password", directory.AdminAccounts, "Set a new password"),
		func(ctx context.Context, who Identity, in *passwordInput) error {
			if err := s.desk.SetPassword(ctx, who, in.Account, in.Body.Password); err != nil {
				return err
			}
			s.endOthers(in.Account, "")
			return nil
		})
	routeDone(s, operation("unlock-account", http.MethodPost, "/admin/accounts/{account}/unlock", directory.AdminAccounts, "End a lock-out"),
		func(ctx context.Context, who Identity, in *AccountInput) error {
			return s.desk.Unlock(ctx, who, in.Account)
		})
	route(s, operation("list-roles", http.MethodGet, "/admin/roles", directory.AdminAccounts, "Roles and what they may do"),
		func(_ context.Context, who Identity, _ *none) (list[service.RoleView], error) {
			items, err := s.desk.Roles(who)
			return listOf(items), err
		})
	type ownPasswordInput struct {
		Body struct {
			Old string `json:"old" minLength:"1" maxLength:"200"`
			New string `json:"new" minLength:"1" maxLength:"200"`
		}
	}
	routeDone(s, operation("change-own-password", http.MethodPost, "/session/password", signedInOnly, "Change the own password"),
		func(ctx context.Context, who Identity, in *ownPasswordInput) error {
			if err := s.desk.ChangePassword(ctx, who, in.Body.Old, in.Body.New); err != nil {
				return err
			}
			fresh, err := s.desk.Identity(ctx, who.Account)
			if err != nil {
				return err
			}
			s.begin(ctx, fresh) // this session goes on, the others have ended
			s.endOthers(who.Account, sessionOf(ctx))
			return nil
		})
}
