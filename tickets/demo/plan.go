package demo

import (
	"context"
	"slices"
	"time"

	"github.com/open12345/hotline/tickets"
)

// visit is one thing that happened in the city's past.
type visit struct {
	at       time.Time
	what     string
	caller   Citizen
	matter   filled
	agent    string
	source   tickets.Source
	note     string // call note of a call without a ticket
	recorded bool
	stage    string // of what goes through the units
	play     func(context.Context, *loader, visit) error
}

// How much the city's past holds.
const (
	pastDays       = 30
	recordingCount = 40
)

// amounts of the past, by what became of it. The first group makes the 200 tickets.
var amounts = []struct {
	what string
	n    int
	play func(context.Context, *loader, visit) error
}{
	{"direct", 60, playDirect},
	{"pool", 12, playPool},
	{"letter", 10, playLetter},
	{"online", 14, playOnline},
	{"supplement", 5, playSupplement},
	{"shut", 3, playShut},
	{"refused", 12, playRefused},
	{"emergency", 4, playEmergency},
	{"merged", 8, playMerged},
	{"folded", 6, playFolded},
	{"misdialled", 3, playDiscarded},
	{"draft", 5, playDraft},

	{"note", 22, playNote},
	{"urge", 9, playUrge},
	{"progress", 6, playSelfServed},
	{"menu", 5, playMenuAbandoned},
	{"lost", 12, playLost},
	{"callback", 4, playCallback},
	{"voicemail", 3, playVoicemail},
}

// plan draws the past, oldest first.
func (l *loader) plan() []visit {
	var list []visit
	for _, a := range amounts {
		for i := range a.n {
			v := visit{what: a.what, play: a.play, at: l.when(a.what)}
			l.draw(&v, i)
			list = append(list, v)
		}
	}
	for _, s := range stages {
		for range s.n {
			v := visit{what: "pool", stage: s.name, play: playLife, at: l.today.Add(-time.Duration((s.from + l.rng.Float64()*(s.to-s.from)) * float64(time.Hour)))}
			l.draw(&v, 1)
			if v.caller.Number == "" {
				v.caller.Number = l.mobile()
			}
			list = append(list, v)
		}
	}
	list = append(list, l.regulars()...)
	slices.SortStableFunc(list, func(a, b visit) int { return a.at.Compare(b.at) })
	left := recordingCount
	for i := len(list) - 1; i >= 0 && left > 0; i-- {
		switch list[i].what {
		case "direct", "pool", "refused", "note":
			list[i].recorded = true
			left--
		}
	}
	return list
}

// when draws the time: what is still open lies within days, the rest within the month, most of
// it by day.
func (l *loader) when(what string) time.Time {
	hoursBack := func(from, to float64) time.Time {
		var at time.Time
		for range 4 { // by night few call
			at = l.today.Add(-time.Duration((from + l.rng.Float64()*(to-from)) * float64(time.Hour)))
			if at.Hour() >= 7 && at.Hour() < 23 {
				break
			}
		}
		return at
	}
	switch what {
	case "draft":
		return hoursBack(0.75, 20)
	case "online", "supplement":
		return hoursBack(1, 44)
	case "lost", "callback", "voicemail":
		return hoursBack(0.5, 40)
	case "pool", "letter", "merged", "folded":
		return hoursBack(0.4, 20)
	case "urge":
		return hoursBack(0.5, 40)
	}
	day := l.today.AddDate(0, 0, -1-l.rng.IntN(pastDays-1))
	hours := []int{0, 2, 6, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16, 16, 17, 17, 18, 19, 19, 20, 20, 21, 22, 23}
	return time.Date(day.Year(), day.Month(), day.Day(), hours[l.rng.IntN(len(hours))], l.rng.IntN(60), l.rng.IntN(60), 0, day.Location())
}

// draw fills caller, case and agent.
func (l *loader) draw(v *visit, i int) {
	m := pick(l, l.book.Cases)
	switch v.what {
	case "direct":
		m = l.one(func(m matter) bool { return m.Answer != "" && m.Caller == "" })
	case "pool", "letter", "supplement", "shut", "online", "merged", "draft":
		m = l.one(func(m matter) bool { return m.Answer == "" && m.Emergency == "" && m.Type != "praise" && m.Kind == "" })
	case "refused":
		m = pick(l, l.book.Refused)
	case "emergency":
		m = l.one(func(m matter) bool { return m.Emergency != "" })
	case "note":
		kinds := []string{"answered", "answered", "answered", "progress", "silent", "harassment", "misdialled", "dropped"}
		v.note = kinds[i%len(kinds)]
	case "lost", "callback", "voicemail", "menu", "progress":
		m = l.one(func(m matter) bool { return m.Caller == "" })
	}
	if v.what == "pool" && i%12 == 0 {
		m = l.one(func(m matter) bool { return m.Kind == "enterprise" && m.Answer == "" })
	}
	v.matter = l.fill(m)
	v.caller = l.stranger(m.Kind)
	if m.Caller != "" {
		v.caller = l.cast(m.Caller)
	}
	if v.caller.Number == "" && (v.what == "pool" || v.what == "callback" || v.what == "lost" || v.what == "voicemail" || v.what == "urge") {
		v.caller.Number = l.mobile()
	}
	v.agent = l.agentFor(m.Queue)
	sources := []tickets.Source{tickets.SourceWeChat, tickets.SourceApp, tickets.SourceWeb, tickets.SourceSMS}
	if v.what == "letter" {
		sources = []tickets.Source{tickets.SourceMayor, tickets.SourceLetter, tickets.SourceForwarded, tickets.SourceVisit, tickets.SourceSecretary}
	}
	v.source = sources[i%len(sources)]
}

func (l *loader) one(fits func(matter) bool) matter {
	var list []matter
	for _, m := range l.book.Cases {
		if fits(m) {
			list = append(list, m)
		}
	}
	return pick(l, list)
}

func (l *loader) agentFor(queue string) string {
	switch queue {
	case "enterprise":
		return pick(l, []string{"8002", "8005"})
	case "consumer":
		return pick(l, []string{"8001", "8004", "8007"})
	case "english":
		return pick(l, []string{"8005", "8006"})
	}
	return pick(l, []string{"8001", "8002", "8003", "8004", "8005", "8006", "8007", "8008"})
}

// regulars are the visits of the people one can call as: an old acquaintance with tickets of
// every age, an enterprise, a foreigner.
func (l *loader) regulars() []visit {
	var list []visit
	add := func(who, what, class string, daysAgo float64, play func(context.Context, *loader, visit) error) {
		m := l.one(func(m matter) bool { return m.Class == class })
		at := l.today.Add(-time.Duration(daysAgo * 24 * float64(time.Hour)))
		list = append(list, visit{at: at, what: what, play: play, caller: l.cast(who), matter: l.fill(m), agent: l.agentFor(m.Queue), recorded: daysAgo < 4})
	}
	add("wang", "direct", "社保卡", 26.1, playDirect)
	add("wang", "direct", "高龄津贴", 17.3, playDirect)
	add("wang", "refused", "邻里纠纷", 12.2, playRefused)
	add("wang", "pool", "暖气不热", 3.2, playPool)
	add("wang", "pool", "施工噪音", 1.4, playPool)
	add("wang", "urge", "暖气不热", 0.9, playUrge)
	add("wang", "note", "停水", 0.3, playNote)
	add("enterprise", "direct", "惠企政策", 20.2, playDirect)
	add("enterprise", "pool", "企业用电", 2.1, playPool)
	add("foreigner", "direct", "出入境证件", 8.4, playDirect)
	for i := range list {
		switch list[i].what {
		case "note":
			list[i].note = "progress"
		case "refused":
			list[i].matter = l.fill(l.book.Refused[0])
		}
	}
	return list
}
