package server

import (
	"encoding/json"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
)

// floorMetrics counts what the floor does. Waits of people and times of machines have scales of
// their own.
type floorMetrics struct {
	events  *prometheus.CounterVec
	ends    *prometheus.CounterVec
	waits   prometheus.Histogram
	talks   prometheus.Histogram
	waiting *prometheus.GaugeVec
	seats   *prometheus.GaugeVec
	alarms  prometheus.Gauge

	mu     sync.Mutex
	states map[string]floor.SeatState // by seat
	raised map[string]bool
}

var _ floor.Follower = (*floorMetrics)(nil)

func newFloorMetrics(r prometheus.Registerer) *floorMetrics {
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "hotline", Subsystem: "floor", Name: name, Help: help}
	}
	people := []float64{1, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600}
	m := &floorMetrics{
		events: prometheus.NewCounterVec(prometheus.CounterOpts(opts("events_total", "Events of the floor, by type.")), []string{"type"}),
		ends: prometheus.NewCounterVec(prometheus.CounterOpts(opts("call_ends_total", "Ends of calls, by side, stage and cause.")),
			[]string{"side", "stage", "cause"}),
		waits: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "hotline", Subsystem: "floor", Name: "wait_seconds",
			Help: "From the entry into the queue to a seat's answer.", Buckets: people}),
		talks: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "hotline", Subsystem: "floor", Name: "talk_seconds",
			Help: "Talk of a seat with a citizen.", Buckets: people}),
		waiting: prometheus.NewGaugeVec(prometheus.GaugeOpts(opts("waiting", "Callers waiting now, by queue.")), []string{"queue"}),
		seats:   prometheus.NewGaugeVec(prometheus.GaugeOpts(opts("seats", "Seats now, by state.")), []string{"state"}),
		alarms:  prometheus.NewGauge(prometheus.GaugeOpts(opts("alarms", "Alarms that stand now."))),
		states:  map[string]floor.SeatState{}, raised: map[string]bool{},
	}
	r.MustRegister(m.events, m.ends, m.waits, m.talks, m.waiting, m.seats, m.alarms)
	return m
}

// Follow implements floor.Follower.
func (m *floorMetrics) Follow(u floor.Update) {
	switch {
	case u.Event != nil:
		m.event(u.Event)
	case u.Queue != nil:
		m.waiting.WithLabelValues(u.Queue.Queue).Set(float64(u.Queue.Waiting))
	case u.Seat != nil:
		m.seat(u.Seat)
	case u.Alarm != nil:
		m.mu.Lock()
		defer m.mu.Unlock()
		if u.Alarm.On {
			m.raised[u.Alarm.Code] = true
		} else {
			delete(m.raised, u.Alarm.Code)
		}
		m.alarms.Set(float64(len(m.raised)))
	}
}

func (m *floorMetrics) event(e *calls.Event) {
	m.events.WithLabelValues(string(e.Type)).Inc()
	switch e.Type {
	case calls.CallAnswered:
		var a calls.Answered
		if json.Unmarshal(e.Data, &a) == nil && a.Queue != "" {
			m.waits.Observe(a.WaitedS)
		}
	case calls.CallSeatLeft:
		var l calls.SeatLeft
		if json.Unmarshal(e.Data, &l) == nil {
			m.talks.Observe(l.TalkS)
		}
	case calls.CallEnded:
		var end calls.Ended
		if json.Unmarshal(e.Data, &end) == nil {
			m.ends.WithLabelValues(string(end.Side), string(end.Stage), string(end.Cause)).Inc()
		}
	}
}

func (m *floorMetrics) seat(v *floor.SeatView) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before, known := m.states[v.Seat]
	if known && before == v.State {
		return
	}
	if known {
		m.seats.WithLabelValues(string(before)).Dec()
	}
	m.seats.WithLabelValues(string(v.State)).Inc()
	m.states[v.Seat] = v.State
}
