package calls

import (
	"crypto/sha256"
	"time"

	"github.com/google/uuid"
)

// ID names one call for good: in events, tickets, recordings, logs and file names.
// It is a UUIDv7 in its canonical text form.
type ID string

// NewID derives the id of the call whose first channel was created at `created` on the switch
// node `node` with the switch's own unique id. The same arguments always give the same id, so
// that a server, its successor, an importer and a replay agree without talking to each other.
// Only whole milliseconds of `created` count.
func NewID(created time.Time, node, uniqueID string) ID {
	sum := sha256.Sum256([]byte(node + "\x00" + uniqueID))
	var u uuid.UUID
	ms := created.UnixMilli()
	for i := range 6 {
		u[i] = byte(ms >> (8 * (5 - i)))
	}
	copy(u[6:], sum[:10])
	u[6] = u[6]&0x0f | 0x70 // version 7
	u[8] = u[8]&0x3f | 0x80 // RFC 9562 variant
	return ID(u.String())
}

// ParseID accepts the canonical form of a call id and nothing else.
func ParseID(s string) (ID, error) {
	u, err := uuid.Parse(s)
	if err != nil {
		return "", err
	}
	return ID(u.String()), nil
}
