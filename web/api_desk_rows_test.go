package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

const dispatchers = agents + "paidan rexianban "

const pngFile = "--b\r\nContent-Disposition: form-data; name=\"public\"\r\n\r\ntrue\r\n" +
	"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../现场.png\"\r\nContent-Type: text/html\r\n\r\n\x89PNG\r\n\x1a\n\r\n--b--\r\n"

// deskRows are the operations of the desk: queues, dispatch, follow-up, attachments, units. The
// tickets {secret} lies with the 信息办, {elsewhere} with the 住建局.
var deskRows = []row{
	{op: "list-desk-queues", path: "/desk/queues", ok: readers,
		has: map[string][]string{
			"pt-xxb": {"一级部门件", "一级部门汇总/待办件", "待我审批"}, "pt-xxb-jb": {"一级部门件"}, "pt-xxb-xxk": {"二级部门件"},
			"paidan": {"待派单"}, "shenhe": {"待审核"}, "huifang": {"待回访"}, "rexianban": {"待决定", "疑难会商", "督办", "挂起"},
		},
		hasNot: map[string][]string{"pt-xxb-jb": {"待我审批", "待派单"}, "pt-xxb-xxk": {"一级部门", "已交办"}, "8001": {"待派单"}}},
	{op: "get-desk-queue", path: "/desk/queues/unit_inbox", ok: units,
		has:    map[string][]string{"pt-xxb": {"{secret}"}, "pt-xxb-jb": {"{secret}", `"state":"to_sign"`}},
		hasNot: map[string][]string{"*": {"{elsewhere}", secretName}, "pt-xxb-xxk": {"{secret}"}}},
	{op: "get-desk-queue", path: "/desk/queues/to_dispatch", ok: "paidan", hasNot: map[string][]string{"*": {"{secret}", "{elsewhere}"}}},
	{op: "get-desk-queue", path: "/desk/queues/nonsense", ok: readers, want: 403},
	{op: "take-next", path: "/desk/queues/review/next?q=zzqqxx", ok: "shenhe", want: 404, has: map[string][]string{"shenhe": {"queue_empty"}}},
	{op: "act-on-tickets", path: "/desk/batch/view", body: `{"items":[{"id":"{elsewhere}","version":1}]}`, ok: actors,
		has: map[string][]string{"pt-xxb": {"not_found"}, "pt-xxb-jb": {"not_found"}, "pt-xxb-xxk": {"not_found"}}},
	{op: "preview-dispatch", path: "/tickets/{secret}/dispatch-preview?unit=zjj&units=xxb", ok: dispatchers,
		has: map[string][]string{"*": {`"legs":[{"unit":{"id":"zjj"`, `"role":"assist"`}}},
	{op: "list-replies-like", path: "/tickets/{secret}/replies-like", ok: readers, but: map[string]int{"pt-xxb-xxk": 404}},
	{op: "list-replies-like", path: "/tickets/{elsewhere}/replies-like", ok: readers, but: map[string]int{"pt-xxb": 404, "pt-xxb-jb": 404, "pt-xxb-xxk": 404}},
	{op: "get-follow-up", path: "/tickets/{secret}/follow-up", ok: "huifang shenhe rexianban", has: map[string][]string{"huifang": {`"citizens":[{`}}},
	{op: "get-follow-up", path: "/tickets/{draft}/follow-up", ok: "rexianban", but: map[string]int{"huifang": 404, "shenhe": 404}},
	{op: "contact-citizen", path: "/tickets/{elsewhere}/contact", body: `{"number":"13800000001"}`, ok: "nobody",
		but: map[string]int{"pt-xxb": 404, "pt-xxb-jb": 404, "pt-xxb-xxk": 404}},
	{op: "contact-citizen", path: "/tickets/{secret}/contact", body: `{"number":"13800000001"}`, ok: "pt-xxb pt-xxb-jb", but: map[string]int{"pt-xxb-xxk": 404},
		has: map[string][]string{"*": {`"call":"`}}},
	{op: "add-file", path: "/tickets/{secret}/files", body: pngFile, form: true, want: 201, ok: strings.ReplaceAll(actors, "pt-xxb-xxk ", ""),
		but: map[string]int{"pt-xxb-xxk": 404}, has: map[string][]string{"*": {`"name":"现场.png"`, `"type":"image/png"`, `"public":true`}}},
	{op: "add-file", path: "/tickets/{elsewhere}/files", body: pngFile, form: true, want: 201, ok: strings.ReplaceAll(actors, units, ""),
		but: map[string]int{"pt-xxb": 404, "pt-xxb-jb": 404, "pt-xxb-xxk": 404}},
	{op: "get-file", path: "/files/{file}", ok: readers, but: map[string]int{"pt-xxb-xxk": 404}},
	{op: "get-file", path: "/files/{elsefile}", ok: readers, but: map[string]int{"pt-xxb": 404, "pt-xxb-jb": 404, "pt-xxb-xxk": 404}},
	{op: "get-public-file", path: "/public/files/{replylink}/{file}", ok: "public"},
	{op: "get-public-file", path: "/public/files/{replylink}/{elsefile}", ok: "public", want: 404},
	{op: "get-public-reply", path: "/public/reply/{replylink}", ok: "public", has: map[string][]string{"*": {"{secret}", "正在办理"}},
		hasNot: map[string][]string{"*": {"待签收", "已转办", secretName}}},
	{op: "get-public-reply", path: "/public/reply/forged", ok: "public", want: 404},
	{op: "get-rating", path: "/public/rating/{ratinglink}", ok: "public", has: map[string][]string{"*": {`"may_rate":false`, "非常满意"}}},
	{op: "rate-by-link", path: "/public/rating/{ratinglink}", body: `{"contacted":true,"solved":"1","result":1}`, ok: "public", has: map[string][]string{"*": {`"rated":false`}}},
	{op: "rate-by-link", path: "/public/rating/{replylink}", body: `{"contacted":true,"solved":"1","result":1}`, ok: "public", want: 404},
	{op: "reopen-by-link", path: "/public/reopen/{replylink}", body: `{"reason":"又出现了"}`, ok: "public", want: 409},
	{op: "submit-online", path: "/public/submissions", body: `{"source":"web","content":"路灯坏了","phone":"13800000000"}`, ok: "public", want: 422,
		has: map[string][]string{"8001": {"bad_captcha"}}},
	{op: "withdraw-by-link", path: "/public/withdraw/{replylink}", body: `{"reason":""}`, ok: "public", want: 422},
	{op: "get-unit-rates", path: "/department/rates?unit=zjj", ok: readers, but: map[string]int{"pt-xxb": 404, "pt-xxb-jb": 404, "pt-xxb-xxk": 404},
		has: map[string][]string{"rexianban": {"按时签收率"}}},
	{op: "get-unit-rates", path: "/department/rates", ok: readers, has: map[string][]string{"pt-xxb": {"市信息办", `"code":"signed_in_time"`}}},
	{op: "list-deputies", path: "/department/deputies", ok: units},
	{op: "save-deputy", path: "/department/deputies", body: `{"account":"pt-xxb-jb","from":"2020-01-01T00:00:00Z","to":"2099-01-01T00:00:00Z"}`, ok: "pt-xxb", want: 204},
	{op: "delete-deputy", path: "/department/deputies/00000000-0000-7000-8000-000000000000", ok: "pt-xxb", want: 404},
}

func init() { rows = append(rows, deskRows...) }

// attachments are a file of each of the two units' tickets, and links as messages hold them.
func (s *scenario) attachmentsAndLinks(secret, elsewhere service.TicketView) {
	s.t.Helper()
	clerk := s.identity("pt-xxb-jb")
	for name, file := range map[string]struct {
		ticket service.TicketView
		who    service.Identity
	}{"file": {secret, clerk}, "elsefile": {elsewhere, s.identity("paidan")}} {
		f, err := s.desk.PlanFile(s.t.Context(), file.who, file.ticket.ID, 0, "现场.png", true)
		require.NoError(s.t, err)
		stored, err := s.files.Write(s.t.Context(), f.Key, f.Name, strings.NewReader("\x89PNG\r\n\x1a\n"), service.MaxFile)
		require.NoError(s.t, err)
		f.Size, f.SHA256, f.Type = stored.Size, stored.SHA256, stored.Type
		_, err = s.desk.AddFile(s.t.Context(), file.who, f)
		require.NoError(s.t, err)
		s.ids[name] = f.ID
	}
	var err error
	tomorrow := time.Now().AddDate(0, 0, 1)
	s.ids["replylink"], err = s.desk.LinkToken(service.LinkReply, secret.ID, tomorrow)
	require.NoError(s.t, err)
	s.ids["ratinglink"], err = s.desk.LinkToken(service.LinkRating, secret.ID, tomorrow)
	require.NoError(s.t, err)
}

// upload sends a file to the ticket as the account.
func (s *stack) upload(account, ticket, name string, content io.Reader) *http.Response {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	require.NoError(s.t, err)
	_, err = io.Copy(part, content)
	require.NoError(s.t, err)
	require.NoError(s.t, form.Close())
	r := s.request(account, http.MethodPost, "/tickets/"+ticket+"/files", body.String())
	r.Header.Set("Content-Type", form.FormDataContentType())
	return s.do(r)
}

func TestNothingInAnAttachmentRunsInOurPages(t *testing.T) {
	s := play(t)
	for name, content := range map[string]string{
		"evil.svg":  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"evil.html": `<!doctype html><script>alert(1)</script>`,
		"photo.png": `<svg onload="alert(1)"/>`, // says it is a picture
		"文件.txt":    `plain <script>alert(1)</script>`,
	} {
		sent := s.upload("pt-xxb-jb", s.ids["secret"], name, strings.NewReader(content))
		require.Equal(t, http.StatusCreated, sent.StatusCode, name)
		var file service.FileView
		require.NoError(t, json.NewDecoder(sent.Body).Decode(&file))
		got := s.do(s.request("pt-xxb-jb", http.MethodGet, "/files/"+file.ID, ""))
		require.Equal(t, http.StatusOK, got.StatusCode)
		require.True(t, strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment"), "%s: %s", name, got.Header.Get("Content-Disposition"))
		require.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"))
		require.Contains(t, got.Header.Get("Content-Security-Policy"), "sandbox")
		back, err := io.ReadAll(got.Body)
		require.NoError(t, err)
		require.Equal(t, content, string(back))
	}
	log, err := s.desk.AuditLog(t.Context(), s.identity("rexianban"), service.AuditFilter{Act: "file.open"})
	require.NoError(t, err)
	require.Len(t, log.Items, 4, "every opening is audited")
}

// endless is a body of which nobody should read more than the beginning.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func TestAFileOfTwoGigabytesIsRefusedBeforeItIsRead(t *testing.T) {
	s := play(t)
	body := &endless{}
	r := s.request("pt-xxb-jb", http.MethodPost, "/tickets/"+s.ids["secret"]+"/files", "")
	r.Body, r.ContentLength = io.NopCloser(body), 2<<30
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	answer := s.do(r)
	require.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)
	raw, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"code":"too_large"`)
	require.Contains(t, string(raw), "50 MB")
	require.Zero(t, body.read)
}

// TestTheLoserOfTwoSeesWhoDidWhat lets two dispatchers send the same ticket.
func TestTheLoserOfTwoSeesWhoDidWhat(t *testing.T) {
	s := play(t)
	pool, err := s.desk.QueuePage(t.Context(), s.identity("paidan"), service.QueueFilter{Queue: service.QueueToDispatch})
	require.NoError(t, err)
	ticket := pool.Items[0]
	_, err = s.desk.Act(t.Context(), s.identity("paidan"), ticket.ID, tickets.Dispatch,
		service.ActRequest{Version: ticket.Version, Unit: "zjj", Reason: "住建局职责"})
	require.NoError(t, err)
	body, err := json.Marshal(service.ActRequest{Version: ticket.Version, Unit: "xxb", Reason: "信息办职责"})
	require.NoError(t, err)
	status, answer := s.ask("paidan", http.MethodPost, "/tickets/"+ticket.ID+"/actions/dispatch", string(body))
	require.Equal(t, http.StatusConflict, status)
	var problem struct {
		Code    string
		Current service.TicketView
		Since   []service.FlowView
	}
	require.NoError(t, json.Unmarshal([]byte(answer), &problem))
	require.Equal(t, "version", problem.Code)
	require.Equal(t, tickets.Dispatched, problem.Current.State)
	require.NotEmpty(t, problem.Since)
	require.Equal(t, tickets.Dispatch, problem.Since[0].Event)
	require.NotEmpty(t, problem.Since[0].ActorName)
}
