// Package api has the handlers of the operations of contracts/order.yaml.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"flash-deal/apps/order-go/internal/ids"
	"flash-deal/apps/order-go/internal/order"
	"flash-deal/apps/order-go/internal/placing"
	"flash-deal/apps/order-go/internal/product"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/apps/order-go/internal/storage"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/contract"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
)

// API answers requests about orders.
type API struct {
	DB       *postgres.Database
	Product  product.Client
	Placing  *placing.Placing
	ReadPage storage.ReadPage
	NewID    ids.New
	Causes   *apierror.CauseLog
}

// Handlers returns a handler for each operation.
func (a *API) Handlers() service.Handlers {
	return service.Handlers{
		"cancelOrder":   a.cancelOrder,
		"createOrder":   a.createOrder,
		"getOrder":      a.getOrder,
		"listMyOrders":  a.listMyOrders,
		"orderEvents":   a.orderEvents,
		"resolveOrders": a.resolveOrders,
	}
}

// createOrder replies with bytes: under a key, the first response is stored and repeated byte for byte.
func (a *API) createOrder(ctx context.Context, request *service.Request) (any, error) {
	ctx = traced(ctx, request)
	body, err := contract.Decode[order.New](request.Body)
	if err != nil {
		return nil, err
	}
	userID, err := uuid.Parse(request.UserID)
	if err != nil {
		return nil, err
	}
	key, _ := request.Headers.Text("idempotency-key")
	attempt := storage.Attempt{OrderID: a.NewID(), UserID: userID, Draft: body.Draft(), Key: key}
	if key != "" {
		answer, id, err := a.Placing.Claim(ctx, attempt)
		if err != nil || answer != nil {
			return accepted(request, answer), err
		}
		attempt.OrderID = id
	}
	answer, err := a.Placing.Place(ctx, attempt)
	return accepted(request, answer), err
}

// pending is in the response of a pending order. A client's text cannot contain it: in JSON its
// quotation marks are escaped.
var pending = []byte(`"status":"pending"`)

// accepted sets 202 and the address of its events for an order that the service in Node has accepted
// under the same key and not confirmed yet.
func accepted(request *service.Request, answer []byte) json.RawMessage {
	if !bytes.Contains(answer, pending) {
		return answer
	}
	var accepted struct{ ID string }
	if json.Unmarshal(answer, &accepted) == nil {
		request.Status = http.StatusAccepted
		request.Reply.Set("Location", "/orders/"+accepted.ID)
	}
	return answer
}

// traced returns a context whose calls to product belong to the request.
func traced(ctx context.Context, request *service.Request) context.Context {
	return product.WithTrace(ctx, map[string]string{
		"traceparent":  service.Traceparent(ctx),
		"x-request-id": request.ID,
	})
}

func (a *API) getOrder(ctx context.Context, request *service.Request) (any, error) {
	return a.readOwn(ctx, request)
}

// readOwn reads the order of the path, if it is the user's.
func (a *API) readOwn(ctx context.Context, request *service.Request) (order.Order, error) {
	text, _ := request.Params.Text("order_id")
	id, err := uuid.Parse(text)
	if err != nil {
		return order.Order{}, err
	}
	userID, err := uuid.Parse(request.UserID)
	if err != nil {
		return order.Order{}, err
	}
	return storage.ReadOwnOrder(ctx, a.DB, id, userID)
}

func (a *API) listMyOrders(ctx context.Context, request *service.Request) (any, error) {
	page, err := pageOf(request)
	if err != nil {
		return nil, err
	}
	return a.ReadPage(ctx, a.DB.Slow, page)
}

func pageOf(request *service.Request) (page queries.OrderPageParams, err error) {
	number, size := request.Query.Int("page"), request.Query.Int("size")
	page.Page, page.Size, page.Skip = int32(number), int32(size), int64(number-1)*int64(size)
	if page.UserID, err = uuid.Parse(request.UserID); err != nil {
		return page, err
	}
	if status, isGiven := request.Query.Text("status"); isGiven {
		page.Status = (*order.Status)(&status)
	}
	page.CreatedFrom = timeOf(request, "created_from")
	page.CreatedTo = timeOf(request, "created_to")
	return page, nil
}

// timeOf is a time that the contract has accepted; nil where it was not given.
func timeOf(request *service.Request, name string) *time.Time {
	text, isGiven := request.Query.Text(name)
	if !isGiven {
		return nil
	}
	read, _ := contract.ReadTime(text)
	return &read
}

type cancellation struct {
	Reason *string `json:"reason"`
}

func (a *API) cancelOrder(ctx context.Context, request *service.Request) (any, error) {
	ctx = traced(ctx, request)
	body, err := contract.Decode[cancellation](request.Body)
	if err != nil {
		return nil, err
	}
	own, err := a.readOwn(ctx, request)
	if err != nil {
		return nil, err
	}
	event, err := a.cancel(ctx, own, body.Reason)
	if err != nil {
		return nil, err
	}
	a.Placing.Outcomes.Cancelled()
	// Released immediately, so that the stock is returned before the response; the relay retries.
	if err := a.releaseNow(ctx, own.ID, event); err != nil {
		a.Causes.Write(request.Log, err, "A release is left to the relay", "order_id", own.ID)
	}
	return storage.ReadOrder(ctx, a.DB, own.ID)
}

// cancel changes the state and adds the event that releases the reservation, in one transaction. It
// returns the id of the event.
func (a *API) cancel(ctx context.Context, own order.Order, reason *string) (event int64, err error) {
	return postgres.Transaction(ctx, a.DB.Pool, func(ctx context.Context, tx pgx.Tx) (int64, error) {
		q := queries.New(tx)
		_, err := q.OrderCancel(ctx, queries.OrderCancelParams{ID: own.ID, UserID: own.UserID, Reason: reason})
		if err == pgx.ErrNoRows {
			return 0, apierror.New(apierror.InvalidOrderState).WithMessage(onlyCancellable())
		}
		if err != nil {
			return 0, err
		}
		return q.OutboxAdd(ctx, queries.OutboxAddParams{
			OrderID: own.ID, Kind: queries.OutboxKindReleased, Traceparent: service.StoredTraceparent(ctx),
		})
	})
}

func onlyCancellable() string {
	before := order.StatesBefore(queries.OrderStatusCancelled)
	return "Only an order that is " + strings.Join(before, " or ") + " can be cancelled."
}

// releaseNow leaves half of the time for the response, in case product hangs.
func (a *API) releaseNow(ctx context.Context, id uuid.UUID, event int64) error {
	calling, cancel := withHalfTheTime(ctx)
	defer cancel()
	if err := a.Product.Release(calling, id); err != nil {
		return err
	}
	return queries.New(a.DB).OutboxDelete(ctx, []int64{event})
}

func withHalfTheTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, hasDeadline := ctx.Deadline()
	if !hasDeadline {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)/2)
}

type orderIDs struct {
	OrderIDs []uuid.UUID `json:"order_ids"`
}

type outcome struct {
	OrderID uuid.UUID `json:"order_id"`
	Outcome string    `json:"outcome"`
}

type outcomes struct {
	Results []outcome `json:"results"`
}

// resolveOrders marks unknown ids as void, permanently; then reads the orders that exist.
func (a *API) resolveOrders(ctx context.Context, request *service.Request) (any, error) {
	body, err := contract.Decode[orderIDs](request.Body)
	if err != nil {
		return nil, err
	}
	states, err := storage.VoidUnlessOrders(ctx, a.DB, body.OrderIDs)
	if err != nil {
		return nil, err
	}
	answer := outcomes{Results: make([]outcome, len(body.OrderIDs))}
	for i, id := range body.OrderIDs {
		answer.Results[i] = outcome{id, order.OutcomeOf(states[id])}
	}
	return answer, nil
}
