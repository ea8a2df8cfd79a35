package ivr_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/ivr"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// caller is one caller in a menu, and the floor that serves him.
type caller struct {
	t      testing.TB
	m      *ivr.Menu
	s      ivr.State
	now    time.Time
	open   func(string, time.Time) bool
	last   []ivr.Action // of the last step
	played []string     // all ids said so far, values as their kind and text
	all    []ivr.Action
}

func start(t testing.TB, m *ivr.Menu, number string) *caller {
	c := &caller{t: t, m: m, now: noon, open: func(string, time.Time) bool { return true }}
	return c.step(ivr.Input{Kind: ivr.InputStart, Caller: number, Called: "12345"})
}

// step feeds one input through JSON, as a server that dies after each step would.
func (c *caller) step(in ivr.Input) *caller {
	c.s, c.last = c.m.Step(c.s, in, c.now, c.open)
	b, err := json.Marshal(c.s)
	require.NoError(c.t, err)
	c.s = ivr.State{}
	require.NoError(c.t, json.Unmarshal(b, &c.s))
	c.all = append(c.all, c.last...)
	for _, a := range c.last {
		if p, ok := a.(ivr.Play); ok {
			for _, prompt := range p.Prompts {
				c.played = append(c.played, name(prompt))
			}
		}
	}
	return c
}

func name(p ivr.Prompt) string {
	if p.Value == nil {
		return p.ID
	}
	v := p.Value
	switch v.Kind {
	case ivr.ValueDate:
		return "date:" + v.Time.Format(time.DateOnly)
	case ivr.ValueCount, ivr.ValueNumber:
		b, _ := json.Marshal(v.Number)
		return string(v.Kind) + ":" + string(b)
	default:
		return string(v.Kind) + ":" + v.Text
	}
}

func (c *caller) press(keys string) *caller {
	for i := range len(keys) {
		c.step(ivr.Input{Kind: ivr.InputDigit, Digit: keys[i]})
	}
	return c
}

func (c *caller) done() *caller    { return c.step(ivr.Input{Kind: ivr.InputPlaybackDone}) }
func (c *caller) silence() *caller { return c.step(ivr.Input{Kind: ivr.InputTimeout}) }

func (c *caller) answer(code string, items ...map[string]any) *caller {
	fields := map[string]any{"count": len(items)}
	var list []any
	for _, item := range items {
		list = append(list, item)
	}
	fields["items"] = list
	return c.step(ivr.Input{Kind: ivr.InputLookupResult, Result: ivr.Result{Code: code, Fields: fields}})
}

func (c *caller) said() []string { return c.played }

// saidNow are the ids of the last Play.
func (c *caller) saidNow() []string {
	for _, a := range slices.Backward(c.last) {
		if p, ok := a.(ivr.Play); ok {
			var out []string
			for _, prompt := range p.Prompts {
				out = append(out, name(prompt))
			}
			return out
		}
	}
	return nil
}

// find is the last action of a type, of the whole call.
func find[T ivr.Action](c *caller) (T, bool) {
	for _, a := range slices.Backward(c.all) {
		if x, ok := a.(T); ok {
			return x, true
		}
	}
	var none T
	return none, false
}

func want[T ivr.Action](c *caller) T {
	c.t.Helper()
	a, ok := find[T](c)
	require.True(c.t, ok, "no %T in %v", a, c.all)
	return a
}

func TestEveryNodeOfTheDefaultMenuLeadsWhereItSays(t *testing.T) {
	m := load(t, "12345.yaml")
	for _, c := range []struct{ name, keys, node, queue string }{
		{"key 0 in the welcome", "0", "general", "general"},
		{"key 2 in the welcome", "2", "enterprise", "enterprise"},
		{"a dialect", "81", "dialect_seats", "general"},
		{"Mongolian", "82", "general", "general"},
		{"English and a person", "90", "general", "english"},
	} {
		call := start(t, m, "13812345678").press(c.keys)
		require.Equal(t, c.node, call.s.Node, c.name)
		require.Equal(t, c.queue, want[ivr.Queue](call).Request.Queue, c.name)
	}
}

func TestWhoPressesNothingMeetsAPerson(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "13812345678")
	require.Equal(t, []string{"welcome.12345", "notice.recorded", "notice.emergency"}, c.saidNow())
	c.done()
	require.Equal(t, "main.person", c.saidNow()[0], "a person is offered first")
	c.done()
	require.Equal(t, 5*time.Second, want[ivr.Wait](c).For)
	c.silence()
	r := want[ivr.Queue](c).Request
	require.Equal(t, ivr.Request{Queue: "general", Language: "zh", Intent: "市民诉求", Inputs: map[string]string{}}, r)
}

func TestThreeWrongKeysLeadToAPerson(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").done()
	for range 2 {
		c.press("7")
		require.Equal(t, "error.invalid", c.saidNow()[0])
		require.Equal(t, "main", c.s.Node)
	}
	c.press("7")
	require.Equal(t, "general", want[ivr.Queue](c).Request.Queue)
}

func TestAKeyCutsTheFirstWordAndIsTaken(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").press("1")
	require.Equal(t, ivr.StopPlayback{}, c.last[0])
	require.Equal(t, "hot_notice", c.s.Node)
	c.press("5") // skips the notice and means nothing else
	require.Equal(t, "general", want[ivr.Queue](c).Request.Queue)
}

func TestEachLanguageIsOfferedInItself(t *testing.T) {
	m := load(t, "12345.yaml")
	c := start(t, m, "").done()
	prompts := want[ivr.Play](c).Prompts
	require.Equal(t, ivr.Prompt{ID: "main.english", Language: "en"}, prompts[len(prompts)-1])
	c.press("8")
	require.Contains(t, want[ivr.Play](c).Prompts, ivr.Prompt{ID: "dialect.mongolian", Language: "mn"})
	c.press("2")
	r := want[ivr.Queue](c).Request
	require.Equal(t, "mn", r.Language)
	require.Equal(t, []ivr.Need{{Skill: "mn", Level: 1}}, r.Needs)

	c = start(t, m, "").press("9")
	require.Equal(t, "en", want[ivr.Play](c).Prompts[0].Language)
}

func TestProgressByTheCallersNumber(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "13812345678").press("3")
	require.Equal(t, map[string]string{"caller": "13812345678"}, want[ivr.Lookup](c).Args)
	c.answer(ivr.ResultFound,
		map[string]any{"number": "260124000173", "state": "handling", "date": "2026-12-01"},
		map[string]any{"number": "260120000028", "state": "closed", "date": "2026-11-20T09:00:00+08:00"})
	require.Equal(t, []string{"progress.you_have", "count:2", "progress.tickets"}, c.saidNow())
	c.done()
	require.Equal(t, []string{
		"progress.number", "ticket:260124000173", "state.handling_until", "date:2026-12-01", "state.answer_by", "pause.long",
		"progress.number", "ticket:260120000028", "state.closed_on", "date:2026-11-20", "state.closed", "pause.long",
	}, c.saidNow())
	c.done().press("#").done()
	require.Equal(t, ivr.Hangup{Cause: "self_service"}, want[ivr.Hangup](c))
	require.True(t, c.s.Done)
}

func TestProgressByNumberAndQueryCode(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").press("3").answer(ivr.ResultNone).done()
	require.Equal(t, "ask_number", c.s.Node)
	c.press("260124000173#") // the # of habit is swallowed
	require.Equal(t, "ask_code", c.s.Node)
	c.press("482913")
	require.Equal(t, map[string]string{"number": "260124000173", "code": "482913"}, want[ivr.Lookup](c).Args)
	require.Equal(t, "******", c.s.Path[len(c.s.Path)-2].Input)
	c.answer(ivr.ResultFound, map[string]any{"number": "260124000173", "state": "replied", "date": ""})
	require.Contains(t, c.saidNow(), "state.replied")
	b, err := json.Marshal(c.s)
	require.NoError(t, err)
	require.NotContains(t, string(b), "482913", "the code is forgotten after use")
}

func TestThreeWrongCodesACallLeadToAPerson(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").press("3").answer(ivr.ResultNone).done()
	for try := 1; try <= 3; try++ {
		require.Equal(t, "ask_number", c.s.Node, "try %d", try)
		c.press("260124000173").press("000000").answer(ivr.ResultWrong).done()
	}
	c.press("260124000173").press("000000")
	require.Equal(t, []string{"progress.exhausted"}, c.saidNow())
	require.Equal(t, "general", want[ivr.Queue](c.done()).Request.Queue)
}

func TestADeskThatRefusesOrIsSilentLeadsToAPerson(t *testing.T) {
	m := load(t, "12345.yaml")
	c := start(t, m, "13812345678").press("3").answer(ivr.ResultLimited)
	require.Equal(t, []string{"progress.limited"}, c.saidNow())
	c = start(t, m, "13812345678").press("3").silence()
	require.Equal(t, []string{"progress.error"}, c.saidNow())
	require.Equal(t, "general", want[ivr.Queue](c.done()).Request.Queue)
}

func TestWaitingIsAnnouncedAndOffersCallbackAndVoicemail(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "13812345678").press("0").done()
	require.Equal(t, 20*time.Second, want[ivr.Wait](c).For)
	c.step(ivr.Input{Kind: ivr.InputTimeout, Position: 3, Estimate: 4 * time.Minute})
	require.Equal(t, []string{
		"queue.position", "number:3", "queue.persons", "queue.wait.5", "queue.offer_callback", "queue.offer_voicemail",
	}, c.saidNow())
	c.done()
	require.Equal(t, 30*time.Second, want[ivr.Wait](c).For)
	c.silence()
	require.Equal(t, []string{"queue.wait", "queue.offer_callback", "queue.offer_voicemail"}, c.saidNow(), "what is unknown is not said")

	c.press("1")
	require.Equal(t, []string{"callback.your_number", "phone:13812345678", "callback.confirm"}, c.saidNow())
	require.Equal(t, "general", c.s.Queued, "he keeps his place until he has confirmed")
	c.press("1")
	require.Equal(t, ivr.Callback{Number: "13812345678", Queue: "general", Language: "zh"}, want[ivr.Callback](c))
	require.Empty(t, c.s.Queued)
	c.step(ivr.Input{Kind: ivr.InputActionDone, Name: "callback", Outcome: ivr.OutcomeDone}).done()
	require.Equal(t, ivr.Hangup{Cause: "callback"}, want[ivr.Hangup](c))
}

func TestACallbackToAnotherNumberIsReadBack(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "anonymous").press("0").press("1")
	require.Equal(t, []string{"callback.enter"}, c.saidNow(), "a number that can't be called is not offered")
	c.press("05998812#")
	require.Equal(t, []string{"callback.you_entered", "phone:05998812", "callback.confirm"}, c.saidNow())
	c.press("2").press("059988120333").press("#")
	require.Equal(t, "confirm", c.s.Stage, "twelve digits end by themselves")
	c.press("1")
	require.Equal(t, "059988120333", want[ivr.Callback](c).Number)
}

func TestACallbackGivenUpGoesBackToTheQueue(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "13812345678").press("0").press("1").press("*")
	require.Equal(t, "general", c.s.Node)
	queued := 0
	for _, a := range c.all {
		if _, ok := a.(ivr.Queue); ok {
			queued++
		}
	}
	require.Equal(t, 1, queued, "he never left it")
}

func TestVoicemailFromTheQueue(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").press("2").press("2").done()
	require.Equal(t, ivr.Voicemail{MaxSeconds: 180, Queue: "enterprise", Language: "zh"}, want[ivr.Voicemail](c))
	c.step(ivr.Input{Kind: ivr.InputRecorded}).done()
	require.Equal(t, ivr.Hangup{Cause: "voicemail"}, want[ivr.Hangup](c))
}

func TestAQueueThatGivesUpOffersWhatIsLeft(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").press("0").
		step(ivr.Input{Kind: ivr.InputActionDone, Name: "queue", Outcome: ivr.OutcomeOverflow})
	require.Equal(t, "overflow", c.s.Node)
	require.Empty(t, c.s.Queued)
	c.done().silence()
	require.Equal(t, "general", c.s.Queued, "who presses nothing goes on waiting")
}

func TestNightHolidayAndOfficeHoursChangeTheWay(t *testing.T) {
	m := load(t, "12345.yaml")
	for _, c := range []struct {
		closed, keys, said string
	}{
		{"day", "0", "notice.night"},
		{"workday", "0", "notice.holiday"},
		{"office", "2", "enterprise.closed"},
	} {
		call := &caller{t: t, m: m, now: noon, open: func(schedule string, _ time.Time) bool { return schedule != c.closed }}
		call.step(ivr.Input{Kind: ivr.InputStart}).press(c.keys)
		require.Equal(t, []string{c.said}, call.saidNow())
		require.Equal(t, "general", want[ivr.Queue](call.done()).Request.Queue)
	}
}

func TestTheMergedLineHasItsOwnWelcomeAndQueue(t *testing.T) {
	c := start(t, load(t, "12315.yaml"), "")
	require.Equal(t, "welcome.12315", c.saidNow()[0])
	require.Equal(t, "consumer", want[ivr.Queue](c.press("1")).Request.Queue)
	c.step(ivr.Input{Kind: ivr.InputActionDone, Name: "queue", Outcome: ivr.OutcomeFull})
	require.Equal(t, "general", want[ivr.Queue](c).Request.Queue)
}

func TestWithoutAMenuTheWelcomeLeadsToTheQueue(t *testing.T) {
	c := start(t, load(t, "12345-direct.yaml"), "")
	require.Equal(t, []string{"welcome.12345", "notice.recorded", "notice.hot"}, c.saidNow())
	require.Equal(t, "general", want[ivr.Queue](c.done()).Request.Queue)
}

func TestRatingAndItsReason(t *testing.T) {
	m := load(t, "rating.yaml")
	c := &caller{t: t, m: m, now: noon}
	c.step(ivr.Input{Kind: ivr.InputStart, Language: "en"})
	require.Equal(t, "en", want[ivr.Play](c).Prompts[0].Language)
	c.press("5").press("3").done()
	require.Contains(t, c.all, ivr.Action(ivr.Rate{Question: "satisfaction", Score: 5}))
	require.Contains(t, c.all, ivr.Action(ivr.Rate{Question: "reason", Score: 3}))
	require.Equal(t, ivr.Hangup{Cause: "rated"}, want[ivr.Hangup](c))

	c = &caller{t: t, m: m, now: noon}
	c.step(ivr.Input{Kind: ivr.InputStart}).done().silence().done().silence().done()
	require.True(t, c.s.Done, "who does not rate is let go")
	_, rated := find[ivr.Rate](c)
	require.False(t, rated)
}

func TestASuccessorContinuesAtTheSameNode(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").press("3").answer(ivr.ResultNone).done().press("260124")
	c.step(ivr.Input{Kind: ivr.InputResume})
	require.IsType(t, ivr.Wait{}, c.last[0], "the digits so far are kept")
	c.press("000173")
	require.Equal(t, "ask_code", c.s.Node)

	c = start(t, load(t, "12345.yaml"), "").press("2").step(ivr.Input{Kind: ivr.InputResume})
	require.Equal(t, "enterprise", c.last[0].(ivr.Queue).Request.Queue)

	c = start(t, load(t, "12345.yaml"), "").done().step(ivr.Input{Kind: ivr.InputResume})
	require.Equal(t, "main.person", c.saidNow()[0])
}

func TestANewVersionKeepsACallAtItsNodeOrGivesItToAPerson(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").done()
	c.m = load(t, "12315.yaml")
	c.press("1")
	require.Equal(t, "consumer", want[ivr.Queue](c).Request.Queue, "there is a node main here too")

	c = start(t, load(t, "12345.yaml"), "").press("3").answer(ivr.ResultNone).done()
	c.m = load(t, "12315.yaml")
	c.press("2")
	require.Equal(t, "consumer", want[ivr.Queue](c).Request.Queue)
}

func TestLateAndDuplicateEventsMeanNothing(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "")
	first := want[ivr.Play](c).Seq
	c.step(ivr.Input{Kind: ivr.InputPlaybackDone, Seq: first})
	before := c.s
	for _, in := range []ivr.Input{
		{Kind: ivr.InputPlaybackDone, Seq: first},
		{Kind: ivr.InputTimeout, Seq: first},
		{Kind: ivr.InputLookupResult, Result: ivr.Result{Code: ivr.ResultFound}},
		{Kind: ivr.InputActionDone, Name: "callback", Outcome: ivr.OutcomeDone},
		{Kind: ivr.InputActionDone, Name: "queue", Outcome: ivr.OutcomeFull},
		{Kind: ivr.InputRecorded},
		{Kind: ivr.InputDigit, Digit: 'A'},
		{Kind: "nonsense"},
	} {
		c.step(in)
		require.Empty(t, c.last, "%+v", in)
		require.Equal(t, before, c.s, "%+v", in)
	}
	c.step(ivr.Input{Kind: ivr.InputHangup})
	require.True(t, c.s.Done)
	require.Empty(t, c.press("0").last)
}

func TestTooLongInTheMenuLeadsToAPerson(t *testing.T) {
	c := start(t, load(t, "12345.yaml"), "").done()
	c.now = c.now.Add(11 * time.Minute)
	c.press("4")
	require.Equal(t, "general", want[ivr.Queue](c).Request.Queue)
}

func TestAnEmergencyNumberIsConnected(t *testing.T) {
	src := head + "  main: {type: menu, options: [{key: '0', next: person}, {key: '5', next: police}]}\n  police: {type: transfer, say: x, number: '110', label: 公安}\n" + tail
	m, faults := ivr.Parse("m.yaml", []byte(src), ivr.Environment{})
	require.Empty(t, faults)
	c := start(t, m, "").press("5").done()
	require.Equal(t, ivr.Transfer{Number: "110", Label: "公安"}, want[ivr.Transfer](c))
	c.step(ivr.Input{Kind: ivr.InputActionDone, Name: "transfer", Outcome: ivr.OutcomeFailed})
	require.Equal(t, "general", want[ivr.Queue](c).Request.Queue, "who is not put through meets one of ours")
}

func TestSpokenValuesBecomeWords(t *testing.T) {
	for want, p := range map[string]ivr.Prompt{
		"二 六 零 幺 | 二 四 零 零 | 零 幺 七 三": ivr.TicketNumber("260124000173"),
		"幺 三 八 | 幺 二 三 四 | 五 六 七 八":   ivr.PhoneNumber("13812345678"),
		"幺 幺 零":    ivr.Digits("110"),
		"二":        ivr.Number(2),
		"两":        ivr.Count(2),
		"两 分钟":     ivr.Duration(2 * time.Minute),
		"十一月 二十四日": ivr.Date(noon),
		"二 零 二 六 年 十一月 二十四日": ivr.DateYear(noon),
		"两 元 五 角": ivr.Money(250),
	} {
		var got []string
		for _, line := range ivr.Expand(p.In("zh")) {
			if line.ID == ivr.PausePrompt {
				got = append(got, "|")
				continue
			}
			require.Equal(t, "zh", line.Language)
			got = append(got, strings.TrimPrefix(line.ID, "word."))
		}
		require.Equal(t, want, strings.Join(got, " "))
	}
	require.Equal(t, "zh", ivr.Expand(ivr.Number(3).In("mn"))[0].Language, "no grammar of its own")
	require.Equal(t, "word.twenty one", ivr.Expand(ivr.Number(21).In("en"))[0].ID)
}
