package service_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

func newPerson(account string) service.NewPerson {
	return service.NewPerson{
		Unit: "xxb", Name: "陈经办", Account: account, Password: password, Question: "您的出生地是？", Answer: "和 宁", Mobile: "13800138009",
	}
}

func TestALeaderAddsPeopleOfTheOwnUnitAndBelow(t *testing.T) {
	b := setup(t)
	leader := b.as("pt-xxb")
	require.NoError(t, b.AddPerson(b.ctx, leader, newPerson("pt-xxb-chen")))
	_, err := b.SignIn(b.ctx, "pt-xxb-chen", password, "")
	var refused *service.SignInRefused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, service.RefusedNoRole, refused.Code, "without a role it can do nothing")

	roles := []tickets.Role{tickets.UnitClerk}
	require.NoError(t, b.ChangePerson(b.ctx, leader, "pt-xxb-chen", service.PersonChange{Roles: &roles}))
	who, err := b.SignIn(b.ctx, "pt-xxb-chen", password, "")
	require.NoError(t, err)
	require.Equal(t, roles, who.Roles)

	below := newPerson("pt-xxb-xxk-li")
	below.Unit = "xxb-xxk"
	require.NoError(t, b.AddPerson(b.ctx, leader, below))
	elsewhere := newPerson("pt-other")
	elsewhere.Unit = "nowhere"
	require.ErrorIs(t, b.AddPerson(b.ctx, leader, elsewhere), service.ErrNotFound)
	require.ErrorIs(t, b.AddPerson(b.ctx, who, newPerson("pt-xxb-wang")), service.ErrForbidden, "a clerk adds nobody")

	admin := []tickets.Role{tickets.Admin}
	require.ErrorIs(t, b.ChangePerson(b.ctx, leader, "pt-xxb-chen", service.PersonChange{Roles: &admin}), directory.ErrInvalid)
	require.ErrorIs(t, b.ChangePerson(b.ctx, leader, "paidan", service.PersonChange{Roles: &roles}), service.ErrNotFound, "the hotline's people are not his")
}

func TestADeletedPersonIsGoneAndKeepsItsName(t *testing.T) {
	b := setup(t)
	leader := b.as("pt-xxb")
	require.NoError(t, b.AddPerson(b.ctx, leader, newPerson("pt-xxb-chen")))
	require.ErrorIs(t, b.DeletePerson(b.ctx, leader, "pt-xxb"), directory.ErrInvalid, "not oneself")
	require.NoError(t, b.DeletePerson(b.ctx, leader, "pt-xxb-chen"))
	view, err := b.Department(b.ctx, leader, "")
	require.NoError(t, err)
	for _, p := range view.People {
		require.NotEqual(t, "pt-xxb-chen", p.Account)
	}
	_, err = b.SignIn(b.ctx, "pt-xxb-chen", password, "")
	require.Error(t, err)
	a, err := b.store.Account(b.ctx, "pt-xxb-chen")
	require.NoError(t, err)
	require.Equal(t, "陈经办", a.PersonName)
}

func TestAForgottenPasswordComesBackByTheQuestion(t *testing.T) {
	b := setup(t)
	leader := b.as("pt-xxb")
	require.NoError(t, b.AddPerson(b.ctx, leader, newPerson("pt-xxb-chen")))
	roles := []tickets.Role{tickets.UnitClerk}
	require.NoError(t, b.ChangePerson(b.ctx, leader, "pt-xxb-chen", service.PersonChange{Roles: &roles}))
	question, err := b.SecurityQuestionOf(b.ctx, "pt-xxb-chen")
	require.NoError(t, err)
	require.Equal(t, "您的出生地是？", question)
	absent, err := b.SecurityQuestionOf(b.ctx, "nobody-here")
	require.NoError(t, err)
	require.NotEmpty(t, absent, "an account that isn't there is asked something too")

	const fresh = "another-long-password"
	require.ErrorIs(t, b.ResetByQuestion(b.ctx, "pt-xxb-chen", "上海", fresh, ""), service.ErrBadAnswer)
	require.ErrorIs(t, b.ResetByQuestion(b.ctx, "nobody-here", "上海", fresh, ""), service.ErrBadAnswer)
	require.ErrorIs(t, b.ResetByQuestion(b.ctx, "pt-xxb", "", fresh, ""), service.ErrBadAnswer, "no question was set")
	before := b.as("pt-xxb-chen").PasswordAt
	b.clock = b.clock.Add(time.Minute)
	require.NoError(t, b.ResetByQuestion(b.ctx, "pt-xxb-chen", "和宁", fresh, ""))
	_, err = b.SignIn(b.ctx, "pt-xxb-chen", fresh, "")
	require.NoError(t, err)
	require.True(t, b.as("pt-xxb-chen").PasswordAt.After(before), "sessions of the old password have ended")
}

func TestThreeWrongAnswersLockTheQuestion(t *testing.T) {
	b := setup(t)
	require.NoError(t, b.AddPerson(b.ctx, b.as("pt-xxb"), newPerson("pt-xxb-chen")))
	const fresh = "another-long-password"
	for range 3 {
		require.ErrorIs(t, b.ResetByQuestion(b.ctx, "pt-xxb-chen", "上海", fresh, ""), service.ErrBadAnswer)
	}
	require.ErrorIs(t, b.ResetByQuestion(b.ctx, "pt-xxb-chen", "和宁", fresh, ""), service.ErrBadAnswer, "locked, even for the right one")
	b.clock = b.clock.Add(61 * time.Minute)
	require.NoError(t, b.ResetByQuestion(b.ctx, "pt-xxb-chen", "和宁", fresh, ""))
}

func TestTheDutyPhoneIsTheRotasOrTheUnitAboves(t *testing.T) {
	b := setup(t)
	leader := b.as("pt-xxb")
	_, err := b.DutyPhone(b.ctx, "xxb-xxk")
	require.ErrorIs(t, err, service.ErrNoNumber)
	rota := directory.Rota{Phone: "05942200001", Weekly: []directory.Turn{{Days: []int{2}, From: "08:00", To: "18:00", Name: "周二班", Phone: "05942200002"}}}
	require.NoError(t, b.SaveDepartment(b.ctx, leader, "xxb", service.UnitInfoChange{Rota: &rota}))
	phone, err := b.DutyPhone(b.ctx, "xxb-xxk")
	require.NoError(t, err)
	require.Equal(t, "05942200002", phone.Clear(), "10:00 on a Tuesday in the hotline's zone")
	b.clock = b.clock.Add(24 * time.Hour)
	phone, err = b.DutyPhone(b.ctx, "xxb")
	require.NoError(t, err)
	require.Equal(t, "05942200001", phone.Clear())
}

func TestAnAnnouncementIsReadByWhomItIsMeantFor(t *testing.T) {
	b := setup(t)
	office := b.as("rexianban")
	a, err := b.Announce(b.ctx, office, service.AnnouncementRequest{Title: "值班安排", Text: "请各单位报送", Audience: "chosen", Units: []string{"xxb"}, MustConfirm: true})
	require.NoError(t, err)
	list, err := b.Announcements(b.ctx, b.as("8001"), false)
	require.NoError(t, err)
	require.Empty(t, list, "it is not the agents'")
	require.ErrorIs(t, b.ReadAnnouncement(b.ctx, b.as("8001"), a.ID), service.ErrNotFound)

	unit := b.as("pt-xxb")
	list, err = b.Announcements(b.ctx, unit, false)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Zero(t, list[0].ReadAt)
	require.NoError(t, b.ReadAnnouncement(b.ctx, unit, a.ID))
	readers, err := b.Readers(b.ctx, office, a.ID)
	require.NoError(t, err)
	require.Zero(t, readers[0].ReadAt, "who has not read stands first")
	require.Equal(t, "pt-xxb", readers[len(readers)-1].Account)
	require.Equal(t, b.clock, readers[len(readers)-1].ReadAt)

	_, err = b.ChangeAnnouncement(b.ctx, office, a.ID, service.AnnouncementRequest{Title: "值班安排（更正）", Text: "请报送", Audience: "all"})
	require.NoError(t, err)
	list, err = b.Announcements(b.ctx, unit, false)
	require.NoError(t, err)
	require.Zero(t, list[0].ReadAt, "a new version is to be read again")
	require.NoError(t, b.WithdrawAnnouncement(b.ctx, office, a.ID))
	list, err = b.Announcements(b.ctx, unit, false)
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = b.Announce(b.ctx, unit, service.AnnouncementRequest{Title: "x", Text: "y", Audience: "all"})
	require.ErrorIs(t, err, service.ErrForbidden)
}
