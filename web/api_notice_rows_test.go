package web_test

// noticeRows are what people are told, the papers and the daily report. No printer stands in the
// scenario; who may print shows all the same.
var noticeRows = []row{
	{op: "list-notices", path: "/notices", ok: "signed in", hasNot: map[string][]string{"*": {secretName}}},
	{op: "read-notices", path: "/notices/read", body: `{"ids":["00000000-0000-7000-8000-000000000000"]}`, ok: "signed in", want: 204},
	{op: "list-messages", path: "/messages", ok: "admin", hasNot: map[string][]string{"*": {secretName}}},
	{op: "list-messages", path: "/messages?ticket={secret}", ok: agents + "banzhang shouli paidan shenhe huifang rexianban admin ",
		hasNot: map[string][]string{"*": {secretName}}},
	{op: "list-message-templates", path: "/admin/templates", ok: "admin", has: map[string][]string{"*": {`"kind":"accepted"`}}},
	{op: "save-message-template", path: "/admin/templates/citizen/accepted", body: `{"title":"","text":"","sms":true}`, ok: "admin", want: 204},
	{op: "gateway-receipt", path: "/gateway/receipts", body: `{"id":"x","delivered":true}`, ok: "public", want: 403},
	{op: "get-daily-report", path: "/reports/daily", ok: "banzhang rexianban shizhang pt-xxb"},
	{op: "print-ticket", path: "/tickets/{secret}/print/intake.pdf", ok: readers, want: 503},
	{op: "print-tickets", path: "/print/flow.pdf?ids={secret}", ok: readers, want: 503},
}

func init() { rows = append(rows, noticeRows...) }
