package testcall

import (
	"errors"
	"fmt"
	"strings"
)

// keyAlphabet gives each key its event number of RFC 4733 §3.2.
const keyAlphabet = "0123456789*#ABCD"

// ErrNoKeyEvents is returned when the peer has not agreed to telephone-event;
// [Call.PressByInfo] is the other way.
var ErrNoKeyEvents = errors.New("the peer takes no telephone events")

// ErrNotAKey is returned for characters that no keypad has.
var ErrNotAKey = errors.New("not a key of a telephone")

const (
	keyFrames    = 5 // 100 ms of event, in packets of 20 ms
	keyGapFrames = 5 // 100 ms between two keys
	keyEndCopies = 3 // RFC 4733 §2.5.1.4: the end is sent three times
	keyVolume    = 10
)

// keyPress is one run of keys on its way out, frame by frame.
type keyPress struct {
	events []byte // event numbers still to send; the first is being sent
	frame  int    // frames of the first one (event, then gap) that are done
	start  uint32 // timestamp at which the first one began
	done   chan struct{}
}

func parseKeys(keys string) ([]byte, error) {
	events := make([]byte, 0, len(keys))
	for _, k := range strings.ToUpper(keys) {
		n := strings.IndexRune(keyAlphabet, k)
		if n < 0 {
			return nil, fmt.Errorf("%w: %q", ErrNotAKey, k)
		}
		events = append(events, byte(n))
	}
	return events, nil
}

// eventPayload is the four bytes of RFC 4733 §2.3.
func eventPayload(event byte, end bool, duration uint16) []byte {
	volume := byte(keyVolume)
	if end {
		volume |= 0x80
	}
	return []byte{event, volume, byte(duration >> 8), byte(duration)}
}

// keyReader turns event packets back into keys: one key per event timestamp,
// however many packets of it arrive, double or late.
type keyReader struct {
	begun bool
	last  uint32
}

// read gives the key that this packet begins, or 0.
func (r *keyReader) read(timestamp uint32, payload []byte) byte {
	if len(payload) < 4 || int(payload[0]) >= len(keyAlphabet) {
		return 0
	}
	if r.begun && int32(timestamp-r.last) <= 0 {
		return 0
	}
	r.begun, r.last = true, timestamp
	return keyAlphabet[payload[0]]
}
