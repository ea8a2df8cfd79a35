package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// DepartmentView is 部门管理 of one unit: its 部门信息, its people and the units below.
type DepartmentView struct {
	UnitDetails
	DutyNow  string       `json:"duty_now,omitempty"` // who is on duty, with the number
	Prefix   string       `json:"prefix,omitempty"`   // sign-in names have to begin with it
	Editable bool         `json:"editable"`
	People   []PersonView `json:"people"`
	Below    []UnitRef    `json:"below"`
}

// PersonView is somebody of a unit.
type PersonView struct {
	Account    string         `json:"account"`
	Name       string         `json:"name"`
	Unit       UnitRef        `json:"unit"`
	Roles      []tickets.Role `json:"roles"`
	Mobile     string         `json:"mobile_masked"`
	Email      string         `json:"email,omitempty"`
	Quota      int            `json:"quota"` // 每月短信量
	Question   bool           `json:"question"`
	Disabled   bool           `json:"disabled"`
	LastSignIn time.Time      `json:"last_sign_in,omitzero"`
}

// UnitInfoChange is a change of 部门信息; nil leaves a part as it is.
type UnitInfoChange struct {
	Duties     *string             `json:"duties,omitempty" maxLength:"2000"`
	Phone      *string             `json:"phone,omitempty" maxLength:"40"`
	Approval   *bool               `json:"approval,omitempty"`
	SignReturn *bool               `json:"sign_return,omitempty"`
	Info       *directory.UnitInfo `json:"info,omitempty"`
	Rota       *directory.Rota     `json:"rota,omitempty"`
}

// NewPerson is the form 人员添加.
type NewPerson struct {
	Unit     string `json:"unit" maxLength:"64" doc:"当前用户名称: the unit"`
	Name     string `json:"name" maxLength:"40" doc:"领导/经办人姓名"`
	Account  string `json:"account" maxLength:"32" doc:"登录账号"`
	Password string `json:"password" maxLength:"200" doc:"登录密码"`
	Question string `json:"question,omitempty" maxLength:"100" doc:"取回密码: 问题"`
	Answer   string `json:"answer,omitempty" maxLength:"100" doc:"取回密码: 答案"`
	Quota    int    `json:"quota" minimum:"0" maximum:"100000" doc:"每月短信量, 0: the city's default"`
	Mobile   string `json:"mobile,omitempty" maxLength:"24"`
	Email    string `json:"email,omitempty" maxLength:"100"`
}

// PersonChange is a change of somebody; nil leaves a field as it is.
type PersonChange struct {
	Name     *string         `json:"name,omitempty" maxLength:"40"`
	Mobile   *string         `json:"mobile,omitempty" maxLength:"24"`
	Email    *string         `json:"email,omitempty" maxLength:"100"`
	Quota    *int            `json:"quota,omitempty" minimum:"0" maximum:"100000"`
	Roles    *[]tickets.Role `json:"roles,omitempty" doc:"分配角色: unit_clerk, unit_leader"`
	Password string          `json:"password,omitempty" maxLength:"200"`
}

// Department shows a unit of the asker's subtree; empty: the own one. ErrNotFound: another's.
func (s *Service) Department(ctx context.Context, who Identity, unit string) (DepartmentView, error) {
	if !who.Actor().Has(tickets.UnitClerk, tickets.UnitLeader) && !who.Can(directory.AdminAccounts) {
		return DepartmentView{}, fmt.Errorf("%w: departments are their own people's", ErrForbidden)
	}
	reach, err := s.reachOfDepartment(ctx, who, &unit)
	if err != nil {
		return DepartmentView{}, err
	}
	d, err := s.store.UnitDetails(ctx, unit)
	if err != nil {
		return DepartmentView{}, err
	}
	view := DepartmentView{UnitDetails: d, Prefix: s.prefixes[d.District], Editable: who.Can(directory.DepartmentAdmin), People: []PersonView{}, Below: []UnitRef{}}
	if phone, name := d.Rota.On(s.today()); phone != "" {
		view.DutyNow = strings.TrimSpace(name + " " + phone)
	}
	names, err := s.house.units(ctx)
	if err != nil {
		return view, err
	}
	for _, id := range reach {
		if u := names[id]; u.Parent == unit {
			view.Below = append(view.Below, UnitRef{ID: u.ID, Name: u.Name})
		}
	}
	people, err := s.store.PeopleOf(ctx, []string{unit})
	if err != nil {
		return view, err
	}
	for _, p := range people {
		view.People = append(view.People, PersonView{
			Account: p.Name, Name: p.PersonName, Unit: UnitRef{ID: unit, Name: d.Name}, Roles: orEmpty(p.Roles), Email: p.Email, Quota: p.Quota,
			Mobile: privacy.Normalize(p.Mobile).Masked(), Question: p.Answered, Disabled: p.Disabled, LastSignIn: p.LastSignIn,
		})
	}
	return view, nil
}

// reachOfDepartment lists the units the asker looks after and checks that the one named is among
// them; the empty one is the asker's own. A clerk sees its own unit, the administrator every one.
func (s *Service) reachOfDepartment(ctx context.Context, who Identity, unit *string) ([]string, error) {
	if *unit == "" && who.Unit != nil {
		*unit = who.Unit.ID
	}
	all, err := s.house.all(ctx)
	if err != nil {
		return nil, err
	}
	var reach []string
	for _, u := range all {
		switch {
		case who.Can(directory.AdminAccounts):
			reach = append(reach, u.ID)
		case who.Unit == nil:
		case u.ID == who.Unit.ID, who.Can(directory.DepartmentAdmin) && u.Parent == who.Unit.ID:
			reach = append(reach, u.ID)
		}
	}
	if !slices.Contains(reach, *unit) {
		return nil, fmt.Errorf("department %q: %w", *unit, ErrNotFound)
	}
	return reach, nil
}

// mayManage checks that the asker looks after the unit.
func (s *Service) mayManage(ctx context.Context, who Identity, unit string) error {
	if !who.Can(directory.DepartmentAdmin) && !who.Can(directory.AdminAccounts) {
		return fmt.Errorf("%w: %s", ErrForbidden, directory.DepartmentAdmin)
	}
	_, err := s.reachOfDepartment(ctx, who, &unit)
	return err
}

// SaveDepartment changes 部门信息. ErrForbidden, ErrNotFound, directory.ErrInvalid.
func (s *Service) SaveDepartment(ctx context.Context, who Identity, unit string, in UnitInfoChange) error {
	if err := s.mayManage(ctx, who, unit); err != nil {
		return err
	}
	d, err := s.store.UnitDetails(ctx, unit)
	if err != nil {
		return err
	}
	for field, value := range map[*string]*string{&d.Duties: in.Duties, &d.Phone: in.Phone} {
		if value != nil {
			*field = strings.TrimSpace(*value)
		}
	}
	for field, value := range map[*bool]*bool{&d.Approval: in.Approval, &d.SignReturn: in.SignReturn} {
		if value != nil {
			*field = *value
		}
	}
	if in.Info != nil {
		d.Info = *in.Info
	}
	if in.Rota != nil {
		if err := in.Rota.Validate(); err != nil {
			return err
		}
		d.Rota = *in.Rota
	}
	if err := s.store.SaveUnitDetails(ctx, d); err != nil {
		return err
	}
	s.house.forget()
	return s.Audit(ctx, who, "department.save", unit, "")
}

// DutyPhone is the number of the unit's duty phone now; of the unit above where it has none.
// ErrNoNumber.
func (s *Service) DutyPhone(ctx context.Context, unit string) (privacy.Phone, error) {
	for range 4 { // levels
		d, err := s.store.UnitDetails(ctx, unit)
		if err != nil {
			return "", err
		}
		phone, _ := d.Rota.On(s.today())
		if phone == "" {
			phone = d.Phone // without a rota, the office's own
		}
		if number := privacy.Normalize(phone); number != "" {
			return number, nil
		}
		if d.Parent == "" {
			break
		}
		unit = d.Parent
	}
	return "", fmt.Errorf("duty phone of %s: %w", unit, ErrNoNumber)
}

// AddPerson is 人员添加. The account can do nothing until a role is given. ErrForbidden,
// ErrNotFound, ErrExists, directory.ErrInvalid, ErrWeakPassword.
func (s *Service) AddPerson(ctx context.Context, who Identity, in NewPerson) error {
	if err := s.mayManage(ctx, who, in.Unit); err != nil {
		return err
	}
	d, err := s.store.UnitDetails(ctx, in.Unit)
	if err != nil {
		return err
	}
	switch {
	case !validAccountName(in.Account):
		return fmt.Errorf("%w: 登录账号须为 2 到 32 位小写字母、数字或连字符", directory.ErrInvalid)
	case strings.TrimSpace(in.Name) == "":
		return fmt.Errorf("%w: 请填写领导/经办人姓名", directory.ErrInvalid)
	case (strings.TrimSpace(in.Question) == "") != (strings.TrimSpace(in.Answer) == ""):
		return fmt.Errorf("%w: 取回密码的问题和答案须一并填写", directory.ErrInvalid)
	}
	if err := s.prefixes.Check(d.District, in.Account); err != nil {
		return err
	}
	hash, err := directory.HashPassword(in.Password)
	if err != nil {
		return err
	}
	a := directory.Account{
		Name: in.Account, PersonName: strings.TrimSpace(in.Name), UnitID: in.Unit, PasswordHash: hash,
		Mobile: privacy.Normalize(in.Mobile).Clear(), CreatedAt: s.clock(),
	}
	if err := s.store.SaveAccount(ctx, a, true, who.Account); err != nil {
		return fmt.Errorf("add person: %w", err)
	}
	if err := s.store.SavePersonExtras(ctx, a.Name, PersonExtras{Quota: in.Quota, Email: strings.TrimSpace(in.Email)}); err != nil {
		return err
	}
	if in.Question != "" {
		if err := s.setQuestion(ctx, a.Name, in.Question, in.Answer); err != nil {
			return err
		}
	}
	return s.Audit(ctx, who, "account.create", a.Name, "")
}

// ChangePerson edits somebody of the asker's units: name, mobile, quota, roles (分配角色), password.
func (s *Service) ChangePerson(ctx context.Context, who Identity, account string, in PersonChange) error {
	a, err := s.managed(ctx, who, account)
	if err != nil {
		return err
	}
	if account == who.Account && in.Roles != nil {
		return fmt.Errorf("%w: 不能更改自己的角色", directory.ErrInvalid)
	}
	if in.Roles != nil {
		for _, r := range *in.Roles {
			if r != tickets.UnitClerk && r != tickets.UnitLeader {
				return fmt.Errorf("%w: 只能分配职能部门(经办)或职能部门(领导)", directory.ErrInvalid)
			}
		}
		a.Roles = *in.Roles
	}
	if in.Name != nil {
		if a.PersonName = strings.TrimSpace(*in.Name); a.PersonName == "" || utf8.RuneCountInString(a.PersonName) > 40 {
			return fmt.Errorf("%w: 请填写领导/经办人姓名", directory.ErrInvalid)
		}
	}
	if in.Mobile != nil {
		a.Mobile = privacy.Normalize(*in.Mobile).Clear()
	}
	if err := s.store.SaveAccount(ctx, a, false, who.Account); err != nil {
		return fmt.Errorf("change person: %w", err)
	}
	if in.Quota != nil || in.Email != nil {
		x, err := s.store.PersonExtras(ctx, account)
		if err != nil {
			return err
		}
		if in.Quota != nil {
			x.Quota = *in.Quota
		}
		if in.Email != nil {
			x.Email = strings.TrimSpace(*in.Email)
		}
		if err := s.store.SavePersonExtras(ctx, account, x); err != nil {
			return err
		}
	}
	if in.Password != "" {
		return s.setPassword(ctx, who, account, in.Password)
	}
	return s.Audit(ctx, who, "account.change", account, roleList(a.Roles))
}

// managed reads an account of the units that the asker looks after. ErrNotFound: another's.
func (s *Service) managed(ctx context.Context, who Identity, account string) (directory.Account, error) {
	a, err := s.store.Account(ctx, account)
	if err != nil {
		return a, fmt.Errorf("account %s: %w", account, err)
	}
	if a.UnitID == "" || slices.ContainsFunc(a.Roles, func(r tickets.Role) bool { return r != tickets.UnitClerk && r != tickets.UnitLeader }) {
		return a, fmt.Errorf("account %s is the hotline's: %w", account, ErrNotFound)
	}
	return a, s.mayManage(ctx, who, a.UnitID)
}

// ErrHasWork is an account that still has open tickets in hand.
var ErrHasWork = errors.New("the account still has open tickets in hand")

// DeletePerson takes an account away for good; what it did keeps its name. ErrHasWork,
// ErrNotFound, directory.ErrInvalid for the own one.
func (s *Service) DeletePerson(ctx context.Context, who Identity, account string) error {
	if account == who.Account {
		return fmt.Errorf("%w: 不能删除自己的账号", directory.ErrInvalid)
	}
	if _, err := s.managed(ctx, who, account); err != nil {
		return err
	}
	n, err := s.store.OpenWorkOf(ctx, account)
	if err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("%w: 该账号还有 %d 件在办工单，请先转交", ErrHasWork, n)
	}
	if err := s.store.DeletePerson(ctx, account, s.clock()); err != nil {
		return err
	}
	return s.Audit(ctx, who, "account.delete", account, "")
}
