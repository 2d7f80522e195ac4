package product

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

func callsOf(t *testing.T, handler http.HandlerFunc) *httpCalls {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	calls := newHTTPCalls(HTTPOptions{URLs: []string{server.URL}, KeepAlive: true})
	t.Cleanup(calls.close)
	return calls
}

func TestTheLongestResponseOfProductIsRead(t *testing.T) {
	// 100 orders of ten lines; each name has 200 characters, all escaped.
	line := fmt.Sprintf(`{"product_id":%q,"deal_id":null,"quantity":1,"product_name":"%s","unit_price":1}`,
		uuid.New(), strings.Repeat(`\u0001`, 200))
	result := fmt.Sprintf(`{"order_id":%q,"outcome":"granted","lines":[%s]}`,
		uuid.New(), strings.Join(slices.Repeat([]string{line}, 10), ","))
	text := `{"results":[` + strings.Join(slices.Repeat([]string{result}, 100), ",") + `]}`
	calls := callsOf(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
	results, err := calls.createReservations(withTime(t, 5*time.Second), []Reservation{reservationOf(uuid.New())})
	if err != nil || len(results) != 100 {
		t.Errorf("%d results of %d bytes: %v", len(results), len(text), err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	var requests atomic.Int32
	calls := callsOf(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	if err := calls.release(withTime(t, 5*time.Second), uuid.New()); err == nil {
		t.Error("the redirect was taken for a release")
	}
	if requests.Load() != 1 {
		t.Errorf("%d requests were sent", requests.Load())
	}
}
