package service

import (
	"testing"
	"testing/synctest"
	"time"

	"flash-deal/packages/go/apierror"
)

var testLimit = limitOptions{initial: 8, min: 2, max: 10, late: 100 * time.Millisecond}

// startAll begins requests; the returned functions end them.
func startAll(t *testing.T, limit *adaptiveLimit, count int) (ends []func(hasFailed bool)) {
	t.Helper()
	for range count {
		start, err := limit.begin()
		if err != nil {
			t.Fatalf("rejected below the limit: %v", err)
		}
		ends = append(ends, func(hasFailed bool) { limit.end(start, hasFailed) })
	}
	return ends
}

func endAll(ends []func(hasFailed bool)) {
	for _, end := range ends {
		end(false)
	}
}

func wantLimit(t *testing.T, limit *adaptiveLimit, want int) {
	t.Helper()
	if _, got := limit.load(); got != want {
		t.Errorf("the limit is %d, want %d", got, want)
	}
}

func TestARequestBeyondTheLimitIsRejectedAndDoesNoWork(t *testing.T) {
	limit := newAdaptiveLimit(testLimit)
	ends := startAll(t, limit, 8)
	_, err := limit.run(func() (any, error) { t.Error("it has worked"); return nil, nil })
	if !apierror.Is(err, apierror.ServiceUnavailable) || !apierror.IsNotStarted(err) || limit.refusal() == nil {
		t.Errorf("returned %v, want a rejection", err)
	}
	ends[0](false)
	if err := limit.refusal(); err != nil {
		t.Errorf("rejected although one has ended: %v", err)
	}
}

func TestLateRequestsHalveTheLimitOnceAndAgainAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := newAdaptiveLimit(testLimit)
		for _, want := range []int{4, 2, 2} {
			_, count := limit.load()
			ends := startAll(t, limit, count)
			time.Sleep(101 * time.Millisecond)
			endAll(ends)
			wantLimit(t, limit, want)
		}
	})
}

func TestALateRequestChangesNothingUpToTheMinimum(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := newAdaptiveLimit(testLimit)
		ends := startAll(t, limit, 2)
		time.Sleep(101 * time.Millisecond)
		endAll(ends)
		wantLimit(t, limit, 8)
	})
}

func TestAFailureForLackOfTimeHalvesTheLimitAndOthersDoNot(t *testing.T) {
	for code, want := range map[apierror.Code]int{
		apierror.ServiceUnavailable: 4,
		apierror.DeadlineExceeded:   4,
		apierror.InsufficientStock:  9,
	} {
		limit := newAdaptiveLimit(testLimit)
		startAll(t, limit, 7)
		limit.run(func() (any, error) { return nil, apierror.New(code) })
		wantLimit(t, limit, want)
	}
}

func TestAPanicReleasesThePlace(t *testing.T) {
	limit := newAdaptiveLimit(testLimit)
	func() {
		defer func() { _ = recover() }()
		limit.run(func() (any, error) { panic("planted") })
	}()
	if running, _ := limit.load(); running != 0 {
		t.Errorf("%d are in progress", running)
	}
}

func TestTheLimitGrowsUpToTheMaximumWhileItIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := newAdaptiveLimit(testLimit)
		for range 100 {
			endAll(startAll(t, limit, 1))
		}
		wantLimit(t, limit, 8)
		ends := startAll(t, limit, 8)
		time.Sleep(30 * time.Millisecond)
		for _, end := range ends[:2] {
			end(false)
		}
		wantLimit(t, limit, 8)
		// A quarter of the time is not exceeded: one more for each.
		for range 100 {
			endAll(startAll(t, limit, 1))
		}
		wantLimit(t, limit, 10)
	})
}

func TestTenSecondsAfterAReductionAnIdleLimitIsTheInitialOneAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := newAdaptiveLimit(testLimit)
		ends := startAll(t, limit, 8)
		time.Sleep(101 * time.Millisecond)
		endAll(ends)
		time.Sleep(10 * time.Second)
		endAll(startAll(t, limit, 1))
		wantLimit(t, limit, 4)
		time.Sleep(time.Millisecond)
		endAll(startAll(t, limit, 1))
		wantLimit(t, limit, 8)
	})
}
