package postgres_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

func TestVerifyNamesWhatWasChangedBehindTheProgramsBack(t *testing.T) {
	for name, tc := range map[string]struct {
		tamper func(*bundle, tickets.Ticket)
		kind   string
		step   int
		detail string
	}{
		"a changed character of an opinion": {func(b *bundle, k tickets.Ticket) {
			b.sql(`UPDATE ticket_flow SET actor_name = '别人' WHERE ticket = $1 AND seq = 2`, k.ID)
		}, "flow", 2, "changed"},
		"a changed snapshot": {func(b *bundle, k tickets.Ticket) {
			b.sql(`UPDATE ticket_flow SET snapshot = overlay(snapshot placing 'x' from 5 for 1) WHERE ticket = $1 AND seq = 2`, k.ID)
		}, "flow", 2, "changed"},
		"a cut tail": {func(b *bundle, k tickets.Ticket) {
			b.sql(`DELETE FROM ticket_flow WHERE ticket = $1 AND seq = 3`, k.ID)
		}, "flow", 3, "missing at the end"},
		"a step cut out": {func(b *bundle, k tickets.Ticket) {
			b.sql(`DELETE FROM ticket_flow WHERE ticket = $1 AND seq = 2`, k.ID)
		}, "flow", 2, "missing"},
		"swapped steps": {func(b *bundle, k tickets.Ticket) {
			b.sql(`UPDATE ticket_flow SET seq = CASE seq WHEN 1 THEN -2 ELSE -1 END WHERE ticket = $1 AND seq < 3`, k.ID)
			b.sql(`UPDATE ticket_flow SET seq = -seq WHERE ticket = $1 AND seq < 0`, k.ID)
		}, "flow", 1, "changed, swapped"},
		"a row hashed anew without the key": {func(b *bundle, k tickets.Ticket) {
			b.sql(`UPDATE ticket_flow SET opinion = '同意', link = sha256(convert_to('x' || id, 'UTF8')) WHERE ticket = $1 AND seq = 3`, k.ID)
			b.sql(`UPDATE ticket SET head = (SELECT link FROM ticket_flow WHERE ticket = $1 AND seq = 3) WHERE id = $1`, k.ID)
		}, "flow", 3, "hashed anew"},
		"a step copied to the end": {func(b *bundle, k tickets.Ticket) {
			b.sql(`INSERT INTO ticket_flow (ticket, seq, at, actor, actor_name, unit, event, from_state, to_state, opinion, data, version, snapshot, link)
				SELECT ticket, 4, at, actor, actor_name, unit, event, from_state, to_state, opinion, data, version, snapshot, link
				FROM ticket_flow WHERE ticket = $1 AND seq = 3`, k.ID)
		}, "flow", 4, "changed"},
		"a changed title": {func(b *bundle, k tickets.Ticket) { b.sql(`UPDATE ticket SET title = '没事' WHERE id = $1`, k.ID) }, "ticket", 0, "field"},
		"a changed state": {func(b *bundle, k tickets.Ticket) { b.sql(`UPDATE ticket SET state = 'closed' WHERE id = $1`, k.ID) }, "ticket", 0, "field"},
		"an exchanged name": {func(b *bundle, k tickets.Ticket) {
			sealed, err := b.keys.Seal("张三")
			require.NoError(b.t, err)
			b.sql(`UPDATE ticket SET sealed = jsonb_set(sealed, '{name}', to_jsonb($2::text)) WHERE id = $1`, k.ID, sealed)
		}, "ticket", 0, "field"},
		"a call hung on": {func(b *bundle, k tickets.Ticket) {
			b.sql(`INSERT INTO ticket_call (ticket, call, role, at) VALUES ($1, gen_random_uuid(), 'urge', now())`, k.ID)
		}, "ticket", 0, "field"},
		"a deleted ticket with its flow": {func(b *bundle, k tickets.Ticket) {
			b.sql(`DELETE FROM ticket_flow WHERE ticket = $1`, k.ID)
			b.delete(k.ID)
		}, "number", 0, "gone"},
		"a deleted ticket": {func(b *bundle, k tickets.Ticket) { b.delete(k.ID) }, "ticket", 0, "deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t)
			b.ticket("别的工单")
			k := b.ticket("夜间施工噪音")
			b.update(k.ID, tickets.Refuse, tickets.Args{Reason: "诉讼事项", LawfulWay: "向法院起诉"})
			b.ticket("又一件")
			require.Empty(t, b.verify(), "clean before")
			tc.tamper(b, k)
			found := b.verify()
			require.NotEmpty(t, found)
			m := found[len(found)-1]
			for _, one := range found {
				if one.Kind == tc.kind {
					m = one
				}
			}
			require.Equal(t, tc.kind, m.Kind)
			require.Equal(t, tc.step, m.Step)
			require.Contains(t, m.Detail, strings.Split(tc.detail, ",")[0])
			require.Contains(t, []string{k.Number, k.ID}, m.Object)
		})
	}
}

// delete removes the ticket with what was told of it.
func (b *bundle) delete(id string) {
	b.sql(`DELETE FROM notice WHERE ticket = $1`, id)
	b.sql(`DELETE FROM ticket WHERE id = $1`, id)
}

func TestErasingANameKeepsTheChain(t *testing.T) {
	b := setup(t)
	k := b.ticket("夜间施工噪音")
	flow, err := b.Flow(b.ctx, k.ID)
	require.NoError(t, err)
	require.Len(t, flow, 2)
	// What the chain holds of a name is the digest of its ciphertext: the steps can be
	// recomputed without the name.
	b.sql(`UPDATE ticket SET sealed = sealed - 'name' WHERE id = $1`, k.ID)
	for _, m := range b.verify() {
		require.NotEqual(t, "flow", m.Kind, "the chain must still hold")
	}
}

func TestAChainSetBackTogetherWithItsRowDoesNotFitTheHourlyRoot(t *testing.T) {
	b := setup(t)
	file := filepath.Join(t.TempDir(), "anchors.jsonl")
	k := b.ticket("夜间施工噪音")
	b.sql(`CREATE TABLE copy AS SELECT * FROM ticket WHERE id = $1`, k.ID)
	b.update(k.ID, tickets.Refuse, tickets.Args{Reason: "诉讼事项", LawfulWay: "向法院起诉"})
	b.sql(`UPDATE ticket_flow SET recorded_at = now() - interval '1 hour'`)
	require.NoError(t, b.Anchor(b.ctx, file, b.now))
	n, err := b.VerifyAnchors(b.ctx, file, func(m service.Mismatch) { t.Errorf("%+v", m) })
	require.NoError(t, err)
	require.Equal(t, 1, n)
	b.ticket("later tickets don't disturb")
	_, err = b.VerifyAnchors(b.ctx, file, func(m service.Mismatch) { t.Errorf("%+v", m) })
	require.NoError(t, err)

	b.sql(`DELETE FROM ticket_flow WHERE ticket = $1 AND seq = 3`, k.ID)
	b.delete(k.ID)
	b.sql(`INSERT INTO ticket SELECT * FROM copy`)
	require.Empty(t, b.verify(), "the old row fits its own seal")
	var found []service.Mismatch
	_, err = b.VerifyAnchors(b.ctx, file, func(m service.Mismatch) { found = append(found, m) })
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "anchor", found[0].Kind)
}

func TestTheAuditLogIsChained(t *testing.T) {
	for name, tc := range map[string]struct {
		tamper string
		object string
	}{
		"a changed entry": {`UPDATE audit SET object = 'another' WHERE id = 2`, "2"},
		"a removed entry": {`DELETE FROM audit WHERE id = 2`, "2"},
		"a cut tail":      {`DELETE FROM audit WHERE id = 3`, "3"},
		"a cut tail with the head set back": {`DELETE FROM audit WHERE id = 3;
			UPDATE chain_head SET count = 2, head = (SELECT link FROM audit WHERE id = 2)`, "3"},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t)
			for _, act := range []string{"recording.play", "export", "seat.force"} {
				require.NoError(t, b.Audit(b.ctx, service.AuditEntry{At: b.now, Actor: "8001", Act: act, Object: "x"}))
			}
			require.Empty(t, b.verify())
			b.sql(tc.tamper)
			found := b.verify()
			require.Len(t, found, 1)
			require.Equal(t, "audit", found[0].Kind)
			require.Equal(t, tc.object, found[0].Object)
		})
	}
}

func TestRecordingsAreSealedOnceAndWatched(t *testing.T) {
	b := setup(t)
	call := callID(b, 1)
	require.NoError(t, b.Sink(0).Store(b.ctx, []calls.Event{
		event(t, "1-1", call, "", calls.CallStarted, b.now, calls.Started{Direction: calls.Inbound, Node: "sw1", Source: "2026/11/24/u1.raw"}),
		event(t, "1-2", call, "", calls.CallEnded, b.now, calls.Ended{End: calls.End{Cause: calls.CauseNormal}, Recorded: true, AnsweredS: 61.5}),
	}))
	pending, err := b.PendingRecordings(b.ctx)
	require.NoError(t, err)
	require.Len(t, pending, 1)
	require.Equal(t, "2026/11/24/u1.raw", pending[0].Source)
	require.Equal(t, 61500*time.Millisecond, pending[0].Expected)

	sealed := calls.Recording{Call: call, Kind: calls.RecordingCall, Node: "sw1", Source: pending[0].Source, Key: "k", SHA256: "aa", Size: 10,
		Channels: 2, Rate: 8000, Duration: time.Minute, Expected: pending[0].Expected, SealedAt: b.now, Flaws: []string{"length_off"}}
	require.NoError(t, b.LinkRecording(b.ctx, sealed))
	require.NoError(t, b.LinkRecording(b.ctx, sealed), "repeating is harmless")
	other := sealed
	other.SHA256 = "bb"
	require.ErrorIs(t, b.LinkRecording(b.ctx, other), service.ErrExists)
	pending, err = b.PendingRecordings(b.ctx)
	require.NoError(t, err)
	require.Empty(t, pending)
	require.Empty(t, b.verify())
	b.sql(`UPDATE recording SET sha256 = 'cc'`)
	found := b.verify()
	require.Len(t, found, 1)
	require.Equal(t, "recording", found[0].Kind)
}

func TestARecordingThatCannotBeHadStaysVisible(t *testing.T) {
	b := setup(t)
	call := callID(b, 1)
	require.NoError(t, b.Sink(0).Store(b.ctx, []calls.Event{
		event(t, "1-1", call, "", calls.CallStarted, b.now, calls.Started{Direction: calls.Inbound, Node: "sw1", Source: "x"}),
		event(t, "1-2", call, "", calls.CallEnded, b.now, calls.Ended{Recorded: true}),
	}))
	require.NoError(t, b.FailRecording(b.ctx, call, calls.RecordingCall, "file is gone"))
	record, err := b.Call(b.ctx, call)
	require.NoError(t, err)
	require.Equal(t, "failed", record.Recordings[0].Status)
}
