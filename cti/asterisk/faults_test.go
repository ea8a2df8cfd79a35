package asterisk_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/asterisk"
	"github.com/open12345/hotline/cti/asterisk/faultproxy"
	"github.com/open12345/hotline/cti/switchtest"
)

// next reads events until one of the type comes, within the time.
func next[E cti.Event](t *testing.T, d *asterisk.Driver, within time.Duration) E {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for {
		select {
		case e, open := <-d.Events():
			require.True(t, open, "the events ended")
			if e, ok := e.(E); ok {
				return e
			}
		case <-deadline.C:
			var none E
			require.FailNowf(t, "an event did not come", "%T within %s", none, within)
		}
	}
}

func (l *lab) answered(t *testing.T) (cti.LegID, *party) {
	t.Helper()
	p := l.Dial(t, "13800138000", "12345").(*party)
	leg := next[cti.LegStarted](t, l.driver, patience).Leg.ID
	require.NoError(t, l.driver.Claim(t.Context(), leg))
	require.NoError(t, l.driver.Answer(t.Context(), leg))
	next[cti.LegAnswered](t, l.driver, patience)
	return leg, p
}

// counted adds up one of the driver's counters, of one label value or of all.
func counted(t *testing.T, r *prometheus.Registry, name, label string) (sum float64) {
	t.Helper()
	families, err := r.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			match := label == ""
			for _, l := range m.GetLabel() {
				match = match || l.GetValue() == label
			}
			if f.GetName() == name && match {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}

func TestFaultsBetweenUsAndTheSwitch(t *testing.T) {
	registry := prometheus.NewRegistry()
	l := startLab(t, func(c *asterisk.Config) { c.Registerer = registry })
	ctx := t.Context()
	next[cti.Connected](t, l.driver, patience)

	t.Run("each wrong answer has its meaning and harms nothing", func(t *testing.T) {
		leg, p := l.answered(t)
		for _, row := range []struct {
			fault faultproxy.Fault
			kind  error
		}{
			{faultproxy.Fault{Status: 400, Body: `{"message":"Channel not found"}`}, cti.ErrGone},
			{faultproxy.Fault{Status: 400, Body: `{"message":"Invalid something"}`}, cti.ErrRejected},
			{faultproxy.Fault{Status: 404}, cti.ErrGone},
			{faultproxy.Fault{Status: 409, Body: `{"message":"Channel not in Stasis application"}`}, cti.ErrGone},
			{faultproxy.Fault{Status: 422, Body: `not even JSON`}, cti.ErrGone},
			{faultproxy.Fault{Status: 500, Body: `{"error":"Allocation failed"}`}, cti.ErrRejected},
			{faultproxy.Fault{Status: 503}, cti.ErrUnavailable},
			{faultproxy.Fault{Lose: true}, cti.ErrUnavailable},
		} {
			row.fault.Path, row.fault.Times = "/ring", 1
			l.proxy.Add(row.fault)
			err := l.driver.Ring(ctx, leg)
			require.ErrorIs(t, err, row.kind)
			var e *cti.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, row.fault.Status, e.Status)
		}
		require.NoError(t, l.driver.Ring(ctx, leg))
		p.Hangup(t)
		next[cti.LegEnded](t, l.driver, patience)
	})

	t.Run("a slow answer ends at our own deadline, or at an earlier one", func(t *testing.T) {
		leg, p := l.answered(t)
		l.proxy.Add(faultproxy.Fault{Path: "/ring", Delay: time.Minute, Times: 2})
		began := time.Now()
		require.ErrorIs(t, l.driver.Ring(ctx, leg), cti.ErrUnavailable)
		require.InDelta(t, 2, time.Since(began).Seconds(), 0.5)
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		began = time.Now()
		require.ErrorIs(t, l.driver.Ring(short, leg), cti.ErrUnavailable)
		require.Less(t, time.Since(began), time.Second)
		l.proxy.Clear()
		p.Hangup(t)
		next[cti.LegEnded](t, l.driver, patience)
	})

	t.Run("a silent socket is noticed within three seconds", func(t *testing.T) {
		began := time.Now()
		l.proxy.Silence()
		next[cti.Disconnected](t, l.driver, 4*time.Second)
		require.Less(t, time.Since(began), 3*time.Second)
		next[cti.Connected](t, l.driver, patience)
	})

	t.Run("a broken socket is opened again and events go on", func(t *testing.T) {
		leg, p := l.answered(t)
		l.proxy.Cut()
		next[cti.Disconnected](t, l.driver, time.Second)
		next[cti.Connected](t, l.driver, patience)
		pic, err := l.driver.List(ctx)
		require.NoError(t, err)
		require.Len(t, pic.Legs, 1)
		require.Equal(t, leg, pic.Legs[0].ID)
		p.Hangup(t)
		require.Equal(t, leg, next[cti.LegEnded](t, l.driver, patience).Leg)
	})

	t.Run("while setting up fails, Connected does not come", func(t *testing.T) {
		l.proxy.Add(faultproxy.Fault{Path: "/eventFilter", Status: 500, Times: 2})
		l.proxy.Cut()
		next[cti.Disconnected](t, l.driver, time.Second)
		next[cti.Connected](t, l.driver, patience)
		filters := 0
		for _, r := range l.proxy.Requests() {
			if strings.HasSuffix(r, "/hotline/eventFilter") {
				filters++
			}
		}
		require.Equal(t, 6, filters, "first, after silence, after a break, and three now")
	})

	t.Run("unknown and malformed events are counted and skipped", func(t *testing.T) {
		connects := counted(t, registry, "hotline_switch_connects_total", "")
		for _, frame := range []string{`{"type":"BrandNew"}`, `{`, `{"type":"StasisStart"}`, `{"type":"ChannelLeftBridge","channel":{}}`, "\x01\x02"} {
			require.NoError(t, l.proxy.Inject([]byte(frame)))
		}
		_, p := l.answered(t) // everything still works
		p.Hangup(t)
		next[cti.LegEnded](t, l.driver, patience)
		require.Equal(t, 1.0, counted(t, registry, "hotline_switch_events_total", "unknown"))
		require.Equal(t, 4.0, counted(t, registry, "hotline_switch_malformed_events_total", ""))
		require.Equal(t, connects, counted(t, registry, "hotline_switch_connects_total", ""), "no reconnect")
	})

	t.Run("duplicate and late events end a leg once", func(t *testing.T) {
		l.proxy.Duplicate(20 * time.Millisecond)
		leg, p := l.answered(t)
		p.Hangup(t)
		require.Equal(t, leg, next[cti.LegEnded](t, l.driver, patience).Leg)
		other, p := l.answered(t) // the late copies of the first call come before its end
		p.Hangup(t)
		require.Equal(t, other, next[cti.LegEnded](t, l.driver, patience).Leg)
		l.proxy.Clear()
	})

	t.Run("an originate whose answer is lost still tells its end", func(t *testing.T) {
		l.carrier.Will("rejects")
		l.proxy.Add(faultproxy.Fault{Method: "POST", Path: "/ari/channels", Lose: true, Times: 1})
		err := l.driver.Originate(ctx, cti.Originate{Leg: "lost.out.1", Number: l.Allowed(), Timeout: 5 * time.Second})
		require.ErrorIs(t, err, cti.ErrUnavailable)
		e := next[cti.LegEnded](t, l.driver, patience)
		require.Equal(t, cti.LegID("lost.out.1"), e.Leg)
		require.Equal(t, "BUSY", e.Status)
	})
}

func TestAConsumerTooFarBehindCostsAReconnectAndNotAnEvent(t *testing.T) {
	registry := prometheus.NewRegistry()
	l := startLab(t, func(c *asterisk.Config) { c.Registerer, c.QueueLimit = registry, 50 })
	next[cti.Connected](t, l.driver, patience)
	require.Eventually(t, func() bool { // nobody takes the events meanwhile
		for range 300 {
			if l.proxy.Inject([]byte(`{"type":"ChannelDtmfReceived","application":"hotline","digit":"1","channel":{"id":"1"}}`)) != nil {
				break // the driver has given up already, or the socket is not through yet
			}
		}
		return counted(t, registry, "hotline_switch_overflows_total", "") > 0
	}, patience, 20*time.Millisecond, "the connection is given up")
	next[cti.Disconnected](t, l.driver, patience)
	next[cti.Connected](t, l.driver, patience)
	require.Equal(t, 1.0, counted(t, registry, "hotline_switch_overflows_total", ""))
}

func TestASwitchThatAnswersNothingIsGivenUp(t *testing.T) {
	l := startLab(t, func(c *asterisk.Config) { c.WatchEvery, c.RequestTimeout = 50*time.Millisecond, 100*time.Millisecond })
	next[cti.Connected](t, l.driver, patience)
	l.proxy.Add(faultproxy.Fault{Delay: time.Minute}) // the socket lives on
	next[cti.Disconnected](t, l.driver, patience)
	l.proxy.Clear()
	next[cti.Connected](t, l.driver, patience)
}

func TestABurstOfHangUpsAtTheMomentOfAnswerLeavesNothing(t *testing.T) {
	l := startLab(t, nil)
	ctx, d := t.Context(), l.driver
	next[cti.Connected](t, d, patience)
	const calls = 30
	var wg sync.WaitGroup
	for range calls {
		p := l.Dial(t, "13800138000", "12345").(*party)
		wg.Go(func() {
			if p.call.WaitAnswered(ctx) == nil {
				_ = p.call.Hangup(ctx) // both ends may hang up at once
			}
		})
	}
	drive := func(leg cti.LegID) {
		bridge := cti.BridgeID("talk-" + string(leg))
		for _, step := range []func() error{
			func() error { return d.Claim(ctx, leg) },
			func() error { return d.Answer(ctx, leg) },
			func() error { return d.CreateBridge(ctx, bridge, cti.Mixing) },
			func() error { return d.Join(ctx, bridge, leg) },
			func() error { return d.Play(ctx, leg, cti.PlaybackID(leg), []string{l.sound}) },
			func() error { return d.SetVars(ctx, leg, map[string]string{"HOTLINE_STAGE": "talk"}) },
			func() error { return d.Leave(ctx, bridge, leg) },
		} {
			if err := step(); err != nil {
				assert.ErrorIs(t, err, cti.ErrGone) // nothing else may happen to a leg that hangs up
			}
		}
		assert.NoError(t, d.DestroyBridge(ctx, bridge))
	}
	ended := map[cti.LegID]int{}
	for len(ended) < calls {
		select {
		case e := <-d.Events():
			switch e := e.(type) {
			case cti.LegStarted:
				wg.Go(func() { drive(e.Leg.ID) })
			case cti.LegEnded:
				ended[e.Leg]++
			}
		case <-time.After(patience):
			require.Failf(t, "legs did not end", "%d of %d did", len(ended), calls)
		}
	}
	wg.Wait()
	for leg, n := range ended {
		require.Equal(t, 1, n, leg)
	}
	require.Eventually(t, func() bool {
		pic, err := d.List(ctx)
		return err == nil && len(pic.Legs) == 0 && len(pic.Bridges) == 0
	}, patience, 10*time.Millisecond)
}

func TestASuccessorFencesTheOldLeaderOff(t *testing.T) {
	l := startLab(t, nil)
	ctx := t.Context()
	next[cti.Connected](t, l.driver, patience)
	leg, p := l.answered(t)
	require.NoError(t, l.driver.SetVars(ctx, leg, map[string]string{"HOTLINE_STAGE": "queue"}))
	bridge := cti.BridgeID("queue")
	require.NoError(t, l.driver.CreateBridge(ctx, bridge, cti.Holding))
	require.NoError(t, l.driver.Join(ctx, bridge, leg))

	cfg := asterisk.Config{Node: "sw1", URL: l.proxy.URL(), AdminUser: l.node.ARIUser(), AdminPassword: l.node.ARIPassword(),
		AMI: l.node.AMIAddr(), AMIUser: l.node.AMIUser(), AMIPassword: l.node.AMIPassword()}
	epoch, err := asterisk.Epoch(ctx, cfg)
	require.NoError(t, err)
	require.Equal(t, uint64(1), epoch)

	successor := l.startDriver(t, epoch+1, nil)
	next[cti.Connected](t, successor, patience)
	next[cti.Replaced](t, l.driver, patience)
	var e *cti.Error
	require.ErrorAs(t, l.driver.Hangup(ctx, leg, cti.HangupNormal), &e)
	require.Equal(t, 401, e.Status)
	require.ErrorIs(t, e, cti.ErrRejected)

	pic, err := successor.List(ctx)
	require.NoError(t, err)
	require.Len(t, pic.Legs, 1)
	require.Equal(t, "queue", pic.Legs[0].Vars["HOTLINE_STAGE"])
	require.True(t, pic.Legs[0].Ours)
	require.Equal(t, []cti.Bridge{{ID: bridge, Kind: cti.Holding, Members: []cti.LegID{leg}}}, pic.Bridges)
	p.Hangup(t)
	require.Equal(t, leg, next[cti.LegEnded](t, successor, patience).Leg)

	t.Run("and an older one that comes late steps down by itself", func(t *testing.T) {
		late := l.startDriver(t, 1, nil)
		next[cti.Replaced](t, late, patience)
	})
}

func TestTheSwitchMayBeKilledAndComesBack(t *testing.T) {
	l := startLab(t, nil)
	next[cti.Connected](t, l.driver, patience)
	l.answered(t)
	require.NoError(t, l.node.Kill())
	next[cti.Disconnected](t, l.driver, patience)
	_, err := l.driver.List(t.Context())
	require.ErrorIs(t, err, cti.ErrUnavailable)
	require.NoError(t, l.node.Restart(t.Context()))
	next[cti.Connected](t, l.driver, patience)
	pic, err := l.driver.List(t.Context())
	require.NoError(t, err)
	require.Empty(t, pic.Legs)
	require.NoError(t, l.driver.PutPhone(t.Context(), cti.Phone{ID: "w8001", Browser: true, HA1: strings.Repeat("0", 32)}))
	_, p := l.answered(t)
	p.Hangup(t)
	next[cti.LegEnded](t, l.driver, patience)
}

func TestWhatARIDoesNotHaveGoesByAMI(t *testing.T) {
	l := startLab(t, nil)
	ctx := t.Context()
	next[cti.Connected](t, l.driver, patience)
	leg, _ := l.answered(t)
	out, err := l.driver.Command(ctx, "malloc trim")
	require.NoError(t, err)
	require.NotEmpty(t, out)
	require.NoError(t, l.driver.ReloadQueues(ctx))
	require.NoError(t, l.driver.MuteMix(ctx, leg, true))
	require.NoError(t, l.driver.MuteMix(ctx, leg, false))
	require.ErrorIs(t, l.driver.MuteMix(ctx, "no-such-leg", true), cti.ErrGone)
	require.NoError(t, l.driver.Redirect(ctx, leg, "resume", "s"))
	require.Equal(t, leg, next[cti.LegEnded](t, l.driver, patience).Leg)
	require.Equal(t, leg, next[cti.LegStarted](t, l.driver, patience).Leg.ID)
	require.ErrorIs(t, l.driver.Redirect(ctx, "no-such-leg", "resume", "s"), cti.ErrGone)
	_, err = l.driver.Command(ctx, "no such command\r\nAction: Logoff")
	require.Error(t, err)
	_, err = l.driver.Command(ctx, "core show uptime")
	require.NoError(t, err)
}

func TestPhonesHaveTheSettingsOfTheirKind(t *testing.T) {
	l := startLab(t, nil)
	ctx := t.Context()
	next[cti.Connected](t, l.driver, patience)
	for _, row := range []struct {
		phone cti.Phone
		want  map[string]string
	}{
		{cti.Phone{ID: "w8001", Browser: true, CallerID: "8001"}, map[string]string{
			"webrtc": "yes", "use_avpf": "true", "media_encryption": "dtls", "dtls_auto_generate_cert": "Yes", "ice_support": "true", "rtcp_mux": "true",
			"transport": "transport-ws", "allow": "(alaw|ulaw)", "direct_media": "false", "dtmf_mode": "rfc4733", "rtp_timeout": "10", "send_connected_line": "no",
			"rtp_timeout_hold": "300", "media_address": "127.0.0.1", "context": "from-seat", "allow_transfer": "false", "max_contacts": "1",
			"remove_existing": "true", "remove_unavailable": "true", "minimum_expiration": "10", "callerid": `"w8001" <8001>`, "username": "w8001",
		}},
		{cti.Phone{ID: "8001"}, map[string]string{
			"webrtc": "no", "transport": "", "allow": "(alaw|ulaw)", "rtp_timeout": "30", "rtp_timeout_hold": "300", "rtp_symmetric": "true",
			"rewrite_contact": "true", "auth_type": "digest", "password": "", "username": "8001",
		}},
	} {
		row.phone.HA1 = switchtest.HA1(row.phone.ID, "x")
		require.NoError(t, l.driver.PutPhone(ctx, row.phone))
		got := map[string]string{}
		for _, kind := range []string{"endpoint", "aor", "auth"} {
			lines, err := l.driver.Command(ctx, "pjsip show "+kind+" "+row.phone.ID)
			require.NoError(t, err)
			for _, line := range lines {
				if name, value, ok := strings.Cut(line, ":"); ok {
					got[strings.TrimSpace(name)] = strings.TrimSpace(value)
				}
			}
		}
		for name, value := range row.want {
			require.Equal(t, value, got[name], "%s of %s", name, row.phone.ID)
		}
	}
}

func TestAWrongTransportIsNotAccepted(t *testing.T) {
	l := startLab(t, func(c *asterisk.Config) { c.BrowserTransport = "transport-wss" })
	select {
	case e := <-l.driver.Events():
		require.Fail(t, "connected in spite of it", "%+v", e)
	case <-time.After(time.Second):
	}
}

func TestAConfigurationWithFaultsNamesThem(t *testing.T) {
	_, err := asterisk.New(asterisk.Config{URL: "ftp://x", Allow: []string{"("}})
	for _, part := range []string{"URL", "Node", "AdminUser", "AMI", "Epoch", `"("`} {
		require.ErrorContains(t, err, part)
	}
}
