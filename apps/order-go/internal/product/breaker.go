package product

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/sony/gobreaker/v2"

	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/service"
)

// The breaker opens when this share of the calls in a window has failed.
const (
	failedShare  = 0.5
	window       = 10 * time.Second
	windowBucket = time.Second
)

const breakerMessage = "product fails too often and is not called right now. Repeat after the time in Retry-After."

// BreakerOptions are the settings of M5.
type BreakerOptions struct {
	// Open is the time from opening to the next permitted call.
	Open time.Duration
	// Timeout is the maximum time of a call; a longer call is a failure.
	Timeout time.Duration
	// CallsMin is the number of calls in ten seconds below which a breaker does not open.
	CallsMin uint32
	Witness  service.Witness
	Log      *slog.Logger
}

// Guarded is M5 optimized: reserving and releasing have a breaker each, because an order that cannot
// be released must not stop the others from being placed. Confirming has none: no client waits for the
// relay, which sends one batch at a time with growing pauses.
type Guarded struct {
	Client
	options BreakerOptions
	reserve *breaker
	release *breaker
}

// settlingMax is the timeout of a release outside a request.
const settlingMax = 2 * time.Second

// Guard wraps a client with breakers.
func Guard(client Client, options BreakerOptions) *Guarded {
	releasing := options
	// A release of the relay must have time enough to be the call that decides.
	releasing.Timeout = min(options.Timeout, settlingMax)
	return &Guarded{
		Client:  client,
		options: options,
		reserve: newBreaker("reserve", options),
		release: newBreaker("release", releasing),
	}
}

// Reserve is Client.Reserve, or an error with NotStarted and Retry-After while the breaker is open.
func (g *Guarded) Reserve(ctx context.Context, reservation Reservation) (lines []GrantedLine, err error) {
	err = g.reserve.run(ctx, func(ctx context.Context) error {
		lines, err = g.Client.Reserve(ctx, reservation)
		return err
	})
	return lines, err
}

// Release is Client.Release, likewise.
func (g *Guarded) Release(ctx context.Context, orderID uuid.UUID) error {
	return g.release.run(ctx, func(ctx context.Context) error { return g.Client.Release(ctx, orderID) })
}

// States returns the state of each breaker: closed, open or half_open.
func (g *Guarded) States() map[string]string {
	return map[string]string{"reserve": g.reserve.state(), "release": g.release.state()}
}

// breaker stops calls that mostly fail. Open: all are rejected immediately. Half-open: one
// is made and decides, the others are refused without waiting for it. A call that has less than half
// of the timeout left cannot count as a failure, and is not the one that decides.
type breaker struct {
	options BreakerOptions
	circuit *gobreaker.CircuitBreaker[struct{}]
	// noted is the state after the last call, a gobreaker.State, because querying the library may change
	// the state.
	noted    atomic.Int32
	openedAt atomic.Int64
	called   func()
	refused  func()
	changed  map[gobreaker.State]func()
}

func newBreaker(name string, options BreakerOptions) *breaker {
	b := &breaker{
		options: options,
		called:  options.Witness("called"),
		refused: options.Witness("refused"),
		changed: map[gobreaker.State]func(){
			gobreaker.StateClosed:   options.Witness("closed"),
			gobreaker.StateOpen:     options.Witness("opened"),
			gobreaker.StateHalfOpen: options.Witness("half_opened"),
		},
	}
	b.circuit = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name:         name,
		MaxRequests:  1,
		Interval:     window,
		BucketPeriod: windowBucket,
		Timeout:      options.Open,
		ReadyToTrip:  b.isTooMuch,
		IsExcluded:   b.isExcluded,
		IsSuccessful: func(err error) bool { return err == nil || IsRefusal(err) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			b.note(name, to)
		},
	})
	return b
}

func (b *breaker) isTooMuch(counts gobreaker.Counts) bool {
	// Calls in flight are not counted.
	calls := counts.TotalSuccesses + counts.TotalFailures
	return calls >= b.options.CallsMin && float64(counts.TotalFailures) >= failedShare*float64(calls)
}

// isExcluded reports whether an error does not depend on product. The deciding call always counts, so
// that the breaker does not stay half-open.
func (b *breaker) isExcluded(err error) bool {
	var silent *inconclusive
	isSilent := errors.As(err, &silent) || apierror.IsNotStarted(err)
	return isSilent && gobreaker.State(b.noted.Load()) == gobreaker.StateClosed
}

// inconclusive is the error of a call that had too little time to count as a failure.
type inconclusive struct{ error }

func (i *inconclusive) Unwrap() error { return i.error }

func (b *breaker) run(ctx context.Context, call func(context.Context) error) error {
	hasTime := remaining(ctx) >= b.options.Timeout/2
	if !hasTime && gobreaker.State(b.noted.Load()) != gobreaker.StateClosed {
		return b.refusal()
	}
	_, err := b.circuit.Execute(func() (struct{}, error) {
		b.called()
		ctx, cancel := context.WithTimeout(ctx, b.options.Timeout)
		defer cancel()
		err := call(ctx)
		if err != nil && !hasTime && !IsRefusal(err) {
			err = &inconclusive{err}
		}
		return struct{}{}, err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return b.refusal()
	}
	return err
}

// refusal is the error of a rejected call: nothing was sent, so nothing has to be undone.
func (b *breaker) refusal() error {
	b.refused()
	refusal := apierror.Rejected(apierror.ServiceUnavailable, nil).WithMessage(breakerMessage)
	refusal.RetryAfterS = 1
	if gobreaker.State(b.noted.Load()) == gobreaker.StateOpen {
		left := time.Until(time.Unix(0, b.openedAt.Load()).Add(b.options.Open))
		refusal.RetryAfterS = max(1, int(math.Ceil(left.Seconds())))
	}
	return refusal
}

var stateNames = map[gobreaker.State]string{
	gobreaker.StateClosed:   "closed",
	gobreaker.StateOpen:     "open",
	gobreaker.StateHalfOpen: "half_open",
}

func (b *breaker) state() string { return stateNames[gobreaker.State(b.noted.Load())] }

func (b *breaker) note(call string, state gobreaker.State) {
	if state == gobreaker.StateOpen {
		b.openedAt.Store(time.Now().UnixNano())
	}
	b.noted.Store(int32(state))
	b.changed[state]()
	b.options.Log.Warn("The circuit breaker before "+call+" of product is "+stateNames[state]+".",
		"call", call, "state", stateNames[state])
}
