package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
)

// TestAPageHearsOnlyOfWhatItsPersonMaySee holds the live socket to the scope of lists and pages.
func TestAPageHearsOnlyOfWhatItsPersonMaySee(t *testing.T) {
	who := func(account string, units []string, roles ...tickets.Role) *socket {
		return &socket{identity: Identity{Account: account, Roles: roles}, units: units}
	}
	agent, boss := who("8001", nil, tickets.Agent), who("banzhang", nil, tickets.Supervisor)
	clerk, leader := who("pt-xxb-jb", []string{"xxb"}, tickets.UnitClerk), who("pt-xxb", []string{"xxb", "xxb-xxk"}, tickets.UnitLeader)
	admin := who("admin", []string{}, tickets.Admin)
	for name, tc := range map[string]struct {
		change DeskChange
		heard  []*socket
		not    []*socket
	}{
		"a ticket of the own unit": {
			DeskChange{Kind: "ticket", Ticket: "t", Units: []string{"zjj", "xxb"}}, []*socket{agent, boss, clerk, leader}, []*socket{admin},
		},
		"a ticket of a unit below": {
			DeskChange{Kind: "ticket", Ticket: "t", Units: []string{"xxb-xxk"}}, []*socket{agent, leader}, []*socket{clerk, admin},
		},
		"a ticket of another unit": {
			DeskChange{Kind: "ticket", Ticket: "t", Units: []string{"zjj"}}, []*socket{agent, boss}, []*socket{clerk, leader},
		},
		"a ticket that no unit has": {DeskChange{Kind: "ticket", Ticket: "t"}, []*socket{agent}, []*socket{clerk, leader}},
		"a draft": {
			DeskChange{Kind: "ticket", Ticket: "t", Account: "8001"}, []*socket{agent, boss}, []*socket{who("8002", nil, tickets.Agent), clerk},
		},
		"a call of another unit's ticket": {
			DeskChange{Kind: "call", Call: "c", Ticket: "t", Units: []string{"zjj"}}, []*socket{agent, boss}, []*socket{clerk, leader, admin},
		},
		"a call of the own ticket":  {DeskChange{Kind: "call", Call: "c", Ticket: "t", Units: []string{"xxb"}}, []*socket{clerk}, nil},
		"a recording":               {DeskChange{Kind: "recording", Call: "c", Ticket: "t"}, []*socket{agent}, []*socket{clerk, leader}},
		"a callback":                {DeskChange{Kind: "callback", Callback: "x"}, []*socket{agent}, []*socket{clerk, leader}},
		"a notice of one person":    {DeskChange{Kind: "notice", Account: "pt-xxb-jb"}, []*socket{clerk}, []*socket{agent, leader}},
		"the house, and everything": {DeskChange{Kind: "directory"}, []*socket{agent, clerk, leader, admin}, nil},
	} {
		for _, s := range tc.heard {
			require.True(t, s.sees(tc.change), "%s hears of %s", s.identity.Account, name)
		}
		for _, s := range tc.not {
			require.False(t, s.sees(tc.change), "%s hears nothing of %s", s.identity.Account, name)
		}
	}
}
