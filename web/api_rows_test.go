package web_test

import "strings"

// Who has what, said apart from the program's own table of rights.
const (
	agents     = "8001 8002 "
	seated     = agents + "huifang "
	units      = "pt-xxb pt-xxb-jb pt-xxb-xxk "
	actors     = agents + units + "banzhang shouli paidan shenhe huifang rexianban shizhang "
	readers    = actors + "zhijian zhishi "
	callers    = agents + "banzhang paidan shenhe huifang rexianban zhijian "
	watchers   = "banzhang rexianban shizhang admin "
	callbacks  = agents + "banzhang shouli "
	blacklists = "banzhang rexianban admin "
	writers    = units + "zhishi "
	exporters  = "banzhang rexianban pt-xxb "
)

// Who hears recordings of own calls only.
var ownSound = map[string]int{"8002": 404, "shouli": 404, "pt-xxb": 404, "pt-xxb-jb": 404, "pt-xxb-xxk": 404}

var rows = []row{
	// The sign-in page and sessions.
	{op: "get-public", path: "/public", ok: "public", has: map[string][]string{"*": {`"demo":true`, "林晓雯"}}},
	{op: "new-captcha", path: "/captcha", ok: "public", hasNot: map[string][]string{"*": {"digits"}}},
	{op: "get-captcha", path: "/captcha/unknown.png", ok: "public", want: 404},
	{op: "sign-in", path: "/session", ok: "public", want: 401, body: `{"account":"nobody","password":"wrong"}`,
		has: map[string][]string{"": {`"code":"bad_credentials"`}}},
	{op: "get-session", path: "/session", ok: "signed in", hasNot: map[string][]string{"*": {"password", "mobile"}},
		has: map[string][]string{"8001": {`"seat":"8001"`, "林晓雯"}, "pt-xxb": {"市信息办"}, "banzhang": {"floor.force"}}},
	{op: "change-own-password", path: "/session/password", ok: "signed in", want: 422, body: `{"old":"not-the-password","new":"a-long-password"}`},
	{op: "sign-out", path: "/session", ok: "public", want: 204, throwaway: true},

	// Calls.
	{op: "list-calls", path: "/calls?limit=200", ok: callers,
		has:    map[string][]string{"8001": {"{own}", "{secretcall}", ownNumber}, "banzhang": {"{own}", "138****8001"}},
		hasNot: map[string][]string{"8002": {"{own}", "{secretcall}"}, "huifang": {"{own}"}}},
	{op: "get-call", path: "/calls/{own}", ok: callers, but: map[string]int{"8002": 404, "huifang": 404},
		has:    map[string][]string{"8001": {ownNumber}, "zhijian": {"138****8001"}},
		hasNot: map[string][]string{"8002": {"138****"}, "huifang": {"138****"}}},
	{op: "get-call", path: "/calls/{secretcall}", ok: callers, but: map[string]int{"8002": 404, "huifang": 404},
		has: map[string][]string{"8001": {"135****5678"}}},
	{op: "get-call", path: "/calls/00000000-0000-7000-8000-000000000000", ok: callers, want: 404},
	{op: "get-recording-audio", path: "/recordings/{recording}/audio", ok: callers + units, but: ownSound},
	{op: "get-recording-peaks", path: "/recordings/{recording}/peaks", ok: callers + units, but: ownSound, has: map[string][]string{"8001": {`"left":[0.5]`}}},
	{op: "command-floor", path: "/floor/commands", body: `{"type":"seat.wish","data":{"state":"idle"}}`, ok: seated},
	{op: "command-floor", path: "/floor/commands", body: `{"type":"seat.force","data":{"seat":"8001","state":"not_ready"}}`, ok: "banzhang"},
	{op: "command-floor", path: "/floor/commands", body: `{"type":"call.hold","data":{"call":"ended"}}`, ok: seated, want: 404},
	{op: "command-floor", path: "/floor/commands", body: `{"type":"call.explode"}`, ok: "signed in", want: 422},
	{op: "get-floor", path: "/floor/snapshot", ok: watchers},
	{op: "list-seats", path: "/seats", ok: seated},
	{op: "new-phone-secret", path: "/phone-secret", ok: seated, has: map[string][]string{"8001": {`"user":"w8001"`}, "8002": {`"user":"w8002"`}}},
	{op: "list-contacts", path: "/contacts", ok: seated, has: map[string][]string{"*": {"110"}}},
	{op: "get-caller-history", path: "/callers/history?call={own}", ok: seated, but: map[string]int{"8002": 404, "huifang": 404},
		has: map[string][]string{"8001": {"王秀兰"}}, hasNot: map[string][]string{"8002": {"王秀兰"}}},

	// 留言与回拨.
	{op: "list-callbacks", path: "/callbacks", ok: callbacks, has: map[string][]string{"*": {"{waiting}"}}},
	{op: "take-callback", path: "/callbacks/{waiting}/take", ok: "banzhang 8001 8002 shouli", but: map[string]int{"banzhang": 409, "8001": 409, "8002": 409},
		has: map[string][]string{"shouli": {`"taken_by":"shouli"`}, "8001": {"not_yours"}}},
	{op: "release-callback", path: "/callbacks/{held}/release", ok: callbacks, but: map[string]int{"8001": 409, "8002": 409, "shouli": 409}},
	{op: "finish-callback", path: "/callbacks/{heldtoo}/done", body: `{"result":"contacted","text":"已联系"}`, ok: callbacks,
		but: map[string]int{"8001": 409, "8002": 409, "shouli": 409}},

	// Tickets.
	{op: "list-tickets", path: "/tickets?limit=200", ok: readers, inHand: "shouli",
		has: map[string][]string{"pt-xxb": {"{secret}"}, "pt-xxb-jb": {"{secret}"}, "shizhang": {"{secret}"}, "8001": {"{querycode}"}},
		hasNot: map[string][]string{
			"pt-xxb": {"{elsewhere}", secretName}, "pt-xxb-jb": {"{elsewhere}", secretName}, "pt-xxb-xxk": {"{secret}", "{elsewhere}"},
			"8002": {"{querycode}", secretName, "{draft}"}, "banzhang": {"{querycode}", secretName}, "shizhang": {secretName}, "zhijian": {secretName},
			"paidan": {"{querycode}", "{draft}"},
		}},
	{op: "get-ticket", path: "/tickets/{secret}", ok: readers, but: map[string]int{"pt-xxb-xxk": 404},
		has: map[string][]string{
			"8001": {`"query_code":"{querycode}"`, `"hidden":true`}, "paidan": {secretName, "135****5678"}, "pt-xxb": {`"hidden":true`},
			"banzhang": {`"hidden":true`}, "rexianban": {secretName},
		},
		hasNot: map[string][]string{
			"8002": {"{querycode}", secretName}, "pt-xxb": {secretName, "135****", "{querycode}", "/audio"}, "pt-xxb-jb": {secretName, "135****", "{querycode}"},
			"shouli": {"{querycode}"}, "paidan": {"{querycode}"}, "rexianban": {"{querycode}"}, "zhijian": {secretName}, "shizhang": {secretName, "/audio"},
		}},
	{op: "get-ticket", path: "/tickets/{elsewhere}", ok: readers, but: map[string]int{"pt-xxb": 404, "pt-xxb-jb": 404, "pt-xxb-xxk": 404}},
	{op: "get-ticket", path: "/tickets/{draft}", ok: "8001 banzhang rexianban", has: map[string][]string{"8001": {ownNumber}, "banzhang": {"138****8001"}},
		but: map[string]int{"8002": 404, "shouli": 404, "paidan": 404, "shenhe": 404, "huifang": 404, "zhijian": 404, "zhishi": 404, "shizhang": 404,
			"pt-xxb": 404, "pt-xxb-jb": 404, "pt-xxb-xxk": 404}},
	{op: "list-own-drafts", path: "/tickets/drafts", ok: agents + "shouli", inHand: "shouli", has: map[string][]string{"8001": {"{draft}"}}, hasNot: map[string][]string{"8002": {"{draft}"}}},
	{op: "list-left-open-drafts", path: "/tickets/drafts/all", ok: "banzhang rexianban"},
	{op: "list-similar-tickets", inHand: "shouli", path: "/tickets/similar?ticket={secret}", ok: readers, but: map[string]int{"pt-xxb-xxk": 404},
		hasNot: map[string][]string{"pt-xxb": {"{elsewhere}"}}},
	{op: "create-ticket", path: "/tickets", body: `{"call":"{own}"}`, ok: "8001", want: 201, but: map[string]int{"8002": 409, "shouli": 409}},
	{op: "create-ticket", path: "/tickets", body: `{"source":"letter","external_ref":{"system":"市长信箱","no":"SZ-1"}}`, ok: "8001 8002 shouli", want: 201},
	{op: "save-ticket", path: "/tickets/{draft}", body: `{"version":{draftversion},"title":"施工噪音扰民"}`, ok: "8001", but: notMine},
	{op: "save-ticket", path: "/tickets/{draft}", body: `{"version":{draftversion},"title":"又一个标题"}`, ok: "8001", want: 409, but: notMine,
		has: map[string][]string{"8001": {`"code":"version"`, "施工噪音扰民"}}},
	{op: "act-on-ticket", path: "/tickets/{draft}/actions/submit", body: `{"version":99}`, ok: "8001", want: 409, but: notMine},
	{op: "urge-ticket", path: "/tickets/{secret}/urge", body: `{"call":"{own}","text":"催办"}`, ok: "8001", but: map[string]int{"8002": 409, "shouli": 409}},
	{op: "supplement-ticket", path: "/tickets/{secret}/supplement", body: `{"call":"{own}","text":"补充"}`, ok: "8001", but: map[string]int{"8002": 409, "shouli": 409}},
	{op: "progress-ticket", path: "/tickets/{secret}/progress", body: `{"call":"{own}"}`, ok: "8001", but: map[string]int{"8002": 409, "shouli": 409}},
	{op: "search-classes", path: "/classes?q=zy", ok: "signed in"},
	{op: "search-classes", path: "/classes?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E7%B1%BB", ok: "signed in", has: map[string][]string{"*": {`"items":[]`}}},
	{op: "list-areas", path: "/areas", ok: "signed in", has: map[string][]string{"*": {"和平区"}}},
	{op: "search-units", path: "/units?q=xxb", ok: "signed in"},

	// Knowledge.
	{op: "list-articles", path: "/knowledge?limit=200", ok: readers, has: map[string][]string{"8001": {"社会保障卡"}, "zhishi": {`"head_state":"review"`}},
		hasNot: map[string][]string{"8001": {`"head_state":"review"`}, "pt-xxb": {`"head_state":"review"`}}},
	{op: "list-articles", path: "/knowledge?q=%E4%BE%9B%E6%9A%96", ok: readers, has: map[string][]string{"*": {"供暖温度"}}, hasNot: map[string][]string{"*": {"护照"}}},
	{op: "get-knowledge-tree", path: "/knowledge/tree", ok: readers, has: map[string][]string{"*": {"社会保障"}}},
	{op: "suggest-articles", path: "/knowledge/suggest?q=%E6%9A%96%E6%B0%94%E4%B8%8D%E7%83%AD", ok: readers, has: map[string][]string{"*": {"供暖温度", "暖气不热"}}},
	{op: "get-article", path: "/knowledge/{article}", ok: readers, has: map[string][]string{"zhishi": {`"event":"edit"`}}, hasNot: map[string][]string{"8001": {`"event":"edit"`}}},
	{op: "get-article", path: "/knowledge/{unpublished}", ok: "zhishi", but: all(readers, "zhishi", 404)},
	{op: "create-article", path: "/knowledge", body: articleBody("0"), ok: writers, want: 201},
	{op: "save-article", path: "/knowledge/{unpublished}", body: articleBody("{unpublishedrev}"), ok: "zhishi", but: all(writers, "zhishi", 404)},
	{op: "save-article", path: "/knowledge/{unpublished}", body: articleBody("{unpublishedrev}"), ok: "zhishi", want: 409, but: all(writers, "zhishi", 409)},
	{op: "act-on-article", path: "/knowledge/{article}/actions/explode", body: `{"rev":{articlerev}}`, ok: "zhishi", want: 409},
	{op: "diff-article", path: "/knowledge/{article}/diff?from=1&to=1", ok: readers},
	{op: "diff-article", path: "/knowledge/{article}/diff?from=1&to=9", ok: readers, want: 404},
	{op: "hit-article", path: "/knowledge/{article}/hits", body: `{"inserted":true}`, ok: readers, want: 204},
	{op: "save-knowledge-category", path: "/knowledge/categories", body: `{"id":"social","name":"社会保障","order":0}`, ok: "zhishi", want: 204},
	{op: "report-article", path: "/knowledge/{article}/reports", body: `{"text":"地址变了"}`, ok: readers, want: 201},
	{op: "list-knowledge-reports", path: "/knowledge-reports", ok: readers, has: map[string][]string{"8001": {"首问电话"}, "zhishi": {"首问电话"}},
		hasNot: map[string][]string{"8002": {"首问电话"}, "pt-xxb": {"首问电话"}}},
	{op: "handle-knowledge-report", path: "/knowledge-reports/{report}/handle", body: `{"fixed":true,"answer":"已更新"}`, ok: "zhishi", want: 204, but: all(writers, "zhishi", 404)},

	// Search.
	{op: "search-tickets", path: "/tickets/search?q=%E6%96%BD%E5%B7%A5&limit=200", ok: readers, has: map[string][]string{"rexianban": {"{secret}"}},
		hasNot: map[string][]string{"pt-xxb-xxk": {"{secret}"}, "8002": {secretName}, "pt-xxb": {secretName, "{elsewhere}"}, "*": {"{draft}"}}},
	{op: "search-tickets", path: "/tickets/search?phone=" + secretNumber, ok: actors, but: map[string]int{"zhijian": 403, "zhishi": 403, "shizhang": 403},
		has: map[string][]string{"rexianban": {"{secret}"}}, hasNot: map[string][]string{"8002": {"{secret}"}, "pt-xxb": {"{secret}"}}},
	{op: "search-tickets", path: "/tickets/search?q=%E6%B0%B4", ok: readers, want: 422},
	{op: "sum-up-tickets", path: "/tickets/search/statistics?q=%E6%96%BD%E5%B7%A5", ok: readers, has: map[string][]string{"rexianban": {`"by_state"`}}},
	{op: "save-filter", path: "/filters", body: `{"name":"施工","filter":{"q":"施工"}}`, ok: readers},
	{op: "list-filters", path: "/filters", ok: readers, has: map[string][]string{"*": {"施工"}}},
	{op: "delete-filter", path: "/filters/00000000-0000-7000-8000-000000000000", ok: readers, want: 404},
	{op: "create-export", path: "/exports", body: `{"filter":{"q":"施工"},"label":"施工"}`, ok: exporters, want: 202},
	{op: "list-exports", path: "/exports", ok: exporters, has: map[string][]string{"*": {`"label":"施工"`}}},
	{op: "cancel-export", path: "/exports/00000000-0000-7000-8000-000000000000", ok: exporters, want: 404},
	{op: "get-export-file", path: "/exports/00000000-0000-7000-8000-000000000000/file", ok: exporters, want: 404},

	// Administration.
	{op: "list-audit", path: "/admin/audit", ok: "rexianban admin", has: map[string][]string{"*": {"recording.play"}}},
	{op: "get-health", path: "/admin/health", ok: "admin", has: map[string][]string{"*": {`"status":"degraded"`}}},
	{op: "list-accounts", path: "/admin/accounts", ok: "admin", hasNot: map[string][]string{"*": {"argon2", "password"}}},
	{op: "create-account", path: "/admin/accounts", body: `{"account":"new","name":"新人","roles":["agent"],"password":"a-long-password"}`, ok: "admin", want: 204},
	{op: "change-account", path: "/admin/accounts/new", body: `{"name":"新同事"}`, ok: "admin", want: 204},
	{op: "set-password", path: "/admin/accounts/new/password", body: `{"password":"another-password"}`, ok: "admin", want: 204},
	{op: "unlock-account", path: "/admin/accounts/new/unlock", ok: "admin", want: 204},
	{op: "list-roles", path: "/admin/roles", ok: "admin"},
	{op: "list-skills", path: "/admin/skills", ok: "admin"},
	{op: "save-skill", path: "/admin/skills", body: `{"id":"tax","name":"税务","kind":"domain"}`, ok: "admin"},
	{op: "list-queues", path: "/admin/queues", ok: "admin"},
	{op: "save-queue", path: "/admin/queues", ok: "admin", body: `{"id":"tax","name":"税务","skills":{"tax":1},"target_s":15,"priority":1,"strategy":"longest_idle",` +
		`"relax":[],"overflow":[],"max_length":0,"max_wait_s":0,"ceiling_s":0,"schedule":"","announce_every_s":0,"disabled":false}`},
	{op: "list-lines", path: "/admin/lines", ok: "admin"},
	{op: "save-line", path: "/admin/lines", body: `{"called":"12366","label":"税务","menu":"","queue":"tax","disabled":false}`, ok: "admin"},
	{op: "save-class", path: "/admin/classes", body: `{"id":"","name":"税务服务","initials":"","order":1,"disabled":false}`, ok: "admin"},
	{op: "list-admin-seats", path: "/admin/seats", ok: "admin", hasNot: map[string][]string{"*": {"hotline-demo", "password"}}},
	{op: "create-seat", path: "/admin/seats", body: seatBody, ok: "admin"},
	{op: "create-seat", path: "/admin/seats", body: seatBody, ok: "admin", want: 409},
	{op: "save-seat", path: "/admin/seats", body: seatBody, ok: "admin"},
	{op: "new-seat-password", path: "/admin/seats/8099/password", ok: "admin"},
	{op: "blacklist-number", path: "/admin/blacklist", body: `{"number":"13999990000","reason":"骚扰","until":"2099-01-01T00:00:00Z"}`, ok: blacklists, want: 204},
	{op: "list-blacklist", path: "/admin/blacklist", ok: blacklists, has: map[string][]string{"*": {"139****0000"}}},
	{op: "unblacklist-number", path: "/admin/blacklist/remove", body: `{"number":"13999990000"}`, ok: blacklists, want: 204, but: map[string]int{"rexianban": 404, "banzhang": 404}},
	{op: "list-menus", path: "/admin/menus", ok: "admin"},
	{op: "reload-menus", path: "/admin/menus/reload", ok: "admin"},
	{op: "list-prompts", path: "/admin/prompts", ok: "admin"},
	{op: "get-prompt-audio", path: "/admin/prompts/greet/audio", ok: "admin"},
	{op: "replace-prompt", path: "/admin/prompts/greet", form: true, ok: "admin", want: 204,
		body: "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--b--\r\n"},
	{op: "restore-prompt", path: "/admin/prompts/greet", ok: "admin", want: 204},

	// The demo's own switches.
	{op: "get-demo", path: "/demo", ok: "public"},
	{op: "set-demo-traffic", path: "/demo/traffic", body: `{"per_minute":5}`, ok: "public", has: map[string][]string{"*": {`"traffic_per_minute":5`}}},
	{op: "advance-demo-clock", path: "/demo/clock", body: `{"working_days":1}`, ok: "public"},
	{op: "new-citizen-phone", path: "/demo/citizen-phone", body: `{"citizen":"wang"}`, ok: "public"},
	{op: "new-citizen-phone", path: "/demo/citizen-phone", body: `{"citizen":"nobody"}`, ok: "public", want: 404},
}

// notMine is what others get who change agent 8001's draft: they don't know of it, or, with the
// right to see all drafts, are refused by the state table.
var notMine = map[string]int{
	"8002": 404, "shouli": 404, "paidan": 404, "shenhe": 404, "huifang": 404, "pt-xxb": 404, "pt-xxb-jb": 404, "shizhang": 404, "pt-xxb-xxk": 404,
	"banzhang": 409, "rexianban": 409,
}

const seatBody = `{"id":"8099","group":"三组","skills":{"general":5},"queues":["general"],"auto_answer":false,"wrap_up_s":30,"disabled":false}`

// all answers the same to every account but one.
func all(accounts, except string, status int) map[string]int {
	m := map[string]int{}
	for _, account := range strings.Fields(accounts) {
		if account != except {
			m[account] = status
		}
	}
	return m
}

func articleBody(rev string) string {
	return `{"rev":` + rev + `,"content":{"title":"试写","body":"正文","category":"social","class":"","tags":["试写"],"guide":false,"spoken":""}}`
}
