package server

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
)

func TestFloorMetricsFollowCallsAndSeats(t *testing.T) {
	r := prometheus.NewRegistry()
	m := newFloorMetrics(r)
	end, err := json.Marshal(calls.Ended{End: calls.End{Side: calls.SideCitizen, Stage: calls.StageQueue, Cause: calls.CauseQueueAbandoned}})
	require.NoError(t, err)
	m.Follow(floor.Update{Event: &calls.Event{Type: calls.CallEnded, Data: end}})
	m.Follow(floor.Update{Seat: &floor.SeatView{Seat: "8001", State: floor.SeatIdle}})
	m.Follow(floor.Update{Seat: &floor.SeatView{Seat: "8001", State: floor.SeatTalking}})
	m.Follow(floor.Update{Seat: &floor.SeatView{Seat: "8002", State: floor.SeatIdle}})
	m.Follow(floor.Update{Queue: &floor.QueueView{Queue: "general", Waiting: 7}})
	m.Follow(floor.Update{Alarm: &floor.Alarm{Code: "a", On: true}})
	require.NoError(t, testutil.GatherAndCompare(r, strings.NewReader(`
# HELP hotline_floor_alarms Alarms that stand now.
# TYPE hotline_floor_alarms gauge
hotline_floor_alarms 1
# HELP hotline_floor_call_ends_total Ends of calls, by side, stage and cause.
# TYPE hotline_floor_call_ends_total counter
hotline_floor_call_ends_total{cause="queue_abandoned",side="citizen",stage="queue"} 1
# HELP hotline_floor_seats Seats now, by state.
# TYPE hotline_floor_seats gauge
hotline_floor_seats{state="idle"} 1
hotline_floor_seats{state="talking"} 1
# HELP hotline_floor_waiting Callers waiting now, by queue.
# TYPE hotline_floor_waiting gauge
hotline_floor_waiting{queue="general"} 7
`), "hotline_floor_alarms", "hotline_floor_call_ends_total", "hotline_floor_seats", "hotline_floor_waiting"))
}
