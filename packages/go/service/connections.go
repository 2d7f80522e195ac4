package service

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"flash-deal/packages/go/apierror"
)

// limited closes connections beyond the total limit or the limit per address, and those of clients
// that read nothing.
func (s *Service) limited(listener net.Listener) net.Listener {
	return &limitedListener{Listener: listener, service: s, open: map[string]int{}}
}

type limitedListener struct {
	net.Listener
	service *Service

	mutex sync.Mutex
	open  map[string]int
	total int
}

func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		address := hostOf(accepted.RemoteAddr())
		if reason := l.enter(address); reason != "" {
			l.service.Metrics.closed.WithLabelValues(reason).Inc()
			_ = accepted.Close()
			continue
		}
		return &conn{Conn: accepted, service: l.service, leave: sync.OnceFunc(func() { l.leave(address) })}, nil
	}
}

func hostOf(address net.Addr) string {
	host, _, _ := net.SplitHostPort(address.String())
	return host
}

// enter returns why a connection is rejected; empty if it is accepted.
func (l *limitedListener) enter(address string) string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	switch settings := l.service.settings; {
	case l.total >= settings.ConnectionsMax:
		return "total"
	case l.open[address] >= settings.ConnectionsPerAddress:
		return "address"
	}
	l.total++
	l.open[address]++
	return ""
}

func (l *limitedListener) leave(address string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.total--
	if l.open[address]--; l.open[address] == 0 {
		delete(l.open, address)
	}
}

// conn is a client's connection.
type conn struct {
	net.Conn
	service *Service
	leave   func()
	// hasBegun is true from the first byte of a request until its response.
	hasBegun atomic.Bool
	// isHandled is true while a handler has the request and responds to errors.
	isHandled atomic.Bool
	// isRefused is true after a timeout response: nothing else is sent.
	isRefused atomic.Bool
}

type connKey struct{}

// withConn lets a handler mark that it has a request of this connection.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// handling marks the connection of a request, until the returned function is called.
func handling(ctx context.Context) (done func()) {
	c, ok := ctx.Value(connKey{}).(*conn)
	if !ok { // A test without a connection.
		return func() {}
	}
	c.isHandled.Store(true)
	return func() { c.isHandled.Store(false) }
}

// Read responds to a client whose head does not arrive in time; net/http would close without a response.
func (c *conn) Read(text []byte) (int, error) {
	count, err := c.Conn.Read(text)
	if count > 0 {
		c.hasBegun.Store(true)
	}
	isLate := errors.Is(err, os.ErrDeadlineExceeded) && c.hasBegun.Load() && !c.isHandled.Load()
	if isLate && !c.isRefused.Swap(true) {
		_, _ = c.write(rawRefusal(apierror.New(apierror.RequestTimeout), ""))
	}
	return count, err
}

// Write disconnects a client that does not read its response for too long. It replaces error responses
// of net/http by the envelope of the contracts.
func (c *conn) Write(text []byte) (int, error) {
	c.hasBegun.Store(false)
	if c.isRefused.Load() {
		return len(text), nil
	}
	if refusal := refusalFor(text); refusal != nil {
		_, err := c.write(refusal)
		return len(text), err
	}
	return c.write(text)
}

func (c *conn) write(text []byte) (int, error) {
	timeout := time.Duration(c.service.settings.ClientWriteTimeoutMs) * time.Millisecond
	if err := c.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
		return 0, err
	}
	defer c.service.unread.begin(len(text), func() { _ = c.Conn.Close() })()
	count, err := c.Conn.Write(text)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.service.Metrics.closed.WithLabelValues("unread").Inc()
	}
	return count, err
}

func (c *conn) Close() error {
	c.leave()
	return c.Conn.Close()
}
