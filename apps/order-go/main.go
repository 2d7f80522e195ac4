// Command order-go is the order service in Go (SCENARIO_H4=optimized): the same contract, the same
// statements and the same tables as the service in Node.
package main

import (
	"context"
	"os"
	"time"

	"flash-deal/apps/order-go/internal/api"
	"flash-deal/apps/order-go/internal/figures"
	"flash-deal/apps/order-go/internal/ids"
	"flash-deal/apps/order-go/internal/indexes"
	"flash-deal/apps/order-go/internal/placing"
	"flash-deal/apps/order-go/internal/product"
	"flash-deal/apps/order-go/internal/queries"
	"flash-deal/apps/order-go/internal/relay"
	"flash-deal/apps/order-go/internal/storage"
	"flash-deal/contracts"
	"flash-deal/packages/go/config"
	"flash-deal/packages/go/postgres"
	"flash-deal/packages/go/service"
)

type settings struct {
	config.Process
	config.Database
	InvariantsIntervalMs int      `env:"INVARIANTS_INTERVAL_MS"`
	Port                 int      `env:"ORDER_PORT"`
	DatabaseURL          string   `env:"ORDER_DATABASE_URL"`
	ProductURLs          []string `env:"PRODUCT_URLS"`
	ProductGRPCURLs      []string `env:"PRODUCT_GRPC_URLS"`
	ClaimLeaseMs         int      `env:"CLAIM_LEASE_MS"`
	ClaimRetentionMs     int      `env:"CLAIM_RETENTION_MS"`
	VoidRetentionMs      int      `env:"VOID_RETENTION_MS"`
	RelayIntervalMs      int      `env:"RELAY_INTERVAL_MS"`
	BreakerOpenMs        int      `env:"BREAKER_OPEN_MS"`
	BreakerCallsMin      int      `env:"BREAKER_CALLS_MIN"`
	BreakerTimeoutMs     int      `env:"BREAKER_TIMEOUT_MS"`
}

func main() { service.Run("order", setup) }

func setup(ctx context.Context, environment service.Environment) (*service.Service, int, error) {
	var s settings
	scenarios := environment.Scenarios
	if err := config.Read("order", environment.Lookup, &s); err != nil {
		return nil, 0, err
	}
	app := service.New("order", s.Process, scenarios, os.Stdout)
	db, err := postgres.Connect(app, s.DatabaseURL, "order", s.Database, scenarios["E5"])
	if err != nil {
		return nil, 0, err
	}
	client, err := product.Connect(app, s.product(), scenarios)
	if err != nil {
		return nil, 0, err
	}
	if err := indexes.Show(ctx, app, db, scenarios["M3"]); err != nil {
		return nil, 0, err
	}
	handlers := s.api(app, db, client, scenarios).Handlers()
	figures.ShowOutbox(app, db)
	figures.ShowPending(app, db)
	figures.CheckInvariants(app, db, milliseconds(s.InvariantsIntervalMs))
	s.startRounds(app, db, client)
	app.Serve(contracts.Order, handlers, service.UserOfGateway)
	return app, s.Port, nil
}

func (s settings) api(app *service.Service, db *postgres.Database, client product.Client, scenarios config.Scenarios) *api.API {
	newID := ids.Of(scenarios["E1"], app.Metrics.WitnessOf("E1"))
	return &api.API{
		DB:       db,
		Product:  client,
		NewID:    newID,
		Causes:   app.Causes,
		ReadPage: storage.ReadPageVariant(scenarios["E4"], app.Metrics.WitnessOf("E4")),
		Placing: &placing.Placing{
			DB:       db.Pool,
			Product:  client,
			NewID:    newID,
			Store:    s.store(app, db, scenarios["M8"]),
			Lease:    milliseconds(s.ClaimLeaseMs),
			Log:      app.Log,
			Causes:   app.Causes,
			Outcomes: figures.CountOutcomes(app),
		},
	}
}

func (s settings) store(app *service.Service, db *postgres.Database, variant string) storage.Store {
	if variant == "baseline" {
		return storage.StoreEach(db.Pool, app.Metrics.WitnessOf("M8"))
	}
	limits := storage.BatchLimits{QueueMax: s.QueryQueueMax, Timeout: milliseconds(s.QueryTimeoutMs)}
	store, wait := storage.StoreTogether(db.Pool, limits, app.Metrics.WitnessOf("M8"), app.Metrics.BatchSizes("orders"))
	app.OnClose(wait)
	return store
}

func (s settings) startRounds(app *service.Service, db *postgres.Database, client product.Client) {
	outbox := &relay.Relay{DB: db.Pool, Product: client}
	app.Periodically("relay", milliseconds(s.RelayIntervalMs), outbox.Round)
	// Orders are not deleted.
	slow := queries.New(db.Slow)
	app.Retain(s.Database,
		service.Deletion{Table: "claims", Delete: func(ctx context.Context, size int) (int, error) {
			rows, err := slow.ClaimDeleteOld(ctx, queries.ClaimDeleteOldParams{AgeMs: int64(s.ClaimRetentionMs), Size: int32(size)})
			return int(rows), err
		}},
		service.Deletion{Table: "void_orders", Delete: func(ctx context.Context, size int) (int, error) {
			rows, err := slow.OrderDeleteVoid(ctx, queries.OrderDeleteVoidParams{AgeMs: int64(s.VoidRetentionMs), Size: int32(size)})
			return int(rows), err
		}},
	)
}

func (s settings) product() product.Settings {
	return product.Settings{
		URLs:        s.ProductURLs,
		GRPCURLs:    s.ProductGRPCURLs,
		InternalKey: s.InternalKey,
		BodyLimit:   s.BodyLimitBytes,
		QueueMax:    s.QueryQueueMax,
		Deadline:    milliseconds(s.DeadlineMs),
		Breaker: product.BreakerSettings{
			Open:     milliseconds(s.BreakerOpenMs),
			Timeout:  milliseconds(s.BreakerTimeoutMs),
			CallsMin: s.BreakerCallsMin,
		},
	}
}

func milliseconds(count int) time.Duration { return time.Duration(count) * time.Millisecond }
