package service

import (
	"net"
	"sync"
	"time"
)

// limited closes connections beyond the total limit or the limit per address, and those whose
// client reads nothing.
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

// enter returns why a connection is refused; empty where it is not.
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
}

// Write disconnects a client that reads nothing of its response for too long.
func (c *conn) Write(text []byte) (int, error) {
	timeout := time.Duration(c.service.settings.ClientWriteTimeoutMs) * time.Millisecond
	if err := c.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(text)
}

func (c *conn) Close() error {
	c.leave()
	return c.Conn.Close()
}
