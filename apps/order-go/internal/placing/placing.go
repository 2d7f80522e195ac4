// Package placing places orders, or undoes the attempt so that no stock is lost.
package placing

import (
	"context"
	"log/slog"
	"time"

	"flash-deal/apps/order-go/internal/figures"
	"flash-deal/apps/order-go/internal/ids"
	"flash-deal/apps/order-go/internal/order"
	"flash-deal/apps/order-go/internal/product"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/apps/order-go/internal/storage"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/postgres"
)

// SettlingMax is the timeout of a release or a confirmation outside a request.
const SettlingMax = 2 * time.Second

// Placing places orders.
type Placing struct {
	DB      *postgres.Pool
	Product product.Client
	Store   storage.Store
	NewID   ids.New
	// Lease is the time for which an attempt holds an Idempotency-Key.
	Lease  time.Duration
	Log    *slog.Logger
	Causes *apierror.CauseLog
	// Outcomes counts what becomes of orders.
	Outcomes figures.Outcomes
}

// Place reserves, stores, and returns the bytes of the response after the commit.
func (p *Placing) Place(ctx context.Context, attempt storage.Attempt) ([]byte, error) {
	answer, err := p.place(ctx, attempt)
	if err != nil {
		p.Outcomes.Failed(err)
	}
	return answer, err
}

func (p *Placing) place(ctx context.Context, attempt storage.Attempt) ([]byte, error) {
	lines, err := p.Product.Reserve(ctx, product.Reservation{
		OrderID: attempt.OrderID, UserID: attempt.UserID, Lines: attempt.Draft.Lines,
		HasKey: attempt.Key != "",
	})
	switch {
	case apierror.IsNotStarted(err):
		// The id has the same row as before; there is nothing to void or to release.
		p.endLease(ctx, attempt)
		return nil, err
	case product.IsRefusal(err) && attempt.Key == "":
		// No client can retry this id, and product has stored nothing under it.
		return nil, err
	case err != nil:
		return p.compensate(ctx, attempt, err)
	}
	answer, err := p.Store(ctx, attempt, lines)
	if err != nil {
		return p.compensate(ctx, attempt, err)
	}
	p.Outcomes.Confirmed()
	return answer, nil
}

// compensate voids the id, then releases the reservation, with a separate timeout, because the deadline
// of the request may have expired. If an order is stored under the id, it is the result. If the void row
// cannot be stored, the reservation is not released: the sweep of product settles it.
func (p *Placing) compensate(ctx context.Context, attempt storage.Attempt, failure error) ([]byte, error) {
	ctx = context.WithoutCancel(ctx)
	existing, err := p.giveUp(ctx, attempt)
	if err != nil {
		p.Causes.Write(p.Log, err, "An attempt is left to the sweeper", "order_id", attempt.OrderID)
	}
	if existing != nil {
		return existing, nil
	}
	return nil, failure
}

// giveUp returns the stored order of the id; nil if it is void now.
func (p *Placing) giveUp(ctx context.Context, attempt storage.Attempt) ([]byte, error) {
	id := attempt.OrderID
	states, err := storage.VoidUnlessOrders(ctx, p.DB, []order.ID{id})
	if err != nil {
		return nil, err
	}
	if states[id] != queries.OrderStatusVoid {
		return storage.ExistingResponse(ctx, p.DB, attempt, id)
	}
	releasing, cancel := context.WithTimeout(ctx, SettlingMax)
	defer cancel()
	if err := p.Product.Release(releasing, id); err != nil {
		return nil, err
	}
	p.endLease(ctx, attempt)
	return nil, nil
}

// endLease lets the next attempt with the key begin immediately. If this cannot be stored, it waits for
// the end of the lease.
func (p *Placing) endLease(ctx context.Context, attempt storage.Attempt) {
	if attempt.Key == "" {
		return
	}
	err := queries.New(p.DB).ClaimEndLease(context.WithoutCancel(ctx), queries.ClaimEndLeaseParams{
		UserID: attempt.UserID, Key: attempt.Key, OrderID: attempt.OrderID,
	})
	if err != nil {
		p.Log.Warn("The lease of an Idempotency-Key could not be ended early",
			"order_id", attempt.OrderID, "err", err.Error())
	}
}
