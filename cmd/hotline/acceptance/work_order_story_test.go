package acceptance

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets/service"
)

// The story of the departments' manual, from the citizen's call to the archive, each step in the page
// of whose step it is; then every seal holds, and one changed byte is named.
func TestTheStoryOfATicketFromTheCallToTheArchive(t *testing.T) {
	ticket := ticketOfACall(t)
	walk(t, shared, "story.mjs", 14, "TICKET="+ticket)
	office := signIn(t, shared, "rexianban")
	var view service.TicketView
	office.get("/api/v1/tickets/"+ticket, &view)
	require.Equal(t, "closed", string(view.State))
	require.Equal(t, 2, view.Round, "one round more, after the first follow-up")
	require.Len(t, view.Visits, 2)
	require.Eventually(t, func() bool {
		office.get("/api/v1/tickets/"+ticket, &view)
		for _, call := range view.Calls {
			if len(call.Recordings) == 0 || call.Recordings[0].Status != "sealed" {
				return false
			}
		}
		return len(view.Calls) >= 3
	}, 4*patience, 10*tick, "the complaint and both follow-ups have their recordings: %+v", view.Calls)
	archived(t, office, ticket)
	requireVerified(t, shared)
	requireAChangedByteNamed(t, ticket, view.Number)
}

// ticketOfACall is written by an agent during a call, whose recording hangs on it.
func ticketOfACall(t *testing.T) string {
	t.Helper()
	agent, _, caller, _, id := talking(t, "8004", "13812340171")
	var made service.TicketView
	agent.post("/api/v1/tickets", map[string]any{"call": id}, &made)
	var classes struct{ Items []service.ClassView }
	agent.get("/api/v1/classes?q=wsbspt", &classes)
	require.NotEmpty(t, classes.Items)
	status, said := agent.call(http.MethodPatch, "/api/v1/tickets/"+made.ID, map[string]any{
		"version": made.Version, "type": "complaint", "title": "政务服务网登录不上", "content": "昨天开始政务服务网人脸识别一直失败，无法登录办事。",
		"class_id": classes.Items[0].ID, "caller": map[string]any{"name": "郑女士"},
	}, &made)
	require.Equal(t, http.StatusOK, status, said)
	agent.post("/api/v1/tickets/"+made.ID+"/actions/submit", map[string]any{"version": made.Version}, &made)
	agent.do(floor.CmdHangup, floor.HangupArgs{Call: string(id), Reason: "handled"})
	_, err := caller.WaitEnded(within(t))
	require.NoError(t, err)
	agent.finishCall(id, calls.NoteTicket)
	require.Eventually(t, func() bool {
		agent.get("/api/v1/tickets/"+made.ID, &made)
		return len(made.Calls) == 1 && len(made.Calls[0].Recordings) == 1 && made.Calls[0].Recordings[0].Status == "sealed"
	}, patience, tick, "the recording hangs on the ticket")
	return made.ID
}

// walk runs a script of the pages and holds every stop to what makes a page sound.
func walk(t *testing.T, s *stack, script string, fewest int, env ...string) {
	t.Helper()
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	pictures := filepath.Join(root, ".run", "screenshots")
	require.NoError(t, os.MkdirAll(pictures, 0o755))
	program, err := exec.LookPath("chromium")
	require.NoError(t, err, "Chromium is installed by make test")
	cmd := exec.CommandContext(t.Context(), "node", "e2e/"+script)
	cmd.Dir = filepath.Join(root, "web", "ui")
	cmd.WaitDelay = time.Second
	cmd.Env = append(append(os.Environ(), "BROWSER="+program, "URL="+s.url, "SHOTS="+pictures, "PASSWORD="+demoPassword), env...)
	said := &output{}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	stops := 0
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var stop visited
		require.NoError(t, json.Unmarshal(lines.Bytes(), &stop), "%s", lines.Bytes())
		stops++
		t.Run(stop.Page, func(t *testing.T) {
			require.True(t, stop.Landmark, "as %q: %v", stop.Account, stop.Faults)
			require.Empty(t, stop.Faults, "faults")
			require.Empty(t, stop.Axe, "violations of WCAG")
			require.Empty(t, stop.Raw, "codes or English on a Chinese page")
		})
	}
	require.NoError(t, lines.Err())
	require.NoError(t, cmd.Wait(), "%s", said.tail(4000))
	require.GreaterOrEqual(t, stops, fewest)
}

// archived lets the time of reopening pass on the demo's clock.
func archived(t *testing.T, office *person, ticket string) {
	t.Helper()
	for range 12 { // longer than any shipped policy keeps a closed ticket
		office.post("/api/v1/demo/clock", map[string]int{"working_days": 5}, nil)
	}
	var view service.TicketView
	require.Eventually(t, func() bool {
		office.get("/api/v1/tickets/"+ticket, &view)
		return view.State == "archived"
	}, 6*patience, 10*tick, "archived by its timer")
}

// requireAChangedByteNamed changes one letter of a step behind the program's back, and puts it back.
func requireAChangedByteNamed(t *testing.T, ticket, number string) {
	t.Helper()
	db, err := pgx.Connect(within(t), shared.database(t))
	require.NoError(t, err)
	defer db.Close(t.Context())
	var seq string
	require.NoError(t, db.QueryRow(within(t), `UPDATE ticket_flow SET opinion = opinion || '。' WHERE ticket = $1 AND event = 'hand_back' RETURNING seq::text`, ticket).Scan(&seq))
	cmd := exec.CommandContext(t.Context(), filepath.Join(shared.bin, "hotline"), "verify")
	cmd.Dir, cmd.Env = shared.dir, append(append([]string{}, shared.env...), "HOTLINE_POSTGRES_URL="+shared.database(t))
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "MISMATCH flow "+number+" step "+seq)
	_, err = db.Exec(within(t), `UPDATE ticket_flow SET opinion = left(opinion, -1) WHERE ticket = $1 AND event = 'hand_back'`, ticket)
	require.NoError(t, err)
	requireVerified(t, shared)
}
