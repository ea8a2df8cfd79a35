package tickets

import (
	"fmt"
	"slices"
)

// check holds the policy against what its rules need.
func (b *policyBook) check(p *Policy) {
	b.present("id", p.ID)
	b.present("name", p.Name)
	b.present("office", p.Office)
	b.checkLimits(p.Limits)
	b.checkDeciders(p.Deciders)
	for key, span := range map[string]Span{
		"stages.review": p.Stages.Review, "stages.follow_up": p.Stages.FollowUp, "stages.deliberation": p.Stages.Deliberation,
		"archive": p.Archive, "reopen": p.Reopen, "supplement": p.Supplement, "after_denial": p.AfterDenial,
		"inner.at_least": p.Inner.AtLeast, "left_open": p.LeftOpen, "duty_ring": p.DutyRing,
	} {
		if span.IsZero() {
			b.fault(key, "须给出时限")
		}
	}
	b.between("depth", p.Depth, 1, 4)
	b.between("max_returns", p.Returns, 0, 10)
	b.between("max_reworks", p.Reworks, 0, 10)
	b.between("urge_alarm", p.UrgeAlarm, 1, 1000)
	b.between("extension.times", p.Extend.Times, 0, 10)
	b.between("extension.max_days", p.Extend.MaxDays, 0, 365)
	b.between("follow_up.tries", p.FollowUp.Tries, 1, 20)
	b.between("follow_up.link_days", p.FollowUp.LinkDays, 1, 90)
	b.present("follow_up.hours", p.FollowUp.Hours)
	if p.Light.Share < 0 || p.Light.Share >= 1 {
		b.fault("light.share", "须大于等于 0、小于 1")
	}
	if p.Light.Yellow.IsZero() && p.Light.Share == 0 {
		b.fault("light", "yellow 和 share 至少给出一个")
	}
	if p.Card.RedOnSecond && !p.Card.Yellow {
		b.fault("card.red_on_second", "没有黄牌就没有第二张黄牌")
	}
}

func (b *policyBook) present(key, value string) {
	if value == "" {
		b.fault(key, "不能为空")
	}
}

func (b *policyBook) schedule(key, name string, schedules []string) {
	if len(schedules) > 0 && name != "" && !slices.Contains(schedules, name) {
		b.fault(key, "日历中没有作息“%s”", name)
	}
}

func (b *policyBook) between(key string, n, least, most int) {
	if n < least || n > most {
		b.fault(key, "须在 %d 到 %d 之间", least, most)
	}
}

func (b *policyBook) checkLimits(limits []LimitRule) {
	if len(limits) == 0 {
		b.fault("limits", "至少要有一条时限规则")
		return
	}
	for i, l := range limits {
		key := fmt.Sprintf("limits[%d]", i)
		codes(b, key+".types", l.Types, Types)
		codes(b, key+".urgencies", l.Urgencies, Urgencies)
		codes(b, key+".sources", l.Sources, Sources)
		for name, span := range map[string]Span{".dispatch": l.Dispatch, ".sign": l.Sign, ".return": l.Return, ".handle": l.Handle} {
			if span.IsZero() {
				b.fault(key+name, "须给出时限")
			}
		}
		if everything := len(l.Types)+len(l.Urgencies)+len(l.Sources) == 0; everything && i < len(limits)-1 {
			b.fault(key, "适用于一切工单，其后的规则永远用不到")
		} else if !everything && i == len(limits)-1 {
			b.fault(key, "最后一条须适用于一切工单（不写 types、urgencies、sources）")
		}
		if l.Min.Unit == l.Max.Unit && !l.Max.IsZero() && l.Min.N > l.Max.N {
			b.fault(key+".min", "不能长于 max")
		}
	}
}

func codes[T ~string](b *policyBook, key string, list []T, terms []Term) {
	for i, code := range list {
		if !known(terms, string(code)) {
			b.fault(fmt.Sprintf("%s[%d]", key, i), "没有“%s”", code)
		}
	}
}

func (b *policyBook) checkDeciders(deciders map[RequestKind]Span) {
	for kind := range deciders {
		if !known(RequestKinds, string(kind)) {
			b.fault("deciders."+string(kind), "没有这种申请")
		}
	}
	for _, kind := range RequestKinds {
		if deciders[RequestKind(kind.Code)].IsZero() {
			b.fault("deciders."+kind.Code, "“%s”须给出决定时限", kind.Label)
		}
	}
}
