// Package bench measures the routing engine under a heavy load: 50,000 calls waiting, 40 skills,
// hundreds of seat profiles and request classes, ageing, relaxation and abandoning.
package bench

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/open12345/hotline/acd"
)

// The load, as the aims were set for it.
const (
	Waiting     = 50_000 // calls that wait at any time
	skills      = 40
	profiles    = 240 // of seats; no more than there are seats
	classes     = 320 // of requests
	queues      = 12
	abandonPart = 0.05
)

// meanWait is how long a call waits on average: time passes so that Waiting calls leave in it.
// Relaxation steps and the ceiling lie below and above it.
const meanWait = time.Minute

// workload plays the floor to one engine.
type workload struct {
	e       *acd.Engine
	rand    *rand.Rand
	zipf    *rand.Zipf // skills by how common they are
	classes []acd.Request
	popular []uint16 // classes as they come, over and over
	next    int
	now     time.Time
	step    time.Duration // between two releases
	talking []acd.SeatID
	ids     []acd.CallID // by slot
	spare   []int        // free slots
	waiting []int        // slots of waiting calls, in no order
	at      []int        // slot to its place in waiting
}

func newWorkload(seats int, seed uint64) (*workload, error) {
	r := rand.New(rand.NewPCG(seed, uint64(seats)))
	w := &workload{
		rand: r, zipf: rand.NewZipf(r, 1.1, 2, skills-1), popular: make([]uint16, 1<<15),
		now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), step: meanWait / Waiting,
	}
	popular := rand.NewZipf(r, 1.05, 20, classes-1)
	for i := range w.popular {
		w.popular[i] = uint16(popular.Uint64())
	}
	e, err := acd.New(config())
	if err != nil {
		return nil, fmt.Errorf("set up the benchmark: %w", err)
	}
	w.e = e
	like := w.draftProfiles(min(profiles, seats))
	w.draftClasses(like)
	for i := range seats {
		id := acd.SeatID("seat-" + strconv.Itoa(i))
		w.e.SeatSignedIn(acd.Seat{ID: id, Skills: like[i%len(like)]}, w.now)
		w.talking = append(w.talking, id)
	}
	for i := range Waiting + seats + 1 {
		w.ids = append(w.ids, acd.CallID(fmt.Sprintf("0196f3c1-7a00-7000-8000-%012d", i)))
		w.spare = append(w.spare, i)
	}
	w.at = make([]int, len(w.ids))
	for len(w.waiting) < Waiting {
		w.now = w.now.Add(w.step)
		w.carryOut(w.offer())
	}
	return w, nil
}

func config() acd.Config {
	var cfg acd.Config
	choices := []acd.SeatChoice{acd.SpecialistsFirst, acd.SpecialistsFirst, acd.LongestIdle, acd.LeastOccupied}
	for i := range queues {
		cfg.Queues = append(cfg.Queues, acd.QueueConfig{
			ID: queueID(i), Target: time.Duration(15+5*(i%4)) * time.Second, Choice: choices[i%len(choices)],
			Relax:   []acd.RelaxStep{{After: 30 * time.Second, LowerBy: 2}, {After: time.Minute, LowerBy: 4}, {After: 90 * time.Second, Skill: skillID(0), Drop: true}},
			Ceiling: 3 * time.Minute,
		})
	}
	return cfg
}

func queueID(i int) acd.QueueID { return acd.QueueID("queue-" + strconv.Itoa(i)) }
func skillID(i int) acd.Skill   { return acd.Skill("skill-" + strconv.Itoa(i)) }

// someSkills draws n different skills, common ones more often.
func (w *workload) someSkills(n int) []acd.Skill {
	var out []acd.Skill
	seen := map[uint64]bool{}
	for len(out) < n {
		if s := w.zipf.Uint64(); !seen[s] {
			seen[s] = true
			out = append(out, skillID(int(s)))
		}
	}
	return out
}

// draftProfiles makes n different mixes of 2 to 6 skills.
func (w *workload) draftProfiles(n int) []map[acd.Skill]int {
	var like []map[acd.Skill]int
	seen := map[string]bool{}
	for len(like) < n {
		p := map[acd.Skill]int{}
		for _, s := range w.someSkills(2 + w.rand.IntN(5)) {
			p[s] = acd.MinLevel + w.rand.IntN(acd.MaxLevel)
		}
		if key := fmt.Sprint(p); !seen[key] {
			seen[key] = true
			like = append(like, p)
		}
	}
	return like
}

// draftClasses makes different requests of 1 to 3 skills. Each is what at least one profile can
// do, mostly with a level to spare: citizens ask for what a hotline offers.
func (w *workload) draftClasses(like []map[acd.Skill]int) {
	seen := map[string]bool{}
	for len(w.classes) < classes {
		req := acd.Request{Queue: queueID(w.rand.IntN(queues))}
		p := like[w.rand.IntN(len(like))]
		own := slices.Sorted(maps.Keys(p))
		w.rand.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
		for _, s := range own[:min(1+w.rand.IntN(3), len(own))] {
			req.All = append(req.All, acd.Need{Skill: s, Min: 1 + w.rand.IntN(p[s])})
		}
		if key := fmt.Sprint(req.Queue, req.All); !seen[key] {
			seen[key] = true
			w.classes = append(w.classes, req)
		}
	}
}

// offer puts a new call in.
func (w *workload) offer() []acd.Decision {
	slot := w.spare[len(w.spare)-1]
	w.spare = w.spare[:len(w.spare)-1]
	w.at[slot] = len(w.waiting)
	w.waiting = append(w.waiting, slot)
	req := w.classes[w.popular[w.next]]
	w.next = (w.next + 1) % len(w.popular)
	req.Call, req.EnteredAt = w.ids[slot], w.now
	if w.rand.IntN(10) == 0 {
		req.Priority = 1 + w.rand.IntN(3)
	}
	return w.e.Offer(req, w.now)
}

// release frees a talking seat.
func (w *workload) release() []acd.Decision {
	n := w.rand.IntN(len(w.talking))
	id := w.talking[n]
	w.talking[n] = w.talking[len(w.talking)-1]
	w.talking = w.talking[:len(w.talking)-1]
	return w.e.SeatFree(id, w.now)
}

// abandon has a waiting caller hang up.
func (w *workload) abandon() {
	slot := w.waiting[w.rand.IntN(len(w.waiting))]
	w.e.Abandon(w.ids[slot], w.now)
	w.left(slot)
}

// carryOut answers every call that a seat got.
func (w *workload) carryOut(decisions []acd.Decision) {
	for _, d := range decisions {
		if a, ok := d.(acd.Assign); ok {
			w.e.Answered(a.Call, a.Seat, w.now)
			w.talking = append(w.talking, a.Seat)
			w.left(slotOf(a.Call))
		}
	}
}

func (w *workload) left(slot int) {
	last := w.waiting[len(w.waiting)-1]
	w.waiting[w.at[slot]] = last
	w.at[last] = w.at[slot]
	w.waiting = w.waiting[:len(w.waiting)-1]
	w.spare = append(w.spare, slot)
}

// slotOf reads the slot that ends a call id.
func slotOf(id acd.CallID) int {
	n := 0
	for _, digit := range []byte(id[len(id)-12:]) {
		n = n*10 + int(digit-'0')
	}
	return n
}
