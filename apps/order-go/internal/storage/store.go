package storage

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"flash-deal/apps/order-go/internal/order"
	"flash-deal/apps/order-go/internal/product"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/contract"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
)

// Attempt is one attempt to place a draft as an order under one id.
type Attempt struct {
	OrderID uuid.UUID
	UserID  uuid.UUID
	Draft   order.Draft
	// Key is the Idempotency-Key; empty if the request had none.
	Key string
}

// Store is M8: it stores an order whose lines product has reserved, and returns the bytes of the
// response after the commit.
//
// It returns SERVICE_UNAVAILABLE or DEADLINE_EXCEEDED or, under a key, IDEMPOTENCY_IN_PROGRESS.
type Store func(ctx context.Context, attempt Attempt, lines []product.GrantedLine) ([]byte, error)

// newOrder is an order that is to be stored.
type newOrder struct {
	Attempt
	ctx   context.Context
	items []order.Item
	total int64
}

func newOrderFrom(ctx context.Context, attempt Attempt, lines []product.GrantedLine) newOrder {
	o := newOrder{Attempt: attempt, ctx: ctx, items: make([]order.Item, len(lines))}
	for i, line := range lines {
		o.items[i] = order.Item{
			ID:          uuid.New(),
			ProductID:   line.ProductID,
			DealID:      line.DealID,
			ProductName: line.ProductName,
			Quantity:    line.Quantity,
			UnitPrice:   line.UnitPrice,
		}.WithSubtotal()
		o.total += o.items[i].Subtotal
	}
	return o
}

// answer returns the bytes of the response of a stored order.
func (o newOrder) answer(created queries.OrderCreateRow) []byte {
	return order.Text(order.Order{
		ID:              o.OrderID,
		UserID:          o.UserID,
		Items:           o.items,
		TotalAmount:     o.total,
		Status:          queries.OrderStatusConfirmed,
		ShippingAddress: o.shownAddress(),
		CreatedAt:       contract.Time(created.CreatedAt),
		UpdatedAt:       contract.Time(created.UpdatedAt),
	})
}

func (o newOrder) shownAddress() []byte {
	if address := o.Draft.StoredAddress(); address != nil {
		return address
	}
	return []byte("null")
}

// settledAlready returns the error for an id that is already an order or void: another attempt was faster.
func (o newOrder) settledAlready() error {
	if o.Key == "" {
		return apierror.New(apierror.ServiceUnavailable)
	}
	return apierror.New(apierror.IdempotencyInProgress)
}

// StoreEach is M8 baseline: a transaction for each order.
func StoreEach(db *postgres.Pool, witness service.Witness) Store {
	count := witness("each")
	return func(ctx context.Context, attempt Attempt, lines []product.GrantedLine) ([]byte, error) {
		count()
		return storeOne(ctx, db, newOrderFrom(ctx, attempt, lines))
	}
}

// storeOne stores the order, its items, its event and the response of its key in one transaction.
func storeOne(ctx context.Context, db *postgres.Pool, o newOrder) ([]byte, error) {
	return postgres.Transaction(ctx, db, func(ctx context.Context, tx pgx.Tx) ([]byte, error) {
		return o.insert(ctx, queries.New(tx))
	})
}

func (o newOrder) insert(ctx context.Context, q *queries.Queries) ([]byte, error) {
	created, err := q.OrderCreate(ctx, queries.OrderCreateParams{
		ID: o.OrderID, UserID: o.UserID, TotalAmount: o.total, ShippingAddress: o.Draft.StoredAddress(),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, o.settledAlready()
	}
	if err != nil {
		return nil, err
	}
	if err := q.ItemCreate(ctx, itemColumns([]newOrder{o})); err != nil {
		return nil, err
	}
	event := queries.OutboxAddParams{
		OrderID: o.OrderID, Kind: queries.OutboxKindConfirmed, Traceparent: service.StoredTraceparent(ctx),
	}
	if _, err := q.OutboxAdd(ctx, event); err != nil {
		return nil, err
	}
	answer := o.answer(created)
	return answer, o.answerKey(ctx, q, answer)
}

func (o newOrder) answerKey(ctx context.Context, q *queries.Queries, answer []byte) error {
	if o.Key == "" {
		return nil
	}
	text := string(answer)
	return q.ClaimAnswer(ctx, queries.ClaimAnswerParams{
		UserID: o.UserID, Key: o.Key, OrderID: o.OrderID, Answer: &text,
	})
}

// itemColumns has the items of all these orders, column by column.
func itemColumns(orders []newOrder) (columns queries.ItemCreateParams) {
	for _, o := range orders {
		for i, item := range o.items {
			columns.OrderIds = append(columns.OrderIds, o.OrderID)
			columns.LineNos = append(columns.LineNos, int32(i+1))
			columns.Ids = append(columns.Ids, item.ID)
			columns.ProductIds = append(columns.ProductIds, item.ProductID)
			columns.DealIds = append(columns.DealIds, dealText(item.DealID))
			columns.ProductNames = append(columns.ProductNames, item.ProductName)
			columns.Quantities = append(columns.Quantities, item.Quantity)
			columns.UnitPrices = append(columns.UnitPrices, item.UnitPrice)
		}
	}
	return columns
}

// dealText is empty for a line without a deal.
func dealText(dealID *uuid.UUID) string {
	if dealID == nil {
		return ""
	}
	return dealID.String()
}
