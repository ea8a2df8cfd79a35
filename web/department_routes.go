package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

type resetInput struct {
	Body struct {
		Account  string `json:"account" minLength:"1" maxLength:"64"`
		Answer   string `json:"answer" minLength:"1" maxLength:"100"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
	remote string
}

// Resolve notes where the request comes from.
func (in *resetInput) Resolve(ctx huma.Context) []error {
	in.remote = ctx.RemoteAddr()
	return nil
}

// departmentRoutes are 部门管理 and 部门信息 by a unit's own leader.
func (s *Server) departmentRoutes() {
	type unitInput struct {
		Unit string `query:"unit" maxLength:"64" doc:"Left out: the own one"`
	}
	route(s, operation("get-department", http.MethodGet, "/department", directory.TicketAct, "部门信息 and people of the own unit or one below"),
		func(ctx context.Context, who Identity, in *unitInput) (service.DepartmentView, error) {
			return s.desk.Department(ctx, who, in.Unit)
		})
	type infoInput struct {
		Unit string `path:"unit" maxLength:"64"`
		Body service.UnitInfoChange
	}
	routeDone(s, operation("save-department", http.MethodPatch, "/department/units/{unit}", directory.DepartmentAdmin, "Change 部门信息: duties, 联络员, 分管领导, duty phone"),
		func(ctx context.Context, who Identity, in *infoInput) error {
			return s.desk.SaveDepartment(ctx, who, in.Unit, in.Body)
		})
	type newInput struct{ Body service.NewPerson }
	routeDone(s, operation("add-person", http.MethodPost, "/department/people", directory.DepartmentAdmin, "人员添加: an account that can do nothing until a role is given"),
		func(ctx context.Context, who Identity, in *newInput) error {
			return s.desk.AddPerson(ctx, who, in.Body)
		})
	type changeInput struct {
		AccountInput
		Body service.PersonChange
	}
	routeDone(s, operation("change-person", http.MethodPatch, "/department/people/{account}", directory.DepartmentAdmin, "Edit, 分配角色, new password"),
		func(ctx context.Context, who Identity, in *changeInput) error {
			if err := s.desk.ChangePerson(ctx, who, in.Account, in.Body); err != nil {
				return err
			}
			s.hub.dismiss(func(o *socket) bool { return o.identity.Account == in.Account }, "changed")
			return nil
		})
	routeDone(s, operation("delete-person", http.MethodDelete, "/department/people/{account}", directory.DepartmentAdmin, "Take an account away; refused while it has open tickets"),
		func(ctx context.Context, who Identity, in *AccountInput) error {
			return s.desk.DeletePerson(ctx, who, in.Account)
		})
	s.profileRoutes()
	s.announcementRoutes()
}

// profileRoutes are 个人信息 and the way back to a forgotten password.
func (s *Server) profileRoutes() {
	route(s, operation("get-profile", http.MethodGet, "/profile", signedInOnly, "个人信息"),
		func(ctx context.Context, who Identity, _ *none) (service.ProfileView, error) {
			return s.desk.Profile(ctx, who)
		})
	type profileInput struct{ Body service.ProfileChange }
	routeDone(s, operation("save-profile", http.MethodPatch, "/profile", signedInOnly, "Change the own mobile, e-mail, security question"),
		func(ctx context.Context, who Identity, in *profileInput) error {
			return s.desk.SaveProfile(ctx, who, in.Body)
		})
	type forgotInput struct {
		Account string `query:"account" required:"true" maxLength:"64"`
	}
	type securityQuestion struct {
		Question string `json:"question"`
	}
	route(s, operation("get-security-question", http.MethodGet, "/password/question", public, "取回密码: what is asked of the account"),
		func(ctx context.Context, _ Identity, in *forgotInput) (securityQuestion, error) {
			text, err := s.desk.SecurityQuestionOf(ctx, in.Account)
			return securityQuestion{text}, err
		})
	routeDone(s, operation("reset-password", http.MethodPost, "/password/reset", public, "取回密码: a new password for the right answer; few wrong ones lock it"),
		func(ctx context.Context, _ Identity, in *resetInput) error {
			if !s.limits.allow(in.remote, time.Now()) {
				return problem(http.StatusTooManyRequests, "too_many", "too many tries; wait a moment")
			}
			if err := s.desk.ResetByQuestion(ctx, in.Body.Account, in.Body.Answer, in.Body.Password, in.remote); err != nil {
				return err
			}
			s.endOthers(in.Body.Account, "")
			return nil
		})
}

// announcementRoutes are 公告.
func (s *Server) announcementRoutes() {
	type listInput struct {
		All bool `query:"all" doc:"Past and others' too, for who writes them"`
	}
	route(s, operation("list-announcements", http.MethodGet, "/announcements", signedInOnly, "公告 meant for the asker now"),
		func(ctx context.Context, who Identity, in *listInput) (list[service.Announcement], error) {
			items, err := s.desk.Announcements(ctx, who, in.All)
			return listOf(items), err
		})
	type newInput struct{ Body service.AnnouncementRequest }
	route(s, operation("publish-announcement", http.MethodPost, "/announcements", directory.AnnouncementWrite, "Publish a 公告"),
		func(ctx context.Context, who Identity, in *newInput) (service.Announcement, error) {
			return s.desk.Announce(ctx, who, in.Body)
		})
	type changeInput struct {
		IDInput
		Body service.AnnouncementRequest
	}
	route(s, operation("change-announcement", http.MethodPut, "/announcements/{id}", directory.AnnouncementWrite, "A new version, to be read again"),
		func(ctx context.Context, who Identity, in *changeInput) (service.Announcement, error) {
			return s.desk.ChangeAnnouncement(ctx, who, in.ID, in.Body)
		})
	routeDone(s, operation("withdraw-announcement", http.MethodDelete, "/announcements/{id}", directory.AnnouncementWrite, "Take it from all pages"),
		func(ctx context.Context, who Identity, in *IDInput) error {
			return s.desk.WithdrawAnnouncement(ctx, who, in.ID)
		})
	routeDone(s, operation("read-announcement", http.MethodPost, "/announcements/{id}/read", signedInOnly, "Note that it was read"),
		func(ctx context.Context, who Identity, in *IDInput) error {
			return s.desk.ReadAnnouncement(ctx, who, in.ID)
		})
	route(s, operation("list-readers", http.MethodGet, "/announcements/{id}/readers", directory.AnnouncementWrite, "Who is meant and who has read"),
		func(ctx context.Context, who Identity, in *IDInput) (list[service.Reader], error) {
			items, err := s.desk.Readers(ctx, who, in.ID)
			return listOf(items), err
		})
}
