package asterisk

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	events    *prometheus.CounterVec // by type; types we don't know count as "unknown"
	malformed prometheus.Counter
	requests  *prometheus.CounterVec // by outcome
	latency   prometheus.Histogram
	connects  prometheus.Counter
	losses    prometheus.Counter
	overflows prometheus.Counter
	refused   prometheus.Counter
	connected prometheus.Gauge
}

func newMetrics(node string) *metrics {
	labels := prometheus.Labels{"node": node}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "hotline", Subsystem: "switch", Name: name, Help: help, ConstLabels: labels})
	}
	vec := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "hotline", Subsystem: "switch", Name: name, Help: help, ConstLabels: labels}, []string{label})
	}
	return &metrics{
		events:    vec("events_total", "Events received from the switch, by type.", "type"),
		malformed: counter("malformed_events_total", "Frames of the event socket that could not be read."),
		requests:  vec("requests_total", "Requests to the switch, by outcome.", "outcome"),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "hotline", Subsystem: "switch", Name: "request_seconds",
			Help: "Time the switch took to answer.", ConstLabels: labels, Buckets: []float64{.0005, .001, .002, .005, .01, .05, .2, 1, 2}}),
		connects:  counter("connects_total", "Event sockets opened and set up."),
		losses:    counter("losses_total", "Event sockets lost."),
		overflows: counter("overflows_total", "Times the consumer was so far behind that the connection was given up."),
		refused:   counter("refused_numbers_total", "Outside numbers refused by the allow-list."),
		connected: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "hotline", Subsystem: "switch", Name: "connected",
			Help: "1 while events flow.", ConstLabels: labels}),
	}
}

func (m *metrics) register(r prometheus.Registerer) error {
	var errs []error
	for _, c := range []prometheus.Collector{m.events, m.malformed, m.requests, m.latency, m.connects, m.losses, m.overflows, m.refused, m.connected} {
		errs = append(errs, r.Register(c))
	}
	return errors.Join(errs...)
}
