package acd

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"
)

// need is a Need with its skill as a number.
type need struct {
	skill int
	min   uint8
}

// wish is what a call wants of a seat.
type wish struct {
	all, any []need
	exclude  []SeatID
}

// shape is every call of one queue that came with the same wish; steps[k] is the class it stands
// in after k relaxation steps.
type shape struct {
	key      string
	queue    *queue
	wish     wish
	req      Request // All, Any and Exclude as they came
	steps    []*class
	calls    int   // of this shape, waiting or ringing
	lastUsed int64 // ns
}

// class is every waiting call of one queue with the same wish by now. Shapes whose wishes become
// the same by relaxation share it.
type class struct {
	index    int
	key      string
	queue    *queue
	wish     wish
	line     line
	profiles bitset // that fit
	shapes   int    // that lead here
	rivals   rivals
}

// classHead is what a freed seat reads of a class, side by side in one slice.
type classHead struct {
	start   int64   // virtual start of the class's first call
	perNano float64 // 1/target of its queue: score = (now − start)·perNano
}

func (h *classHead) score(now int64) float64 { return float64(now-h.start) * h.perNano }

const (
	// shapeIdle is how long an unused shape is kept, so that passing wishes don't pile up.
	shapeIdle = int64(10 * time.Minute)
	// excludeIdle is the same for wishes with excluded seats, which hardly ever come back.
	excludeIdle = int64(time.Minute)
)

func (e *Engine) skill(s Skill) int {
	if n, ok := e.skills[s]; ok {
		return n
	}
	n := len(e.skills)
	e.skills[s] = n
	return n
}

// needs turns needs into numbers, sorted, each skill once with its highest minimum (all-of) or
// lowest (any-of).
func (e *Engine) needs(list []Need, highest bool) []need {
	if len(list) == 0 {
		return nil
	}
	out := make([]need, 0, len(list))
	for _, n := range list {
		out = append(out, need{e.skill(n.Skill), uint8(min(max(n.Min, MinLevel), MaxLevel))})
	}
	slices.SortFunc(out, func(a, b need) int {
		order := cmp.Compare(a.min, b.min)
		if highest {
			order = -order
		}
		return cmp.Or(cmp.Compare(a.skill, b.skill), order)
	})
	return slices.CompactFunc(out, func(a, b need) bool { return a.skill == b.skill })
}

// appendKey writes the request's wish as it came; equal keys mean equal wishes.
func appendKey(key []byte, req *Request) []byte {
	part := func(s string) {
		key = binary.AppendUvarint(key, uint64(len(s)))
		key = append(key, s...)
	}
	part(string(req.Queue))
	for _, list := range [2][]Need{req.All, req.Any} {
		key = append(key, byte(len(list)))
		for i := range list {
			part(string(list[i].Skill))
			key = append(key, byte(min(max(list[i].Min, MinLevel), MaxLevel)))
		}
	}
	for _, id := range req.Exclude {
		part(string(id))
	}
	return key
}

// shape finds or makes the shape of a request to queue q.
func (e *Engine) shape(q *queue, req *Request) *shape {
	e.key = appendKey(e.key[:0], req)
	if s, ok := e.shapes[string(e.key)]; ok {
		s.lastUsed = e.now
		return s
	}
	s := &shape{key: string(e.key), queue: q, lastUsed: e.now, wish: wish{
		all:     e.needs(req.All, true),
		any:     e.needs(req.Any, false),
		exclude: slices.Clone(req.Exclude),
	}}
	s.req = Request{All: slices.Clone(req.All), Any: slices.Clone(req.Any), Exclude: slices.Clone(req.Exclude)}
	slices.Sort(s.wish.exclude)
	s.wish.exclude = slices.Compact(s.wish.exclude)
	s.steps = make([]*class, len(q.steps)+1)
	w := s.wish
	for k := range s.steps {
		if k > 0 {
			w = e.relax(w, q.steps[k-1])
		}
		s.steps[k] = e.class(q, w)
		s.steps[k].shapes++
	}
	e.shapes[s.key] = s
	e.shapeList = append(e.shapeList, s)
	return s
}

// relax gives the wish after one more step. Every seat that fitted before still fits.
func (e *Engine) relax(w wish, step relaxation) wish {
	if step.ceiling {
		return wish{exclude: w.exclude}
	}
	concerns := func(n need) bool { return step.Skill == "" || n.skill == e.skill(step.Skill) }
	if step.Drop {
		out := wish{all: slices.DeleteFunc(slices.Clone(w.all), concerns), exclude: w.exclude}
		if !slices.ContainsFunc(w.any, concerns) {
			out.any = w.any
		}
		return out
	}
	lower := func(list []need) []need {
		list = slices.Clone(list)
		for i := range list {
			switch {
			case !concerns(list[i]):
			case step.LowerTo > 0:
				list[i].min = min(list[i].min, uint8(step.LowerTo))
			default:
				list[i].min = uint8(max(int(list[i].min)-step.LowerBy, MinLevel))
			}
		}
		return list
	}
	return wish{all: lower(w.all), any: lower(w.any), exclude: w.exclude}
}

// class finds or makes the class of a wish, and which profiles fit it.
func (e *Engine) class(q *queue, w wish) *class {
	key := binary.AppendUvarint(nil, uint64(q.index))
	for _, list := range [2][]need{w.all, w.any} {
		key = append(key, byte(len(list)))
		for _, n := range list {
			key = append(binary.AppendUvarint(key, uint64(n.skill)), n.min)
		}
	}
	for _, id := range w.exclude {
		key = append(binary.AppendUvarint(key, uint64(len(id))), id...)
	}
	if c, ok := e.classKeys[string(key)]; ok {
		return c
	}
	c := &class{index: e.freeClass(), key: string(key), queue: q, wish: w}
	e.classes[c.index] = c
	e.classKeys[c.key] = c
	e.heads[c.index].perNano = q.perNano
	q.classes = append(q.classes, c)
	e.layout++
	for _, p := range e.profiles {
		if p != nil && p.fits(c) {
			c.profiles.set(p.index)
			p.classes.set(c.index)
		}
	}
	return c
}

// freeClass gives the lowest unused class number.
func (e *Engine) freeClass() int {
	if n := slices.Index(e.classes, nil); n >= 0 {
		return n
	}
	e.classes = append(e.classes, nil)
	e.heads = append(e.heads, classHead{})
	return len(e.classes) - 1
}

// sweep drops shapes that nobody has used for a while, classes no shape leads to, and profiles
// without seats whose figures have faded.
func (e *Engine) sweep() {
	for _, p := range e.profiles {
		if p == nil || p.seats > 0 {
			continue
		}
		if p.service.advance(e.now); p.service.events < 1 {
			e.dropProfile(p)
		}
	}
	e.shapeList = slices.DeleteFunc(e.shapeList, func(s *shape) bool {
		keep := shapeIdle
		if len(s.wish.exclude) > 0 {
			keep = excludeIdle
		}
		if s.calls > 0 || e.now-s.lastUsed < keep {
			return false
		}
		delete(e.shapes, s.key)
		for _, c := range s.steps {
			if c.shapes--; c.shapes == 0 {
				e.dropClass(c)
			}
		}
		return true
	})
}

func (e *Engine) dropClass(c *class) {
	c.profiles.each(func(i int) { e.profiles[i].classes.clear(c.index) })
	c.queue.classes = slices.DeleteFunc(c.queue.classes, func(o *class) bool { return o == c })
	delete(e.classKeys, c.key)
	e.classes[c.index] = nil
	e.layout++
}

// enter puts a call into its class's line, and keeps what a freed seat reads up to date.
func (c *class) enter(e *Engine, call *call) {
	c.line.insert(placed{call.rank, call})
	e.heads[c.index].start = c.line.head().start
	if c.line.count == 1 {
		e.waiting.set(c.index)
	}
}

// leave takes a call out of its class's line.
func (c *class) leave(e *Engine, call *call) {
	c.line.remove(call.rank)
	if c.line.count == 0 {
		e.waiting.clear(c.index)
		return
	}
	e.heads[c.index].start = c.line.head().start
}
