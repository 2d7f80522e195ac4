package service

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"flash-deal/packages/go/config"
)

// round is a task that is repeated with a pause.
type round struct {
	name  string
	every time.Duration
	work  func(ctx context.Context) error
}

// Periodically repeats a task with a pause before each round, from readiness until the service
// stops. A failed round is logged and the next one retries. Stopping cancels the context of the running
// round, and waits for it.
func (s *Service) Periodically(name string, every time.Duration, work func(ctx context.Context) error) {
	s.rounds = append(s.rounds, round{name, every, work})
}

func (s *Service) repeat(ctx context.Context, each round) {
	for pause(ctx, each.every) {
		if err := each.work(ctx); err != nil && ctx.Err() == nil {
			s.Causes.Write(s.Log, err, "A round failed: "+each.name, "round", each.name)
		}
	}
}

// pause waits, and reports whether it was not stopped.
func pause(ctx context.Context, length time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(length):
		return true
	}
}

// Deletion deletes up to `size` rows of a table, oldest first, and returns their number.
type Deletion struct {
	Table  string
	Delete func(ctx context.Context, size int) (int, error)
}

// Retain deletes old rows in small batches with a pause between them, to keep the load low. Several
// instances may run concurrently: rows locked by one are skipped by the others.
func (s *Service) Retain(settings config.Database, deletions ...Deletion) {
	deleted := s.Metrics.Counters("retention_deleted_rows_total", "Rows that were deleted because of their age", "table")
	for _, each := range deletions {
		deleted.WithLabelValues(each.Table)
	}
	interval := time.Duration(settings.RetentionIntervalMs) * time.Millisecond
	s.Periodically("retention", interval, func(ctx context.Context) (first error) {
		for _, each := range deletions {
			err := deleteAll(ctx, each, deleted.WithLabelValues(each.Table), settings)
			if first == nil {
				first = err
			}
		}
		return first
	})
}

func deleteAll(ctx context.Context, deletion Deletion, deleted prometheus.Counter, settings config.Database) error {
	for ctx.Err() == nil {
		rows, err := deletion.Delete(ctx, settings.RetentionBatch)
		if err != nil {
			return err
		}
		deleted.Add(float64(rows))
		if rows < settings.RetentionBatch {
			return nil
		}
		pause(ctx, time.Duration(settings.RetentionPauseMs)*time.Millisecond)
	}
	return nil
}
