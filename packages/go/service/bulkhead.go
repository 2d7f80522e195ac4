package service

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"

	"flash-deal/packages/go/apierror"
)

// Bulkhead limits the number of concurrent tasks. A limited number waits, each for a share of its
// remaining time. Others are rejected. A rejected task has not started.
//
// Requests and background tasks wait in two queues, which take turns, so that load does not stop
// background work. In a full bulkhead a task of the shorter queue replaces the last task of the other.
type Bulkhead struct {
	concurrency, queueMax, max int
	waitShare                  float64

	mutex   sync.Mutex
	running int
	queues  [2]list.List // of *turn
	// served is the queue of the last task that was admitted from one.
	served int
}

// The queues of a Bulkhead.
const (
	requestQueue = iota
	backgroundQueue
)

// turn is a waiting task.
type turn struct {
	// over is closed when it is admitted or rejected.
	over chan struct{}
	// err is set before over is closed; nil if it is admitted.
	err error
}

func (t *turn) end(err error) {
	t.err = err
	close(t.over)
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
		served:      backgroundQueue,
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
	return b.enter(ctx, &b.queues[requestQueue])
}

// EnterBackground is Enter for a task without a caller.
func (b *Bulkhead) EnterBackground(ctx context.Context) (leave func(), err error) {
	return b.enter(ctx, &b.queues[backgroundQueue])
}

func (b *Bulkhead) enter(ctx context.Context, queue *list.List) (leave func(), err error) {
	if left, hasDeadline := Left(ctx); hasDeadline && left < time.Millisecond {
		return nil, apierror.Rejected(apierror.DeadlineExceeded, nil)
	}
	place, err := b.arrive(queue)
	if err == nil && place != nil {
		err = b.wait(ctx, queue, place)
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

// arrive takes a place and returns nil, or joins the queue.
func (b *Bulkhead) arrive(queue *list.List) (place *list.Element, err error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	waiting := b.waiting()
	isAtMax := b.max > 0 && b.running+waiting >= b.max
	if b.running < b.concurrency && waiting == 0 && !isAtMax {
		b.running++
		return nil, nil
	}
	if (isAtMax || waiting >= b.queueMax) && !b.replaceLast(queue) {
		return nil, shed(errFull)
	}
	return queue.PushBack(&turn{over: make(chan struct{})}), nil
}

func (b *Bulkhead) waiting() int {
	return b.queues[requestQueue].Len() + b.queues[backgroundQueue].Len()
}

// replaceLast rejects the last task of the other queue if that is longer, and reports whether it was.
func (b *Bulkhead) replaceLast(queue *list.List) bool {
	for i := range b.queues {
		// The first task of a queue is never replaced.
		if longer := &b.queues[i]; longer.Len() > queue.Len()+1 {
			longer.Remove(longer.Back()).(*turn).end(shed(errFull))
			return true
		}
	}
	return false
}

func (b *Bulkhead) wait(ctx context.Context, queue *list.List, place *list.Element) error {
	limit, cancel := b.limitOf(ctx)
	defer cancel()
	turn := place.Value.(*turn)
	select {
	case <-turn.over:
		return turn.err
	case <-limit.Done():
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	select {
	case <-turn.over: // It was admitted or rejected in the meantime.
		return turn.err
	default:
		queue.Remove(place)
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

// leave passes the place on to a task that waits.
func (b *Bulkhead) leave() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if next := b.next(); next != nil {
		next.end(nil)
		return
	}
	b.running--
}

// next removes the first task of the queue whose turn it is; nil if none waits.
func (b *Bulkhead) next() *turn {
	for range b.queues {
		b.served = (b.served + 1) % len(b.queues)
		if queue := &b.queues[b.served]; queue.Len() > 0 {
			return queue.Remove(queue.Front()).(*turn)
		}
	}
	return nil
}

// Left returns the remaining time of a context, and whether it has a deadline.
func Left(ctx context.Context) (time.Duration, bool) {
	deadline, ok := ctx.Deadline()
	return time.Until(deadline), ok
}
