package delivery

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"parley/bot/delivery/ledger"
	"parley/corpus/database"
)

const (
	// softStop is how long running work may go on when the process is to stop, before its
	// contexts are cancelled.
	softStop = 3 * time.Second
	// maxWorkers is how many digests of a platform are on their way at once.
	maxWorkers = 32
	// jobTime is longer than any work on a slot takes, each message having a time of its own.
	jobTime = 15 * time.Minute
	// jobsKept is how long finished jobs stay; what became of a slot is in the ledger.
	jobsKept = time.Hour
)

// newQueue is a queue in the database, with tables of River's own, for the platforms that a
// Deliverer has senders for. It delivers a slot with Deliverer.work.
func newQueue(ctx context.Context, db *database.DB, d *Deliverer) (queue, error) {
	if db.Pool != nil {
		return newRiver(ctx, db, riverpgxv5.New(db.Pool), d)
	}
	return newRiver(ctx, db, riversqlite.New(db.Write), d)
}

// riverQueue is a queue of River's. It does not matter if a job is lost with its process or
// done twice: the ledger says what is due and who works on it. So nobody waits for River's
// own rescue of stuck jobs, which cannot tell a dead process from a slow one.
type riverQueue[TTx any] struct{ client *river.Client[TTx] }

func newRiver[TTx any](
	ctx context.Context, db *database.DB, driver riverdriver.Driver[TTx], d *Deliverer,
) (queue, error) {
	log := d.log.With("part", "river")
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return nil, err
	}
	err = db.Exclusively(ctx, func() error {
		_, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	workers := river.NewWorkers()
	err = river.AddWorkerSafely(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[slotJob]) error {
		wait, err := d.work(ctx, job.Args.QueuedSlot)
		if err == nil && wait > 0 {
			return river.JobSnooze(wait)
		}
		return err
	}))
	if err != nil {
		return nil, err
	}
	queues := map[string]river.QueueConfig{}
	for platform := range d.senders {
		queues[queueOf(platform)] = river.QueueConfig{MaxWorkers: maxWorkers}
	}
	poll := max(river.FetchCooldownDefault, min(river.FetchPollIntervalDefault, d.every))
	client, err := river.NewClient(driver, &river.Config{
		Queues: queues, Workers: workers, Logger: log, FetchPollInterval: poll, JobTimeout: jobTime,
		RescueStuckJobsAfter: 2 * jobTime, SoftStopTimeout: softStop,
		CompletedJobRetentionPeriod: jobsKept, CancelledJobRetentionPeriod: jobsKept, DiscardedJobRetentionPeriod: jobsKept,
	})
	if err != nil {
		return nil, err
	}
	return &riverQueue[TTx]{client}, nil
}

// queueOf is the queue of a platform: a process that is not on it leaves its slots alone.
func queueOf(platform string) string { return "digest_" + platform }

// slotJob is a slot in the queue. It need not be unique there: the ledger gives a slot to
// one process at a time to queue, and two jobs for one slot do no harm. A unique job would,
// where the process that has it is dead.
type slotJob struct{ ledger.QueuedSlot }

// Kind is River's name of such jobs.
func (slotJob) Kind() string { return "digest_slot" }

func (q *riverQueue[TTx]) add(ctx context.Context, platform string, slots []ledger.QueuedSlot) error {
	jobs := make([]river.InsertManyParams, len(slots))
	for i, s := range slots {
		jobs[i] = river.InsertManyParams{Args: slotJob{s}, InsertOpts: &river.InsertOpts{Queue: queueOf(platform)}}
	}
	_, err := q.client.InsertManyFast(ctx, jobs)
	return err
}

func (q *riverQueue[TTx]) run(ctx context.Context) error {
	if err := q.client.Start(ctx); err != nil {
		return err
	}
	<-q.client.Stopped()
	return nil
}
