package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// everybody is one account of every role of the demo, in the order in which they ask. The agent
// whose call and draft the scenario is about comes last, so that all others meet them untouched.
var everybody = []string{
	"", "pt-xxb", "pt-xxb-jb", "pt-xxb-xxk", "zhishi", "zhijian", "shizhang", "admin", "rexianban", "huifang", "shenhe", "paidan",
	"shouli", "banzhang", "8002", "8001",
}

// row says what one operation answers to each role.
type row struct {
	op   string // operation id
	path string // below /api/v1; {name} is an id of the scenario
	body string
	ok   string // accounts that may; "signed in" and "public" are as they say
	want int    // status for them; 0: 200
	// but are other statuses, by account; who is in neither gets 401 or 403.
	but map[string]int
	// has must appear for the account, hasNot must not; "*" are all that may.
	has, hasNot map[string][]string
	form        bool // body is a file of a multipart form
	throwaway   bool // the session ends with it
	// inHand are accounts who meet tickets of their own, with the citizen's number, in the answer.
	inHand string
}

func (r row) status(account string) int {
	may := r.ok == "public" || r.ok == "signed in" && account != "" || slices.Contains(strings.Fields(r.ok), account)
	switch status, special := r.but[account]; {
	case special:
		return status
	case may && r.want != 0:
		return r.want
	case may:
		return http.StatusOK
	case account == "":
		return http.StatusUnauthorized
	}
	return http.StatusForbidden
}

// scenario holds the ids that rows name.
type scenario struct {
	*stack
	ids map[string]string
}

func (s *scenario) fill(text string) string {
	for name, id := range s.ids {
		text = strings.ReplaceAll(text, "{"+name+"}", id)
	}
	return text
}

const (
	ownNumber    = "13800138001" // the citizen agent 8001 has in hand
	secretNumber = "13512345678"
	secretName   = "赵守秘"
)

// play sets the scenario up: agent 8001 talks to a citizen and has a draft of this call, complete
// and ready; before, he took a 举报 with 保密 that now lies with the 信息办; another ticket lies
// with another unit.
func play(t *testing.T) *scenario {
	s := &scenario{setup(t), map[string]string{}}
	ctx, agent := t.Context(), s.identity("8001")
	secretCall := s.incoming(secretNumber, "8001")
	secret := s.write(secretCall, tickets.Report, secretName)
	secret, err := s.desk.Act(ctx, agent, secret.ID, tickets.Submit, service.ActRequest{Version: secret.Version})
	require.NoError(t, err)
	require.True(t, secret.Secret)
	s.hangUp(secretCall, "8001")
	key := "test/" + string(secretCall) + ".wav"
	require.NoError(t, blobs.put(ctx, key, append([]byte("RIFF"), make([]byte, 996)...)))
	require.NoError(t, s.store.LinkRecording(ctx, calls.Recording{
		Call: secretCall, Kind: calls.RecordingCall, Node: "sw1", Source: "x", Key: key, SHA256: "aa", Size: 1000,
		Channels: 2, Rate: 8000, Duration: 66 * time.Second, SealedAt: time.Now().UTC(),
	}))
	record, err := s.desk.Call(ctx, s.identity("banzhang"), secretCall)
	require.NoError(t, err)

	own := s.incoming(ownNumber, "8001")
	ready := s.write(own, tickets.Complaint, "王秀兰")
	office := s.identity("rexianban")
	pool, err := s.desk.Tickets(ctx, office, service.TicketFilter{States: []tickets.State{tickets.ToDispatch}})
	require.NoError(t, err)
	elsewhere := pool.Items[len(pool.Items)-1]
	s.give(secret.ID, "xxb")
	s.give(elsewhere.ID, "zjj")

	waiting, err := s.desk.Callbacks(ctx, s.identity("banzhang"), service.CallbackFilter{State: "waiting"})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(waiting.Items), 3)
	for _, held := range waiting.Items[1:3] {
		_, err = s.desk.TakeCallback(ctx, s.identity("banzhang"), held.ID)
		require.NoError(t, err)
	}
	secret, err = s.desk.Ticket(ctx, agent, secret.ID)
	require.NoError(t, err)
	s.ids = map[string]string{
		"own": string(own), "secretcall": string(secretCall), "draft": ready.ID, "draftversion": fmt.Sprint(ready.Version),
		"secret": secret.Number, "querycode": secret.QueryCode, "elsewhere": elsewhere.Number, "recording": record.Recordings[0].ID,
		"waiting": waiting.Items[0].ID, "held": waiting.Items[1].ID, "heldtoo": waiting.Items[2].ID, "class": ready.ClassID,
	}
	s.library()
	s.attachmentsAndLinks(secret, elsewhere)
	return s
}

// library names an article that all may read with a 纠错 of agent 8001, and one under review.
func (s *scenario) library() {
	s.t.Helper()
	ctx, editor := s.t.Context(), s.identity("zhishi")
	for name, f := range map[string]service.ArticleFilter{"article": {Query: "社会保障卡"}, "unpublished": {State: "review"}} {
		f.Limit = 1
		page, err := s.desk.Articles(ctx, editor, f)
		require.NoError(s.t, err)
		require.Len(s.t, page.Items, 1)
		s.ids[name], s.ids[name+"rev"] = page.Items[0].ID, fmt.Sprint(page.Items[0].Rev)
	}
	report, err := s.desk.ReportArticle(ctx, s.identity("8001"), s.ids["article"], "首问电话已变更", "")
	require.NoError(s.t, err)
	s.ids["report"] = report.ID
}

// write types the ticket of a call of agent 8001, complete and ready.
func (s *stack) write(call calls.ID, kind tickets.Type, name string) service.TicketView {
	s.t.Helper()
	ctx, agent := s.t.Context(), s.identity("8001")
	ptr := func(text string) *string { return &text }
	draft, err := s.desk.CreateTicket(ctx, agent, service.NewTicket{Call: call})
	require.NoError(s.t, err)
	classes, err := s.desk.Classes(ctx, "")
	require.NoError(s.t, err)
	leaf := slices.IndexFunc(classes, func(c service.ClassView) bool { return c.Leaf })
	draft, err = s.desk.SaveTicket(ctx, agent, draft.ID, service.SaveTicketRequest{Version: draft.Version, Fields: tickets.Fields{
		Type: &kind, Title: ptr("夜间施工噪音扰民"), Content: ptr("每天晚上十一点以后工地还在施工，噪音很大，影响休息。"),
		ClassID: &classes[leaf].ID, Caller: &tickets.CallerPatch{Name: &name}, Place: &tickets.Place{Address: "胜利路12号"},
	}})
	require.NoError(s.t, err)
	return draft
}

// give puts a ticket into a unit's hands, as the dispatcher does.
func (s *stack) give(ticket, unit string) {
	s.t.Helper()
	paidan := s.identity("paidan")
	seen, err := s.desk.Ticket(s.t.Context(), paidan, ticket)
	require.NoError(s.t, err)
	_, err = s.desk.Act(s.t.Context(), paidan, ticket, tickets.Dispatch, service.ActRequest{Version: seen.Version, Unit: unit, Reason: "属该单位职责"})
	require.NoError(s.t, err)
}

// fullNumber is a mobile number that was not masked; the decimals of seconds are none.
var fullNumber = regexp.MustCompile(`(?:^|[^\w.])1[3-9]\d{9}\b`)

// TestEveryOperationForEveryRole asks every operation of the API as every role: status, what has
// to be in the answer, what must not, and that the answer is the one the description promises.
func TestEveryOperationForEveryRole(t *testing.T) {
	s := play(t)
	spec := s.spec()
	covered := map[string]bool{}
	for _, r := range rows {
		op, ok := spec.operations[r.op]
		require.True(t, ok, "no operation %s", r.op)
		covered[r.op] = true
		t.Run(r.op+" "+r.path, func(t *testing.T) {
			for _, account := range everybody {
				s.askRow(t, spec, r, op, account)
			}
		})
	}
	for id := range spec.operations {
		require.True(t, covered[id], "operation %s is in no row of the table", id)
	}
}

func (s *scenario) askRow(t *testing.T, spec *specification, r row, method, account string) {
	t.Helper()
	who := account
	if who == "" {
		who = "nobody signed in"
	}
	request := s.request(account, method, s.fill(r.path), s.fill(r.body))
	if r.form {
		request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	}
	if r.throwaway && account != "" {
		request.Header.Set("Cookie", "hotline_session="+s.freshCookie(account))
	}
	response := s.do(request)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	want := r.status(account)
	require.Equal(t, want, response.StatusCode, "%s: %s", who, body)
	if want >= 400 {
		require.Contains(t, string(body), `"code":`, who)
	}
	for _, text := range r.has[account] {
		require.Contains(t, string(body), s.fill(text), who)
	}
	for _, text := range r.hasNot[account] {
		require.NotContains(t, string(body), s.fill(text), who)
	}
	if want < 300 {
		for _, text := range r.has["*"] {
			require.Contains(t, string(body), s.fill(text), who)
		}
		for _, text := range r.hasNot["*"] {
			require.NotContains(t, string(body), s.fill(text), who)
		}
	}
	if account != "8001" && !slices.Contains(strings.Fields(r.inHand), account) {
		require.Empty(t, fullNumber.FindString(string(body)), "%s sees a whole number: %s", who, body)
	}
	require.NotContains(t, string(body), secretNumber, who)
	if account != "8001" {
		require.NotContains(t, string(body), ownNumber, who)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	spec.check(t, request, response, who)
}

// specification is the API's own description.
type specification struct {
	operations map[string]string // id → method
	validator  validator.Validator
}

func (s *stack) spec() *specification {
	s.t.Helper()
	response := s.do(httptest.NewRequest(http.MethodGet, "http://hotline.test/openapi.json", nil))
	require.Equal(s.t, http.StatusOK, response.StatusCode)
	raw, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	document, err := libopenapi.NewDocument(raw)
	require.NoError(s.t, err)
	v, errs := validator.NewValidator(document)
	require.Empty(s.t, errs)
	model, err := document.BuildV3Model()
	require.NoError(s.t, err)
	spec := &specification{operations: map[string]string{}, validator: v}
	for _, item := range model.Model.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			spec.operations[op.OperationId] = strings.ToUpper(method)
		}
	}
	return spec
}

func (spec *specification) check(t *testing.T, request *http.Request, response *http.Response, who string) {
	t.Helper()
	if valid, faults := spec.validator.ValidateHttpResponse(request, response); !valid {
		for _, f := range faults {
			for _, detail := range f.SchemaValidationErrors {
				t.Errorf("%s: %s at %s", who, detail.Reason, detail.InstancePath)
			}
			t.Errorf("%s: %s: %s", who, f.Message, f.Reason)
		}
		t.FailNow()
	}
}

func TestDescriptionIsValid(t *testing.T) {
	s := setup(t)
	valid, faults := s.spec().validator.ValidateDocument()
	for _, f := range faults {
		t.Error(f.Message, f.Reason)
	}
	require.True(t, valid)
}
