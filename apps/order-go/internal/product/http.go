package product

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"flash-deal/apps/order-go/internal/order"
	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/service"
	"flash-deal/packages/go/telemetry"
)

// The operations of product's contract.
const (
	createReservations  = "/internal/reservations"
	confirmReservations = "/internal/reservations/confirm"
	releaseReservation  = "/internal/reservations/%s/release"
)

// responseBytesMax is the maximum size of a response: 100 results of ten lines, all of whose
// characters are escaped, take 1.4 MB.
const responseBytesMax = 2 << 20

// pingMax is the timeout of a ping.
const pingMax = time.Second

// HTTPOptions are the options of HTTP calls.
type HTTPOptions struct {
	// URLs are called in rotation.
	URLs        []string
	InternalKey string
	// KeepAlive is false for a new connection for each call.
	KeepAlive bool
}

// httpCalls makes calls over HTTP/1.1 with JSON. A request that was sent is not retried.
type httpCalls struct {
	options  HTTPOptions
	http     http.Client
	among    *amongInstances
	next     atomic.Uint64
	reserves *service.Bulkhead
	releases *service.Bulkhead
	confirms *service.Bulkhead
}

func newHTTPCalls(options HTTPOptions) *httpCalls {
	among := newAmongInstances(roundTripper(options.KeepAlive), options.URLs, checkEvery)
	return &httpCalls{
		options:  options,
		http:     http.Client{Transport: among, CheckRedirect: notFollowed},
		among:    among,
		reserves: newBulkhead(),
		releases: newBulkhead(),
		confirms: newBulkhead(),
	}
}

// notFollowed returns the redirect as the response: a repetition elsewhere would send the internal key.
func notFollowed(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// roundTripper has a connection for each place of the bulkheads and one for the ping, so that no call
// waits outside the bulkheads. It uses no proxy.
func roundTripper(keepAlive bool) *http.Transport {
	const connections = 3*callsAtATime + 1
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: time.Second}).DialContext,
		DisableKeepAlives:   !keepAlive,
		DisableCompression:  true,
		MaxConnsPerHost:     connections,
		MaxIdleConns:        connections,
		MaxIdleConnsPerHost: connections,
		// Shorter than product's keep-alive, so that no connection is used while product closes it.
		IdleConnTimeout: 30 * time.Second,
	}
}

func (c *httpCalls) createReservations(ctx context.Context, reservations []Reservation) ([]Result, error) {
	body := struct {
		Reservations []Reservation `json:"reservations"`
	}{reservations}
	var answer struct {
		Results []Result `json:"results"`
	}
	if err := c.call(ctx, c.reserves, createReservations, body, &answer); err != nil {
		return nil, err
	}
	for _, each := range answer.Results {
		if err := each.check(); err != nil {
			return nil, cannotAnswer(err, outcomeUnknown)
		}
	}
	return answer.Results, nil
}

func (c *httpCalls) release(ctx context.Context, orderID uuid.UUID) error {
	var answer struct{ State string }
	if err := c.call(ctx, c.releases, fmt.Sprintf(releaseReservation, orderID), nil, &answer); err != nil {
		return err
	}
	if answer.State != "released" {
		return cannotAnswer(errOtherShape, outcomeUnknown)
	}
	return nil
}

func (c *httpCalls) confirm(ctx context.Context, orderIDs []uuid.UUID) error {
	body := struct {
		OrderIDs []uuid.UUID `json:"order_ids"`
	}{orderIDs}
	var answer struct{ Results []json.RawMessage }
	if err := c.call(ctx, c.confirms, confirmReservations, body, &answer); err != nil {
		return err
	}
	if len(answer.Results) != len(orderIDs) {
		return cannotAnswer(errOtherShape, outcomeUnknown)
	}
	return nil
}

func (c *httpCalls) call(ctx context.Context, places *service.Bulkhead, path string, body, answer any) (err error) {
	leave, err := enter(ctx, places)
	if err != nil {
		return err
	}
	defer leave()
	ctx, span := telemetry.StartClient(ctx, "POST "+templateOf(path))
	defer func() { telemetry.End(span, err) }()
	request, err := c.request(ctx, path, body)
	if err != nil {
		return err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return failed(ctx, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, responseBytesMax))
	if err != nil {
		return failed(ctx, err)
	}
	if response.StatusCode != http.StatusOK {
		return cannotAnswer(fmt.Errorf("%s returned %d", path, response.StatusCode), outcomeUnknown)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return cannotAnswer(errors.Join(errOtherShape, err), outcomeUnknown)
	}
	return nil
}

// templateOf returns the path template of the contract.
func templateOf(path string) string {
	if strings.HasSuffix(path, "/release") {
		return fmt.Sprintf(releaseReservation, "{order_id}")
	}
	return path
}

func (c *httpCalls) request(ctx context.Context, path string, body any) (*http.Request, error) {
	left := remaining(ctx).Milliseconds()
	if left < 1 {
		return nil, apierror.Rejected(apierror.DeadlineExceeded, nil)
	}
	var text []byte
	if body != nil {
		text = order.Text(body)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.origin()+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	for name, value := range traceOf(ctx) {
		request.Header.Set(name, value)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("X-Internal-Key", c.options.InternalKey)
	request.Header.Set("X-Deadline-Ms", strconv.FormatInt(left, 10))
	return request, nil
}

func (c *httpCalls) origin() string {
	urls := c.options.URLs
	return urls[c.next.Add(1)%uint64(len(urls))]
}

// ping returns nil if any of the addresses responds.
func (c *httpCalls) ping(ctx context.Context) error {
	return anyOf(c.options.URLs, func(url string) error { return c.pingAt(ctx, url) })
}

func (c *httpCalls) pingAt(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, pingMax)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/health", nil)
	if err != nil {
		return err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, responseBytesMax)); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("product returned %d", response.StatusCode)
	}
	return nil
}

// anyOf returns nil as soon as one of the calls succeeds, otherwise all errors.
func anyOf[Address any](addresses []Address, call func(Address) error) error {
	results := make(chan error, len(addresses))
	for _, address := range addresses {
		go func() { results <- call(address) }()
	}
	var all []error
	for range addresses {
		err := <-results
		if err == nil {
			return nil
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

func (c *httpCalls) close() {
	c.among.close()
	c.http.CloseIdleConnections()
}
