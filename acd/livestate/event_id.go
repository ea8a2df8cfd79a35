package livestate

import (
	"fmt"
	"strconv"
	"strings"
)

// eventID is the place of an event: <epoch>-<seq>.
type eventID struct{ epoch, seq uint64 }

func parseEventID(text string) (eventID, error) {
	e, s, ok := strings.Cut(text, "-")
	epoch, err := strconv.ParseUint(e, 10, 64)
	if err == nil && ok {
		var seq uint64
		if seq, err = strconv.ParseUint(s, 10, 64); err == nil {
			return eventID{epoch, seq}, nil
		}
	}
	return eventID{}, fmt.Errorf("event id %q is not <epoch>-<seq>", text)
}

func (id eventID) String() string {
	return strconv.FormatUint(id.epoch, 10) + "-" + strconv.FormatUint(id.seq, 10)
}

func (id eventID) less(o eventID) bool {
	return id.epoch < o.epoch || id.epoch == o.epoch && id.seq < o.seq
}
