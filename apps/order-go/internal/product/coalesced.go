package product

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"flash-deal/apps/order-go/internal/batch"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/service"
)

const (
	// reservationsMax is the maximum number of reservations in a call, as in product's contract.
	reservationsMax = 100
	// reservationBytes is the size of a reservation of ten lines in a JSON body.
	reservationBytes = 1_300
	// patience is how long the next call for a row waits for the previous one, which may never return.
	patience = 250 * time.Millisecond
	// timerSlack is the maximum time by which a timer fires before its deadline.
	timerSlack = 10 * time.Millisecond
)

var errWaitedTooLong = errors.New("the reservation waited too long for the call before it")

// CoalescedOptions are the limits of H1 optimized.
type CoalescedOptions struct {
	// BodyLimit is the maximum size of a body that product reads, in bytes.
	BodyLimit int
	QueueMax  int
	Timeout   time.Duration
	Witness   service.Witness
	// Observe is called with the number of reservations of each call.
	Observe func(reservations int)
	Log     *slog.Logger
}

// coalesced is H1 optimized: reservations of the same row share calls. While one call is in flight, new
// reservations wait and form the next call. Rows do not wait for each other, because a call returns
// when its slowest reservation is decided.
type coalesced struct {
	calls
	options  CoalescedOptions
	batches  *batch.Batches[waiting, Result]
	underWay sync.WaitGroup
	// countCall and countReservation count sent calls and reservations.
	countCall, countReservation func()
}

// waiting is a waiting reservation with the context of its request.
type waiting struct {
	ctx         context.Context
	reservation Reservation
	// beginBy is the latest start of a call: a later one leaves product too little time.
	beginBy time.Time
}

type entry = batch.Entry[waiting, Result]

func newCoalesced(calls calls, options CoalescedOptions) *coalesced {
	c := &coalesced{calls: calls, options: options, countCall: options.Witness("batch"), countReservation: options.Witness("batched")}
	c.batches = batch.New(batch.Options[waiting, Result]{
		Work:     func(_ string, entries []*entry) { c.work(entries) },
		SizeMax:  min(reservationsMax, max(1, options.BodyLimit/reservationBytes)),
		QueueMax: options.QueueMax,
		Timeout:  options.Timeout,
	})
	return c
}

func (c *coalesced) reserve(ctx context.Context, reservation Reservation) (Result, error) {
	beginBy := time.Now().Add(remaining(ctx) / 2)
	result, err := c.batches.Add(ctx, rowOf(reservation), waiting{ctx, reservation, beginBy})
	if err != nil && !apierror.IsNotStarted(err) && remaining(ctx) <= timerSlack {
		// The request timed out while its call was in flight.
		return result, apierror.Because(apierror.DeadlineExceeded, err)
	}
	return result, err
}

// rowOf returns the deal or product of a single line. Orders of several lines do not delay orders of
// one line.
func rowOf(reservation Reservation) string {
	first := reservation.Lines[0]
	row := first.ProductID.String()
	if first.DealID != nil {
		row = first.DealID.String()
	}
	if len(reservation.Lines) > 1 {
		return "several " + row
	}
	return row
}

// work returns when the next call may start.
func (c *coalesced) work(entries []*entry) {
	begun := c.inTime(entries)
	if len(begun) == 0 {
		return
	}
	ended := make(chan struct{})
	c.underWay.Go(func() {
		defer close(ended)
		c.send(begun)
	})
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
	}
}

func (c *coalesced) inTime(entries []*entry) (begun []*entry) {
	for _, each := range entries {
		if time.Until(each.Item.beginBy) > 0 {
			begun = append(begun, each)
			continue
		}
		each.Settle(Result{}, apierror.Rejected(apierror.ServiceUnavailable, errWaitedTooLong))
	}
	return begun
}

func (c *coalesced) send(entries []*entry) {
	c.options.Observe(len(entries))
	c.countCall()
	ctx, cancel := c.together(entries)
	defer cancel()
	reservations := make([]Reservation, len(entries))
	for i, each := range entries {
		c.countReservation()
		reservations[i] = each.Item.reservation
	}
	results, err := c.createReservations(ctx, reservations)
	for i, each := range entries {
		if err != nil {
			each.Settle(Result{}, err)
			continue
		}
		each.Settle(resultFor(each.Item.reservation, results, i))
	}
}

// together has the latest deadline of the requests: an expired one does not cancel the call of the
// others. Product logs the request id of the first.
func (c *coalesced) together(entries []*entry) (context.Context, context.CancelFunc) {
	latest := entries[0].Deadline
	for _, each := range entries[1:] {
		if each.Deadline.After(latest) {
			latest = each.Deadline
		}
	}
	if len(entries) > 1 {
		c.options.Log.Debug("Reservations share one call", "count", len(entries))
	}
	return context.WithDeadline(context.WithoutCancel(entries[0].Item.ctx), latest)
}

func (c *coalesced) close() {
	c.batches.Close()
	c.underWay.Wait()
	c.calls.close()
}
