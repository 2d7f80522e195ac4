// Package figures has the figures of orders on /metrics.
package figures

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
)

// countedMax is how many rows are counted at most: the number is then a minimum.
const countedMax = 100_000

// Outcomes counts orders by what became of them, as orders_total.
type Outcomes struct{ counter *prometheus.CounterVec }

// CountOutcomes registers the counter.
func CountOutcomes(app *service.Service) Outcomes {
	counter := app.Metrics.Counters("orders_total",
		"Orders by outcome: what they became, or the error code in lower case", "outcome")
	// The others appear with their first order.
	for _, outcome := range []string{"confirmed", "accepted", "rejected", "cancelled", "insufficient_stock"} {
		counter.WithLabelValues(outcome)
	}
	return Outcomes{counter}
}

// Confirmed counts an order after its commit.
func (o Outcomes) Confirmed() { o.counter.WithLabelValues("confirmed").Inc() }

// Cancelled counts an order after the commit that cancelled it.
func (o Outcomes) Cancelled() { o.counter.WithLabelValues("cancelled").Inc() }

// Failed counts an attempt by its error.
func (o Outcomes) Failed(err error) {
	code := apierror.From(err).Code
	o.counter.WithLabelValues(strings.ToLower(string(code))).Inc()
}

// ShowOutbox shows the events that product has not acknowledged.
func ShowOutbox(app *service.Service, db *postgres.Database) {
	gauges := []service.Figure{
		{Name: "outbox_events", Help: "Events that product has not acknowledged; at most 100,000 are counted"},
		{Name: "outbox_oldest_seconds", Help: "Age of the oldest of these events; 0 if there is none"},
	}
	app.Metrics.Figures("outbox", gauges, func(ctx context.Context) ([]float64, error) {
		row, err := queries.New(db.Pool).OutboxCount(ctx, countedMax)
		return []float64{float64(row.Events), row.OldestS}, err
	})
}

// ShowPending shows the orders that H2 has left undecided. Only order in Node decides them.
func ShowPending(app *service.Service, db *postgres.Database) {
	gauges := []service.Figure{
		{Name: "orders_pending", Help: "Accepted orders that are not decided; at most 100,000 are counted"},
		{Name: "orders_pending_oldest_seconds", Help: "Age of the oldest of these orders; 0 if there is none"},
	}
	app.Metrics.Figures("pending_orders", gauges, func(ctx context.Context) ([]float64, error) {
		row, err := queries.New(db.Pool).OrderCountPending(ctx, countedMax)
		return []float64{float64(row.Orders), row.OldestS}, err
	})
}

// CheckInvariants checks those of npm run invariants that the tables of order can show by themselves.
func CheckInvariants(app *service.Service, db *postgres.Database, every time.Duration) {
	app.CheckInvariants(every, func(ctx context.Context) (map[string]int64, error) {
		row, err := queries.New(db.Slow).InvariantCount(ctx)
		return map[string]int64{"I3": row.Lost, "I4": row.Shared + row.ForeignAnswers}, err
	})
}
