package simulate

import (
	"fmt"
	"time"

	"github.com/open12345/hotline/acd"
)

// hourly is how the calls of a day spread over its hours: two office-hour peaks, a quiet night.
var hourly = [24]float64{
	1.0, 0.7, 0.5, 0.4, 0.4, 0.6, 1.4, 3.2, 7.2, 9.0, 8.6, 6.8,
	4.6, 5.2, 8.2, 8.6, 7.8, 6.2, 4.8, 4.4, 3.8, 3.0, 2.2, 1.4,
}

// domains are the business domains callers ask for, with their part of the calls.
var domains = []struct {
	skill acd.Skill
	part  float64
}{
	{"city_management", 0.20}, {"social_security", 0.18}, {"housing", 0.14}, {"consumer", 0.13},
	{"public_security", 0.10}, {"utilities", 0.08}, {"education", 0.05},
}

// shifts are the crews' working times, with their part of the seats.
var shifts = []struct {
	name     string
	from, to time.Duration
	part     float64
}{
	{"early", 7 * time.Hour, 15 * time.Hour, 0.27}, {"day", 8*time.Hour + 30*time.Minute, 17 * time.Hour, 0.34},
	{"late", 14 * time.Hour, 22 * time.Hour, 0.27}, {"night", 0, 7*time.Hour + 30*time.Minute, 0.06},
	{"evening", 17 * time.Hour, 24 * time.Hour, 0.06},
}

// Day is a day of a large city's hotline: 12 kinds of callers in three queues, domains and
// languages as skills, seats in shifts with one to three domains each.
func Day(calls, seats int, seed uint64) Plan {
	plan := Plan{
		Name: "day", Seed: seed, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Length: 24 * time.Hour,
		Config:     dayConfig(),
		Ring:       Lognormal{3 * time.Second, 0.4},
		Unanswered: 0.005,
	}
	stream := func(name string, part float64, queue acd.QueueID, priority int, all ...acd.Need) {
		plan.Callers = append(plan.Callers, Callers{
			Name: name, Queue: queue, All: all, Priority: priority, Patience: Exponential(4 * time.Minute),
			Rate: dayRate(part * float64(calls)), Peak: part * float64(calls) * 9 / 100 / 3600 * 100 / hourlySum() * 1.01,
		})
	}
	for _, d := range domains {
		stream(string(d.skill), d.part*0.94, "citizens", 0, acd.Need{Skill: d.skill, Min: 5})
	}
	stream("urgent", 0.02, "citizens", 3, acd.Need{Skill: "utilities", Min: 3})
	stream("any domain", 0.065, "citizens", 0)
	stream("enterprise", 0.06, "enterprises", 1, acd.Need{Skill: "enterprise", Min: 3})
	stream("english", 0.015, "languages", 0, acd.Need{Skill: "en", Min: 4})
	stream("dialect", 0.0128, "languages", 0, acd.Need{Skill: "dialect", Min: 3})
	plan.Crews = dayCrews(seats)
	return plan
}

func dayConfig() acd.Config {
	return acd.Config{Queues: []acd.QueueConfig{
		{
			ID: "citizens", Ceiling: 90 * time.Second,
			Relax:     []acd.RelaxStep{{After: 15 * time.Second, LowerBy: 2}, {After: 45 * time.Second, LowerBy: 4}},
			Overflow:  []acd.OverflowRule{{After: 5 * time.Minute, To: acd.Target{Kind: acd.ToCallback}}},
			MaxLength: 1000, WhenFull: acd.Target{Kind: acd.ToCallback},
		},
		{
			ID: "enterprises", Target: 10 * time.Second, Ceiling: 2 * time.Minute,
			Overflow: []acd.OverflowRule{{After: time.Minute, To: acd.Target{Kind: acd.ToQueue, Queue: "citizens"}}},
		},
		{
			ID: "languages", Target: 20 * time.Second, Choice: acd.LongestIdle,
			MaxWait: 8 * time.Minute, AtMaxWait: acd.Target{Kind: acd.ToVoicemail},
		},
	}}
}

func hourlySum() float64 {
	sum := 0.0
	for _, h := range hourly {
		sum += h
	}
	return sum
}

// dayRate spreads a number of calls over the day; calls a second.
func dayRate(calls float64) func(time.Duration) float64 {
	perWeight := calls / hourlySum() / 3600
	return func(since time.Duration) float64 { return perWeight * hourly[int(since/time.Hour)%24] }
}

// dayCrews spreads the seats over shifts and mixes of skills. Of ten seats of a shift seven know
// one main and one second domain, two know three, one knows enterprises or a language.
func dayCrews(seats int) []Crew {
	var crews []Crew
	left := seats
	for i, sh := range shifts {
		n := int(float64(seats)*sh.part + 0.5)
		if i == len(shifts)-1 {
			n = left
		}
		n = min(n, left)
		left -= n
		for j := range n {
			crews = append(crews, Crew{
				Name: fmt.Sprintf("%s-%d", sh.name, j%20), Seats: 1, Skills: daySkills(j % 20),
				From: sh.from, To: sh.to, Rest: 30 * time.Minute,
				Talk: Lognormal{165 * time.Second, 0.8}, WrapUp: Lognormal{30 * time.Second, 0.5},
			})
		}
	}
	return merge(crews)
}

// daySkills is the mix of skills of the n-th of twenty seats.
func daySkills(n int) map[acd.Skill]int {
	skill := func(i int) acd.Skill { return domains[i%len(domains)].skill }
	switch {
	case n < 14:
		return map[acd.Skill]int{skill(n): 8, skill(n + 1 + n/7): 5}
	case n < 17:
		return map[acd.Skill]int{skill(n): 7, skill(n + 2): 6, skill(n + 4): 5, "enterprise": 2}
	case n < 19:
		return map[acd.Skill]int{"enterprise": 8, skill(n): 5}
	default:
		return map[acd.Skill]int{"en": 7, "dialect": 7, skill(n): 5}
	}
}

// merge joins crews of the same name.
func merge(crews []Crew) []Crew {
	var out []Crew
	at := map[string]int{}
	for _, c := range crews {
		if n, ok := at[c.Name]; ok {
			out[n].Seats += c.Seats
			continue
		}
		at[c.Name] = len(out)
		out = append(out, c)
	}
	return out
}
