package postgres

import (
	"context"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"flash-deal/packages/go/telemetry"
)

// statementSpans is a pgx.QueryTracer: a span for each statement, with its name and never its values.
type statementSpans struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (statementSpans) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	name := nameOf(data.SQL)
	ctx, span := telemetry.StartClient(ctx, name,
		attribute.String("db.system.name", "postgresql"), attribute.String("db.query.summary", name))
	return context.WithValue(ctx, spanKey{}, span)
}

// TraceQueryEnd implements pgx.QueryTracer.
func (statementSpans) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	span, isSpan := ctx.Value(spanKey{}).(trace.Span)
	if !isSpan {
		return
	}
	span.SetAttributes(attribute.Int64("flash_deal.db.affected_rows", data.CommandTag.RowsAffected()))
	telemetry.End(span, data.Err)
}

type spanKey struct{}

// annotation is the first line of a statement of db/*/queries.
var annotation = regexp.MustCompile(`^-- name: (\w+) `)

var upper = regexp.MustCompile(`\B[A-Z]`)

// nameOf returns the file name of a statement, such as order_store; the first word of other statements,
// such as begin.
func nameOf(sql string) string {
	if parts := annotation.FindStringSubmatch(sql); parts != nil {
		return strings.ToLower(upper.ReplaceAllString(parts[1], "_$0"))
	}
	word, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
	return strings.ToLower(strings.Trim(word, ";"))
}
