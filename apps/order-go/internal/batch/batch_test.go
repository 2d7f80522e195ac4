package batch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"flash-deal/packages/go/apierror"
)

type doubler struct {
	mutex   sync.Mutex
	sizes   []int
	started chan struct{}
	goOn    chan struct{}
}

func newDoubler() *doubler {
	return &doubler{started: make(chan struct{}, 100), goOn: make(chan struct{}, 100)}
}

func (d *doubler) work(_ string, entries []*Entry[int, int]) {
	d.mutex.Lock()
	d.sizes = append(d.sizes, len(entries))
	d.mutex.Unlock()
	d.started <- struct{}{}
	<-d.goOn
	for _, each := range entries {
		each.Settle(2*each.Item, nil)
	}
}

func (d *doubler) batches(options Options[int, int]) *Batches[int, int] {
	options.Work = d.work
	if options.Timeout == 0 {
		options.Timeout = 10 * time.Second
	}
	return New(options)
}

func TestItemsThatArriveWhileABatchRunsAreTheNextBatch(t *testing.T) {
	worker := newDoubler()
	batches := worker.batches(Options[int, int]{SizeMax: 3, QueueMax: 10})
	var callers sync.WaitGroup
	add := func(item int) {
		callers.Go(func() {
			if result, err := batches.Add(t.Context(), "a", item); err != nil || result != 2*item {
				t.Errorf("%d gave %d, %v", item, result, err)
			}
		})
	}
	add(1)
	<-worker.started
	for item := range 4 {
		add(10 + item)
	}
	waitFor(t, func() bool { return waitingIn(batches, "a") == 4 })
	for range 3 {
		worker.goOn <- struct{}{}
	}
	callers.Wait()
	if !slices.Equal(worker.sizes, []int{1, 3, 1}) {
		t.Errorf("batches of %v, want 1, 3 and 1", worker.sizes)
	}
}

func TestKeysDoNotWaitForEachOther(t *testing.T) {
	worker := newDoubler()
	batches := worker.batches(Options[int, int]{SizeMax: 3, QueueMax: 10})
	var callers sync.WaitGroup
	for _, key := range []string{"a", "b"} {
		callers.Go(func() { _, _ = batches.Add(t.Context(), key, 1) })
	}
	<-worker.started
	<-worker.started
	worker.goOn <- struct{}{}
	worker.goOn <- struct{}{}
	callers.Wait()
	batches.Close()
}

func TestOneMoreThanMayWaitIsRejected(t *testing.T) {
	worker := newDoubler()
	batches := worker.batches(Options[int, int]{SizeMax: 1, QueueMax: 1})
	go func() { _, _ = batches.Add(t.Context(), "a", 1) }()
	<-worker.started
	_, err := batches.Add(t.Context(), "b", 2)
	if !apierror.IsNotStarted(err) || !apierror.Is(err, apierror.ServiceUnavailable) {
		t.Errorf("got %v, want a rejection", err)
	}
	worker.goOn <- struct{}{}
}

func TestAnItemWhoseDeadlineIsFirstIsInNoBatch(t *testing.T) {
	worker := newDoubler()
	batches := worker.batches(Options[int, int]{SizeMax: 5, QueueMax: 5})
	first := make(chan error, 1)
	go func() { _, err := batches.Add(t.Context(), "a", 1); first <- err }()
	<-worker.started
	hasty, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := batches.Add(hasty, "a", 2); !apierror.IsNotStarted(err) {
		t.Errorf("got %v, want NotStarted", err)
	}
	worker.goOn <- struct{}{}
	if err := <-first; err != nil {
		t.Error(err)
	}
	batches.Close()
	if !slices.Equal(worker.sizes, []int{1}) {
		t.Errorf("batches of %v, want one of 1", worker.sizes)
	}
}

func TestAnItemWhoseBatchIsTooSlowHasAnUnknownOutcome(t *testing.T) {
	worker := newDoubler()
	batches := worker.batches(Options[int, int]{SizeMax: 1, QueueMax: 5, Timeout: 20 * time.Millisecond})
	_, err := batches.Add(t.Context(), "a", 1)
	if apierror.IsNotStarted(err) || !apierror.Is(err, apierror.ServiceUnavailable) {
		t.Errorf("got %v, want an unknown outcome", err)
	}
	worker.goOn <- struct{}{}
	batches.Close()
}

func TestAnItemWhoseDeadlineExpiresWhileItsBatchRunsIsTooLate(t *testing.T) {
	worker := newDoubler()
	batches := worker.batches(Options[int, int]{SizeMax: 1, QueueMax: 5, Timeout: time.Minute})
	hasty, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := batches.Add(hasty, "a", 1)
	if apierror.IsNotStarted(err) || !apierror.Is(err, apierror.DeadlineExceeded) {
		t.Errorf("got %v, want an expired deadline with an unknown outcome", err)
	}
	worker.goOn <- struct{}{}
	batches.Close()
}

func TestAResultMayComeAfterTheNextBatchHasBegun(t *testing.T) {
	failure := errors.New("failed")
	late := make(chan *Entry[int, int], 1)
	batches := New(Options[int, int]{SizeMax: 1, QueueMax: 5, Timeout: 10 * time.Second,
		Work: func(_ string, entries []*Entry[int, int]) {
			if entries[0].Item == 1 {
				late <- entries[0]
				return
			}
			entries[0].Settle(0, failure)
			(<-late).Settle(7, nil)
		}})
	first := make(chan int, 1)
	go func() { result, _ := batches.Add(t.Context(), "a", 1); first <- result }()
	waitFor(t, func() bool { return len(late) == 1 })
	if _, err := batches.Add(t.Context(), "a", 2); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	if result := <-first; result != 7 {
		t.Errorf("got %d", result)
	}
}

func TestManyCallersLoseNothing(t *testing.T) {
	batches := New(Options[int, int]{SizeMax: 7, QueueMax: 10_000, Timeout: 10 * time.Second,
		Work: func(_ string, entries []*Entry[int, int]) {
			for _, each := range entries {
				each.Settle(each.Item+1, nil)
			}
		}})
	var callers sync.WaitGroup
	for item := range 2_000 {
		callers.Go(func() {
			key := string(rune('a' + item%5))
			if result, err := batches.Add(t.Context(), key, item); err != nil || result != item+1 {
				t.Errorf("%d gave %d, %v", item, result, err)
			}
		})
	}
	callers.Wait()
	batches.Close()
	if len(batches.waiting) > 0 || batches.size != 0 {
		t.Errorf("%d keys and %d items are left", len(batches.waiting), batches.size)
	}
}

func waitingIn(batches *Batches[int, int], key string) int {
	batches.mutex.Lock()
	defer batches.mutex.Unlock()
	return len(batches.waiting[key])
}

func waitFor(t *testing.T, isSo func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !isSo(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not become so within ten seconds")
		}
	}
}
