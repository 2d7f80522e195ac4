package product

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"flash-deal/apps/order-go/internal/order"
	"flash-deal/packages/go/apierror"
)

// fakeCalls is a product that grants what it is asked for when it may go on.
type fakeCalls struct {
	calls
	mutex   sync.Mutex
	sizes   []int
	err     error
	started chan struct{}
	goOn    chan struct{}
}

func newFakeCalls() *fakeCalls {
	return &fakeCalls{started: make(chan struct{}, 100), goOn: make(chan struct{}, 100)}
}

func (f *fakeCalls) createReservations(_ context.Context, reservations []Reservation) ([]Result, error) {
	f.mutex.Lock()
	f.sizes = append(f.sizes, len(reservations))
	f.mutex.Unlock()
	f.started <- struct{}{}
	<-f.goOn
	results := make([]Result, len(reservations))
	for i, each := range reservations {
		results[i] = Result{OrderID: each.OrderID, Outcome: "granted"}
	}
	return results, f.err
}

func (f *fakeCalls) close() {}

func (f *fakeCalls) coalesced(queueMax int) *coalesced {
	return newCoalesced(f, CoalescedOptions{
		BodyLimit: 1 << 20,
		QueueMax:  queueMax,
		Timeout:   10 * time.Second,
		Witness:   func(string) func() { return func() {} },
		Observe:   func(int) {},
		Log:       slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

func reservationOf(product uuid.UUID) Reservation {
	return Reservation{
		OrderID: uuid.New(),
		UserID:  uuid.New(),
		Lines:   []order.Line{{ProductID: product, Quantity: 1}},
	}
}

func sum(numbers []int) (total int) {
	for _, each := range numbers {
		total += each
	}
	return total
}

func withTime(t *testing.T, left time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), left)
	t.Cleanup(cancel)
	return ctx
}

func TestReservationsOfARowThatWaitAreTheNextCall(t *testing.T) {
	product := newFakeCalls()
	client := product.coalesced(100)
	defer client.close()
	row := uuid.New()
	var callers sync.WaitGroup
	reserve := func() {
		callers.Go(func() {
			own := reservationOf(row)
			result, err := client.reserve(withTime(t, time.Minute), own)
			if err != nil || result.OrderID != own.OrderID {
				t.Errorf("got the result of %s, %v", result.OrderID, err)
			}
		})
	}
	reserve()
	<-product.started
	const later = 20
	for range later {
		reserve()
	}
	time.Sleep(patience / 5)
	for range 1 + later {
		product.goOn <- struct{}{}
	}
	callers.Wait()
	// A busy machine may be slow to start all callers.
	if total := sum(product.sizes); total != 1+later || len(product.sizes) > later/2 {
		t.Errorf("calls of %v reservations, want few calls of %d together", product.sizes, 1+later)
	}
}

func TestTheNextCallDoesNotWaitForEverForOneThatHangs(t *testing.T) {
	product := newFakeCalls()
	client := product.coalesced(100)
	row := uuid.New()
	go func() { _, _ = client.reserve(withTime(t, time.Minute), reservationOf(row)) }()
	<-product.started
	go func() { _, _ = client.reserve(withTime(t, time.Minute), reservationOf(row)) }()
	select {
	case <-product.started:
	case <-time.After(20 * patience):
		t.Error("the second call was not sent")
	}
	product.goOn <- struct{}{}
	product.goOn <- struct{}{}
	client.close()
}

func TestAReservationThatWaitedForHalfOfItsTimeIsNotSent(t *testing.T) {
	product := newFakeCalls()
	client := product.coalesced(100)
	row := uuid.New()
	go func() { _, _ = client.reserve(withTime(t, time.Minute), reservationOf(row)) }()
	<-product.started
	_, err := client.reserve(withTime(t, 100*time.Millisecond), reservationOf(row))
	if !apierror.IsNotStarted(err) {
		t.Errorf("got %v, want NotStarted", err)
	}
	product.goOn <- struct{}{}
	client.close()
	if !slices.Equal(product.sizes, []int{1}) {
		t.Errorf("calls of %v reservations, want one of 1", product.sizes)
	}
}

func TestAFailedCallFailsAllOfItsReservations(t *testing.T) {
	product := newFakeCalls()
	client := product.coalesced(100)
	defer client.close()
	product.err = errors.New("the connection was reset")
	row := uuid.New()
	errs := make(chan error, 3)
	reserve := func() {
		_, err := client.reserve(withTime(t, time.Minute), reservationOf(row))
		errs <- err
	}
	go reserve()
	<-product.started
	go reserve()
	go reserve()
	for range 3 {
		product.goOn <- struct{}{}
	}
	for range 3 {
		if err := <-errs; !errors.Is(err, product.err) {
			t.Errorf("got %v", err)
		}
	}
}

func TestOrdersOfSeveralLinesShareOneQueue(t *testing.T) {
	one, other := uuid.New(), uuid.New()
	several := func(first, second uuid.UUID) Reservation {
		reservation := reservationOf(first)
		reservation.Lines = append(reservation.Lines, order.Line{ProductID: second, Quantity: 1})
		return reservation
	}
	if rowOf(several(one, other)) != rowOf(several(other, one)) {
		t.Error("they have two queues")
	}
	if rowOf(several(one, other)) == rowOf(reservationOf(one)) {
		t.Error("an order of one line waits for them")
	}
}
