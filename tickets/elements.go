package tickets

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Elements are the five elements (五要素) a record should have.
type Elements struct {
	Name    bool `json:"name"`
	Time    bool `json:"time"`
	Address bool `json:"address"`
	Cause   bool `json:"cause"`
	Course  bool `json:"course"`
}

// Shortest texts, in characters, that can tell what happened (起因) and how it went (经过).
const (
	causeLength  = 10
	courseLength = 30
)

var timeWords = regexp.MustCompile(`[今昨前明]天|[今昨]晚|今早|凌晨|早上|上午|中午|下午|晚上|夜间|半夜|深夜|白天|每[天日晚早周年]|周[一二三四五六日末]|星期|长期|最近|近期|近日|目前|刚才|刚刚|至今|多日|多年|连续|\d+\s*(年|月|日|号|点|时|天|周|小时|分钟)|[一二两三四五六七八九十]+(年|个月|月|日|号|点|天|周|小时)|\d{1,2}[::]\d{2}`)

// ElementsOf finds which elements the ticket has. Name and address have fields of their own;
// the time is a field or a word of time in the content; cause and course are judged by the
// length of the content alone, for nothing shorter can tell them.
func ElementsOf(t Ticket) Elements {
	content := strings.TrimSpace(t.Content)
	n := utf8.RuneCountInString(content)
	return Elements{
		Name:    strings.TrimSpace(t.Caller.Name) != "" || strings.TrimSpace(t.Caller.Company) != "",
		Time:    t.HappenedAt != "" || timeWords.MatchString(content),
		Address: strings.TrimSpace(t.Place.Address) != "" || len(t.Place.Area) > 1,
		Cause:   n >= causeLength,
		Course:  n >= courseLength,
	}
}
