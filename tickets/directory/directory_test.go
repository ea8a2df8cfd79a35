package directory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
)

func TestPasswords(t *testing.T) {
	_, err := directory.HashPassword("short")
	require.ErrorIs(t, err, directory.ErrWeakPassword)
	hash, err := directory.HashPassword("hotline-demo")
	require.NoError(t, err)
	require.NoError(t, directory.CheckPassword("hotline-demo", hash))
	require.ErrorIs(t, directory.CheckPassword("hotline-demO", hash), directory.ErrBadPassword)
	require.ErrorIs(t, directory.SpendPasswordTime("whatever"), directory.ErrBadPassword)
	_, err = directory.HashPassword("十个汉字的密码也可以用")
	require.NoError(t, err)
}

func TestFailuresLockAndTimeUnlocks(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	policy := directory.LockPolicy{After: 3, For: 10 * time.Minute}
	a := directory.Account{}
	for range 2 {
		a = a.Failed(policy, now)
		require.False(t, a.Locked(now))
	}
	a = a.Failed(policy, now)
	require.True(t, a.Locked(now.Add(9*time.Minute)))
	require.False(t, a.Locked(now.Add(10*time.Minute)))
	a = a.Failed(policy, now).Succeeded(now)
	require.Zero(t, a.Failures)
	require.False(t, a.Failed(directory.LockPolicy{}, now).Locked(now), "no policy never locks")
}

func TestRights(t *testing.T) {
	require.Empty(t, directory.Permissions(nil), "an account without a role can do nothing")
	agent := []tickets.Role{tickets.Agent}
	require.Equal(t, directory.ScopeOwn, directory.ScopeOf(agent, directory.CallList))
	require.Equal(t, directory.ScopeNone, directory.ScopeOf(agent, directory.AdminAccounts))
	require.Equal(t, directory.ScopeAll, directory.ScopeOf([]tickets.Role{tickets.Agent, tickets.Supervisor}, directory.CallList), "the widest wins")
	require.Equal(t, directory.ScopeUnit, directory.ScopeOf([]tickets.Role{tickets.UnitClerk}, directory.TicketList))
	require.Equal(t, directory.ScopeSubtree, directory.ScopeOf([]tickets.Role{tickets.UnitLeader}, directory.TicketList))
	require.NotContains(t, directory.Permissions([]tickets.Role{tickets.Admin}), directory.CallPlay, "an administrator hears no calls")
	for _, r := range tickets.Roles {
		require.NotEmpty(t, directory.Grants[tickets.Role(r.Code)], "role %s may do nothing", r.Label)
	}
}

func TestInitials(t *testing.T) {
	for text, want := range map[string]string{"噪音扰民": "zyrm", "12315 消费维权": "12315xfwq", "English": "english", "": ""} {
		require.Equal(t, want, directory.Initials(text))
	}
}

func TestHouseRowsAreChecked(t *testing.T) {
	good := directory.Queue{ID: "general", Name: "综合", TargetS: 15, Strategy: directory.LongestIdle}
	require.NoError(t, good.Validate())
	for name, change := range map[string]func(*directory.Queue){
		"no name":             func(q *directory.Queue) { q.Name = "" },
		"no target":           func(q *directory.Queue) { q.TargetS = 0 },
		"an unknown strategy": func(q *directory.Queue) { q.Strategy = "luck" },
		"a level over ten":    func(q *directory.Queue) { q.Skills = map[string]int{"en": 11} },
		"an endless overflow": func(q *directory.Queue) { q.Overflow = []directory.Overflow{{To: "queue:x"}} },
		"a relax at once":     func(q *directory.Queue) { q.Relax = []directory.Relax{{Skill: "en"}} },
	} {
		q := good
		change(&q)
		require.ErrorIs(t, q.Validate(), directory.ErrInvalid, name)
	}
	require.NoError(t, directory.Seat{ID: "8001", Skills: map[string]int{"general": 5}}.Validate())
	for _, s := range []directory.Seat{{ID: "80a1"}, {ID: "1"}, {ID: "8001", WrapUpS: -1}, {ID: "8001", Skills: map[string]int{"x": 0}}} {
		require.ErrorIs(t, s.Validate(), directory.ErrInvalid)
	}
}
