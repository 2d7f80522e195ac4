package postgres

import (
	"context"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// disk tracks whether the disk of PostgreSQL is full. With a full disk PostgreSQL serves reads and stores
// nothing. After a statement has failed with disk full, the disk counts as full until PostgreSQL can
// write a temporary file.
type disk struct{ isFull atomic.Bool }

const diskFull = "53100"

func (d *disk) note(err error) {
	if CodeOf(err) == diskFull {
		d.isFull.Store(true)
	}
}

// check probes only if the disk was full.
func (d *disk) check(ctx context.Context, p *Pool) error {
	if !d.isFull.Load() {
		return nil
	}
	_, err := Transaction(ctx, p, func(ctx context.Context, tx pgx.Tx) (any, error) {
		// With little memory the next statement writes about 1.5 MB to a file, which is removed.
		if _, err := tx.Exec(ctx, "select set_config('work_mem', '64kB', true)"); err != nil {
			return nil, err
		}
		_, err := tx.Exec(ctx, "select count(*) from generate_series(1, 100000)")
		return nil, err
	})
	if err == nil {
		d.isFull.Store(false)
	}
	return err
}
