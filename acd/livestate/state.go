package livestate

import (
	"context"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/open12345/hotline/acd/floor"
	"github.com/open12345/hotline/cti/calls"
)

const (
	callsKey = "hotline:calls"
	seatsKey = "hotline:seats"
	epochKey = "hotline:epoch"
)

// ErrStale is a write of a leader that another one has replaced; it is a floor.ErrStale.
var ErrStale = fmt.Errorf("write the live state: %w", floor.ErrStale)

// guarded writes only while no higher epoch is known.
var guarded = redis.NewScript(`
local held = tonumber(redis.call('GET', KEYS[2]) or '0')
if held > tonumber(ARGV[1]) then return redis.error_reply('STALE ' .. held) end
if held < tonumber(ARGV[1]) then redis.call('SET', KEYS[2], ARGV[1]) end
if ARGV[3] == '' then return redis.call('HDEL', KEYS[1], ARGV[2]) end
return redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])`)

// State keeps the floor's calls and seats in Redis.
type State struct {
	client redis.UniversalClient
	epoch  uint64
}

// NewState makes the store of the leader with this epoch.
func NewState(client redis.UniversalClient, epoch uint64) *State { return &State{client, epoch} }

func (s *State) write(ctx context.Context, key, field string, value []byte) error {
	err := guarded.Run(ctx, s.client, []string{key, epochKey}, s.epoch, field, value).Err()
	if err != nil && strings.HasPrefix(err.Error(), "STALE") {
		return fmt.Errorf("%w (ours is %d): %w", ErrStale, s.epoch, err)
	}
	return err
}

// SaveCall keeps what a successor needs to go on with the call. ErrStale.
func (s *State) SaveCall(ctx context.Context, id calls.ID, state []byte) error {
	if err := s.write(ctx, callsKey, string(id), state); err != nil {
		return fmt.Errorf("save call %s: %w", id, err)
	}
	return nil
}

// DropCall forgets a call that is over. ErrStale.
func (s *State) DropCall(ctx context.Context, id calls.ID) error {
	if err := s.write(ctx, callsKey, string(id), nil); err != nil {
		return fmt.Errorf("drop call %s: %w", id, err)
	}
	return nil
}

// SaveSeat keeps a seat's state. ErrStale.
func (s *State) SaveSeat(ctx context.Context, seat string, state []byte) error {
	if err := s.write(ctx, seatsKey, seat, state); err != nil {
		return fmt.Errorf("save seat %s: %w", seat, err)
	}
	return nil
}

// DropSeat forgets a seat. ErrStale.
func (s *State) DropSeat(ctx context.Context, seat string) error {
	if err := s.write(ctx, seatsKey, seat, nil); err != nil {
		return fmt.Errorf("drop seat %s: %w", seat, err)
	}
	return nil
}

// Load reads everything a predecessor kept.
func (s *State) Load(ctx context.Context) (map[calls.ID][]byte, map[string][]byte, error) {
	pipe := s.client.Pipeline()
	c, t := pipe.HGetAll(ctx, callsKey), pipe.HGetAll(ctx, seatsKey)
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, nil, fmt.Errorf("load the live state: %w", err)
	}
	byID, seats := map[calls.ID][]byte{}, map[string][]byte{}
	for id, v := range c.Val() {
		byID[calls.ID(id)] = []byte(v)
	}
	for seat, v := range t.Val() {
		seats[seat] = []byte(v)
	}
	return byID, seats, nil
}
