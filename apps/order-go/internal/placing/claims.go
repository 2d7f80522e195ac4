package placing

import (
	"bytes"
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"flash-deal/apps/order-go/internal/order"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/apps/order-go/internal/storage"
	"flash-deal/packages/go/apierror"
)

// attemptsMax is the number of attempts to store or read a claim; retention deletes it between the
// two at most once.
const attemptsMax = 3

// Claim claims the Idempotency-Key of an attempt: one order for each key within the age of claims,
// despite crashes and retries. It returns the stored response of the key, or nil and the order id
// for the attempt.
//
// It returns IDEMPOTENCY_MISMATCH or IDEMPOTENCY_IN_PROGRESS.
func (p *Placing) Claim(ctx context.Context, attempt storage.Attempt) (answer []byte, id order.ID, err error) {
	digest := attempt.Draft.Digest()
	standing, err := p.createOrGet(ctx, attempt, digest)
	switch {
	case err != nil:
		return nil, id, err
	case standing == nil:
		return nil, attempt.OrderID, nil
	case !bytes.Equal(digest, standing.BodyDigest):
		return nil, id, apierror.New(apierror.IdempotencyMismatch)
	case standing.Answer != nil:
		return []byte(*standing.Answer), id, nil
	case standing.IsLeased:
		return nil, id, apierror.New(apierror.IdempotencyInProgress)
	}
	return p.takeOver(ctx, attempt, standing.OrderID)
}

// createOrGet returns the existing claim, if there is one. Retention may delete it concurrently.
func (p *Placing) createOrGet(ctx context.Context, attempt storage.Attempt, digest []byte) (*queries.ClaimGetRow, error) {
	q := queries.New(p.DB)
	for range attemptsMax {
		created, err := q.ClaimCreate(ctx, queries.ClaimCreateParams{
			UserID: attempt.UserID, Key: attempt.Key, BodyDigest: digest, OrderID: attempt.OrderID,
			LeaseMs: p.leaseMs(),
		})
		if err != nil || created == 1 {
			return nil, err
		}
		standing, err := q.ClaimGet(ctx, queries.ClaimGetParams{UserID: attempt.UserID, Key: attempt.Key})
		if !errors.Is(err, pgx.ErrNoRows) {
			return &standing, err
		}
	}
	return nil, apierror.New(apierror.IdempotencyInProgress)
}

func (p *Placing) leaseMs() int32 { return int32(p.Lease.Milliseconds()) }

// takeOver continues an attempt that has ended or crashed. Its order id is reused, so that product
// recognises it. If the id is void, a new id is used, but only after product has acknowledged the
// release of the old.
func (p *Placing) takeOver(ctx context.Context, attempt storage.Attempt, read order.ID) (answer []byte, id order.ID, err error) {
	q := queries.New(p.DB)
	rows, err := q.OrderListStates(ctx, []order.ID{read})
	if err != nil {
		return nil, id, err
	}
	id = read
	if len(rows) > 0 {
		if rows[0].Status != queries.OrderStatusVoid {
			answer, err := storage.ExistingResponse(ctx, p.DB, attempt, read)
			return answer, id, err
		}
		if err := p.Product.Release(ctx, read); err != nil {
			return nil, id, err
		}
		id = p.NewID()
	}
	taken, err := q.ClaimTakeOver(ctx, queries.ClaimTakeOverParams{
		UserID: attempt.UserID, Key: attempt.Key, OrderID: id, ReadOrderID: read, LeaseMs: p.leaseMs(),
	})
	if err == nil && taken == 0 {
		err = apierror.New(apierror.IdempotencyInProgress)
	}
	return nil, id, err
}
