package tickets

import "time"

// Type is the kind of request (来电类别).
type Type string

// Types of tickets.
const (
	Consult    Type = "consult"
	Help       Type = "help"
	Complaint  Type = "complaint"
	Report     Type = "report"
	Suggestion Type = "suggestion"
	Praise     Type = "praise"
	OtherType  Type = "other"
)

// Urgency is 紧急程度.
type Urgency string

// Urgencies.
const (
	Normal   Urgency = "normal"
	Urgent   Urgency = "urgent"
	Critical Urgency = "critical"
)

// Source is 受理渠道.
type Source string

// Sources of tickets.
const (
	SourcePhone     Source = "phone"
	SourceSMS       Source = "sms"
	SourceWeb       Source = "web"
	SourceWeChat    Source = "wechat"
	SourceApp       Source = "app"
	SourceRating    Source = "rating"
	SourceEmail     Source = "email"
	SourceBoard     Source = "leader_board"
	SourceSecretary Source = "secretary_mailbox"
	SourceMayor     Source = "mayor_mailbox"
	SourceLetter    Source = "letter"
	SourceVisit     Source = "visit"
	SourceForwarded Source = "forwarded"
)

// Result is how a closed ticket ended.
type Result string

// Results of closed tickets.
const (
	ResultDirect        Result = "direct"       // 直办
	ResultSatisfied     Result = "satisfied"    // 满意
	ResultDissatisfied  Result = "dissatisfied" // 不满意
	ResultNoPosition    Result = "no_position"  // 未表态
	ResultUnreachable   Result = "unreachable"  // 未联系
	ResultNoVisitNeeded Result = "no_visit"     // 无需回访
)

// Results lists the results with their labels.
var Results = []Term{
	{string(ResultDirect), "直办"}, {string(ResultSatisfied), "满意"}, {string(ResultDissatisfied), "不满意"},
	{string(ResultNoPosition), "未表态"}, {string(ResultUnreachable), "未联系"}, {string(ResultNoVisitNeeded), "无需回访"},
}

// Term is a word of the trade: its code and what the page shows.
type Term struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Types lists the types with their labels, in the order of the form.
var Types = []Term{
	{string(Consult), "咨询"}, {string(Help), "求助"}, {string(Complaint), "投诉"}, {string(Report), "举报"},
	{string(Suggestion), "建议"}, {string(Praise), "表扬"}, {string(OtherType), "其他"},
}

// Urgencies lists the urgencies with their labels.
var Urgencies = []Term{{string(Normal), "一般"}, {string(Urgent), "紧急"}, {string(Critical), "特急"}}

// Sources lists the sources with their labels.
var Sources = []Term{
	{string(SourcePhone), "电话"}, {string(SourceSMS), "短信"}, {string(SourceWeb), "网站"},
	{string(SourceWeChat), "微信"}, {string(SourceApp), "APP"}, {string(SourceRating), "好差评"}, {string(SourceEmail), "电子邮件"},
	{string(SourceBoard), "领导留言板"}, {string(SourceSecretary), "书记信箱"}, {string(SourceMayor), "市长信箱"},
	{string(SourceLetter), "来信"}, {string(SourceVisit), "来访"}, {string(SourceForwarded), "转办件"},
}

// Online tells sources that citizens or other systems submit by themselves.
func (s Source) Online() bool {
	switch s {
	case SourceSMS, SourceWeb, SourceWeChat, SourceApp, SourceRating, SourceBoard:
		return true
	}
	return false
}

// IntakeLimit is how soon what came by the source has to be accepted: two hours for what
// citizens submit by themselves, a day for boards and mailboxes.
func (s Source) IntakeLimit() time.Duration {
	switch s {
	case SourceSMS, SourceWeb, SourceWeChat, SourceApp, SourceRating:
		return 2 * time.Hour
	}
	return 24 * time.Hour
}

// Label returns what the page shows for a code of the list; an unknown code is its own label.
func Label(terms []Term, code string) string {
	for _, t := range terms {
		if t.Code == code {
			return t.Label
		}
	}
	return code
}

func known(terms []Term, code string) bool {
	for _, t := range terms {
		if t.Code == code {
			return true
		}
	}
	return false
}
