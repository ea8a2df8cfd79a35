package demo

import (
	"regexp"
	"strings"

	"github.com/open12345/hotline/tickets"
)

// filled is a case with its words filled in.
type filled struct {
	matter
	place tickets.Place
}

var slot = regexp.MustCompile(`\{(\w+)\}`)

func pick[T any](l *loader, list []T) T { return list[l.rng.IntN(len(list))] }

// fill chooses an area and the words of a case; the same slot has the same word throughout.
func (l *loader) fill(m matter) filled {
	a := pick(l, l.city.Areas)
	words := map[string]string{"area": a.Name, "road": pick(l, a.Roads), "estate": pick(l, a.Estates)}
	replace := func(text string) string {
		return slot.ReplaceAllStringFunc(text, func(s string) string {
			name := strings.Trim(s, "{}")
			if words[name] == "" {
				words[name] = pick(l, l.city.Slots[name])
			}
			return words[name]
		})
	}
	f := filled{matter: m}
	f.Title, f.Content, f.Answer = replace(m.Title), replace(m.Content), replace(m.Answer)
	f.place = tickets.Place{Area: []string{cityCode, a.Code}}
	raw := m.Title + m.Content
	switch {
	case strings.Contains(raw, "{estate}"):
		f.place.Address = a.Name + words["estate"]
		if words["building"] != "" {
			f.place.Address += words["building"] + "号楼"
		}
	case strings.Contains(raw, "{road}"):
		f.place.Address = a.Name + words["road"]
		if words["no"] != "" {
			f.place.Address += words["no"] + "号"
		}
	}
	return f
}

// stranger makes somebody who is not of the demo's cast.
func (l *loader) stranger(kind string) Citizen {
	c := Citizen{Gender: "female", Kind: kind, Number: l.mobile()}
	given := l.city.Slots["female"]
	if l.rng.IntN(2) == 0 {
		c.Gender, given = "male", l.city.Slots["male"]
	}
	c.Name = pick(l, l.city.Slots["surname"]) + pick(l, given)
	switch n := l.rng.IntN(100); {
	case kind == "enterprise":
		c.Company = "和宁市" + pick(l, []string{"瑞丰食品", "海创电子", "远大建材", "新禾农业", "启明软件"}) + "有限公司"
	case n < 4:
		c.Name, c.Gender, c.Number = "", "", ""
	case n < 20:
		c.Name = c.Name[:3] + map[string]string{"male": "先生", "female": "女士"}[c.Gender]
	}
	return c
}

// mobile makes a mobile number.
func (l *loader) mobile() string {
	digits := []byte(pick(l, []string{"1380000", "1390000", "1590000", "1860000", "1990000"}))
	for range 4 {
		digits = append(digits, byte('0'+l.rng.IntN(10)))
	}
	digits[3] = byte('0' + l.rng.IntN(10))
	digits[4] = byte('0' + l.rng.IntN(10))
	return string(digits)
}

// cast finds one of the demo's people.
func (l *loader) cast(id string) Citizen {
	for _, c := range l.city.Citizens {
		if c.ID == id {
			return c
		}
	}
	return Citizen{}
}
