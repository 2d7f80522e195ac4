package service

import (
	"io"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"flash-deal/packages/go/config"
)

func TestBeyondTheLimitTheOldestWritesAreClosedFirst(t *testing.T) {
	var closed []string
	writes := newUnread(100, func() {})
	begin := func(name string, size int) func() {
		return writes.begin(size, func() { closed = append(closed, name) })
	}
	begin("a", 40)
	endB := begin("b", 40)
	begin("c", 40)
	if !slices.Equal(closed, []string{"a"}) {
		t.Fatalf("closed %v, want a", closed)
	}
	endB()
	endB()
	begin("d", 60)
	if !slices.Equal(closed, []string{"a"}) {
		t.Fatalf("closed %v, although b has ended", closed)
	}
	begin("e", 30)
	if !slices.Equal(closed, []string{"a", "c"}) {
		t.Fatalf("closed %v, want a and c", closed)
	}
	if writes.total != 90 || writes.writes.Len() != 2 {
		t.Errorf("%d bytes in %d writes are left", writes.total, writes.writes.Len())
	}
}

func TestAClientThatReadsNothingIsDisconnectedForOthers(t *testing.T) {
	settings := config.Process{UnreadLimitBytes: 100, ClientWriteTimeoutMs: 60_000, LogLevel: "error"}
	app := New("order", settings, config.Scenarios{}, io.Discard)
	var closed atomic.Int32
	app.unread = newUnread(settings.UnreadLimitBytes, func() { closed.Add(1) })
	one, other := pipeOf(t, app), pipeOf(t, app)
	failed := make(chan error, 1)
	go func() {
		_, err := one.server.Write(make([]byte, 80))
		failed <- err
	}()
	waitUntil(t, func() bool { return app.unread.pending() == 1 })
	go func() { _, _ = other.server.Write(make([]byte, 80)) }()
	if err := <-failed; err == nil {
		t.Error("the write to the slow client succeeded")
	}
	if count, err := io.ReadFull(other.client, make([]byte, 80)); err != nil {
		t.Errorf("the other client has read %d bytes: %v", count, err)
	}
	if closed.Load() != 1 {
		t.Errorf("%d connections were counted, want 1", closed.Load())
	}
}

type pipe struct {
	server *conn
	client net.Conn
}

func pipeOf(t *testing.T, app *Service) pipe {
	server, client := net.Pipe()
	t.Cleanup(func() { _ = client.Close() })
	return pipe{&conn{Conn: server, service: app, leave: func() {}}, client}
}

func (u *unread) pending() int {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	return u.writes.Len()
}

func waitUntil(t *testing.T, isSo func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !isSo(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not become so within ten seconds")
		}
	}
}
