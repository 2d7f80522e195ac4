package product

import (
	"context"
	"errors"
	"maps"
	"math"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"

	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/service"
)

// calls are the operations of product's contract over one protocol.
type calls interface {
	// createReservations returns a result for each of 1 to 100 reservations.
	createReservations(ctx context.Context, reservations []Reservation) ([]Result, error)
	release(ctx context.Context, orderID uuid.UUID) error
	confirm(ctx context.Context, orderIDs []uuid.UUID) error
	ping(ctx context.Context) error
	close()
}

// oneByOne makes a call for each reservation.
type oneByOne struct {
	calls
	count func()
}

func (o oneByOne) reserve(ctx context.Context, reservation Reservation) (Result, error) {
	o.count()
	results, err := o.createReservations(ctx, []Reservation{reservation})
	if err != nil {
		return Result{}, err
	}
	return resultFor(reservation, results, 0)
}

// Maximum number of running and of waiting calls of one operation. The next is rejected.
const (
	callsAtATime = 64
	waitingMax   = 256
)

// newBulkhead returns the bulkhead of one operation, so that load on one does not delay another. A call
// waits for at most half of its time, because one that starts just before its deadline is useless.
func newBulkhead() *service.Bulkhead {
	return service.NewBulkhead(service.BulkheadOptions{
		Concurrency: callsAtATime,
		QueueMax:    waitingMax,
		WaitShare:   0.5,
	})
}

// enter takes a place. Its error has NotStarted, and names product if no place is free.
func enter(ctx context.Context, places *service.Bulkhead) (leave func(), err error) {
	leave, err = places.Enter(ctx)
	if apierror.Is(err, apierror.ServiceUnavailable) {
		return nil, cannotAnswer(err, notStarted)
	}
	return leave, err
}

// effect is what is known about a failed call.
type effect bool

const (
	notStarted     effect = true
	outcomeUnknown effect = false
)

// cannotAnswer returns a SERVICE_UNAVAILABLE that names product.
func cannotAnswer(cause error, effect effect) error {
	err := apierror.Because(apierror.ServiceUnavailable, cause).
		WithMessage("product cannot answer right now. Repeat after the time in Retry-After.")
	err.NotStarted = bool(effect)
	return err
}

// failed returns the error of a call without a response; its outcome is unknown.
func failed(ctx context.Context, cause error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return apierror.Because(apierror.DeadlineExceeded, cause)
	}
	return cannotAnswer(cause, outcomeUnknown)
}

// remaining returns the remaining time of a context; without a deadline, the maximum.
func remaining(ctx context.Context) time.Duration {
	left, hasDeadline := service.Left(ctx)
	if !hasDeadline {
		return math.MaxInt64
	}
	return left
}

type traceKey struct{}

// WithTrace returns a context whose calls carry these headers, which correlate the log lines of one
// request.
func WithTrace(ctx context.Context, headers map[string]string) context.Context {
	return context.WithValue(ctx, traceKey{}, headers)
}

// requestIDOf returns the id of the request on whose behalf a call is made; empty if there is none.
func requestIDOf(ctx context.Context) string {
	headers, _ := ctx.Value(traceKey{}).(map[string]string)
	return headers["x-request-id"]
}

// traceOf returns the headers of a call. They name its span if spans are recorded.
func traceOf(ctx context.Context) map[string]string {
	headers, _ := ctx.Value(traceKey{}).(map[string]string)
	if !trace.SpanFromContext(ctx).IsRecording() {
		return headers
	}
	own := map[string]string{}
	maps.Copy(own, headers)
	own["traceparent"] = service.Traceparent(ctx)
	return own
}
