package product

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"

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
	return c.batches.Add(ctx, rowOf(reservation), waiting{ctx, reservation, beginBy})
}

// severalLines is the queue of all orders of several lines, which have several rows and often share
// some.
const severalLines = "several lines"

// rowOf returns the deal or product of a single line. Orders of several lines do not delay orders of
// one line.
func rowOf(reservation Reservation) string {
	first := reservation.Lines[0]
	switch {
	case len(reservation.Lines) > 1:
		return severalLines
	case first.DealID != nil:
		return first.DealID.String()
	}
	return first.ProductID.String()
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

// together has the latest deadline of the requests, and the trace of the first that is recorded.
func (c *coalesced) together(entries []*entry) (context.Context, context.CancelFunc) {
	first := firstRecorded(entries)
	c.logShared(first, entries)
	return context.WithDeadline(context.WithoutCancel(first.Item.ctx), batch.Latest(entries))
}

func firstRecorded(entries []*entry) *entry {
	for _, each := range entries {
		if trace.SpanFromContext(each.Item.ctx).IsRecording() {
			return each
		}
	}
	return entries[0]
}

// logShared links the other requests to the first, whose id product logs.
func (c *coalesced) logShared(first *entry, entries []*entry) {
	ctx := first.Item.ctx
	if len(entries) == 1 || !c.options.Log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	var others []string
	for _, each := range entries {
		if each != first {
			others = append(others, requestIDOf(each.Item.ctx))
		}
	}
	c.options.Log.Debug("Reservations share one call", "request_id", requestIDOf(ctx), "with_request_ids", others)
}

func (c *coalesced) close() {
	c.batches.Close()
	c.underWay.Wait()
	c.calls.close()
}
