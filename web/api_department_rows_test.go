package web_test

import "strings"

const nobodysID = "00000000-0000-7000-8000-000000000000"

// departmentRows are 部门管理, 公告, 个人信息 and the suggestion of units.
var departmentRows = []row{
	{op: "get-department", path: "/department", ok: units, has: map[string][]string{"pt-xxb": {`"id":"xxb"`, "pt-xxb-jb"}, "pt-xxb-xxk": {`"id":"xxb-xxk"`}},
		hasNot: map[string][]string{"*": {"password", "zjj"}, "pt-xxb-xxk": {"pt-xxb-jb"}}},
	{op: "get-department", path: "/department?unit=zjj", ok: units, want: 404},
	{op: "save-department", path: "/department/units/xxb", body: `{"rota":{"phone":"2212345"}}`, ok: "pt-xxb", want: 204},
	{op: "save-department", path: "/department/units/xxb", body: `{"rota":{"phone":"abc"}}`, ok: "pt-xxb", want: 422},
	{op: "save-department", path: "/department/units/zjj", body: `{"phone":"1"}`, ok: "pt-xxb", want: 404},
	{op: "add-person", path: "/department/people", body: `{"unit":"xxb","name":"新人","account":"pt-xxb-new","password":"a-long-password","quota":0}`, ok: "pt-xxb", want: 204},
	{op: "add-person", path: "/department/people", body: `{"unit":"zjj","name":"新人","account":"pt-zjj-new","password":"a-long-password","quota":0}`, ok: "pt-xxb", want: 404},
	{op: "change-person", path: "/department/people/pt-xxb-new", body: `{"roles":["unit_clerk"]}`, ok: "pt-xxb", want: 204},
	{op: "change-person", path: "/department/people/pt-xxb-new", body: `{"roles":["admin"]}`, ok: "pt-xxb", want: 422},
	{op: "change-person", path: "/department/people/banzhang", body: `{"quota":1}`, ok: "pt-xxb", want: 404},
	{op: "delete-person", path: "/department/people/pt-xxb-new", ok: "pt-xxb", want: 204},
	{op: "delete-person", path: "/department/people/banzhang", ok: "pt-xxb", want: 404},
	{op: "get-profile", path: "/profile", ok: "signed in"},
	{op: "save-profile", path: "/profile", body: `{}`, ok: "signed in", want: 204},
	{op: "get-security-question", path: "/password/question?account=nobody-here", ok: "public", has: map[string][]string{"*": {"？"}}},
	{op: "reset-password", path: "/password/reset", body: `{"account":"nobody-here","answer":"x","password":"a-long-password"}`, ok: "public", want: 422},
	{op: "list-announcements", path: "/announcements", ok: "signed in"},
	{op: "publish-announcement", path: "/announcements", body: `{"title":"通知","text":"内容","audience":"all","must_confirm":true}`, ok: "banzhang rexianban admin"},
	{op: "change-announcement", path: "/announcements/" + nobodysID, body: `{"title":"通知","text":"内容","audience":"all","must_confirm":true}`, ok: "banzhang rexianban admin", want: 404},
	{op: "withdraw-announcement", path: "/announcements/" + nobodysID, ok: "banzhang rexianban admin", want: 404},
	{op: "read-announcement", path: "/announcements/" + nobodysID + "/read", body: `{}`, ok: "signed in", want: 404},
	{op: "list-readers", path: "/announcements/" + nobodysID + "/readers", ok: "banzhang rexianban admin", want: 404},
	{op: "suggest", path: "/suggest?text=%E5%81%9C%E6%B0%B4", ok: strings.ReplaceAll(actors, units, ""), has: map[string][]string{"*": {`"units":[]`}}},
}

func init() { rows = append(rows, departmentRows...) }
