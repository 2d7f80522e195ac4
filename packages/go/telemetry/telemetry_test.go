package telemetry_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/trace"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"flash-deal/packages/go/config"
	"flash-deal/packages/go/telemetry"
)

// receiver is a collector that stores the received spans.
type receiver struct {
	mutex   sync.Mutex
	exports []*collector.ExportTraceServiceRequest
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	var export collector.ExportTraceServiceRequest
	if request.URL.Path != "/v1/traces" || proto.Unmarshal(body, &export) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.exports = append(r.exports, &export)
}

func (r *receiver) spans() (found []*spans.Span) {
	for _, export := range r.exports {
		for _, resource := range export.GetResourceSpans() {
			for _, scope := range resource.GetScopeSpans() {
				found = append(found, scope.GetSpans()...)
			}
		}
	}
	return found
}

func start(t *testing.T, settings config.Process) (stop func()) {
	t.Helper()
	scenarios := config.Scenarios{"H4": "optimized"}
	stop, err := telemetry.Start("order", settings, scenarios, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return stop
}

func callerOf(t *testing.T, flags trace.TraceFlags) trace.SpanContext {
	t.Helper()
	traceID, err := trace.TraceIDFromHex("4bf92f3577b34da6a3ce929d0e0e4736")
	if err != nil {
		t.Fatal(err)
	}
	spanID, err := trace.SpanIDFromHex("00f067aa0ba902b7")
	if err != nil {
		t.Fatal(err)
	}
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: spanID, TraceFlags: flags})
}

// The order matters: what is switched on stays on.
func TestItIsOffUnlessACollectorIsNamed(t *testing.T) {
	collector := httptest.NewServer(&receiver{})
	defer collector.Close()
	for _, settings := range []config.Process{
		{Telemetry: "auto"},
		{Telemetry: "off", Collector: collector.URL},
	} {
		start(t, settings)()
		if telemetry.IsOn() {
			t.Errorf("it is on with %+v", settings)
		}
	}
}

func TestSpansReachTheCollectorBelowTheirCallersAndWithoutMessages(t *testing.T) {
	received := &receiver{}
	server := httptest.NewServer(received)
	defer server.Close()
	stop := start(t, config.Process{Telemetry: "auto", Collector: server.URL, SampledShare: 1})

	for _, flags := range []trace.TraceFlags{0, trace.FlagsSampled} {
		ctx, request := telemetry.StartServer(t.Context(), callerOf(t, flags))
		_, call := telemetry.StartClient(ctx, "order_store")
		telemetry.End(call, errors.New("the password of Ada is secret"))
		request.End()
	}
	_, background := telemetry.StartClient(t.Context(), "outbox_take")
	background.End()
	stop()

	found := received.spans()
	if len(found) != 2 {
		t.Fatalf("got %d spans, want those of the sampled request", len(found))
	}
	call, request := found[0], found[1]
	if string(call.GetParentSpanId()) != string(request.GetSpanId()) || call.GetName() != "order_store" {
		t.Errorf("%s is not below the request", call.GetName())
	}
	if caller := callerOf(t, 0).SpanID(); string(request.GetParentSpanId()) != string(caller[:]) {
		t.Error("the request is not below its caller")
	}
	exported := received.exports[0].String()
	if strings.Contains(exported, "secret") || !strings.Contains(exported, "order-service") ||
		!strings.Contains(exported, "flash_deal.scenario.h4") {
		t.Errorf("exported %s", exported)
	}
}
