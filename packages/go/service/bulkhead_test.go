package service

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"flash-deal/packages/go/apierror"
)

// entering enters in a goroutine, and waits until it runs, waits or is rejected.
func entering(t *testing.T, enter func(context.Context) (func(), error), name string, events *[]string) (leave func()) {
	t.Helper()
	var end func()
	go func() {
		var err error
		end, err = enter(t.Context())
		switch {
		case err == nil:
			*events = append(*events, name)
		case apierror.IsNotStarted(err):
			*events = append(*events, name+" rejected")
		}
	}()
	synctest.Wait()
	return func() { end(); synctest.Wait() }
}

func TestRequestsAndBackgroundTasksTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bulkhead := NewBulkhead(BulkheadOptions{Concurrency: 1, QueueMax: 10})
		var events []string
		leaves := []func(){}
		for _, name := range []string{"first", "a", "b", "c"} {
			leaves = append(leaves, entering(t, bulkhead.Enter, name, &events))
		}
		relay := entering(t, bulkhead.EnterBackground, "relay", &events)
		sweep := entering(t, bulkhead.EnterBackground, "sweep", &events)
		for _, leave := range []func(){leaves[0], leaves[1], relay, leaves[2], sweep, leaves[3]} {
			leave()
		}
		if want := []string{"first", "a", "relay", "b", "sweep", "c"}; !slices.Equal(events, want) {
			t.Errorf("started in the order %v, want %v", events, want)
		}
	})
}

func TestInAFullBulkheadABackgroundTaskReplacesTheLastRequest(t *testing.T) {
	for name, options := range map[string]BulkheadOptions{
		"the queue is full": {Concurrency: 1, QueueMax: 2},
		"at the maximum":    {Concurrency: 1, QueueMax: 9, Max: 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bulkhead := NewBulkhead(options)
				var events []string
				leaves := []func(){}
				for _, name := range []string{"first", "a", "b", "c"} {
					leaves = append(leaves, entering(t, bulkhead.Enter, name, &events))
				}
				relay := entering(t, bulkhead.EnterBackground, "relay", &events)
				entering(t, bulkhead.EnterBackground, "sweep", &events)
				leaves[0]()
				leaves[1]()
				relay()
				want := []string{"first", "c rejected", "b rejected", "sweep rejected", "a", "relay"}
				if !slices.Equal(events, want) {
					t.Errorf("happened: %v, want %v", events, want)
				}
			})
		})
	}
}
