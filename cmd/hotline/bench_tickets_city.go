package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/open12345/hotline/cti/calls"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/demo"
	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/postgres"
	usecases "github.com/open12345/hotline/tickets/service"
)

// benchCity is a city whose past is made up and copied into the database: tickets spread evenly
// over a year up to yesterday, with units, legs, requests, visits and about ten steps each, chained
// and sealed. The same size gives the same city; a load that was cut off goes on where it was.
type benchCity struct {
	tickets int
	units   int
	end     time.Time // midnight of the first day without tickets
	store   *postgres.Store
	files   fs.FS
	out     io.Writer
}

const (
	cityDays   = 365
	cityBatch  = 1000
	citySeed   = 12345
	firstLevel = 5 // one unit in so many is of the first level
	openDays   = 10
)

// plantedWords occur in the share of the tickets: what the text search is measured with.
var plantedWords = []struct {
	share  float64
	name   string
	two    string
	longer string
}{
	{0.5, "50", "市民", "希望尽快"}, {0.05, "5", "雨棚", "雨水篦子"}, {0.002, "0_2", "鹭鸶", "鹭鸶洲公园"}, {0.00001, "0_001", "麂皋", "麂皋桥引道"},
}

// benchUnit is the id of the n-th unit made for the benchmark, from 0.
func benchUnit(n int) string { return fmt.Sprintf("b%04d", n) }

// house makes the units and the people of the benchmark.
func (c *benchCity) house(ctx context.Context) error {
	have, err := c.store.Units(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, u := range have {
		known[u.ID] = true
	}
	for n := range c.units {
		if known[benchUnit(n)] {
			continue
		}
		u := directory.Unit{ID: benchUnit(n), Name: "第" + strconv.Itoa(n+1) + "单位", Kind: "department"}
		if n%firstLevel != 0 {
			u.Parent = benchUnit(n - n%firstLevel)
		}
		if err := c.store.SaveUnit(ctx, u); err != nil {
			return fmt.Errorf("make unit %s: %w", u.ID, err)
		}
	}
	for _, p := range deskPeople() {
		a := directory.Account{Name: p.account, PersonName: p.account, UnitID: p.unit, Roles: p.roles, CreatedAt: time.Now()}
		if err := c.store.SaveAccount(ctx, a, true, "bench"); err != nil && !errors.Is(err, usecases.ErrExists) {
			return fmt.Errorf("make account %s: %w", p.account, err)
		}
	}
	return nil
}

type deskPerson struct {
	account string
	unit    string
	roles   []tickets.Role
}

// benchBusy is how many first-level units have people who work in the benchmark.
const benchBusy = 20

func deskPeople() []deskPerson {
	list := []deskPerson{{"b-office", "", []tickets.Role{tickets.Office}}}
	for i := range 8 {
		n := strconv.Itoa(i + 1)
		list = append(list, deskPerson{"b-paidan-" + n, "", []tickets.Role{tickets.Dispatcher}},
			deskPerson{"b-shenhe-" + n, "", []tickets.Role{tickets.Reviewer}},
			deskPerson{"b-huifang-" + n, "", []tickets.Role{tickets.FollowUp}})
	}
	for i := range benchBusy {
		unit := benchUnit(i * firstLevel)
		list = append(list, deskPerson{"b-jb-" + unit, unit, []tickets.Role{tickets.UnitClerk}})
	}
	return list
}

// load copies what is missing of the city.
func (c *benchCity) load(ctx context.Context) error {
	if err := c.house(ctx); err != nil {
		return err
	}
	if done, err := c.store.Marked(ctx, "bench.city"); err != nil || done {
		return err
	}
	batches := (c.tickets + cityBatch - 1) / cityBatch
	began := time.Now()
	err := c.store.WithoutSearchIndexes(ctx, func() error { return c.copyBatches(ctx, batches, began) })
	if err != nil {
		return fmt.Errorf("load the city: %w", err)
	}
	fmt.Fprintf(c.out, "city loaded in %v\n", time.Since(began).Round(time.Second))
	return c.store.Mark(ctx, "bench.city", time.Now())
}

func (c *benchCity) copyBatches(ctx context.Context, batches int, began time.Time) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next, made atomic.Int64
	var workers sync.WaitGroup
	for range max(2, runtime.NumCPU()) {
		workers.Go(func() {
			writer, err := demo.NewWriter(c.files, citySeed)
			for err == nil && ctx.Err() == nil {
				b := int(next.Add(1)) - 1
				if b >= batches {
					return
				}
				if err = c.copyBatch(ctx, writer, b); err != nil {
					break
				}
				if n := made.Add(1); n%100 == 0 {
					fmt.Fprintf(c.out, "%d of %d thousand tickets, %v\n", b+1, batches, time.Since(began).Round(time.Second))
				}
			}
			if err != nil {
				cancel(err)
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

func (c *benchCity) copyBatch(ctx context.Context, writer *demo.Writer, b int) error {
	marker := fmt.Sprintf("bench.batch.%d", b)
	if done, err := c.store.Marked(ctx, marker); err != nil || done {
		return err
	}
	writer.Seed(uint64(citySeed + b))
	p := pastWriter{city: c, words: writer, rng: rand.New(rand.NewPCG(citySeed, uint64(b)))}
	var list []postgres.Past
	for i := b * cityBatch; i < min((b+1)*cityBatch, c.tickets); i++ {
		past, err := p.ticket(i)
		if err != nil {
			return err
		}
		list = append(list, past)
	}
	return c.store.CopyPast(ctx, list, marker)
}

// created is when the i-th ticket came in, and its number of the day.
func (c *benchCity) created(i int) (at time.Time, day time.Time, n int) {
	perDay := (c.tickets + cityDays - 1) / cityDays
	day = c.end.AddDate(0, 0, i/perDay-(c.tickets+perDay-1)/perDay)
	n = i%perDay + 1
	return day.Add(7*time.Hour + time.Duration(n)*(14*time.Hour/time.Duration(perDay+1))), day, n
}

// pastWriter makes up tickets.
type pastWriter struct {
	city  *benchCity
	words *demo.Writer
	rng   *rand.Rand
	t     tickets.Ticket
	steps []tickets.FlowStep
	clock time.Time
}

func (p *pastWriter) chance(share float64) bool { return p.rng.Float64() < share }

// unit picks a first-level unit: a few get much, most get little.
func (p *pastWriter) unit() int {
	top := (p.city.units + firstLevel - 1) / firstLevel
	return int(math.Pow(p.rng.Float64(), 1.5)*float64(top)) * firstLevel
}

// step appends a step after a while.
func (p *pastWriter) step(after time.Duration, event tickets.Event, to tickets.State, actor, unit, opinion string, data tickets.StepData) {
	p.clock = p.clock.Add(after)
	p.steps = append(p.steps, tickets.FlowStep{
		At: p.clock, Actor: actor, ActorName: actor, Unit: unit, Event: event, From: p.t.State, To: to, Opinion: opinion, Data: data,
	})
	p.t.State, p.t.UpdatedAt = to, p.clock
}

func (p *pastWriter) ticket(i int) (postgres.Past, error) {
	at, day, n := p.city.created(i)
	number, err := tickets.NumberOf(day, n)
	if err != nil {
		return postgres.Past{}, err
	}
	m := p.words.Next()
	for _, w := range plantedWords {
		if p.chance(w.share) {
			m.Content += "附近" + w.two + "较多，" + w.longer + "。"
		}
	}
	p.clock, p.steps = at, nil
	p.t = tickets.Ticket{
		ID: p.id(at), Number: number, Round: 1, Type: m.Type, Title: m.Title, Content: m.Content, Urgency: tickets.Normal,
		Source: tickets.SourcePhone, Caller: m.Caller, Place: m.Place, ClassID: m.ClassID, ClassPath: m.ClassPath, NeedReply: true,
		NeedFollowUp: true, Tags: []string{}, Writer: "8001", CreatedAt: at, UpdatedAt: at, QueryCode: tickets.QueryCode(p.rng.Uint64()),
		Calls: []tickets.CallRef{{ID: calls.ID(p.id(at)), Role: tickets.CallComplaint, At: at}},
	}
	age := p.city.end.Sub(at).Hours() / 24
	p.step(0, tickets.CreateByCall, tickets.Draft, "8001", "", "", tickets.StepData{Call: string(p.t.Calls[0].ID)})
	p.step(4*time.Minute, tickets.Submit, tickets.ToDispatch, "8001", "", "", tickets.StepData{})
	p.t.SubmittedAt, p.t.StageAt, p.t.StageDueAt = p.clock, p.clock, p.clock.Add(4*time.Hour)
	p.live(age)
	return postgres.Past{Ticket: p.t, Steps: p.steps}, nil
}

// id makes a UUIDv7 of the time.
func (p *pastWriter) id(at time.Time) string {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:], uint64(at.UnixMilli())<<16|p.rng.Uint64()&0xffff)
	binary.BigEndian.PutUint64(u[8:], p.rng.Uint64())
	u[6], u[8] = u[6]&0x0f|0x70, u[8]&0x3f|0x80
	return u.String()
}
