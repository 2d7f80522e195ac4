package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"flash-deal/packages/go/apierror"
)

// CodeOf returns the code of a PostgreSQL error; empty for other errors.
//
// See https://www.postgresql.org/docs/18/errcodes-appendix.html
func CodeOf(err error) string {
	var known *pgconn.PgError
	if errors.As(err, &known) {
		return known.Code
	}
	return ""
}

// IsUniqueViolation reports whether a row was rejected because its key exists.
func IsUniqueViolation(err error) bool { return CodeOf(err) == "23505" }

// IsRolledBack reports whether PostgreSQL rolled back to resolve a conflict, so that a repetition may
// succeed.
func IsRolledBack(err error) bool {
	code := CodeOf(err)
	return code == "40001" || code == "40P01"
}

// unavailable has the error classes of a server that is shutting down, out of resources or too slow.
var unavailable = regexp.MustCompile(`^(08|53|57|58|55P03|25P03|25P04|40)`)

// convert converts errors of PostgreSQL to errors for the client. Values that no contract can describe
// (class 22) are client errors. Other errors are unchanged and become INTERNAL_ERROR.
func convert(ctx context.Context, err error) error {
	var known *apierror.Error
	code := CodeOf(err)
	switch {
	case err == nil, errors.Is(err, pgx.ErrNoRows), errors.As(err, &known):
		return err
	case isLate(ctx):
		return apierror.Because(lateCode(ctx), err)
	case unavailable.MatchString(code), isLost(err):
		return apierror.Because(apierror.ServiceUnavailable, err)
	case strings.HasPrefix(code, "22"):
		return apierror.Because(apierror.ValidationError, err)
	}
	return err
}

// isLost reports whether a connection could not be opened or was lost.
func isLost(err error) bool {
	var fromNetwork net.Error
	var notConnected *pgconn.ConnectError
	return errors.As(err, &fromNetwork) || errors.As(err, &notConnected) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "conn closed")
}

// timeLimit is the time limit of a statement: the timeout of the pool or the deadline of the caller,
// whichever is sooner.
type timeLimit struct {
	ctx    context.Context
	cancel context.CancelFunc
}

var errPoolTimeout = errors.New("PostgreSQL did not answer in time")

func limitOf(ctx context.Context, timeout time.Duration) timeLimit {
	deadline, hasDeadline := ctx.Deadline()
	if hasDeadline && time.Until(deadline) <= timeout {
		return timeLimit{ctx, func() {}}
	}
	limited, cancel := context.WithTimeoutCause(ctx, timeout, errPoolTimeout)
	return timeLimit{limited, cancel}
}

func isLate(ctx context.Context) bool { return ctx.Err() != nil }

func lateCode(ctx context.Context) apierror.Code {
	if errors.Is(context.Cause(ctx), errPoolTimeout) {
		return apierror.ServiceUnavailable
	}
	return apierror.DeadlineExceeded
}

// withoutTLS disables TLS unless the address requests it, as in the services in Node.
func withoutTLS(address string) string {
	if strings.Contains(address, "sslmode=") {
		return address
	}
	if strings.Contains(address, "?") {
		return address + "&sslmode=disable"
	}
	return address + "?sslmode=disable"
}
