// Package batch collects items that arrive at the same time, and processes them with one statement or
// one call.
package batch

import (
	"context"
	"errors"
	"sync"
	"time"

	"flash-deal/packages/go/apierror"
)

// Entry is an item that waits for its result.
type Entry[Item, Result any] struct {
	Item Item
	// Deadline is when the caller stops waiting.
	Deadline time.Time
	// isCallers is whether it is the deadline of the caller, and not the timeout of the batches.
	isCallers bool
	result    chan outcome[Result]
}

// Latest returns the latest deadline of one or more entries: an expired one does not cancel the others.
func Latest[Item, Result any](entries []*Entry[Item, Result]) time.Time {
	latest := entries[0].Deadline
	for _, each := range entries[1:] {
		if each.Deadline.After(latest) {
			latest = each.Deadline
		}
	}
	return latest
}

type outcome[Result any] struct {
	value Result
	err   error
}

// Settle returns the result to the caller. Only the first call has an effect.
func (e *Entry[Item, Result]) Settle(value Result, err error) {
	select {
	case e.result <- outcome[Result]{value, err}:
	default:
	}
}

// Options are the limits of batches.
type Options[Item, Result any] struct {
	// Work processes items of one key. It settles every entry, now or later. The next batch of the key
	// starts when it returns.
	Work func(key string, entries []*Entry[Item, Result])
	// SizeMax is the maximum number of items in a batch.
	SizeMax int
	// QueueMax is the maximum number of waiting and running items of all keys. The next is rejected.
	QueueMax int
	// Timeout is the maximum time that an item may wait and run.
	Timeout time.Duration
}

// Batches has a single writer for each key. Items that arrive while a batch runs form the next one,
// so no timer is needed: a single item never waits for others, and batches grow with the load.
type Batches[Item, Result any] struct {
	options Options[Item, Result]
	mutex   sync.Mutex
	// waiting has a key while a goroutine processes its queue.
	waiting map[string][]*Entry[Item, Result]
	size    int
	running sync.WaitGroup
}

// New returns batches with these limits.
func New[Item, Result any](options Options[Item, Result]) *Batches[Item, Result] {
	return &Batches[Item, Result]{options: options, waiting: map[string][]*Entry[Item, Result]{}}
}

var (
	errQueueFull    = errors.New("too many requests are waiting")
	errWaitedTooFar = errors.New("the request waited too long in the queue")
	errBatchTooSlow = errors.New("its batch takes too long")
)

// Add returns the result of an item. Items of a key are processed in the order of arrival.
//
// It returns an error with NotStarted if the item is in no batch, because the queue is full or its
// deadline has expired; DEADLINE_EXCEEDED if the caller's deadline expires while its batch runs, and
// SERVICE_UNAVAILABLE if the batch takes too long, both with an unknown outcome; otherwise the error of
// Work.
func (b *Batches[Item, Result]) Add(ctx context.Context, key string, item Item) (Result, error) {
	entry, err := b.enter(ctx, key, item)
	if err != nil {
		var none Result
		return none, err
	}
	defer b.leave()
	timer := time.NewTimer(time.Until(entry.Deadline))
	defer timer.Stop()
	select {
	case settled := <-entry.result:
		return settled.value, settled.err
	case <-timer.C:
		var none Result
		return none, b.giveUp(key, entry)
	}
}

func (b *Batches[Item, Result]) enter(ctx context.Context, key string, item Item) (*Entry[Item, Result], error) {
	deadline := time.Now().Add(b.options.Timeout)
	given, hasDeadline := ctx.Deadline()
	isCallers := hasDeadline && !given.After(deadline)
	if isCallers {
		deadline = given
	}
	if time.Until(deadline) <= 0 {
		return nil, apierror.Rejected(apierror.DeadlineExceeded, nil)
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.size >= b.options.QueueMax {
		return nil, apierror.Rejected(apierror.ServiceUnavailable, errQueueFull)
	}
	entry := &Entry[Item, Result]{item, deadline, isCallers, make(chan outcome[Result], 1)}
	b.size++
	queue, isRunning := b.waiting[key]
	b.waiting[key] = append(queue, entry)
	if !isRunning {
		b.running.Go(func() { b.empty(key) })
	}
	return entry, nil
}

func (b *Batches[Item, Result]) leave() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.size--
}

func (b *Batches[Item, Result]) giveUp(key string, entry *Entry[Item, Result]) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for i, each := range b.waiting[key] {
		if each == entry {
			b.waiting[key] = append(b.waiting[key][:i:i], b.waiting[key][i+1:]...)
			return apierror.Rejected(apierror.ServiceUnavailable, errWaitedTooFar)
		}
	}
	if entry.isCallers {
		return apierror.Because(apierror.DeadlineExceeded, errBatchTooSlow)
	}
	return apierror.Because(apierror.ServiceUnavailable, errBatchTooSlow)
}

// empty runs batches sequentially until no item waits.
func (b *Batches[Item, Result]) empty(key string) {
	for {
		entries := b.take(key)
		if len(entries) == 0 {
			return
		}
		b.options.Work(key, entries)
	}
}

func (b *Batches[Item, Result]) take(key string) []*Entry[Item, Result] {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	queue := b.waiting[key]
	if len(queue) == 0 {
		// A later item starts another goroutine. An item that has timed out may leave an empty queue.
		delete(b.waiting, key)
		return nil
	}
	size := min(len(queue), b.options.SizeMax)
	b.waiting[key] = queue[size:]
	return queue[:size:size]
}

// Close waits until no item waits or runs.
func (b *Batches[Item, Result]) Close() { b.running.Wait() }
