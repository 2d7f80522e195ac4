// Package postgres is PostgreSQL with deadlines: every statement waits in a bounded queue, and
// completes or times out. It has the methods that sqlc's code needs.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"flash-deal/packages/go/service"
	"flash-deal/packages/go/telemetry"
)

// Options are the settings of a Pool.
type Options struct {
	URL             string
	ApplicationName string
	// Pooler is `transaction` behind PgBouncer in transaction mode. No session state is allowed then:
	// no prepared statement, no setting.
	Pooler string
	// Timeout of a statement or of a whole transaction. It includes the wait for a connection, which
	// takes at most half of it.
	Timeout time.Duration
	// QueueMax is the maximum number of running and queued statements and transactions.
	QueueMax int
	// Max is the maximum number of connections, from 1.
	Max int
	// OnQueryStart is called when a connection is free for a statement or a transaction.
	OnQueryStart func(waited time.Duration)
}

// Pool has a number of connections and a queue, in which statements of a context without a deadline,
// which have no caller, take turns with the others.
type Pool struct {
	options  Options
	pool     *pgxpool.Pool
	bulkhead *service.Bulkhead
	disk     disk
}

// Open returns a pool. It connects on first use.
func Open(options Options) (*Pool, error) {
	config, err := pgxpool.ParseConfig(withoutTLS(options.URL))
	if err != nil {
		return nil, fmt.Errorf("the address of PostgreSQL cannot be read: %w", errors.Unwrap(err))
	}
	config.MaxConns = int32(options.Max)
	configure(config.ConnConfig, options)
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, err
	}
	return &Pool{
		options:  options,
		pool:     pool,
		bulkhead: service.NewBulkhead(service.BulkheadOptions{Concurrency: options.Max, QueueMax: options.QueueMax, Max: options.QueueMax, WaitShare: 0.5}),
	}, nil
}

// cancelWithin is the time for PostgreSQL to end a cancelled statement; after it the connection is
// closed.
const cancelWithin = 100 * time.Millisecond

func configure(config *pgx.ConnConfig, options Options) {
	config.ConnectTimeout = 2 * time.Second
	config.RuntimeParams["application_name"] = options.ApplicationName
	if telemetry.IsOn() {
		config.Tracer = statementSpans{}
	}
	if options.Pooler == "transaction" {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	} else {
		timeout := fmt.Sprint(options.Timeout.Milliseconds())
		for _, name := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
			config.RuntimeParams[name] = timeout
		}
	}
	// A statement that times out is cancelled in PostgreSQL too, and the connection stays open.
	config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelWithin}
	}
}

// Close waits for running statements, then closes the connections.
func (p *Pool) Close() { p.pool.Close() }

// begin waits for a connection for at most half of the remaining time.
func (p *Pool) begin(ctx context.Context) (_ context.Context, conn *pgxpool.Conn, end func(), err error) {
	calledAt := time.Now()
	limit := limitOf(ctx, p.options.Timeout)
	enter := p.bulkhead.Enter
	if _, hasCaller := service.Left(ctx); !hasCaller {
		enter = p.bulkhead.EnterBackground
	}
	leave, err := enter(limit.ctx)
	if err != nil {
		limit.cancel()
		return nil, nil, nil, err
	}
	conn, err = p.pool.Acquire(limit.ctx)
	if err != nil {
		err = p.failed(limit.ctx, err)
		leave()
		limit.cancel()
		return nil, nil, nil, err
	}
	if p.options.OnQueryStart != nil {
		p.options.OnQueryStart(time.Since(calledAt))
	}
	return limit.ctx, conn, func() { conn.Release(); leave(); limit.cancel() }, nil
}

// failed records and converts an error of PostgreSQL.
func (p *Pool) failed(ctx context.Context, err error) error {
	p.disk.note(err)
	return convert(ctx, err)
}

// Exec runs one statement that returns no rows.
//
// Like Query and QueryRow it returns NotStarted if the statement was not sent, because the queue was
// full or its time expired; SERVICE_UNAVAILABLE if PostgreSQL is unavailable or too slow, and
// DEADLINE_EXCEEDED if the deadline of the context expired: the outcome of both is unknown.
func (p *Pool) Exec(ctx context.Context, sql string, args ...any) (tag pgconn.CommandTag, err error) {
	ctx, conn, end, err := p.begin(ctx)
	if err != nil {
		return tag, err
	}
	defer end()
	tag, err = conn.Exec(ctx, sql, args...)
	return tag, p.failed(ctx, err)
}

// Query runs one statement. The rows must be closed.
func (p *Pool) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	ctx, conn, end, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	found, err := conn.Query(ctx, sql, args...)
	if err != nil {
		end()
		return nil, p.failed(ctx, err)
	}
	return &rows{found, p, ctx, end}, nil
}

// QueryRow runs one statement that returns at most one row. Scan returns pgx.ErrNoRows for none.
func (p *Pool) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return &row{func(targets []any) error {
		ctx, conn, end, err := p.begin(ctx)
		if err != nil {
			return err
		}
		defer end()
		return p.failed(ctx, conn.QueryRow(ctx, sql, args...).Scan(targets...))
	}}
}

type row struct{ scan func(targets []any) error }

func (r *row) Scan(targets ...any) error { return r.scan(targets) }

// rows releases the connection when they are closed.
type rows struct {
	pgx.Rows
	pool *Pool
	ctx  context.Context
	end  func()
}

func (r *rows) Close() {
	r.Rows.Close()
	if r.end != nil {
		r.end()
		r.end = nil
	}
}

func (r *rows) Err() error { return r.pool.failed(r.ctx, r.Rows.Err()) }

// Ping returns nil if PostgreSQL responds within the timeout, or within a second if that is shorter.
func (p *Pool) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, min(p.options.Timeout, time.Second))
	defer cancel()
	if err := p.pool.Ping(ctx); err != nil {
		return convert(ctx, err)
	}
	return p.disk.check(ctx, p)
}
