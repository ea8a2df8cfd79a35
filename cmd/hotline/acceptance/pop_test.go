package acceptance

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// popCalls is how many calls the claim "in at least 99 % of calls" is measured on.
const popCalls = 60

func TestTheScreenPopStandsInThePageBeforeThePhonesInvite(t *testing.T) {
	boss := supervise(t, shared)
	seat := browse(t, seatTone)
	seat.takeSeat("8001")
	t.Cleanup(func() { signOutByForce(t, boss, "8001") })
	for i := range popCalls {
		caller := dial(t, shared, citizen(t, fmt.Sprintf("138123402%02d", i)), "12345")
		require.NoError(t, caller.Press(within(t), "1"))
		seat.wait("[data-phone][data-call=ringing]")
		require.NoError(t, caller.Hangup(within(t)))
		seat.wait("[data-phone][data-call=idle], [data-phone][data-call=ended]")
		seat.wait("[data-act=state].st-idle")
	}
	var marks struct{ Pop, Invite map[string]float64 }
	require.NoError(t, json.Unmarshal(seat.do("marks", nil), &marks))
	require.Len(t, marks.Invite, popCalls, "every call rang")
	first := 0
	for call, invited := range marks.Invite {
		shown, there := marks.Pop[call]
		require.True(t, there, "call %s had a pop", call)
		if shown <= invited {
			first++
		}
		t.Logf("call %s: pop %.1f ms before the INVITE", call, invited-shown)
	}
	require.GreaterOrEqual(t, float64(first)/popCalls, 0.99, "%d of %d pops were there first", first, popCalls)
	requireQuietSwitch(t, shared)
}
