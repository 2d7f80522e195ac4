package product

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"flash-deal/packages/go/apierror"
)

// fake is a product that answers reserve and release with err.
type fake struct {
	Client
	mutex sync.Mutex
	err   error
	calls int
	hold  chan struct{}
}

func (f *fake) Reserve(context.Context, Reservation) ([]GrantedLine, error) {
	return nil, f.call()
}

func (f *fake) Release(context.Context, uuid.UUID) error { return f.call() }

func (f *fake) call() error {
	f.mutex.Lock()
	f.calls++
	err, hold := f.err, f.hold
	f.mutex.Unlock()
	if hold != nil {
		<-hold
	}
	return err
}

func (f *fake) answer(err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.err = err
}

func (f *fake) called() int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.calls
}

const openTime = 60 * time.Millisecond

func guardOf(product *fake) (*Guarded, map[string]int) {
	events := map[string]int{}
	var mutex sync.Mutex
	return Guard(product, BreakerOptions{
		Open: openTime, Timeout: time.Second, CallsMin: 4, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Witness: func(event string) func() {
			return func() { mutex.Lock(); events[event]++; mutex.Unlock() }
		},
	}), events
}

func reserveOnce(t *testing.T, guard *Guarded, left time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), left)
	defer cancel()
	_, err := guard.Reserve(ctx, Reservation{})
	return err
}

const enough = time.Minute

var (
	errAway   = apierror.New(apierror.ServiceUnavailable)
	errNoCall = apierror.Rejected(apierror.ServiceUnavailable, nil)
	errSold   = &Refusal{apierror.New(apierror.InsufficientStock)}
)

func fail(t *testing.T, guard *Guarded, product *fake, times int) {
	t.Helper()
	product.answer(errAway)
	for range times {
		if err := reserveOnce(t, guard, enough); apierror.IsNotStarted(err) {
			t.Fatalf("refused: %v", err)
		}
	}
}

func TestItOpensWhenHalfOfTheLeastNumberOfCallsHaveFailed(t *testing.T) {
	product := &fake{}
	guard, events := guardOf(product)
	product.answer(errSold)
	for range 2 {
		_ = reserveOnce(t, guard, enough)
	}
	fail(t, guard, product, 1)
	if state := guard.States()["reserve"]; state != "closed" {
		t.Fatalf("with three calls it is %s", state)
	}
	fail(t, guard, product, 1)
	calls := product.called()
	err := reserveOnce(t, guard, enough)
	if !apierror.IsNotStarted(err) || apierror.From(err).RetryAfterS < 1 || apierror.From(err).Message != breakerMessage {
		t.Errorf("the call is not refused but %v", err)
	}
	if product.called() != calls || guard.States()["reserve"] != "open" || guard.States()["release"] != "closed" {
		t.Errorf("%d calls, states %v", product.called()-calls, guard.States())
	}
	if events["opened"] != 1 || events["refused"] != 1 || events["called"] != 4 {
		t.Errorf("counted %v", events)
	}
}

func TestRefusalsAndWhatWasNotAskedOpenNothing(t *testing.T) {
	product := &fake{}
	guard, _ := guardOf(product)
	for _, err := range []error{errSold, errNoCall} {
		product.answer(err)
		for range 20 {
			if got := reserveOnce(t, guard, enough); !errors.Is(got, err) {
				t.Fatalf("got %v, want %v", got, err)
			}
		}
	}
	if state := guard.States()["reserve"]; state != "closed" {
		t.Errorf("it is %s", state)
	}
}

func TestACallWithLittleTimeCannotCountAsAFailure(t *testing.T) {
	product := &fake{}
	guard, _ := guardOf(product)
	product.answer(errAway)
	for range 20 {
		if err := reserveOnce(t, guard, 400*time.Millisecond); !errors.Is(err, errAway) {
			t.Fatalf("got %v", err)
		}
	}
	if state := guard.States()["reserve"]; state != "closed" {
		t.Errorf("it is %s", state)
	}
}

func TestHalfOpenOneCallDecidesAndTheOthersAreRefused(t *testing.T) {
	product := &fake{}
	guard, _ := guardOf(product)
	fail(t, guard, product, 4)
	time.Sleep(openTime + 20*time.Millisecond)
	if err := reserveOnce(t, guard, 400*time.Millisecond); !apierror.IsNotStarted(err) {
		t.Errorf("a call with little time decides: %v", err)
	}
	product.answer(nil)
	product.hold = make(chan struct{})
	deciding := make(chan error, 1)
	calls := product.called()
	go func() { deciding <- reserveOnce(t, guard, enough) }()
	for product.called() == calls {
		time.Sleep(time.Millisecond)
	}
	if err := reserveOnce(t, guard, enough); !apierror.IsNotStarted(err) {
		t.Errorf("a second call is made: %v", err)
	}
	if state := guard.States()["reserve"]; state != "half_open" {
		t.Errorf("it is %s", state)
	}
	close(product.hold)
	if err := <-deciding; err != nil || guard.States()["reserve"] != "closed" {
		t.Errorf("after %v it is %s", err, guard.States()["reserve"])
	}
}

func TestACallThatDecidesAndSaysNothingOpensItAgain(t *testing.T) {
	product := &fake{}
	guard, events := guardOf(product)
	fail(t, guard, product, 4)
	time.Sleep(openTime + 20*time.Millisecond)
	product.answer(errNoCall)
	_ = reserveOnce(t, guard, enough)
	if state := guard.States()["reserve"]; state != "open" || events["opened"] != 2 {
		t.Errorf("it is %s, %v", state, events)
	}
}
