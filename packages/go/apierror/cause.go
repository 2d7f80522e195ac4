package apierror

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"regexp"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// unknownCause is the brief cause of an unknown error.
const unknownCause = "does not answer"

var briefs = []struct {
	pattern *regexp.Regexp
	brief   string
}{
	{regexp.MustCompile(`^28`), "password authentication failed"},
	{regexp.MustCompile(`^3D000$`), "database not found"},
	{regexp.MustCompile(`^53100$`), "disk full"},
	{regexp.MustCompile(`^53300$`), "too many connections"},
	{regexp.MustCompile(`^57P03$`), "starting or stopping"},
	{regexp.MustCompile(`^57P0[12]$`), "shut down"},
	{regexp.MustCompile(`^25006$`), "read-only"},
	{regexp.MustCompile(`^42501$`), "permission denied"},
	{regexp.MustCompile(`^(57014|55P03|25P0[34])$`), "timed out"},
	{regexp.MustCompile(`^08`), "connection lost"},
}

// BriefCause returns the cause of an error in two to four words, without addresses or secrets.
func BriefCause(err error) string {
	var fromPostgres *pgconn.PgError
	if errors.As(err, &fromPostgres) {
		for _, each := range briefs {
			if each.pattern.MatchString(fromPostgres.Code) {
				return each.brief
			}
		}
	}
	return briefOfNetwork(err)
}

func briefOfNetwork(err error) string {
	var lookup *net.DNSError
	switch {
	case err == nil:
		return unknownCause
	case errors.As(err, &lookup):
		return "host not found"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "host unreachable"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "too many connections"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), timedOut.MatchString(err.Error()):
		return "timed out"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed), isEnd(err):
		return "connection lost"
	}
	return unknownCause
}

var timedOut = regexp.MustCompile(`(?i)timed out|in time\b|did not answer`)

// isEnd reports whether the other side closed the connection during a message.
func isEnd(err error) bool {
	return regexp.MustCompile(`EOF|conn closed|closed network`).MatchString(err.Error())
}

// CauseLog logs expected failures. They can occur thousands of times a second, so each cause is logged
// at most once a second.
type CauseLog struct {
	mutex   sync.Mutex
	written map[string]*written
}

type written struct {
	at         time.Time
	suppressed int
}

// Maximum number of causes in memory; beyond it all are removed.
const causesMax = 100

// Write logs a failure with its cause and the number of lines suppressed since the last one.
func (c *CauseLog) Write(log *slog.Logger, err error, message string, fields ...any) {
	cause := BriefCause(err)
	suppressed, isDue := c.due(message + " " + cause)
	if !isDue {
		return
	}
	fields = append(fields, "cause", cause)
	if inner := innermost(err); inner != nil {
		fields = append(fields, "detail", inner.Error())
	}
	if suppressed > 0 {
		fields = append(fields, "suppressed", suppressed)
	}
	log.Warn(message, fields...)
}

func (c *CauseLog) due(key string) (suppressed int, isDue bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	last := c.written[key]
	if last != nil && time.Since(last.at) < time.Second {
		last.suppressed++
		return 0, false
	}
	if last != nil {
		suppressed = last.suppressed
	}
	if c.written == nil || len(c.written) >= causesMax {
		c.written = map[string]*written{}
	}
	c.written[key] = &written{at: time.Now()}
	return suppressed, true
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
