package service

import (
	"sync"
	"time"

	"flash-deal/packages/go/apierror"
)

// adaptiveLimit limits the requests in progress to as many as complete in time. Nothing waits: a
// request beyond the limit is rejected before it has done any work. The method is that of the services
// in Node; packages/service/src/adaptive-limit.ts explains it and names its sources.
type adaptiveLimit struct {
	limitOptions
	mutex     sync.Mutex
	limit     float64
	running   int
	reducedAt time.Time
}

type limitOptions struct {
	// initial is the limit at the start; min and max are its bounds, min at least 1.
	initial, min, max int
	// A request that takes longer than late halves the limit.
	late time.Duration
}

// changeLimit is that of an operation that changes something for a user, in a process; the same as in
// Node.
var changeLimit = limitOptions{initial: 320, min: 64, max: 1_000, late: time.Second}

// staleAfter is the time after which a reduction does not apply to an idle process any more.
const staleAfter = 10 * time.Second

func newAdaptiveLimit(options limitOptions) *adaptiveLimit {
	return &adaptiveLimit{limitOptions: options, limit: float64(options.initial)}
}

// refusal returns the error of a request that would be rejected now, otherwise nil.
func (l *adaptiveLimit) refusal() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.refused()
}

func (l *adaptiveLimit) refused() error {
	if l.running >= int(l.limit) {
		return apierror.Rejected(apierror.ServiceUnavailable, nil)
	}
	return nil
}

// run returns SERVICE_UNAVAILABLE if the limit is reached, otherwise the result of work.
func (l *adaptiveLimit) run(work func() (any, error)) (body any, err error) {
	begun, err := l.begin()
	if err != nil {
		return nil, err
	}
	// Also after a panic.
	defer func() { l.end(begun, hasNoTime(err)) }()
	return work()
}

// begun is the start of a request, and the number of requests in progress at it.
type begun struct {
	at      time.Time
	running int
}

func (l *adaptiveLimit) begin() (begun, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if err := l.refused(); err != nil {
		return begun{}, err
	}
	now := time.Now()
	// Without load the limit would stay low, and reject most of the next burst.
	if l.running == 0 && now.Sub(l.reducedAt) > staleAfter {
		l.limit = max(l.limit, float64(l.initial))
	}
	l.running++
	return begun{now, l.running}, nil
}

func (l *adaptiveLimit) end(start begun, hasFailed bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	took := time.Since(start.at)
	if !hasFailed && took <= l.late {
		l.grow(took)
	} else if !start.at.Before(l.reducedAt) {
		l.reduce(start.running)
	}
	l.running--
}

func (l *adaptiveLimit) grow(took time.Duration) {
	// A limit that is not used does not show how many requests would be in time.
	if float64(l.running)*2 < l.limit {
		return
	}
	growth := 1 / l.limit
	if took*4 < l.late {
		growth = 1
	}
	l.limit = min(float64(l.max), l.limit+growth)
}

func (l *adaptiveLimit) reduce(runningAtStart int) {
	// At the end of a burst few are left, but the request was late because there were many before it.
	running := max(runningAtStart, l.running)
	// Up to the minimum all are accepted: this one was late for another reason.
	if running <= l.min {
		return
	}
	l.reducedAt = time.Now()
	l.limit = max(float64(l.min), min(l.limit, float64(running))/2)
}

// hasNoTime reports whether a queue was full or a deadline expired.
func hasNoTime(err error) bool {
	return apierror.Is(err, apierror.ServiceUnavailable) || apierror.Is(err, apierror.DeadlineExceeded)
}

// load returns the requests in progress, and the limit.
func (l *adaptiveLimit) load() (running, limit int) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.running, int(l.limit)
}
