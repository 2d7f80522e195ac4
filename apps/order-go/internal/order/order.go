// Package order has the rules of orders, without I/O: their states, requests and responses.
package order

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/packages/go/contract"
)

// Status is the stored state of an order.
type Status = queries.OrderStatus

// transitions has the states that may follow a state. Each change in SQL checks the previous state.
var transitions = map[Status][]Status{
	queries.OrderStatusPending:   {queries.OrderStatusConfirmed, queries.OrderStatusRejected},
	queries.OrderStatusConfirmed: {queries.OrderStatusCancelled, queries.OrderStatusShipped},
	queries.OrderStatusShipped:   {queries.OrderStatusDelivered},
}

// StatesBefore returns the states from which an order can enter a state.
func StatesBefore(state Status) (before []string) {
	for from, following := range transitions {
		if slices.Contains(following, state) {
			before = append(before, string(from))
		}
	}
	slices.Sort(before)
	return before
}

// OutcomeOf returns the outcome of a reservation for product, by the state of its order. An id without a
// row, for which the state is empty, is void.
func OutcomeOf(state Status) string {
	switch state {
	case queries.OrderStatusPending:
		return "pending"
	case queries.OrderStatusConfirmed, queries.OrderStatusShipped, queries.OrderStatusDelivered:
		return "confirmed"
	default:
		return "void"
	}
}

// ID is the id of an order.
type ID = uuid.UUID

// Item is a line of an order as the contract shows it.
type Item struct {
	ID          uuid.UUID  `json:"id"`
	ProductID   uuid.UUID  `json:"product_id"`
	DealID      *uuid.UUID `json:"deal_id"`
	ProductName string     `json:"product_name"`
	Quantity    int32      `json:"quantity"`
	UnitPrice   int64      `json:"unit_price"`
	Subtotal    int64      `json:"subtotal"`
}

// WithSubtotal returns the item with its subtotal.
func (i Item) WithSubtotal() Item {
	i.Subtotal = i.UnitPrice * int64(i.Quantity)
	return i
}

// Order is an order as the contract shows it.
type Order struct {
	ID          uuid.UUID `json:"id"`
	UserID      uuid.UUID `json:"user_id"`
	Items       []Item    `json:"items"`
	TotalAmount int64     `json:"total_amount"`
	Status      Status    `json:"status"`
	// ShippingAddress is an Address or null.
	ShippingAddress json.RawMessage `json:"shipping_address"`
	CancelledAt     *contract.Time  `json:"cancelled_at"`
	CancelReason    *string         `json:"cancel_reason"`
	RejectReason    *string         `json:"reject_reason"`
	CreatedAt       contract.Time   `json:"created_at"`
	UpdatedAt       contract.Time   `json:"updated_at"`
}

// From builds an order from its row and its items.
func From(row queries.OrderGetRow, items []Item) Order {
	return Order{
		ID:              row.ID,
		UserID:          row.UserID,
		Items:           items,
		TotalAmount:     row.TotalAmount,
		Status:          row.Status,
		ShippingAddress: shown(row.ShippingAddress),
		CancelledAt:     (*contract.Time)(row.CancelledAt),
		CancelReason:    row.CancelReason,
		RejectReason:    row.RejectReason,
		CreatedAt:       contract.Time(row.CreatedAt),
		UpdatedAt:       contract.Time(row.UpdatedAt),
	}
}

// shown puts the fields of a stored address into the order of the contract, because jsonb reorders them.
func shown(stored []byte) json.RawMessage {
	if stored == nil {
		return json.RawMessage("null")
	}
	var address Address
	if err := json.Unmarshal(stored, &address); err != nil {
		return stored
	}
	return Text(address)
}
