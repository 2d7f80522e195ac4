package service

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"

	"flash-deal/packages/go/apierror"
)

// Bulkhead limits the number of concurrent tasks. A limited number waits in the order of arrival,
// each for a share of its remaining time. Others are rejected. A rejected task has not started.
type Bulkhead struct {
	concurrency, queueMax, max int
	waitShare                  float64

	mutex   sync.Mutex
	running int
	waiting list.List // of chan struct{}
}

// BulkheadOptions are the limits of a Bulkhead.
type BulkheadOptions struct {
	// Concurrency is the maximum number of running tasks, from 1.
	Concurrency int
	// QueueMax is the maximum number of waiting tasks, from 0.
	QueueMax int
	// Max is the maximum number of running and waiting tasks together; 0 is unlimited.
	Max int
	// WaitShare is the share of the remaining time that a task may wait; 0 is 0.9. The rest is for
	// the task itself: under overload, most tasks would otherwise start just before their deadline.
	WaitShare float64
}

// NewBulkhead returns a bulkhead with these limits.
func NewBulkhead(options BulkheadOptions) *Bulkhead {
	if options.WaitShare == 0 {
		options.WaitShare = 0.9
	}
	return &Bulkhead{
		concurrency: options.Concurrency,
		queueMax:    options.QueueMax,
		max:         options.Max,
		waitShare:   options.WaitShare,
	}
}

// Enter waits for a place until its share of the context's deadline has passed, and returns what
// releases the place, once.
//
// It returns SERVICE_UNAVAILABLE if the queue is full or no place is free in time, and
// DEADLINE_EXCEEDED if the deadline has already passed; both as NotStarted.
func (b *Bulkhead) Enter(ctx context.Context) (leave func(), err error) {
	if left, hasDeadline := Left(ctx); hasDeadline && left < time.Millisecond {
		return nil, apierror.Rejected(apierror.DeadlineExceeded, nil)
	}
	turn, err := b.arrive()
	if err == nil && turn != nil {
		err = b.wait(ctx, turn)
	}
	if err != nil {
		return nil, err
	}
	return sync.OnceFunc(b.leave), nil
}

var (
	errFull = errors.New("too many are waiting")
	errLate = errors.New("its turn did not come in time")
)

func shed(cause error) error { return apierror.Rejected(apierror.ServiceUnavailable, cause) }

// arrive takes a place, or joins the queue.
func (b *Bulkhead) arrive() (turn *list.Element, err error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	switch {
	case b.max > 0 && b.running+b.waiting.Len() >= b.max:
		return nil, shed(errFull)
	case b.running < b.concurrency && b.waiting.Len() == 0:
		b.running++
		return nil, nil
	case b.waiting.Len() >= b.queueMax:
		return nil, shed(errFull)
	}
	return b.waiting.PushBack(make(chan struct{})), nil
}

func (b *Bulkhead) wait(ctx context.Context, turn *list.Element) error {
	limit, cancel := b.limitOf(ctx)
	defer cancel()
	admitted := turn.Value.(chan struct{})
	select {
	case <-admitted:
		return nil
	case <-limit.Done():
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	select {
	case <-admitted: // It was admitted in the meantime.
		return nil
	default:
		b.waiting.Remove(turn)
		return shed(errLate)
	}
}

func (b *Bulkhead) limitOf(ctx context.Context) (context.Context, context.CancelFunc) {
	left, hasDeadline := Left(ctx)
	if !hasDeadline {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Duration(float64(left)*b.waitShare))
}

// leave passes the place on to the task that has waited longest.
func (b *Bulkhead) leave() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if next := b.waiting.Front(); next != nil {
		b.waiting.Remove(next)
		close(next.Value.(chan struct{}))
		return
	}
	b.running--
}

// Left returns the remaining time of a context, and whether it has a deadline.
func Left(ctx context.Context) (time.Duration, bool) {
	deadline, ok := ctx.Deadline()
	return time.Until(deadline), ok
}
