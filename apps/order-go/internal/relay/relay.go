// Package relay sends the outcomes of reservations to product.
package relay

import (
	"context"
	"errors"
	"sync"

	"github.com/google/uuid"

	"flash-deal/apps/order-go/internal/placing"
	"flash-deal/apps/order-go/internal/product"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
	"flash-deal/packages/go/telemetry"
)

// batchSize is the number of events in a round, the maximum of product's contract.
const batchSize = 100

// Relay delivers the events of the outbox. An event stays until it is acknowledged, so it may arrive
// twice; product's transitions are guarded, so it takes effect once.
type Relay struct {
	DB      *postgres.Pool
	Product product.Client
}

// Round delivers due events until less than a batch is left or the context is done. An event whose
// call is interrupted stays, and is retried.
func (r *Relay) Round(ctx context.Context) error {
	for taken := batchSize; taken == batchSize && ctx.Err() == nil; {
		events, err := queries.New(r.DB).OutboxTake(ctx, batchSize)
		if err != nil {
			return err
		}
		// All are tried: an event that product cannot process must not block the others.
		if err := r.deliverAll(ctx, events); err != nil {
			return err
		}
		taken = len(events)
	}
	return nil
}

// deliverAll confirms all orders with one call, and releases each with its own.
func (r *Relay) deliverAll(ctx context.Context, events []queries.OutboxTakeRow) error {
	ctx, cancel := context.WithTimeout(ctx, placing.SettlingMax)
	defer cancel()
	var confirmed []queries.OutboxTakeRow
	var calls sync.WaitGroup
	failures := make([]error, len(events)+1)
	for i, event := range events {
		if event.Kind == queries.OutboxKindConfirmed {
			confirmed = append(confirmed, event)
			continue
		}
		calls.Go(func() { failures[i] = r.release(ctx, event) })
	}
	calls.Go(func() { failures[len(events)] = r.confirm(ctx, confirmed) })
	calls.Wait()
	return errors.Join(failures...)
}

func (r *Relay) release(ctx context.Context, event queries.OutboxTakeRow) (err error) {
	ctx, span := service.StartDelivery(ctx, []*string{event.Traceparent})
	defer func() { telemetry.End(span, err) }()
	if err := r.Product.Release(ctx, event.OrderID); err != nil {
		return err
	}
	return r.delete(ctx, event.ID)
}

func (r *Relay) confirm(ctx context.Context, events []queries.OutboxTakeRow) (err error) {
	if len(events) == 0 {
		return nil
	}
	orders := make([]uuid.UUID, len(events))
	acknowledged := make([]int64, len(events))
	traceparents := make([]*string, len(events))
	for i, event := range events {
		orders[i], acknowledged[i], traceparents[i] = event.OrderID, event.ID, event.Traceparent
	}
	ctx, span := service.StartDelivery(ctx, traceparents)
	defer func() { telemetry.End(span, err) }()
	if err := r.Product.Confirm(ctx, orders); err != nil {
		return err
	}
	return r.delete(ctx, acknowledged...)
}

// delete has the timeout of a statement, because the call may have used all of its own.
func (r *Relay) delete(ctx context.Context, events ...int64) error {
	return queries.New(r.DB).OutboxDelete(context.WithoutCancel(ctx), events)
}
