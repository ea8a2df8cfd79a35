package livestate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	leaseKey   = "hotline:leader"
	leaseTime  = 5 * time.Second
	leaseRenew = 1500 * time.Millisecond
	leaseLook  = 250 * time.Millisecond
	probeTime  = 500 * time.Millisecond
)

// EpochStore is another place that remembers the highest epoch: the database, a switch.
type EpochStore interface {
	Epoch(ctx context.Context) (uint64, error)
	RaiseEpoch(ctx context.Context, epoch uint64) error
}

var (
	leaseExtend = redis.NewScript(`if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1 end
return 0`)
	leaseRelease = redis.NewScript(`if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`)
	epochRaise   = redis.NewScript(`if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end return 1`)
)

// Lease is the right to lead. It only elects: what fences an old leader is the switch, which
// takes requests of the newest epoch alone.
type Lease struct {
	client redis.UniversalClient
	holder string // our own internal address: who looks for the leader finds it here
	log    *slog.Logger

	epoch  uint64
	lost   chan struct{}
	once   sync.Once
	cancel context.CancelFunc
	done   chan struct{}
}

// Acquire waits until this process may lead and chooses its epoch: one above the highest of
// Redis and the other stores, written to all of them. holder is the address at which this
// process accepts connections: a holder whose address refuses them is dead, and its lease is
// taken over at once; one that hangs is waited for until its lease ends. A store that does not
// answer is left out and logged, but Redis must.
func Acquire(ctx context.Context, client redis.UniversalClient, holder string, others map[string]EpochStore, log *slog.Logger) (*Lease, error) {
	l := &Lease{client: client, holder: holder, log: log, lost: make(chan struct{}), done: make(chan struct{})}
	for {
		ok, err := l.try(ctx)
		if err != nil && ctx.Err() == nil {
			log.Warn("try for the lease", "err", err)
		}
		if ok {
			break
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the lease: %w", ctx.Err())
		case <-time.After(leaseLook):
		}
	}
	if err := l.choose(ctx, others); err != nil {
		_ = leaseRelease.Run(ctx, client, []string{leaseKey}, holder).Err()
		return nil, err
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l.cancel = cancel
	go func() { defer close(l.done); l.renew(run) }()
	return l, nil
}

// try takes the lease if it is free, ours already, or of a process that is gone.
func (l *Lease) try(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	free, err := l.client.SetNX(ctx, leaseKey, l.holder, leaseTime).Result()
	if free || err != nil {
		return free, err
	}
	held, err := l.client.Get(ctx, leaseKey).Result()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if held != l.holder && alive(ctx, held) {
		return false, nil
	}
	// Ours from before a restart at the same address, or a dead holder's.
	if err := leaseRelease.Run(ctx, l.client, []string{leaseKey}, held).Err(); err != nil {
		return false, err
	}
	return l.client.SetNX(ctx, leaseKey, l.holder, leaseTime).Result()
}

// alive tells whether somebody listens at the address. Only a refusal proves that nobody does.
func alive(ctx context.Context, address string) bool {
	conn, err := (&net.Dialer{Timeout: probeTime}).DialContext(ctx, "tcp", address)
	if err == nil {
		conn.Close()
		return true
	}
	return !errors.Is(err, syscall.ECONNREFUSED)
}

func (l *Lease) choose(ctx context.Context, others map[string]EpochStore) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	text, err := l.client.Get(ctx, epochKey).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("read the epoch: %w", err)
	}
	highest, _ := strconv.ParseUint(text, 10, 64)
	for name, o := range others {
		e, err := o.Epoch(ctx)
		if err != nil {
			l.log.Warn("epoch not read", "store", name, "err", err)
			continue
		}
		highest = max(highest, e)
	}
	l.epoch = highest + 1
	if err := epochRaise.Run(ctx, l.client, []string{epochKey}, l.epoch).Err(); err != nil {
		return fmt.Errorf("write the epoch: %w", err)
	}
	for name, o := range others {
		if err := o.RaiseEpoch(ctx, l.epoch); err != nil {
			l.log.Warn("epoch not written", "store", name, "err", err)
		}
	}
	return nil
}

// renew keeps the lease. A silent Redis is no reason to step down; another holder is.
func (l *Lease) renew(ctx context.Context) {
	tick := time.NewTicker(leaseRenew)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		try, cancel := context.WithTimeout(ctx, leaseRenew)
		kept, err := leaseExtend.Run(try, l.client, []string{leaseKey}, l.holder, leaseTime.Milliseconds()).Int()
		if err == nil && kept == 1 {
			// A flushed or replaced Redis learns the epoch again.
			err = epochRaise.Run(try, l.client, []string{epochKey}, l.epoch).Err()
		}
		cancel()
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			l.log.Warn("lease not renewed", "err", err)
			continue
		}
		if kept == 0 {
			l.log.Error("another server holds the lease: stepping down", "epoch", l.epoch)
			l.once.Do(func() { close(l.lost) })
			return
		}
	}
}

// Epoch is the leader's epoch.
func (l *Lease) Epoch() uint64 { return l.epoch }

// Lost is closed when another server leads: step down.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Release gives the lease back, so that a standby needs not wait for its end.
func (l *Lease) Release(ctx context.Context) error {
	l.cancel()
	<-l.done
	if err := leaseRelease.Run(ctx, l.client, []string{leaseKey}, l.holder).Err(); err != nil {
		return fmt.Errorf("release the lease: %w", err)
	}
	return nil
}

// Leader is the internal address of the process that leads; "" while none does.
func Leader(ctx context.Context, client redis.UniversalClient) (string, error) {
	held, err := client.Get(ctx, leaseKey).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the lease: %w", err)
	}
	return held, nil
}
