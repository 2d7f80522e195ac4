// Package storage has operations that need more than one generated statement.
package storage

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"flash-deal/apps/order-go/internal/order"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/packages/go/apierror"
)

// attemptsMax is the number of attempts to store and read a row; retention may delete an old one
// between the two at most once.
const attemptsMax = 3

var errDeletedAgain = errors.New("the ids were deleted as often as they were stored")

// VoidUnlessOrders stores the ids that are not orders as void, permanently. It returns the states of
// all, read by a second statement. Retention may delete an old void id in between: then it is stored
// again.
func VoidUnlessOrders(ctx context.Context, db queries.DBTX, ids []uuid.UUID) (map[uuid.UUID]order.Status, error) {
	q := queries.New(db)
	states := map[uuid.UUID]order.Status{}
	for range attemptsMax {
		open := without(ids, states)
		if len(open) == 0 {
			return states, nil
		}
		if err := q.OrderVoid(ctx, open); err != nil {
			return nil, err
		}
		rows, err := q.OrderListStates(ctx, open)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			states[row.ID] = row.Status
		}
	}
	if len(without(ids, states)) > 0 {
		return nil, apierror.Because(apierror.ServiceUnavailable, errDeletedAgain)
	}
	return states, nil
}

func without(ids []uuid.UUID, states map[uuid.UUID]order.Status) (open []uuid.UUID) {
	for _, id := range ids {
		if _, isKnown := states[id]; !isKnown {
			open = append(open, id)
		}
	}
	return open
}

// ReadOrder returns NOT_FOUND if there is none.
func ReadOrder(ctx context.Context, db queries.DBTX, id uuid.UUID) (order.Order, error) {
	q := queries.New(db)
	row, err := q.OrderGet(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return order.Order{}, apierror.New(apierror.NotFound)
	}
	if err != nil {
		return order.Order{}, err
	}
	items, err := itemsOf(ctx, q, id)
	return order.From(row, items), err
}

// ExistingResponse returns the bytes of the response to an attempt whose order exists already. Under a
// key, the response that was stored with the order is repeated, although the order may have been
// cancelled since. It returns NOT_FOUND if there is no order of this id.
func ExistingResponse(ctx context.Context, db queries.DBTX, attempt Attempt, id uuid.UUID) ([]byte, error) {
	if attempt.Key != "" {
		key := queries.ClaimGetParams{UserID: attempt.UserID, Key: attempt.Key}
		claim, err := queries.New(db).ClaimGet(ctx, key)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return nil, err
		}
		if err == nil && claim.OrderID == id && claim.Answer != nil {
			return []byte(*claim.Answer), nil
		}
	}
	existing, err := ReadOrder(ctx, db, id)
	if err != nil {
		return nil, err
	}
	return order.Text(existing), nil
}

// ReadOwnOrder returns NOT_FOUND if there is none, FORBIDDEN if it belongs to another user.
func ReadOwnOrder(ctx context.Context, db queries.DBTX, id, userID uuid.UUID) (order.Order, error) {
	read, err := ReadOrder(ctx, db, id)
	if err != nil {
		return read, err
	}
	if read.UserID != userID {
		return order.Order{}, apierror.New(apierror.Forbidden)
	}
	return read, nil
}

func itemsOf(ctx context.Context, q *queries.Queries, id uuid.UUID) ([]order.Item, error) {
	rows, err := q.ItemList(ctx, id)
	if err != nil {
		return nil, err
	}
	items := make([]order.Item, len(rows))
	for i, row := range rows {
		items[i] = itemFrom(row)
	}
	return items, nil
}

func itemFrom(row queries.ItemListRow) order.Item {
	return order.Item{
		ID:          row.ID,
		ProductID:   row.ProductID,
		DealID:      row.DealID,
		ProductName: row.ProductName,
		Quantity:    row.Quantity,
		UnitPrice:   row.UnitPrice,
	}.WithSubtotal()
}
