package demo

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
	"github.com/open12345/hotline/tickets/service"
)

// Password is every demo account's, and that of the seats' SIP phones.
const Password = "hotline-demo"

// house writes what the hotline consists of.
func (l *loader) house(ctx context.Context) error {
	for _, step := range []func(context.Context) error{l.units, l.tree, l.rules, l.switchboard, l.people, l.seats, l.citizens} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) units(ctx context.Context) error {
	phone := func(i, j int) string { return fmt.Sprintf("0599881%02d%02d", i+1, j) } // made up
	for i, u := range l.city.Units {
		top := directory.Unit{ID: u.Code, Name: u.Name, Kind: u.Kind, Phone: phone(i, 0), Duties: u.Duties, Initials: directory.Initials(u.Name)}
		if err := l.cfg.Store.SaveUnit(ctx, top); err != nil {
			return fmt.Errorf("unit %s: %w", u.Code, err)
		}
		for j, sub := range slices.Sorted(maps.Keys(u.Below)) {
			name := u.Below[sub]
			below := directory.Unit{ID: u.Code + "-" + sub, Parent: u.Code, Name: name, Kind: u.Kind, Phone: phone(i, j+1), Initials: directory.Initials(name)}
			if err := l.cfg.Store.SaveUnit(ctx, below); err != nil {
				return fmt.Errorf("unit %s: %w", below.ID, err)
			}
		}
	}
	return nil
}

// tree writes classes and areas.
func (l *loader) tree(ctx context.Context) error {
	for _, c := range l.city.classes {
		if err := l.cfg.Store.SaveClass(ctx, c); err != nil {
			return fmt.Errorf("class %s: %w", c.Name, err)
		}
	}
	order := 0
	save := func(a directory.Area) error {
		order++
		if err := l.cfg.Store.SaveArea(ctx, a, order); err != nil {
			return fmt.Errorf("area %s: %w", a.Name, err)
		}
		return nil
	}
	if err := save(directory.Area{Code: cityCode, Name: l.city.City}); err != nil {
		return err
	}
	for _, a := range l.city.Areas {
		if err := save(directory.Area{Code: a.Code, Parent: cityCode, Name: a.Name}); err != nil {
			return err
		}
		for _, code := range slices.Sorted(maps.Keys(a.Towns)) {
			if err := save(directory.Area{Code: code, Parent: a.Code, Name: a.Towns[code]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// cityCode is the root of the areas.
const cityCode = "99"

// switchboard writes skills, queues, lines and contacts.
func (l *loader) switchboard(ctx context.Context) error {
	for _, k := range l.city.Skills {
		if err := l.cfg.Store.SaveSkill(ctx, k); err != nil {
			return fmt.Errorf("skill %s: %w", k.ID, err)
		}
	}
	for _, q := range l.city.Queues {
		queue := q.queue()
		if err := queue.Validate(); err != nil {
			return fmt.Errorf("queue %s: %w", q.ID, err)
		}
		if err := l.cfg.Store.SaveQueue(ctx, queue); err != nil {
			return fmt.Errorf("queue %s: %w", q.ID, err)
		}
	}
	for _, line := range l.city.Lines {
		if err := l.cfg.Store.SaveLine(ctx, line); err != nil {
			return fmt.Errorf("line %s: %w", line.Called, err)
		}
	}
	for i, c := range l.city.Contacts {
		if err := l.cfg.Store.SaveContact(ctx, c, i); err != nil {
			return fmt.Errorf("contact %s: %w", c.ID, err)
		}
	}
	return nil
}

// people writes the accounts: those of the hotline, and for each unit its leader, its clerk and
// the clerks of the units below.
func (l *loader) people(ctx context.Context) error {
	hash, err := directory.HashPassword(Password)
	if err != nil {
		return err
	}
	save := func(name, person, unit string, roles ...tickets.Role) error {
		err := l.cfg.Store.SaveAccount(ctx, directory.Account{
			Name: name, PersonName: person, UnitID: unit, Roles: roles, PasswordHash: hash, CreatedAt: l.today.AddDate(0, -6, 0),
		}, true, "demo")
		if err != nil {
			return fmt.Errorf("account %s: %w", name, err)
		}
		return nil
	}
	for _, a := range l.city.Accounts {
		if err := save(a.Name, a.Person, "rxzx", a.Roles...); err != nil {
			return err
		}
	}
	for _, u := range l.city.Units {
		if u.Kind == "hotline" {
			continue
		}
		short := strings.TrimSuffix(u.Name, "人民政府")
		if err := save("pt-"+u.Code, short+"领导", u.Code, tickets.UnitLeader); err != nil {
			return err
		}
		if err := save("pt-"+u.Code+"-jb", short+"经办", u.Code, tickets.UnitClerk); err != nil {
			return err
		}
		for _, sub := range slices.Sorted(maps.Keys(u.Below)) {
			if err := save("pt-"+u.Code+"-"+sub, u.Below[sub]+"经办", u.Code+"-"+sub, tickets.UnitClerk); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) seats(ctx context.Context) error {
	for _, s := range l.city.Seats {
		seat := directory.Seat{ID: s.ID, Account: cmp.Or(s.Account, s.ID), Group: s.Group, Skills: s.Skills, Queues: l.queuesFor(s.Skills), WrapUpS: 30}
		if err := l.cfg.Store.SaveSeat(ctx, seat, true); err != nil {
			return fmt.Errorf("seat %s: %w", s.ID, err)
		}
		if err := l.cfg.Store.SetSeatPassword(ctx, s.ID, Password); err != nil {
			return fmt.Errorf("seat %s: %w", s.ID, err)
		}
	}
	return nil
}

// queuesFor lists the queues a seat's skills are of any use for.
func (l *loader) queuesFor(skills map[string]int) []string {
	var list []string
	for _, q := range l.city.Queues {
		fits := true
		for skill := range q.Skills {
			fits = fits && skills[skill] > 0
		}
		if fits {
			list = append(list, q.ID)
		}
	}
	return list
}

// citizens notes tags and standing of the people one can call as.
func (l *loader) citizens(ctx context.Context) error {
	for _, c := range l.city.Citizens {
		if c.Number == "" || c.Tags == nil {
			continue
		}
		kind := tickets.Person
		if c.Kind != "" {
			kind = tickets.CallerKind(c.Kind)
		}
		err := l.cfg.Store.SaveCitizen(ctx, service.CitizenRecord{
			Number: privacy.Normalize(c.Number), Tags: c.Tags, Regular: c.Regular, At: l.today.AddDate(0, -5, 0),
			Caller: tickets.Caller{Name: c.Name, Gender: c.Gender, Kind: kind, Company: c.Company},
		})
		if err != nil {
			return fmt.Errorf("citizen %s: %w", c.ID, err)
		}
	}
	return nil
}
