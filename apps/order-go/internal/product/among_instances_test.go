package product

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// instance is a product that counts its calls.
type instance struct {
	*httptest.Server
	calls   atomic.Int32
	closes  atomic.Bool
	ready   atomic.Bool
	checked atomic.Int32
	body    atomic.Value
}

func newInstance(t *testing.T) *instance {
	i := &instance{}
	i.ready.Store(true)
	i.Server = httptest.NewServer(http.HandlerFunc(i.serve))
	t.Cleanup(i.Close)
	return i
}

func (i *instance) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/health/ready" {
		i.checked.Add(1)
		if !i.ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return
	}
	i.calls.Add(1)
	body, _ := io.ReadAll(r.Body)
	i.body.Store(string(body))
	if i.closes.Load() {
		w.Header().Set("Connection", "close")
	}
}

const testEvery = 5 * time.Millisecond

func clientOf(t *testing.T, keepAlive bool, instances ...*instance) http.Client {
	var urls []string
	for _, each := range instances {
		urls = append(urls, each.URL)
	}
	among := newAmongInstances(roundTripper(keepAlive), urls, testEvery)
	t.Cleanup(among.close)
	return http.Client{Transport: among}
}

func post(t *testing.T, client http.Client, to *instance) {
	t.Helper()
	response, err := client.Post(to.URL, "text/plain", strings.NewReader("once"))
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
}

func expectCalls(t *testing.T, expected []int32, instances ...*instance) {
	t.Helper()
	var calls []int32
	for _, each := range instances {
		calls = append(calls, each.calls.Load())
	}
	if !slices.Equal(calls, expected) {
		t.Errorf("calls are %v, expected %v", calls, expected)
	}
}

func TestARequestWhoseConnectionIsRefusedIsSentToAnotherInstance(t *testing.T) {
	gone, there := newInstance(t), newInstance(t)
	gone.Close()
	client := clientOf(t, true, gone, there)
	post(t, client, gone)
	post(t, client, gone)
	expectCalls(t, []int32{0, 2}, gone, there)
	if there.body.Load() != "once" {
		t.Errorf("the body is %q", there.body.Load())
	}
}

func TestAnInstanceThatClosesItsConnectionsIsSkippedUntilItIsReady(t *testing.T) {
	leaving, there := newInstance(t), newInstance(t)
	leaving.closes.Store(true)
	leaving.ready.Store(false)
	client := clientOf(t, true, leaving, there)
	for range 3 {
		post(t, client, leaving)
	}
	expectCalls(t, []int32{1, 2}, leaving, there)
	for leaving.checked.Load() < 3 {
		time.Sleep(testEvery)
	}
	post(t, client, leaving)
	expectCalls(t, []int32{1, 3}, leaving, there)
	leaving.closes.Store(false)
	leaving.ready.Store(true)
	for leaving.calls.Load() == 1 {
		post(t, client, leaving)
	}
}

func TestACallerThatClosesItsConnectionsSkipsNoInstance(t *testing.T) {
	one, two := newInstance(t), newInstance(t)
	one.closes.Store(true)
	client := clientOf(t, false, one, two)
	for range 2 {
		post(t, client, one)
	}
	expectCalls(t, []int32{2, 0}, one, two)
}

func TestTheOthersShareTheRequestsOfOneThatIsSkipped(t *testing.T) {
	gone, one, two := newInstance(t), newInstance(t), newInstance(t)
	gone.Close()
	client := clientOf(t, true, gone, one, two)
	for range 6 {
		post(t, client, gone)
	}
	expectCalls(t, []int32{3, 3}, one, two)
}

func TestAnInstanceThatIsBackIsUsedAgainAlsoWithoutKeepAlive(t *testing.T) {
	for _, keepAlive := range []bool{true, false} {
		back, there := newInstance(t), newInstance(t)
		address := back.Listener.Addr().String()
		back.Close()
		client := clientOf(t, keepAlive, back, there)
		post(t, client, back)
		expectCalls(t, []int32{0, 1}, back, there)

		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		back.Server = httptest.NewUnstartedServer(http.HandlerFunc(back.serve))
		_ = back.Listener.Close()
		back.Listener = listener
		back.Start()
		t.Cleanup(back.Close)
		for deadline := time.Now().Add(5 * time.Second); back.calls.Load() == 0; {
			if time.Now().After(deadline) {
				t.Fatalf("it is not used again with keep-alive %v", keepAlive)
			}
			post(t, client, back)
			time.Sleep(testEvery)
		}
	}
}

func TestARequestThatWasSentIsNotRepeated(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Read(make([]byte, 1))
			_ = connection.Close()
		}
	}()
	there := newInstance(t)
	url := "http://" + listener.Addr().String()
	among := newAmongInstances(roundTripper(true), []string{url, there.URL}, testEvery)
	t.Cleanup(among.close)
	client := http.Client{Transport: among}
	if _, err := client.Post(url, "text/plain", strings.NewReader("once")); err == nil {
		t.Error("the broken call succeeded")
	}
	expectCalls(t, []int32{0}, there)
}

func TestWithoutAnotherInstanceTheErrorIsReturned(t *testing.T) {
	one, two := newInstance(t), newInstance(t)
	one.Close()
	two.Close()
	client := clientOf(t, true, one, two)
	if _, err := client.Post(one.URL, "text/plain", strings.NewReader("once")); err == nil {
		t.Error("the call succeeded")
	}
}
