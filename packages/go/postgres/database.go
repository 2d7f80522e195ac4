package postgres

import (
	"fmt"
	"strconv"
	"time"

	"flash-deal/packages/go/config"
	"flash-deal/packages/go/service"
)

// Database has a pool for quick statements and, with E5 `optimized`, another for slow ones, so that
// quick statements do not wait for them.
type Database struct {
	*Pool
	// Slow is for statements that may read many rows. It may be the same pool.
	Slow *Pool
}

// Connect opens the pools of a service with the variant of E5, adds PostgreSQL to readiness, and closes
// the pools after the last request. Unlike in Node, statements are not pipelined: pgx runs one at a time
// on a connection.
func Connect(app *service.Service, url, name string, settings config.Database, variant string) (*Database, error) {
	waiting := app.Metrics.Times("pool", "postgres_waiting_seconds",
		"Time from the call of a statement or a transaction until its connection is free for it")
	open := func(pool string, size int) (*Pool, error) {
		count := app.Metrics.Witness("E5", fmt.Sprintf("%s_pool_of_%d", pool, size))
		waited := waiting.WithLabelValues(pool)
		return Open(Options{
			URL: url, ApplicationName: name, Pooler: settings.Pooler, Max: size,
			Timeout:  time.Duration(settings.QueryTimeoutMs) * time.Millisecond,
			QueueMax: settings.QueryQueueMax,
			OnQueryStart: func(time time.Duration) {
				count.Inc()
				waited.Observe(time.Seconds())
			},
		})
	}
	database, err := openPools(open, variant)
	if err != nil {
		return nil, err
	}
	app.AddReadinessCheck("postgres", database.Ping)
	app.OnClose(database.close)
	return database, nil
}

func openPools(open func(pool string, size int) (*Pool, error), variant string) (*Database, error) {
	quick, slow := sizesOf(variant)
	pool, err := open("quick", quick)
	if err != nil || slow == 0 {
		return &Database{pool, pool}, err
	}
	other, err := open("slow", slow)
	return &Database{pool, other}, err
}

// sizesOf returns the numbers of connections for quick and for slow statements; 0 for no second pool.
func sizesOf(variant string) (quick, slow int) {
	switch variant {
	case "baseline":
		return 10, 0
	case "optimized":
		return 4, 4
	}
	size, err := strconv.Atoi(variant)
	if err != nil {
		panic("postgres: E5 has no variant " + variant)
	}
	return size, 0
}

func (d *Database) close() {
	d.Pool.Close()
	if d.Slow != d.Pool {
		d.Slow.Close()
	}
}
