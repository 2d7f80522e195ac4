// Package indexes is M3: the indexes of the lists, which the migrator creates and drops. The flag is the
// expected variant; PostgreSQL's catalogue has the actual one.
package indexes

import (
	"context"
	"fmt"
	"sync/atomic"

	"flash-deal/packages/go/config"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
)

// table and names are those of the indexes in db/scenarios/m3-indexes/up.sql, in the schema of order.
const table = "orders"

var names = []string{"m3_orders_of_user"}

const usable = `
select count(*)
from pg_index
join pg_class on pg_class.oid = pg_index.indexrelid
where pg_class.relnamespace = current_schema()::regnamespace
  and pg_class.relname = any($1::text[])
  and pg_index.indisvalid`

// variantOf returns baseline, optimized, or incomplete if only some of the indexes are valid.
func variantOf(ctx context.Context, db *postgres.Database) (string, error) {
	var count int
	if err := db.QueryRow(ctx, usable, names).Scan(&count); err != nil {
		return "", err
	}
	switch count {
	case 0:
		return "baseline", nil
	case len(names):
		return "optimized", nil
	}
	return "incomplete", nil
}

// Show lets /health show the variant of PostgreSQL, and /metrics the scans of both kinds. It returns a
// *config.Error if the flag differs. Readiness reports an unavailable PostgreSQL, which may return.
func Show(ctx context.Context, app *service.Service, db *postgres.Database, flag string) error {
	found, err := variantOf(ctx, db)
	if err != nil {
		app.Log.Warn("M3 could not be read yet", "err", err.Error())
		found = flag
	}
	if found != flag {
		return &config.Error{Problems: []string{fmt.Sprintf("Scenario M3 is set to %s, but the database is at %s. Run npm run migrate with the settings of the services, as make run does, then start again.", flag, found)}}
	}
	shown := &shown{app: app, db: db}
	shown.variant.Store(found)
	app.ShowScenario("M3", shown.get)
	app.Metrics.WitnessFrom("M3", []string{"seq_scan", "index_scan"}, func(ctx context.Context) map[string]float64 {
		return scans(ctx, db)
	})
	return nil
}

// shown is the last known variant. It is queried again after each request for it.
type shown struct {
	app       *service.Service
	db        *postgres.Database
	variant   atomic.Value
	isLooking atomic.Bool
}

func (s *shown) get() string {
	if s.isLooking.CompareAndSwap(false, true) {
		go s.look()
	}
	variant, _ := s.variant.Load().(string)
	return variant
}

func (s *shown) look() {
	defer s.isLooking.Store(false)
	found, err := variantOf(context.Background(), s.db)
	if err == nil && s.variant.Swap(found) != found {
		s.app.Log.Warn("The database was changed", "scenario", "M3", "variant", found)
	}
}

const scanCounts = `
select
  seq_scan::float8,
  coalesce((
    select sum(pg_stat_user_indexes.idx_scan)
    from pg_stat_user_indexes
    where pg_stat_user_indexes.relid = pg_stat_user_tables.relid
      and pg_stat_user_indexes.indexrelname = any($2::text[])
  ), 0)::float8 as index_scan
from pg_stat_user_tables
where schemaname = current_schema() and relname = $1`

// scans returns how often the table and its indexes were scanned, by all clients.
func scans(ctx context.Context, db *postgres.Database) map[string]float64 {
	var sequential, byIndex float64
	if err := db.QueryRow(ctx, scanCounts, table, names).Scan(&sequential, &byIndex); err != nil {
		return nil
	}
	return map[string]float64{"seq_scan": sequential, "index_scan": byIndex}
}
