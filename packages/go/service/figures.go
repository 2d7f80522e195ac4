package service

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// figuresMaxAge is how long a reading is used.
	figuresMaxAge = 5 * time.Second
	// figuresTimeout is how long a reading may take.
	figuresTimeout = time.Second
)

// Figure is a gauge whose value is in the database.
type Figure struct{ Name, Help string }

// Figures registers gauges that one function reads while somebody scrapes, at most once in five
// seconds for all scrapes. A gauge that could not be read is missing on that page, and the failure is
// counted. The function returns a value for each gauge.
func (m *Metrics) Figures(source string, figures []Figure, read func(ctx context.Context) ([]float64, error)) {
	f := &figuresCollector{read: read, failed: m.failedReads.WithLabelValues(source)}
	for _, each := range figures {
		f.descriptions = append(f.descriptions, prometheus.NewDesc(each.Name, each.Help, nil, nil))
	}
	m.Registry.MustRegister(f)
}

type figuresCollector struct {
	descriptions []*prometheus.Desc
	read         func(ctx context.Context) ([]float64, error)
	failed       prometheus.Counter
	mutex        sync.Mutex
	readAt       time.Time
	values       []float64
}

func (f *figuresCollector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, each := range f.descriptions {
		descriptions <- each
	}
}

func (f *figuresCollector) Collect(metrics chan<- prometheus.Metric) {
	for i, value := range f.latest() {
		metrics <- prometheus.MustNewConstMetric(f.descriptions[i], prometheus.GaugeValue, value)
	}
}

// latest is empty if the last reading has failed.
func (f *figuresCollector) latest() []float64 {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if time.Since(f.readAt) < figuresMaxAge {
		return f.values
	}
	ctx, cancel := context.WithTimeout(context.Background(), figuresTimeout)
	defer cancel()
	values, err := f.read(ctx)
	if err != nil {
		f.failed.Inc()
		values = nil
	}
	f.readAt, f.values = time.Now(), values
	return values
}

// BatchSizes observes how many items a batch of this kind has.
func (m *Metrics) BatchSizes(kind string) func(items int) {
	sizes := m.batchItems.WithLabelValues(kind)
	return func(items int) { sizes.Observe(float64(items)) }
}

// invariantsShare is the part of the time, one in so many, that checks of the invariants may take.
const invariantsShare = 50

// CheckInvariants counts what violates the invariants of this service's tables, again and again. The
// pause grows with the duration of a check.
func (s *Service) CheckInvariants(every time.Duration, count func(ctx context.Context) (map[string]int64, error)) {
	violations := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "invariant_violations",
		Help: "Deals, products, buyers or keys that violate an invariant, at the last check; 0 is right",
	}, []string{"invariant"})
	checkedAt := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "invariant_check_timestamp_seconds",
		Help: "Time of the last completed check of the invariants; before the first one, of the start",
	})
	checkedAt.SetToCurrentTime()
	s.Metrics.Registry.MustRegister(violations, checkedAt)
	var next time.Time
	s.Periodically("invariants", every, func(ctx context.Context) error {
		begin := time.Now()
		if begin.Before(next) {
			return nil
		}
		counts, err := count(ctx)
		next = time.Now().Add(invariantsShare * time.Since(begin))
		if err != nil {
			return err
		}
		for invariant, number := range counts {
			violations.WithLabelValues(invariant).Set(float64(number))
			if number > 0 {
				s.Log.Error("Invariants are violated", "invariant", invariant, "violations", number)
			}
		}
		checkedAt.SetToCurrentTime()
		return nil
	})
}
