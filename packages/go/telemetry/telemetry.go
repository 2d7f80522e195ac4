// Package telemetry records spans if a collector is configured, like packages/telemetry in Node: with the
// same settings and attributes, and without client data.
package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"flash-deal/packages/go/config"
)

const (
	defaultEndpoint = "http://127.0.0.1:4318"
	// version is the version of the workspaces.
	version = "0.1.0"
	// exportWithin is the timeout of an export, stopWithin that of the last one.
	exportWithin = 2 * time.Second
	stopWithin   = 500 * time.Millisecond
	linksMax     = 200
)

var isOn atomic.Bool

// IsOn reports whether spans are recorded. It is decided before anything else is constructed.
func IsOn() bool { return isOn.Load() }

// Start starts recording if the settings enable it. The returned function exports the remaining spans
// within half a second. It returns an error if the exporter rejects the address.
func Start(name string, settings config.Process, scenarios config.Scenarios, log *slog.Logger) (stop func(), err error) {
	endpoint := endpointOf(settings)
	if endpoint == "" {
		return func() {}, nil
	}
	exporter, err := otlptracehttp.New(context.Background(),
		otlptracehttp.WithEndpointURL(strings.TrimSuffix(endpoint, "/")+"/v1/traces"),
		otlptracehttp.WithTimeout(exportWithin))
	if err != nil {
		return nil, err
	}
	limits := sdk.NewSpanLimits()
	limits.LinkCountLimit = linksMax
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(exporter, sdk.WithMaxQueueSize(2_048), sdk.WithBatchTimeout(time.Second), sdk.WithExportTimeout(exportWithin)),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(settings.SampledShare))),
		sdk.WithRawSpanLimits(limits),
		sdk.WithResource(resourceOf(name, scenarios)),
	)
	otel.SetTracerProvider(provider)
	otel.SetErrorHandler(&failures{log: log})
	isOn.Store(true)
	return func() { shutDown(provider) }, nil
}

func endpointOf(settings config.Process) string {
	switch {
	case settings.Telemetry == "off":
		return ""
	case settings.Telemetry == "on" && settings.Collector == "":
		return defaultEndpoint
	}
	return settings.Collector
}

func shutDown(provider *sdk.TracerProvider) {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	_ = provider.Shutdown(ctx) // Spans that are not exported by then are lost.
}

func resourceOf(name string, scenarios config.Scenarios) *resource.Resource {
	attributes := []attribute.KeyValue{
		attribute.String("service.name", name+"-service"),
		attribute.String("service.version", version),
		attribute.String("service.instance.id", uuid.NewString()),
	}
	for id, variant := range scenarios {
		attributes = append(attributes, attribute.String("flash_deal.scenario."+strings.ToLower(id), variant))
	}
	return resource.NewSchemaless(attributes...)
}

func tracer() trace.Tracer { return otel.Tracer("flash-deal") }

// StartServer starts the span of a request, in the trace of its caller or in a new one.
func StartServer(ctx context.Context, caller trace.SpanContext) (context.Context, trace.Span) {
	if caller.IsValid() {
		ctx = trace.ContextWithRemoteSpanContext(ctx, caller)
	}
	return tracer().Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
}

// StartClient starts the span of a call or a statement, as a child of the context's span. Without a
// recorded parent there is no span: background work starts no trace.
func StartClient(ctx context.Context, name string, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	if active := trace.SpanFromContext(ctx); !active.IsRecording() {
		return ctx, noSpan
	}
	return tracer().Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
}

// StartShared starts the span of work that several callers share: in the trace of the first of them that
// is sampled, with links to the others. Without one there is no span.
func StartShared(ctx context.Context, name string, callers []trace.SpanContext, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	var links []trace.Link
	for _, caller := range callers {
		if caller.IsSampled() {
			links = append(links, trace.Link{SpanContext: caller})
		}
	}
	if !IsOn() || len(links) == 0 {
		return ctx, noSpan
	}
	ctx = trace.ContextWithRemoteSpanContext(ctx, links[0].SpanContext)
	return tracer().Start(ctx, name, trace.WithLinks(links[1:]...), trace.WithAttributes(attributes...))
}

// noSpan is a span that records nothing.
var noSpan = trace.SpanFromContext(context.Background())

// coded is an error with a code that contains no data.
type coded interface{ SQLState() string }

// End ends a span. It records the code of an error, not the message, which may contain data.
func End(span trace.Span, err error) {
	if err != nil {
		Fail(span, kindOf(err))
	}
	span.End()
}

// Fail marks a span as failed.
func Fail(span trace.Span, kind string) {
	span.SetStatus(codes.Error, "")
	span.SetAttributes(attribute.String("error.type", kind))
}

func kindOf(err error) string {
	var postgres coded
	switch {
	case errors.As(err, &postgres):
		return postgres.SQLState()
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	return "error"
}

// failures logs failed exports, at most once a minute.
type failures struct {
	log        *slog.Logger
	reportedAt atomic.Int64
	count      atomic.Int64
}

const reportPause = time.Minute

// Handle implements otel.ErrorHandler. The address in the message is that of the settings.
func (f *failures) Handle(err error) {
	f.count.Add(1)
	now, last := time.Now().UnixNano(), f.reportedAt.Load()
	if now-last < reportPause.Nanoseconds() || !f.reportedAt.CompareAndSwap(last, now) {
		return
	}
	f.log.Warn("Spans could not be exported to OTEL_EXPORTER_OTLP_ENDPOINT",
		"cause", kindOf(err), "failures", f.count.Swap(0))
}
