package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"flash-deal/packages/go/service"
)

// attemptsMax is the number of attempts of a transaction that PostgreSQL rolls back for a conflict
// or a deadlock.
const attemptsMax = 3

// Work is the work of a transaction. It must have no effect other than its statements.
type Work[Result any] func(ctx context.Context, tx pgx.Tx) (Result, error)

// Transaction runs work in one transaction, with errors as for Exec. It is retried if PostgreSQL rolled
// it back for a serialization failure or a deadlock. The outcome of a failed commit is unknown.
func Transaction[Result any](ctx context.Context, p *Pool, work Work[Result]) (result Result, err error) {
	ctx, conn, end, err := p.begin(ctx)
	if err != nil {
		return result, err
	}
	defer end()
	for attempt := 1; ; attempt++ {
		result, err = attemptOf(ctx, p, conn, work)
		if attempt == attemptsMax || !IsRolledBack(err) {
			return result, p.failed(ctx, err)
		}
	}
}

func attemptOf[Result any](ctx context.Context, p *Pool, conn *pgxpool.Conn, work Work[Result]) (result Result, err error) {
	options := pgx.TxOptions{BeginQuery: beginQuery(ctx, p.options.Timeout)}
	err = pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) error {
		result, err = work(ctx, tx)
		if err == nil {
			// Rolls back if the caller has timed out.
			err = ctx.Err()
		}
		return err
	})
	return result, err
}

// narrowedFrom is the share of the timeout below which a transaction sets its own.
const narrowedFrom = 0.9

func beginQuery(ctx context.Context, timeout time.Duration) string {
	left, hasDeadline := service.Left(ctx)
	if !hasDeadline || float64(left) > float64(timeout)*narrowedFrom {
		return "begin"
	}
	return fmt.Sprintf("begin; set local statement_timeout = %d", max(1, left.Milliseconds()+1))
}
