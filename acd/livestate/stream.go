package livestate

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/open12345/hotline/cti/calls"
)

const (
	streamKey    = "hotline:events"
	streamLength = 100_000 // events kept, about
)

// Stream is the follower that puts the floor's events into a Redis stream under their own ids,
// so that an id a client holds stays good after a flush or on another Redis.
type Stream struct{ client redis.UniversalClient }

// NewStream makes the follower.
func NewStream(client redis.UniversalClient) *Stream { return &Stream{client} }

// Store implements Sink. Redis itself refuses an id that is not above the stream's top, which is
// what makes a repeat harmless and an old leader's write impossible.
func (s *Stream) Store(ctx context.Context, events []calls.Event) error {
	pipe := s.client.Pipeline()
	adds := make([]*redis.StringCmd, len(events))
	for i, e := range events {
		body, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("encode event %s: %w", e.ID, err)
		}
		adds[i] = pipe.XAdd(ctx, &redis.XAddArgs{Stream: streamKey, ID: e.ID, MaxLen: streamLength, Approx: true, Values: []any{"event", body}})
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	for i, add := range adds {
		if err := add.Err(); err != nil && !strings.Contains(err.Error(), "equal or smaller") {
			return fmt.Errorf("add event %s to the stream: %w", events[i].ID, err)
		}
	}
	return nil
}

// Last implements Sink.
func (s *Stream) Last(ctx context.Context) (string, error) {
	top, err := s.client.XRevRangeN(ctx, streamKey, "+", "-", 1).Result()
	if err != nil {
		return "", fmt.Errorf("read the stream's top: %w", err)
	}
	if len(top) == 0 {
		return "", nil
	}
	return top[0].ID, nil
}
