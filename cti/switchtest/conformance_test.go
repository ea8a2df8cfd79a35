package switchtest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti"
	"github.com/open12345/hotline/cti/switchtest"
)

// fakeHarness surrounds the fake switch with people.
type fakeHarness struct {
	sw   *switchtest.Switch
	seat *fakeHandset
	out  *fakeHandset
}

func (h *fakeHarness) Switch() cti.Switch       { return h.sw }
func (h *fakeHarness) Events() <-chan cti.Event { return h.sw.Events() }
func (h *fakeHarness) Allowed() string          { return "13800138000" }
func (h *fakeHarness) Refused() string          { return "0018005551234" }
func (h *fakeHarness) Sound() string            { return "beep" }
func (h *fakeHarness) Lose(*testing.T)          { h.sw.Disconnect() }
func (h *fakeHarness) Restore(*testing.T)       { h.sw.Connect() }

func (h *fakeHarness) Dial(_ *testing.T, number, dialled string) switchtest.Party {
	return fakeParty{h.sw, h.sw.Incoming(number, dialled)}
}
func (h *fakeHarness) Seat(*testing.T) switchtest.Handset    { return h.seat }
func (h *fakeHarness) Carrier(*testing.T) switchtest.Handset { return h.out }

type fakeParty struct {
	sw  *switchtest.Switch
	leg cti.LegID
}

func (p fakeParty) Hangup(*testing.T)               { p.sw.FarEndHangsUp(p.leg) }
func (p fakeParty) Press(_ *testing.T, keys string) { p.sw.Press(p.leg, keys) }

type fakeHandset struct {
	sw     *switchtest.Switch
	id     string
	number string
	leg    func() cti.LegID
}

func (h *fakeHandset) ID() string            { return h.id }
func (h *fakeHandset) Register(*testing.T)   { h.sw.Register(h.id) }
func (h *fakeHandset) Unregister(*testing.T) { h.sw.Unregister(h.id) }
func (h *fakeHandset) Hangup(*testing.T)     { h.sw.FarEndHangsUp(h.leg()) }
func (h *fakeHandset) Will(r switchtest.Reaction) {
	h.sw.React(h.id+h.number, r)
}
func (h *fakeHandset) Header(_ *testing.T, name string) string { return h.sw.Headers(h.leg())[name] }
func (h *fakeHandset) Keys(*testing.T, int) string             { return h.sw.SentDTMF(h.leg()) }

func TestConformanceOfTheFake(t *testing.T) {
	s := switchtest.New()
	s.SetGuard(switchtest.Guard)
	s.SetSoundTime(10 * time.Millisecond)
	s.MissingSound("no-such-sound")
	s.EndlessSound("tone:ring")
	h := &fakeHarness{sw: s}
	h.seat = &fakeHandset{sw: s, id: "8001", leg: func() cti.LegID { return s.LegOfPhone("8001") }}
	h.out = &fakeHandset{sw: s, number: h.Allowed(), leg: func() cti.LegID { return s.LegOfNumber(h.Allowed()) }}
	s.Refuse(h.Refused())
	require.NoError(t, s.Start(t.Context()))
	defer s.Stop()
	switchtest.Conformance(t, h)
}
