package calls

import (
	"time"

	"github.com/google/uuid"
)

// Created is when the call's first channel was created, in whole milliseconds; zero for what is
// no call id.
func (id ID) Created() time.Time {
	u, err := uuid.Parse(string(id))
	if err != nil {
		return time.Time{}
	}
	var ms int64
	for _, b := range u[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms).UTC()
}
