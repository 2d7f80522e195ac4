package service

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"flash-deal/packages/go/telemetry"
)

var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$`)

// joinTrace continues the caller's trace, or starts a new one, with a new span id.
//
// See https://www.w3.org/TR/trace-context-1/#traceparent-header
func joinTrace(header http.Header) trace.SpanContext {
	config := trace.SpanContextConfig{TraceFlags: trace.FlagsSampled}
	if caller := callerOf(header); caller.IsValid() {
		config = trace.SpanContextConfig{TraceID: caller.TraceID(), TraceFlags: caller.TraceFlags()}
	} else {
		_, _ = rand.Read(config.TraceID[:])
	}
	_, _ = rand.Read(config.SpanID[:])
	return trace.NewSpanContext(config)
}

// callerOf returns the span in the header; invalid if there is none.
func callerOf(header http.Header) trace.SpanContext {
	given := header.Values("Traceparent")
	if len(given) != 1 {
		return trace.SpanContext{}
	}
	return spanOf(given[0])
}

// spanOf returns the span that a traceparent names; invalid if it is not one.
func spanOf(text string) trace.SpanContext {
	parts := traceparent.FindStringSubmatch(text)
	if parts == nil {
		return trace.SpanContext{}
	}
	// They are valid hexadecimal; ids of zeros only are invalid.
	traceID, _ := trace.TraceIDFromHex(parts[1])
	spanID, _ := trace.SpanIDFromHex(parts[2])
	var flags trace.TraceFlags
	_, _ = fmt.Sscanf(parts[3], "%02x", &flags)
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: spanID, TraceFlags: flags})
}

// join is joinTrace with a span, if spans are recorded. Polled paths have none.
func join(request *http.Request) (context.Context, trace.Span) {
	if telemetry.IsOn() && !strings.HasPrefix(request.URL.Path, "/health") {
		return telemetry.StartServer(request.Context(), callerOf(request.Header))
	}
	ctx := trace.ContextWithSpanContext(request.Context(), joinTrace(request.Header))
	return ctx, trace.SpanFromContext(ctx)
}

// end sets the attributes of the finished request, and ends its span.
func end(span trace.Span, request *Request) {
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(
		attribute.String("http.request.method", request.Method),
		attribute.Int("http.response.status_code", request.Status),
		attribute.String("flash_deal.request_id", request.ID),
	)
	span.SetName(request.Method)
	if request.operation != nil {
		span.SetName(request.Method + " " + request.operation.Path)
		span.SetAttributes(
			attribute.String("http.route", request.operation.Path),
			attribute.String("flash_deal.operation", request.operation.ID))
	}
	if request.Status >= http.StatusInternalServerError {
		telemetry.Fail(span, cmp.Or(string(request.errorCode), strconv.Itoa(request.Status)))
	}
	span.End()
}

// Traceparent returns the header for calls of this request.
func Traceparent(ctx context.Context) string {
	span := trace.SpanContextFromContext(ctx)
	return fmt.Sprintf("00-%s-%s-%s", span.TraceID(), span.SpanID(), span.TraceFlags())
}

// StoredTraceparent is Traceparent for an event that is delivered later; nil if no span is recorded.
func StoredTraceparent(ctx context.Context) *string {
	if !telemetry.IsOn() || !trace.SpanContextFromContext(ctx).IsSampled() {
		return nil
	}
	text := Traceparent(ctx)
	return &text
}

// StartDelivery starts the span of the delivery of events, in the traces of those that stored them.
func StartDelivery(ctx context.Context, stored []*string) (context.Context, trace.Span) {
	callers := make([]trace.SpanContext, len(stored))
	for i, each := range stored {
		if each != nil {
			callers[i] = spanOf(*each)
		}
	}
	size := attribute.Int("flash_deal.batch.size", len(stored))
	return telemetry.StartShared(ctx, "deliver outbox", callers, size)
}
