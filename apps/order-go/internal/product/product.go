package product

import (
	"time"

	"flash-deal/packages/go/config"
	"flash-deal/packages/go/service"
)

// Settings are the settings of the calls to product.
type Settings struct {
	URLs        []string
	GRPCURLs    []string
	InternalKey string
	// BodyLimit is the maximum size of a body that product reads, in bytes.
	BodyLimit int
	// QueueMax and Deadline limit the reservations that wait for a call.
	QueueMax int
	Deadline time.Duration
	Breaker  BreakerSettings
}

// BreakerSettings are those of M5.
type BreakerSettings struct {
	Open     time.Duration
	Timeout  time.Duration
	CallsMin int
}

// Connect returns the client of product with the variants of H1, M5 and M7. It adds product to readiness,
// and closes the connections after the last request.
func Connect(app *service.Service, settings Settings, scenarios config.Scenarios) (Client, error) {
	transport, err := transportOf(app, settings, scenarios["H1"])
	if err != nil {
		return nil, err
	}
	app.AddReadinessCheck("product", transport.ping)
	app.OnClose(transport.close)
	var connected Client = client{transport}
	if scenarios["M5"] == "optimized" {
		connected = guarded(app, connected, settings)
	}
	if scenarios["M7"] == "optimized" {
		connected = withSoldOut(connected, app.Metrics.WitnessOf("M7"))
	}
	return connected, nil
}

func transportOf(app *service.Service, settings Settings, variant string) (transport, error) {
	witness := app.Metrics.WitnessOf("H1")
	switch variant {
	case "optimized":
		return newCoalesced(overHTTP(settings, true), CoalescedOptions{
			BodyLimit: settings.BodyLimit,
			QueueMax:  settings.QueueMax,
			Timeout:   settings.Deadline,
			Witness:   witness,
			Observe:   app.Metrics.BatchSizes("product_calls"),
			Log:       app.Log,
		}), nil
	case "http":
		return oneByOne{overHTTP(settings, true), witness("pooled_call")}, nil
	case "grpc":
		calls, err := newGRPCCalls(GRPCOptions{URLs: settings.GRPCURLs, InternalKey: settings.InternalKey})
		return oneByOne{calls, witness("grpc_call")}, err
	}
	return oneByOne{overHTTP(settings, false), witness("connection_call")}, nil
}

func overHTTP(settings Settings, keepAlive bool) *httpCalls {
	return newHTTPCalls(HTTPOptions{URLs: settings.URLs, InternalKey: settings.InternalKey, KeepAlive: keepAlive})
}

func guarded(app *service.Service, client Client, settings Settings) Client {
	guard := Guard(client, BreakerOptions{
		Open:     settings.Breaker.Open,
		Timeout:  min(settings.Breaker.Timeout, settings.Deadline),
		CallsMin: uint32(settings.Breaker.CallsMin),
		Witness:  app.Metrics.WitnessOf("M5"),
		Log:      app.Log,
	})
	showBreakers(app, guard)
	return guard
}
