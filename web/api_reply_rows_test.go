package web_test

// replyRows are what helps a unit to answer and to stand in.
var replyRows = []row{
	{op: "list-reply-templates", path: "/reply-templates", ok: actors, has: map[string][]string{"pt-xxb-jb": {"核查属实"}}},
	{op: "list-unit-clerks", path: "/department/clerks", ok: "pt-xxb", has: map[string][]string{"pt-xxb": {"pt-xxb-jb"}},
		hasNot: map[string][]string{"pt-xxb": {"pt-xxb-xxk"}}},
}

func init() { rows = append(rows, replyRows...) }
