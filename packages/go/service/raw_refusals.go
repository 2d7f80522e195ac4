package service

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"flash-deal/packages/go/apierror"
)

// The start of an error response of net/http, which writes it in one piece without a handler.
var (
	ownText     = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")
	expectation = []byte("HTTP/1.1 417 ")
)

// refusalFor returns the envelope for an error response of net/http; nil for any other.
func refusalFor(response []byte) []byte {
	if bytes.HasPrefix(response, expectation) && bytes.Contains(response, []byte("Content-Length: 0")) {
		return rawRefusal(apierror.New(apierror.ExpectationFailed), NewID())
	}
	head, reason, isOwn := bytes.Cut(response, ownText)
	if !isOwn || bytes.ContainsAny(head, "\r\n") {
		return nil
	}
	switch {
	case bytes.Contains(reason, []byte("Host header")):
		return rawRefusal(apierror.New(apierror.MalformedBody).WithMessage(wrongHost), NewID())
	case bytes.HasPrefix(reason, []byte("431 ")):
		return rawRefusal(apierror.New(apierror.HeadersTooLarge), "")
	}
	return rawRefusal(apierror.New(apierror.MalformedBody).WithMessage(notHTTP), "")
}

// rawRefusal returns a complete response. The id is empty if there was no request.
func rawRefusal(err *apierror.Error, requestID string) []byte {
	body, failure := json.Marshal(err.Envelope(requestID))
	if failure != nil {
		panic(failure) // An envelope can always be serialized.
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n", err.Status(), http.StatusText(err.Status()), jsonType)
	if requestID != "" {
		fmt.Fprintf(&out, "X-Request-Id: %s\r\n", requestID)
	}
	fmt.Fprintf(&out, "Content-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
	return out.Bytes()
}
