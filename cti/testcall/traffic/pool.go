package traffic

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/open12345/hotline/cti/testcall/script"
)

// Pool is the callers that take turns.
type Pool struct {
	callers []script.Caller
	next    int
}

// ErrPool is returned for a pool that can't be read.
var ErrPool = errors.New("not a pool of numbers")

// maxPool bounds a pool: a range that was mistyped shall not fill the memory.
const maxPool = 100_000

// ParsePool reads numbers and ranges, such as
// "13800138000-13800138099,02287654321,anonymous".
func ParsePool(text string) (*Pool, error) {
	p := &Pool{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		first, last, isRange := strings.Cut(part, "-")
		switch {
		case part == "":
		case part == "anonymous":
			p.callers = append(p.callers, script.Caller{Anonymous: true})
		case isRange:
			if err := p.addRange(first, last); err != nil {
				return nil, err
			}
		default:
			p.callers = append(p.callers, script.Caller{Number: part})
		}
	}
	if len(p.callers) == 0 {
		return nil, fmt.Errorf("%w: %q is empty", ErrPool, text)
	}
	return p, nil
}

func (p *Pool) addRange(first, last string) error {
	from, errFrom := strconv.ParseUint(first, 10, 64)
	to, errTo := strconv.ParseUint(last, 10, 64)
	if errFrom != nil || errTo != nil || to < from || to-from >= maxPool {
		return fmt.Errorf("%w: range %s-%s", ErrPool, first, last)
	}
	for n := from; n <= to; n++ {
		p.callers = append(p.callers, script.Caller{Number: fmt.Sprintf("%0*d", len(first), n)})
	}
	return nil
}

// take gives the next caller; not for several goroutines at once.
func (p *Pool) take() script.Caller {
	c := p.callers[p.next%len(p.callers)]
	p.next++
	return c
}
