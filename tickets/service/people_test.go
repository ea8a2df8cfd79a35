package service_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/service"
)

func signInCode(t *testing.T, err error) *service.SignInRefused {
	t.Helper()
	var refused *service.SignInRefused
	require.ErrorAs(t, err, &refused)
	return refused
}

func TestSignInCountsFailuresAndLocks(t *testing.T) {
	b := setup(t)
	who, err := b.SignIn(b.ctx, "8001", password, "10.0.0.9")
	require.NoError(t, err)
	require.Equal(t, "8001", who.Seat)
	require.Contains(t, who.Permissions, directory.FloorSeat)

	for n := 1; n <= 5; n++ {
		_, err = b.SignIn(b.ctx, "8001", "wrong-password", "10.0.0.9")
		refused := signInCode(t, err)
		require.Equal(t, n >= 3, refused.CaptchaRequired, "try %d", n)
		if n < 5 {
			require.Equal(t, service.RefusedCredentials, refused.Code)
		} else {
			require.Equal(t, service.RefusedLocked, refused.Code)
		}
	}
	_, err = b.SignIn(b.ctx, "8001", password, "10.0.0.9")
	require.Equal(t, service.RefusedLocked, signInCode(t, err).Code, "the right password doesn't open a locked account")
	require.NoError(t, b.Unlock(b.ctx, b.as("admin"), "8001"))
	_, err = b.SignIn(b.ctx, "8001", password, "10.0.0.9")
	require.NoError(t, err)

	_, err = b.SignIn(b.ctx, "no-such-account", password, "10.0.0.9")
	require.Equal(t, service.RefusedCredentials, signInCode(t, err).Code)
	_, err = b.SignIn(b.ctx, "nobody", password, "10.0.0.9")
	require.Equal(t, service.RefusedNoRole, signInCode(t, err).Code)
}

func TestLockEndsByTime(t *testing.T) {
	b := setup(t)
	for range 5 {
		_, _ = b.SignIn(b.ctx, "8002", "wrong-password", "")
	}
	b.clock = b.clock.Add(10 * time.Minute)
	_, err := b.SignIn(b.ctx, "8002", password, "")
	require.NoError(t, err)
}

func TestTokensWorkUntilRevokedOrOver(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	token, secret, err := b.CreateToken(b.ctx, admin, "8001", "CTI", b.clock.Add(time.Hour))
	require.NoError(t, err)
	who, err := b.IdentityByToken(b.ctx, secret)
	require.NoError(t, err)
	require.Equal(t, "8001", who.Account)
	_, err = b.IdentityByToken(b.ctx, secret+"x")
	require.ErrorIs(t, err, service.ErrNotFound)
	require.NoError(t, b.RevokeToken(b.ctx, admin, token.ID))
	_, err = b.IdentityByToken(b.ctx, secret)
	require.ErrorIs(t, err, service.ErrNotFound)
	require.ErrorIs(t, b.RevokeToken(b.ctx, admin, token.ID), service.ErrNotFound)

	_, secret, err = b.CreateToken(b.ctx, admin, "8001", "short", b.clock.Add(time.Minute))
	require.NoError(t, err)
	b.clock = b.clock.Add(2 * time.Minute)
	_, err = b.IdentityByToken(b.ctx, secret)
	require.ErrorIs(t, err, service.ErrNotFound)
}

func TestAdministrationOfPeople(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	fresh := service.AccountChange{Account: "8009", Name: ptr("新坐席"), Password: "another-password", Mobile: ptr("13800000009")}
	require.ErrorIs(t, b.CreateAccount(b.ctx, b.as("banzhang"), fresh), service.ErrForbidden)
	require.NoError(t, b.CreateAccount(b.ctx, admin, fresh))
	require.ErrorIs(t, b.CreateAccount(b.ctx, admin, fresh), service.ErrExists)
	_, err := b.SignIn(b.ctx, "8009", "another-password", "")
	require.Equal(t, service.RefusedNoRole, signInCode(t, err).Code, "creating and giving a role are two steps")
	require.NoError(t, b.ChangeAccount(b.ctx, admin, "8009", service.AccountChange{Roles: &[]tickets.Role{tickets.Agent}}))
	_, err = b.SignIn(b.ctx, "8009", "another-password", "")
	require.NoError(t, err)

	list, err := b.Accounts(b.ctx, admin, "新坐")
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "138****0009", list[0].Mobile)
	require.ErrorIs(t, b.ChangeAccount(b.ctx, admin, "8009", service.AccountChange{Roles: &[]tickets.Role{"king"}}), directory.ErrInvalid)
	require.ErrorIs(t, b.ChangeAccount(b.ctx, admin, "admin", service.AccountChange{Disabled: ptr(true)}), directory.ErrInvalid)
	require.ErrorIs(t, b.ChangeAccount(b.ctx, admin, "8009", service.AccountChange{Unit: ptr("no-such-unit")}), service.ErrNotFound)
	for _, bad := range []string{"", "X", "has space", "名字"} {
		require.ErrorIs(t, b.CreateAccount(b.ctx, admin, service.AccountChange{Account: bad, Name: ptr("n"), Password: "another-password"}), directory.ErrInvalid)
	}

	require.NoError(t, b.ChangeAccount(b.ctx, admin, "8009", service.AccountChange{Disabled: ptr(true)}))
	_, err = b.SignIn(b.ctx, "8009", "another-password", "")
	require.Equal(t, service.RefusedCredentials, signInCode(t, err).Code)

	agent := b.as("8001")
	require.ErrorIs(t, b.ChangePassword(b.ctx, agent, "wrong-password", "fresh-password"), directory.ErrBadPassword)
	require.ErrorIs(t, b.ChangePassword(b.ctx, agent, password, "short"), directory.ErrWeakPassword)
	require.NoError(t, b.ChangePassword(b.ctx, agent, password, "fresh-password"))
	_, err = b.SignIn(b.ctx, "8001", "fresh-password", "")
	require.NoError(t, err)
}

func TestAdministrationOfTheHouse(t *testing.T) {
	b := setup(t)
	admin := b.as("admin")
	seat := directory.Seat{ID: "8010", Account: "banzhang", Skills: map[string]int{"general": 3}, Queues: []string{"general"}, WrapUpS: 20}
	require.ErrorIs(t, b.SaveSeat(b.ctx, admin, seat, true), directory.ErrInvalid, "a supervisor works at no seat")
	seat.Account = "8001"
	require.ErrorIs(t, b.SaveSeat(b.ctx, admin, seat, true), service.ErrExists, "one account, one seat")
	seat.Account = ""
	require.NoError(t, b.SaveSeat(b.ctx, admin, seat, true))
	seat.Skills = map[string]int{"no-such-skill": 3}
	require.ErrorIs(t, b.SaveSeat(b.ctx, admin, seat, false), service.ErrNotFound)

	profiles, err := b.SeatProfiles(b.ctx)
	require.NoError(t, err)
	require.Len(t, profiles, 3)
	require.NotEmpty(t, profiles[2].PhoneHA1, "a new seat's phone gets a generated password")
	own, err := b.SeatProfile(b.ctx, "8001")
	require.NoError(t, err)
	require.Equal(t, service.SeatProfile{
		Seat: "8001", Account: "8001", Name: "人8001", Group: "一组", Skills: map[string]int{"general": 5}, Queues: []string{"general"},
		WrapUp: 30 * time.Second, PhoneHA1: service.HA1("8001", "asterisk", "secret"),
	}, own)
	_, err = b.SeatProfile(b.ctx, "banzhang")
	require.ErrorIs(t, err, service.ErrNoSeat)

	queue := queueOf("night", "夜间")
	queue.Relax = []directory.Relax{{AfterS: 30, Skill: "general", Level: 0}}
	require.NoError(t, b.SaveQueue(b.ctx, admin, queue))
	queues, err := b.Queues(b.ctx)
	require.NoError(t, err)
	require.Len(t, queues, 2)
	require.Equal(t, queue.Relax, queues[1].Relax)
	require.ErrorIs(t, b.SaveQueue(b.ctx, admin, directory.Queue{ID: "x"}), directory.ErrInvalid)

	require.ErrorIs(t, b.SaveLine(b.ctx, admin, directory.Line{Called: "12315", Label: "x", Queue: "no-such-queue"}), directory.ErrInvalid)
	require.NoError(t, b.SaveLine(b.ctx, admin, directory.Line{Called: "12315", Label: "12315", Queue: "night"}))
	line, err := b.Line(b.ctx, "12315")
	require.NoError(t, err)
	require.Equal(t, "night", line.Queue)
	_, err = b.Line(b.ctx, "99999")
	require.ErrorIs(t, err, service.ErrNoLine)

	id, err := b.SaveClass(b.ctx, admin, directory.Class{Parent: "env", Name: "扬尘"})
	require.NoError(t, err)
	found, err := b.Classes(b.ctx, "yc")
	require.NoError(t, err)
	require.Equal(t, id, found[0].ID)
	_, err = b.SaveClass(b.ctx, admin, directory.Class{ID: "env", Parent: id, Name: "环境保护"})
	require.ErrorIs(t, err, directory.ErrInvalid, "no class below itself")

	for name, act := range map[string]error{
		"queue": b.SaveQueue(b.ctx, b.as("8001"), queue), "seat": b.SaveSeat(b.ctx, b.as("8001"), seat, false),
		"line": b.SaveLine(b.ctx, b.as("8001"), line), "skill": b.SaveSkill(b.ctx, b.as("8001"), directory.Skill{}),
	} {
		require.ErrorIs(t, act, service.ErrForbidden, name)
	}
}

func TestBlacklist(t *testing.T) {
	b := setup(t)
	boss := b.as("banzhang")
	entry := directory.BlackEntry{Number: "13800005678", Reason: "多次恶意骚扰", Until: b.clock.Add(24 * time.Hour)}
	require.ErrorIs(t, b.BlacklistNumber(b.ctx, b.as("8001"), entry), service.ErrForbidden)
	require.ErrorIs(t, b.BlacklistNumber(b.ctx, boss, directory.BlackEntry{Number: "13800005678", Until: entry.Until}), directory.ErrInvalid)
	require.NoError(t, b.BlacklistNumber(b.ctx, boss, entry))
	listed, err := b.Blacklisted(b.ctx, "+8613800005678")
	require.NoError(t, err)
	require.True(t, listed)
	views, err := b.Blacklist(b.ctx, boss)
	require.NoError(t, err)
	require.Equal(t, "138****5678", views[0].Masked)
	b.clock = b.clock.Add(25 * time.Hour)
	listed, err = b.Blacklisted(b.ctx, "13800005678")
	require.NoError(t, err)
	require.False(t, listed, "it ends by time")
	require.NoError(t, b.UnblacklistNumber(b.ctx, boss, "13800005678"))
	require.ErrorIs(t, b.UnblacklistNumber(b.ctx, boss, "13800005678"), service.ErrNotFound)
}
