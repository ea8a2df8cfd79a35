package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

// Timers wait in PostgreSQL as jobs of River, which no other file knows of. Delivery is at least
// once; that effects are once is the service's: RunTimer looks in its own transaction whether
// the timer still is one of the ticket's.

const (
	timerQueue   = "timers"
	timerWorkers = 4
	timerTimeout = 30 * time.Second
	// A job whose server died is taken up by another after this time.
	timerRescue = 2 * time.Minute
	// A timer that fails is tried again after a while that grows up to longestRetry; timerTries
	// of them are about a month.
	timerTries   = 4500
	firstRetry   = 2 * time.Second
	longestRetry = 10 * time.Minute
	// A timer that is due and that the ticket refuses is asked for again after this time.
	refusedRetry = time.Hour
	keepDone     = 24 * time.Hour
	repairEvery  = 10 * time.Minute
	// So many tickets are repaired in one transaction, which keeps people waiting for them, and
	// so many in one go.
	repairBatch = 20
	repairMost  = 200_000
)

// RunTimer does what the timer brings about, if it still is one of the ticket's and due, and
// tells whether it did.
type RunTimer func(ctx context.Context, ticket string, timer tickets.Timer) (bool, error)

// timerJob is a timer on its way. All its fields make it unique: a deadline that moved is
// another job, and the one for the old time finds nothing to do.
type timerJob struct {
	Ticket  string            `json:"ticket"`
	Timer   tickets.TimerKind `json:"timer"`
	N       int               `json:"n"`
	Version int               `json:"version"`
	At      time.Time         `json:"at"` // by the desk's clock
}

// Kind names the job to River.
func (timerJob) Kind() string { return "ticket_timer" }

// waitingStates are those of a job that still has to be done.
var waitingStates = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable,
	rivertype.JobStateScheduled,
}

type riverClient = river.Client[pgx.Tx]

// newInserter makes a client that only inserts.
func newInserter(pool *pgxpool.Pool, log *slog.Logger) (*riverClient, error) {
	return river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: log})
}

// migrateJobs brings River's tables up to date.
func (s *Store) migrateJobs(ctx context.Context) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(s.pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `CREATE INDEX IF NOT EXISTS river_job_ticket ON river_job ((args->>'ticket'))
		WHERE kind = 'ticket_timer' AND state IN ('available', 'pending', 'running', 'retryable', 'scheduled')`)
	return err
}

// UseClock makes the store take the desk's time from now instead of the machine's clock. Call
// it before timers are scheduled.
func (s *Store) UseClock(now func() time.Time) { s.now = now }

// realTime is when the machine's clock will show what the desk's shows at t.
func (s *Store) realTime(t time.Time) time.Time { return time.Now().Add(t.Sub(s.now())) }

// Schedule inserts a job for each timer; one that waits already stays as it is.
func (w writer) Schedule(ctx context.Context, ticket string, timers []tickets.Timer) error {
	_, err := w.store.schedule(ctx, w.tx, ticket, timers)
	return err
}

// schedule tells how many of the timers were not waiting yet.
func (s *Store) schedule(ctx context.Context, tx pgx.Tx, ticket string, timers []tickets.Timer) (int, error) {
	if len(timers) == 0 {
		return 0, nil
	}
	params := make([]river.InsertManyParams, len(timers))
	for i, m := range timers {
		params[i] = river.InsertManyParams{
			Args: timerJob{Ticket: ticket, Timer: m.Kind, N: m.N, Version: m.Version, At: m.At.UTC()},
			InsertOpts: &river.InsertOpts{
				Queue: timerQueue, MaxAttempts: timerTries, ScheduledAt: s.realTime(m.At),
				UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: waitingStates},
			},
		}
	}
	results, err := s.inserter.InsertManyTx(ctx, tx, params)
	if err != nil {
		return 0, fmt.Errorf("schedule timers of ticket %s: %w", ticket, err)
	}
	fresh := 0
	for _, r := range results {
		if !r.UniqueSkippedAsDuplicate {
			fresh++
		}
	}
	return fresh, nil
}

// Reclock brings every waiting timer to the desk's clock after it was shifted.
func (s *Store) Reclock(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `UPDATE river_job SET scheduled_at = $1::timestamptz + ((args->>'at')::timestamptz - $2)
		WHERE kind = $3 AND state = 'scheduled'`, time.Now(), s.now(), timerJob{}.Kind())
	if err != nil {
		return fmt.Errorf("bring timers to the desk's clock: %w", err)
	}
	return nil
}

// TimersDue counts the timers whose time has come and that are not done.
func (s *Store) TimersDue(ctx context.Context) (int, error) {
	var n int
	err := s.pool.QueryRow(ctx, `SELECT count(*) FROM river_job
		WHERE kind = $1 AND (state IN ('available', 'running') OR state IN ('scheduled', 'retryable') AND scheduled_at <= $2)`,
		timerJob{}.Kind(), time.Now()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count timers: %w", err)
	}
	return n, nil
}

// Jobs does the desk's timers. Any number of servers may run one at once.
type Jobs struct {
	store  *Store
	client *riverClient
	rules  func(context.Context) (tickets.Rules, error)
	log    *slog.Logger
	stop   context.CancelFunc
	ended  chan struct{}
}

// NewJobs makes the workers; run does a timer, rules are the city's, for Repair.
func (s *Store) NewJobs(run RunTimer, rules func(context.Context) (tickets.Rules, error)) (*Jobs, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &timerWorker{store: s, run: run, rules: rules})
	client, err := river.NewClient(riverpgxv5.New(s.pool), &river.Config{
		Queues: map[string]river.QueueConfig{timerQueue: {MaxWorkers: timerWorkers}}, Workers: workers,
		JobTimeout: timerTimeout, RescueStuckJobsAfter: timerRescue, CompletedJobRetentionPeriod: keepDone, Logger: s.log,
	})
	if err != nil {
		return nil, fmt.Errorf("make the timers' workers: %w", err)
	}
	return &Jobs{store: s, client: client, rules: rules, log: s.log, ended: make(chan struct{})}, nil
}

// Start begins to do what is due by the desk's clock; it never blocks. Stop ends it.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.store.Reclock(ctx); err != nil {
		return err
	}
	ctx, j.stop = context.WithCancel(ctx)
	if err := j.client.Start(ctx); err != nil {
		j.stop()
		close(j.ended)
		return fmt.Errorf("start timers: %w", err)
	}
	go j.repairNowAndThen(ctx)
	return nil
}

// Stop waits for timers under way, at most until ctx ends; then they are cut off, to be done
// again later.
func (j *Jobs) Stop(ctx context.Context) error {
	err := j.client.Stop(ctx)
	j.stop()
	<-j.ended
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil
		<-j.client.Stopped()
	}
	if err != nil {
		return fmt.Errorf("stop timers: %w", err)
	}
	return nil
}

func (j *Jobs) repairNowAndThen(ctx context.Context) {
	defer close(j.ended)
	for {
		n, err := j.Repair(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			j.log.Error("looking for tickets without their timers failed", "err", err)
		case n > 0:
			j.log.Warn("timers were missing and are back", "timers", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(repairEvery):
		}
	}
}

// Repair gives every ticket that has timers to wait for and no job at all its jobs back, and
// tells how many it inserted.
func (j *Jobs) Repair(ctx context.Context) (int, error) {
	rules, err := j.rules(ctx)
	if err != nil {
		return 0, fmt.Errorf("repair timers: %w", err)
	}
	missing, err := j.store.withoutJobs(ctx)
	if err != nil {
		return 0, fmt.Errorf("repair timers: %w", err)
	}
	repaired := 0
	for batch := range slices.Chunk(missing, repairBatch) {
		n, err := j.store.scheduleAgain(ctx, batch, rules)
		if err != nil {
			return repaired, fmt.Errorf("repair timers: %w", err)
		}
		repaired += n
	}
	return repaired, nil
}

// withoutJobs lists tickets that may have timers and have no job, repairMost at most: the others
// are found the next time.
func (s *Store) withoutJobs(ctx context.Context) ([]string, error) {
	var states []tickets.State
	for _, term := range tickets.States {
		if state := tickets.State(term.Code); state != tickets.Archived && state != tickets.Merged {
			states = append(states, state)
		}
	}
	rows, err := s.pool.Query(ctx, `SELECT t.id::text FROM ticket t
		WHERE t.state = ANY($1) AND NOT EXISTS (SELECT 1 FROM river_job j
			WHERE j.kind = 'ticket_timer' AND j.state IN ('available', 'pending', 'running', 'retryable', 'scheduled')
				AND j.args->>'ticket' = t.id::text)
		LIMIT $2`, states, repairMost)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// scheduleAgain keeps the tickets from changing while their timers are looked up and inserted.
func (s *Store) scheduleAgain(ctx context.Context, ids []string, rules tickets.Rules) (int, error) {
	fresh := 0
	err := s.writeTx(ctx, ids, func(w writer) error {
		fresh = 0
		for _, id := range ids {
			row, err := w.read(ctx, id)
			if err != nil {
				return err
			}
			n, err := s.schedule(ctx, w.tx, id, tickets.Timers(row.ticket, rules))
			if err != nil {
				return err
			}
			fresh += n
		}
		return nil
	})
	return fresh, err
}

// timerWorker does a timer when the desk's clock has reached it.
type timerWorker struct {
	river.WorkerDefaults[timerJob]
	store *Store
	run   RunTimer
	rules func(context.Context) (tickets.Rules, error)
}

// Work is called by River.
func (w *timerWorker) Work(ctx context.Context, job *river.Job[timerJob]) error {
	a := job.Args
	if wait := a.At.Sub(w.store.now()); wait > 0 {
		return river.JobSnooze(wait) // the clock was set back
	}
	timer := tickets.Timer{Kind: a.Timer, N: a.N, Version: a.Version, At: a.At}
	done, err := w.run(ctx, a.Ticket, timer)
	if errors.Is(err, service.ErrNotFound) {
		return river.JobCancel(err) // the demo was reset
	}
	if err != nil || done {
		return err
	}
	rules, err := w.rules(ctx)
	if err != nil {
		return err
	}
	r, err := w.store.Ticket(ctx, a.Ticket)
	if err == nil && timer.Due(r.Ticket, rules, w.store.now()) {
		return river.JobSnooze(refusedRetry) // such as the archive, while a request is open
	}
	return err
}

// NextRetry is when a timer that failed is tried again.
func (w *timerWorker) NextRetry(job *river.Job[timerJob]) time.Time {
	wait := longestRetry
	if job.Attempt < 10 {
		wait = min(wait, firstRetry<<job.Attempt)
	}
	return time.Now().Add(wait)
}
