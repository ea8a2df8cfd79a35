package asterisk

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/open12345/hotline/cti"
)

// reader reads one event socket. Until open is called it keeps what it reads, so that nothing
// is told before Connected.
type reader struct {
	d    *Driver
	ws   *websocket.Conn
	done chan struct{}
	err  error // after done

	mu      sync.Mutex
	isOpen  bool
	waiting [][]byte
}

var errOverflow = errors.New("the consumer of events is too far behind")

func (r *reader) read() {
	defer close(r.done)
	defer r.ws.Close()
	quiet := r.d.cfg.SilentAfter
	alive := func() error { return r.ws.SetReadDeadline(time.Now().Add(quiet + r.d.cfg.PingEvery)) }
	r.ws.SetReadLimit(4 << 20)
	r.ws.SetPongHandler(func(string) error { return r.ws.SetReadDeadline(time.Now().Add(quiet)) })
	if r.err = alive(); r.err != nil {
		return
	}
	for {
		_, frame, err := r.ws.ReadMessage()
		if err != nil {
			r.err = fmt.Errorf("reading events: %w", err)
			return
		}
		if r.err = r.ws.SetReadDeadline(time.Now().Add(quiet)); r.err != nil {
			return
		}
		r.mu.Lock()
		var ok bool
		if r.isOpen {
			ok = r.d.receive(frame)
		} else {
			r.waiting = append(r.waiting, frame)
			ok = len(r.waiting) <= r.d.cfg.QueueLimit
		}
		r.mu.Unlock()
		if !ok {
			r.d.metrics.overflows.Inc()
			r.d.log.Error("ALARM: events pile up, giving the connection up to start from a fresh list", "limit", r.d.cfg.QueueLimit)
			r.err = errOverflow
			return
		}
	}
}

// open tells what was kept, and from now on everything at once.
func (r *reader) open() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, frame := range r.waiting {
		if !r.d.receive(frame) {
			r.ws.Close()
			break
		}
	}
	r.waiting, r.isOpen = nil, true
}

// ping keeps asking for a sign of life until the reader is done.
func (r *reader) ping(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-r.done:
			return
		case <-t.C:
			if err := r.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(every)); err != nil {
				r.ws.Close()
				return
			}
		}
	}
}

// receive takes one frame; false means that the consumer is too far behind.
func (d *Driver) receive(frame []byte) bool {
	d.mu.Lock()
	events, known, err := d.track.translate(frame)
	var flush []flush
	for _, e := range events {
		flush = append(flush, d.track.flushAfter(e)...)
	}
	d.mu.Unlock()
	if known != "" {
		d.metrics.events.WithLabelValues(known).Inc()
	}
	if err != nil {
		d.metrics.malformed.Inc()
		d.log.Warn("event of the switch skipped", "err", err)
		return true
	}
	if len(events) == 1 {
		if r, ok := events[0].(cti.Replaced); ok {
			d.stepDown(r.Reason)
			return true
		}
	}
	if len(events) > 0 && !d.queue.put(events...) {
		return false
	}
	for _, f := range flush {
		d.wg.Go(func() { d.flushVars(f) })
	}
	return true
}
