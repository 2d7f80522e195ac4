package service

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"

	"go.opentelemetry.io/otel/trace"
)

var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$`)

// joinTrace gives a request its place in a trace: it goes on with the caller's trace or begins one,
// under a span id of its own.
//
// See https://www.w3.org/TR/trace-context-1/#traceparent-header
func joinTrace(header http.Header) trace.SpanContext {
	config := trace.SpanContextConfig{TraceFlags: trace.FlagsSampled}
	if given := header.Values("Traceparent"); len(given) == 1 {
		config = traceOf(given[0], config)
	}
	if !config.TraceID.IsValid() {
		_, _ = rand.Read(config.TraceID[:])
	}
	_, _ = rand.Read(config.SpanID[:])
	return trace.NewSpanContext(config)
}

func traceOf(given string, begun trace.SpanContextConfig) trace.SpanContextConfig {
	parts := traceparent.FindStringSubmatch(given)
	if parts == nil {
		return begun
	}
	traceID, err := trace.TraceIDFromHex(parts[1])
	if err != nil { // All zeros.
		return begun
	}
	if _, err := trace.SpanIDFromHex(parts[2]); err != nil {
		return begun
	}
	var flags trace.TraceFlags
	_, _ = fmt.Sscanf(parts[3], "%02x", &flags)
	return trace.SpanContextConfig{TraceID: traceID, TraceFlags: flags}
}

// Traceparent is the header that a call of this request carries.
func Traceparent(ctx context.Context) string {
	span := trace.SpanContextFromContext(ctx)
	return fmt.Sprintf("00-%s-%s-%s", span.TraceID(), span.SpanID(), span.TraceFlags())
}
