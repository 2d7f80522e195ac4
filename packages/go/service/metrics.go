package service

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// buckets are in seconds, as in Node.
var buckets = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5}

// Metrics are the counters of requests and of scenario events.
type Metrics struct {
	Registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	closed    *prometheus.CounterVec
	witnesses *prometheus.CounterVec
	// failedReads counts by source, see Figures.
	failedReads *prometheus.CounterVec
	batchItems  *prometheus.HistogramVec
	// updates run before each scrape.
	updates []func(ctx context.Context)
}

// closeReasons are exported from the start: a rate needs a first value. A service in Go never closes a
// connection because of pipelined requests.
var closeReasons = []string{"pipelined", "address", "total", "unread", "unread_total"}

func newMetrics() *Metrics {
	m := &Metrics{
		Registry:  prometheus.NewRegistry(),
		requests:  counters("http_requests_total", "Responses, by operation and status", "operation", "status"),
		closed:    counters("connections_closed_total", "Connections closed because a client exceeded a limit", "reason"),
		witnesses: counters("scenario_witness_total", "Events that prove that the variant of a scenario takes effect", "scenario", "event"),
		failedReads: counters("figure_reads_failed_total",
			"Failed reads of gauges from the database; the gauges are missing in that scrape", "source"),
		batchItems: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "batch_items", Help: "Items that one statement or one call handled together",
			Buckets: []float64{1, 2, 5, 10, 20, 50, 100, 200},
		}, []string{"batch"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time to the last byte of a response", Buckets: buckets,
		}, []string{"operation"}),
	}
	for _, reason := range closeReasons {
		m.closed.WithLabelValues(reason)
	}
	m.Registry.MustRegister(m.requests, m.durations, m.closed, m.witnesses, m.failedReads, m.batchItems,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// Counters registers counters with these labels.
func (m *Metrics) Counters(name, help string, labels ...string) *prometheus.CounterVec {
	vector := counters(name, help, labels...)
	m.Registry.MustRegister(vector)
	return vector
}

// Times registers a histogram of seconds with one label.
func (m *Metrics) Times(label, name, help string) *prometheus.HistogramVec {
	vector := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, []string{label})
	m.Registry.MustRegister(vector)
	return vector
}

// Witness is a counter that proves that the variant of a scenario takes effect. It is exported from
// the start: a missing counter looks like a variant that is off.
func (m *Metrics) Witness(scenario, event string) prometheus.Counter {
	return m.witnesses.WithLabelValues(scenario, event)
}

// Witness returns a counter of an event of one scenario.
type Witness func(event string) (count func())

// WitnessOf is Witness for the events of one scenario.
func (m *Metrics) WitnessOf(scenario string) Witness {
	return func(event string) func() { return m.Witness(scenario, event).Inc }
}

// WitnessFrom is Witness for events with an external counter. The totals are read on each scrape; read
// returns none if the source is unavailable.
func (m *Metrics) WitnessFrom(scenario string, events []string, read func(ctx context.Context) map[string]float64) {
	last := map[string]float64{}
	counters := map[string]prometheus.Counter{}
	for _, event := range events {
		counters[event] = m.Witness(scenario, event)
	}
	var reading sync.Mutex
	m.updates = append(m.updates, func(ctx context.Context) {
		reading.Lock()
		defer reading.Unlock()
		for event, total := range read(ctx) {
			// The external counter was reset.
			counters[event].Add(max(0, total-last[event]))
			last[event] = total
		}
	})
}

// showLimits exports the loads of the operations that have a limit.
func (m *Metrics) showLimits(routes router) {
	for _, each := range routes {
		if each.limit == nil {
			continue
		}
		show := func(state string, read func(running, limit int) int) {
			m.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name:        "operation_requests",
				Help:        "Requests of an operation in progress, and the limit of that number at the moment",
				ConstLabels: prometheus.Labels{"operation": each.operation.ID, "state": state},
			}, func() float64 { return float64(read(each.limit.load())) }))
		}
		show("running", func(running, _ int) int { return running })
		show("limit", func(_, limit int) int { return limit })
	}
}

func (m *Metrics) observe(operation string, status int, seconds float64) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status)).Inc()
	m.durations.WithLabelValues(operation).Observe(seconds)
}

func (m *Metrics) server() *http.Server {
	mux := http.NewServeMux()
	scrape := promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, request *http.Request) {
		for _, update := range m.updates {
			update(request.Context())
		}
		scrape.ServeHTTP(w, request)
	})
	return &http.Server{Handler: mux, ReadHeaderTimeout: headersTimeout}
}
