// Package service is shared by the services in Go: a process with the same settings, headers, errors,
// log lines and metrics as the services in Node.
package service

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/config"
	"flash-deal/packages/go/contract"
	"flash-deal/packages/go/telemetry"
)

// Handler handles one operation: it returns the body of the response, which is written as JSON.
type Handler func(ctx context.Context, request *Request) (any, error)

// Handlers are the handlers of a service by operationId. `health` and `ready` exist already.
type Handlers map[string]Handler

// Authenticate returns the user of a request, or UNAUTHORIZED or INVALID_TOKEN.
type Authenticate func(request *Request) (userID string, err error)

// Service is one process of a service.
type Service struct {
	Log     *slog.Logger
	Metrics *Metrics
	Causes  *apierror.CauseLog

	name         string
	settings     config.Process
	scenarios    config.Scenarios
	shown        map[string]func() string
	isKey        func(given string) bool
	router       router
	authenticate Authenticate
	dependencies []*dependency
	isDraining   atomic.Bool
	unread       *unread
	rounds       []round
	closers      []func()
	// stopSpans exports the remaining spans.
	stopSpans func()
	// answered counts responses, as proof that the service in Go runs.
	answered prometheus.Counter
}

// New returns a service without operations. Log lines go to `out`.
func New(name string, settings config.Process, scenarios config.Scenarios, out io.Writer) *Service {
	s := &Service{
		Log:       newLogger(out, name, settings.LogLevel),
		Metrics:   newMetrics(),
		Causes:    &apierror.CauseLog{},
		name:      name,
		settings:  settings,
		scenarios: scenarios,
		shown:     map[string]func() string{},
		isKey:     sameAs(settings.InternalKey),
	}
	s.unread = newUnread(settings.UnreadLimitBytes, func() {
		s.Metrics.closed.WithLabelValues("unread_total").Inc()
	})
	s.answered = s.Metrics.Witness(config.InGo(name), "answered_in_go")
	// Before the construction of everything that may be traced.
	s.stopSpans = startSpans(s)
	s.Log.Info("Scenarios that are not at baseline", "scenarios", scenarios.Active())
	return s
}

func startSpans(s *Service) (stop func()) {
	stop, err := telemetry.Start(s.name, s.settings, s.scenarios, s.Log)
	if err != nil {
		s.Log.Warn("No spans are recorded: OTEL_EXPORTER_OTLP_ENDPOINT cannot be used", "detail", err.Error())
		return func() {}
	}
	return stop
}

// Serve registers the operations of a contract. It panics if an operation has no handler, or a handler
// no operation.
func (s *Service) Serve(document []byte, handlers Handlers, authenticate Authenticate) {
	all := Handlers{"health": s.health, "ready": s.ready}
	for id, handler := range handlers {
		all[id] = handler
	}
	s.router = newRouter(s.name, contract.Operations(document), all)
	s.authenticate = authenticate
	s.Metrics.showLimits(s.router)
}

// OnClose registers a function that is called after the last request, in reverse order.
func (s *Service) OnClose(close func()) { s.closers = append(s.closers, close) }

// Request is one request, with its parsed parts and its response.
type Request struct {
	*http.Request
	// ID is the request id in the log.
	ID string
	// UserID is the user; set on operations that need a token.
	UserID string
	// IsInternal reports whether the caller sent the internal key, so that its headers are trusted.
	IsInternal bool
	// Params, Query and Headers are the validated parameters of the contract.
	Params, Query, Headers contract.Values
	// Body is the validated body, for contract.Decode; nil where there is none.
	Body any
	// Status and Reply belong to the response; by default the success status of the contract.
	Status int
	Reply  http.Header
	Log    *slog.Logger

	operation *contract.Operation
	errorCode apierror.Code
	deadline  time.Time
}

// ServeHTTP handles a request, and logs it.
func (s *Service) ServeHTTP(w http.ResponseWriter, raw *http.Request) {
	start := time.Now()
	defer handling(raw.Context())()
	ctx, span := join(raw)
	request := &Request{Request: raw, ID: requestID(raw.Header), Reply: w.Header()}
	request.Log = s.Log.With("request_id", request.ID, "trace_id", span.SpanContext().TraceID().String())
	request.Reply.Set("X-Request-Id", request.ID)
	body := s.answer(ctx, request)
	s.write(w, request, body)
	s.observe(request, time.Since(start))
	end(span, request)
}

// answer returns the body of the response: that of the handler, or an error.
func (s *Service) answer(ctx context.Context, request *Request) any {
	body, err := s.handle(ctx, request)
	if err != nil {
		return s.refuse(request, apierror.From(err))
	}
	if !s.isDeclared(request) {
		return s.refuse(request, apierror.New(apierror.InternalError))
	}
	return body
}

// observe counts and logs a request.
func (s *Service) observe(request *Request, took time.Duration) {
	name, level := "none", slog.LevelInfo
	if request.operation != nil {
		name = request.operation.ID
	}
	if name == "health" || name == "ready" { // Polled every few seconds.
		level = slog.LevelDebug
	}
	s.answered.Inc()
	s.Metrics.observe(name, request.Status, took.Seconds())
	if !s.Log.Enabled(request.Context(), level) {
		return
	}
	fields := []any{"method", request.Method, "status", request.Status, "ms", float64(took.Microseconds()/100) / 10}
	if request.operation != nil {
		fields = append(fields, "operation", name)
	}
	if request.errorCode != "" {
		fields = append(fields, "error", request.errorCode)
	}
	request.Log.Log(request.Context(), level, "request completed", fields...)
}

// joined returns a header as Node does: repeated headers are joined.
func joined(header http.Header, name string) string {
	return strings.Join(header.Values(name), ", ")
}
