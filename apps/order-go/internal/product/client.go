// Package product is the client of the service that owns the stock.
package product

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"flash-deal/apps/order-go/internal/order"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/jsonvalue"
)

// Reservation requests the units of an order, all or none.
type Reservation struct {
	OrderID uuid.UUID    `json:"order_id"`
	UserID  uuid.UUID    `json:"user_id"`
	Lines   []order.Line `json:"lines"`
	// HasKey reports whether the order has an Idempotency-Key. It is not sent to product.
	HasKey bool `json:"-"`
}

// GrantedLine is a reserved line, with its name and price at that time.
type GrantedLine struct {
	ProductID   uuid.UUID  `json:"product_id"`
	DealID      *uuid.UUID `json:"deal_id"`
	Quantity    int32      `json:"quantity"`
	ProductName string     `json:"product_name"`
	UnitPrice   int64      `json:"unit_price"`
}

// Result is the result of a Reservation.
type Result struct {
	OrderID   uuid.UUID     `json:"order_id"`
	Outcome   string        `json:"outcome"`
	ExpiresAt string        `json:"expires_at"`
	Lines     []GrantedLine `json:"lines"`
	Reason    string        `json:"reason"`
	Message   string        `json:"message"`
	Details   details       `json:"details"`
}

// Client is the client of product. The context has the deadline of a call.
type Client interface {
	// Reserve returns a *Refusal if product has rejected the order and stored nothing, and an error
	// with NotStarted if product was not called or has not started. After every other error the
	// outcome is unknown.
	Reserve(ctx context.Context, reservation Reservation) ([]GrantedLine, error)
	// Release returns nil when product has acknowledged.
	Release(ctx context.Context, orderID uuid.UUID) error
	// Confirm does the same for 1 to 100 confirmed orders.
	Confirm(ctx context.Context, orderIDs []uuid.UUID) error
}

// Refusal is a rejection by product, which has stored nothing.
type Refusal struct{ reason *apierror.Error }

func (r *Refusal) Error() string { return r.reason.Error() }

// Unwrap returns the error for the client.
func (r *Refusal) Unwrap() error { return r.reason }

// IsRefusal reports whether product has rejected the order.
func IsRefusal(err error) bool {
	var refusal *Refusal
	return errors.As(err, &refusal)
}

// transport is H1: the calls of product's contract over one protocol.
type transport interface {
	// reserve returns an error with NotStarted if the reservation was not sent.
	reserve(ctx context.Context, reservation Reservation) (Result, error)
	release(ctx context.Context, orderID uuid.UUID) error
	confirm(ctx context.Context, orderIDs []uuid.UUID) error
	// ping returns nil if product runs.
	ping(ctx context.Context) error
	close()
}

// client interprets the responses of a transport.
type client struct{ transport }

func (c client) Reserve(ctx context.Context, reservation Reservation) ([]GrantedLine, error) {
	result, err := c.reserve(ctx, reservation)
	if err != nil {
		return nil, err
	}
	return linesOf(result)
}

func (c client) Release(ctx context.Context, orderID uuid.UUID) error {
	return c.release(ctx, orderID)
}

func (c client) Confirm(ctx context.Context, orderIDs []uuid.UUID) error {
	return c.confirm(ctx, orderIDs)
}

func linesOf(result Result) ([]GrantedLine, error) {
	switch {
	case result.Outcome == "granted" && result.Lines != nil:
		return result.Lines, nil
	case result.Reason == "NOT_STARTED":
		return nil, apierror.Rejected(apierror.ServiceUnavailable, nil)
	case result.Outcome == "refused" && result.Reason != "":
		return nil, &Refusal{reasonOf(result)}
	}
	return nil, apierror.New(apierror.ServiceUnavailable)
}

func reasonOf(result Result) *apierror.Error {
	reason := apierror.New(codeOf(result.Reason)).WithDetails(apierror.Details(result.Details))
	if result.Message != "" {
		reason.Message = result.Message
	}
	return reason
}

func codeOf(reason string) apierror.Code {
	// The order id was released by another attempt with the same key, or by the sweep of product.
	if reason == "RESERVATION_RELEASED" {
		return apierror.IdempotencyInProgress
	}
	return apierror.Code(reason)
}

var errOtherShape = errors.New("the response of product does not match its contract")

// check returns an error for a result that the contract does not allow.
func (r Result) check() error {
	isRefusable := r.Reason == "" || r.Reason == "NOT_STARTED" || r.Reason == "RESERVATION_RELEASED" ||
		apierror.IsCode(apierror.Code(r.Reason))
	switch r.Outcome {
	case "granted", "refused", "unknown":
		if isRefusable && r.OrderID != uuid.Nil {
			return nil
		}
	}
	return errOtherShape
}

// resultFor returns the result of a reservation by its position.
func resultFor(reservation Reservation, results []Result, place int) (Result, error) {
	if place < len(results) && results[place].OrderID == reservation.OrderID {
		return results[place], nil
	}
	return Result{}, apierror.Because(apierror.ServiceUnavailable,
		errors.New("product returned no result for order "+reservation.OrderID.String()))
}

// details returns the details of the client's error, in product's order.
type details apierror.Details

// UnmarshalJSON reads an object or null.
func (d *details) UnmarshalJSON(text []byte) error {
	parsed, err := jsonvalue.Parse(text)
	if err != nil || parsed == nil {
		return err
	}
	object, isObject := parsed.(*jsonvalue.Object)
	if !isObject {
		return errOtherShape
	}
	*d = details{}
	for _, name := range object.Names {
		*d = append(*d, apierror.Detail{Field: name, Value: object.Values[name]})
	}
	return nil
}
