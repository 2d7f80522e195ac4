package product

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// checkEvery is the interval at which the readiness of a skipped instance is checked.
const checkEvery = time.Second

// checkTimeout is the timeout of such a check.
const checkTimeout = 2500 * time.Millisecond

// amongInstances sends requests to other instances of product while one is stopping or has stopped. An
// instance that responds with `Connection: close`, as a stopping one does, or that refuses a connection,
// is skipped until GET /health/ready succeeds there. A request whose connection was refused is sent to
// another instance, whatever its method, because nothing of it was sent.
type amongInstances struct {
	next *http.Transport
	// hosts are the addresses of the instances, `host:port`.
	hosts []string
	// ready has the URL of the readiness check of each host.
	ready map[string]string
	every time.Duration

	closed context.Context
	close  context.CancelFunc

	mutex   sync.Mutex
	skipped map[string]bool
	turn    int
}

func newAmongInstances(next *http.Transport, urls []string, every time.Duration) *amongInstances {
	a := &amongInstances{next: next, every: every, ready: map[string]string{}, skipped: map[string]bool{}}
	a.closed, a.close = context.WithCancel(context.Background())
	for _, each := range urls {
		// The calls of an address that is no URL fail by themselves.
		if parsed, err := url.Parse(each); err == nil {
			a.hosts = append(a.hosts, parsed.Host)
			a.ready[parsed.Host] = parsed.JoinPath("/health/ready").String()
		}
	}
	return a
}

// RoundTrip implements http.RoundTripper. The request goes to at most one instance.
func (a *amongInstances) RoundTrip(request *http.Request) (*http.Response, error) {
	if len(a.hosts) < 2 {
		return a.next.RoundTrip(request)
	}
	host := a.choose(request.URL.Host)
	tried := map[string]bool{}
	for {
		tried[host] = true
		attempt, err := to(request, host)
		if err != nil {
			return nil, err
		}
		response, err := a.next.RoundTrip(attempt)
		if err == nil {
			// If the caller closes its connections itself, the header has no meaning.
			if response.Close && !a.next.DisableKeepAlives {
				a.skip(host)
			}
			return response, nil
		}
		if !isRefused(err) {
			return nil, err
		}
		a.skip(host)
		if host = a.another(tried); host == "" {
			return nil, err
		}
	}
}

// to returns the request for another host, with its body from the beginning.
func to(request *http.Request, host string) (*http.Request, error) {
	attempt := request.Clone(request.Context())
	attempt.URL.Host, attempt.Host = host, host
	if request.GetBody == nil {
		return attempt, nil
	}
	body, err := request.GetBody()
	attempt.Body = body
	return attempt, err
}

// isRefused reports whether the instance does not accept connections or cannot be found. A failure of
// this process, such as too many open files, is neither.
func isRefused(err error) bool {
	var operation *net.OpError
	if !errors.As(err, &operation) || operation.Op != "dial" {
		return false
	}
	var lookup *net.DNSError
	return errors.Is(err, syscall.ECONNREFUSED) || errors.As(err, &lookup) || operation.Timeout()
}

// choose returns the requested instance; if it is skipped, another one in rotation that is not.
func (a *amongInstances) choose(wanted string) string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if !a.skipped[wanted] {
		return wanted
	}
	if host := a.inTurn(func(host string) bool { return !a.skipped[host] }); host != "" {
		return host
	}
	return wanted
}

// another returns an instance that was not tried yet, preferably one that is not skipped; "" if there
// is none.
func (a *amongInstances) another(tried map[string]bool) string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if host := a.inTurn(func(host string) bool { return !tried[host] && !a.skipped[host] }); host != "" {
		return host
	}
	return a.inTurn(func(host string) bool { return !tried[host] })
}

func (a *amongInstances) inTurn(isGood func(host string) bool) string {
	var good []string
	for _, host := range a.hosts {
		if isGood(host) {
			good = append(good, host)
		}
	}
	if len(good) == 0 {
		return ""
	}
	a.turn++
	return good[a.turn%len(good)]
}

func (a *amongInstances) skip(host string) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.skipped[host] {
		return
	}
	a.skipped[host] = true
	go a.untilReady(host)
}

func (a *amongInstances) untilReady(host string) {
	ticker := time.NewTicker(a.every)
	defer ticker.Stop()
	for {
		select {
		case <-a.closed.Done():
			return
		case <-ticker.C:
			if a.isReady(host) {
				a.mutex.Lock()
				delete(a.skipped, host)
				a.mutex.Unlock()
				return
			}
		}
	}
}

func (a *amongInstances) isReady(host string) bool {
	ctx, cancel := context.WithTimeout(a.closed, checkTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.ready[host], nil)
	if err != nil {
		return false
	}
	response, err := a.next.RoundTrip(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	// A stopping instance is not ready. Its header would have no meaning if the caller closes its
	// connections itself.
	return response.StatusCode == http.StatusOK
}
