package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	policyfiles "github.com/open12345/hotline/configs/policy"
)

const ruleReaders = "paidan shenhe rexianban admin "

const noSheet = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.xlsx\"\r\nContent-Type: application/octet-stream\r\n\r\nno sheet\r\n--b--\r\n"

// rulesRows are the operations of the city's rules.
var rulesRows = []row{
	{op: "get-policy", path: "/policy", ok: ruleReaders, has: map[string][]string{"*": {`"name":"通用"`, "山东2020", "北京DB11", `"handle":"24 hours"`}}},
	{op: "get-policy-version", path: "/policy/versions/1", ok: ruleReaders, want: 404},
	{op: "preview-policy", path: "/policy/preview", body: `{"content":"id: x\nname: x\ndeepth: 2\n"}`, ok: "admin",
		has: map[string][]string{"*": {`"row":3`, "没有这个设置项"}}},
	{op: "apply-policy", path: "/policy", body: `{"base":0,"content":"id: x\nname: x\ndeepth: 2\n"}`, ok: "admin", want: 422,
		has: map[string][]string{"admin": {"faulty_rule", "没有这个设置项"}}},
	{op: "get-calendar", path: "/calendar?year=2026", ok: ruleReaders, has: map[string][]string{"*": {"国办发明电〔2025〕7号", `"official":true`, "2026-02-17"}}},
	{op: "get-calendar", path: "/calendar?year=2030", ok: ruleReaders, has: map[string][]string{"*": {`"official":false`, "2030-01-01"}}},
	{op: "preview-calendar", path: "/calendar/preview", body: `{"year":2030,"notice":"x","holidays":{"元旦":["2029-01-01"]},"workdays":{}}`, ok: "admin",
		has: map[string][]string{"*": {"不在 2030 年"}}},
	{op: "apply-calendar", path: "/calendar", body: `{"year":2030,"notice":"","holidays":{},"workdays":{}}`, ok: "admin", want: 422,
		has: map[string][]string{"admin": {"faulty_rule", "文号不能为空"}}},
	{op: "list-recompute-runs", path: "/rules/runs", ok: ruleReaders},
	{op: "get-catalogue", path: "/catalogue?q=燃气泄漏", ok: ruleReaders, has: map[string][]string{"*": {"市燃气集团", "供气供热"}}, hasNot: map[string][]string{"*": {"市教育局"}}},
	{op: "list-catalogue-versions", path: "/catalogue/versions", ok: ruleReaders, has: map[string][]string{"*": {"首版"}}},
	{op: "preview-catalogue", path: "/catalogue/preview", body: `{"base":1,"add":[{"id":0,"class":"{class}","lead":"nobody","from":"2026-01-01"}]}`, ok: "admin",
		has: map[string][]string{"*": {"没有这个单位"}}},
	{op: "change-catalogue", path: "/catalogue", body: `{"base":0,"remove":[999999]}`, ok: "admin", want: 422},
	{op: "change-catalogue", path: "/catalogue", body: `{"base":0}`, ok: "admin", want: 409},
	{op: "restore-catalogue", path: "/catalogue/versions/1/restore?dry=true", ok: "admin", has: map[string][]string{"*": {`"added":0`}}},
	{op: "restore-catalogue", path: "/catalogue/versions/99/restore", ok: "admin", want: 404},
	{op: "import-catalogue", path: "/catalogue/import", body: noSheet, form: true, ok: "admin", want: 422, has: map[string][]string{"admin": {"bad_sheet"}}},
	{op: "export-catalogue", path: "/catalogue/export.xlsx", ok: ruleReaders},
	{op: "get-triage", path: "/triage", ok: ruleReaders, has: map[string][]string{"*": {"燃气泄漏", `"urgency":"critical"`}}},
	{op: "preview-triage", path: "/triage/preview", body: `{"id":"","name":"噪音","words":["噪音"],"place":5}`, ok: "admin", has: map[string][]string{"*": {"内容含"}}},
	{op: "save-triage-rule", path: "/triage", body: `{"id":"","name":""}`, ok: "admin", want: 422, has: map[string][]string{"admin": {"名称不能为空"}}},
	{op: "delete-triage-rule", path: "/triage/unknown", ok: "admin", want: 404},
}

func init() { rows = append(rows, rulesRows...) }

// TestAnAdministratorChangesTheRules goes through the changes of the rules as the pages do.
func TestAnAdministratorChangesTheRules(t *testing.T) {
	s := play(t)
	shandong, err := policyfiles.Named("山东2020")
	require.NoError(t, err)
	body, err := json.Marshal(map[string]any{"base": 0, "content": string(shandong.Content), "note": "试行"})
	require.NoError(t, err)
	status, answer := s.ask("admin", http.MethodPut, "/policy", string(body))
	require.Equal(t, http.StatusOK, status, answer)
	status, answer = s.ask("admin", http.MethodPut, "/policy", string(body))
	require.Equal(t, http.StatusConflict, status, "somebody was faster: %s", answer)
	require.Contains(t, answer, `"code":"stale"`)

	status, exported := s.ask("admin", http.MethodGet, "/catalogue/export.xlsx", "")
	require.Equal(t, http.StatusOK, status)
	sheet, err := excelize.OpenReader(strings.NewReader(exported))
	require.NoError(t, err)
	require.NoError(t, sheet.SetCellValue("派单目录", "C2", "没有的局"))
	var file bytes.Buffer
	require.NoError(t, sheet.Write(&file))
	form := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.xlsx\"\r\nContent-Type: application/octet-stream\r\n\r\n" + file.String() + "\r\n--b--\r\n"
	r := s.request("admin", http.MethodPost, "/catalogue/import?mode=all&base=1", form)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	response := s.do(r)
	require.Equal(t, http.StatusOK, response.StatusCode)
	var report struct {
		FaultyRows int `json:"faulty_rows"`
		Imported   bool
		Faults     []struct {
			Row    int
			Column string
		}
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&report))
	require.Equal(t, 1, report.FaultyRows)
	require.Equal(t, 2, report.Faults[0].Row)
	require.Equal(t, "主办单位", report.Faults[0].Column)
	require.False(t, report.Imported)
}
