package service

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"unicode/utf8"

	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/jsonvalue"
)

var isJSON = regexp.MustCompile(`(?i)^\s*application/json\s*(;|$)`)

// readBody reads a JSON body in UTF-8. An empty body counts as absent, whatever its type. An error
// closes the connection, because the rest of the body would be read as a request.
func (s *Service) readBody(request *Request) (value any, isPresent bool, err error) {
	defer func() {
		if err != nil {
			request.Reply.Set("Connection", "close")
		}
	}()
	if request.Method == "GET" || request.Method == "HEAD" {
		return nil, false, nil
	}
	if !isJSON.MatchString(request.Header.Get("Content-Type")) {
		return nil, false, refuseAny(request)
	}
	limit := int64(s.settings.BodyLimitBytes)
	if request.ContentLength > limit {
		return nil, false, apierror.New(apierror.PayloadTooLarge)
	}
	text, err := io.ReadAll(io.LimitReader(request.Request.Body, limit+1))
	switch {
	case err != nil:
		return nil, false, readError(err)
	case int64(len(text)) > limit:
		return nil, false, apierror.New(apierror.PayloadTooLarge)
	case len(text) == 0:
		return nil, false, nil
	case !utf8.Valid(text):
		return nil, false, apierror.New(apierror.MalformedBody)
	}
	value, err = jsonvalue.Parse(bytes.TrimPrefix(text, []byte("\uFEFF")))
	if err != nil {
		return nil, false, apierror.Because(apierror.MalformedBody, err)
	}
	return value, true, nil
}

// refuseAny rejects a body of another type on its first byte.
func refuseAny(request *Request) error {
	if request.ContentLength > 0 {
		return apierror.New(apierror.UnsupportedMediaType)
	}
	var first [1]byte
	count, err := request.Request.Body.Read(first[:])
	switch {
	case count > 0:
		return apierror.New(apierror.UnsupportedMediaType)
	case errors.Is(err, io.EOF):
		return nil
	}
	return readError(err)
}

func readError(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return apierror.Because(apierror.RequestTimeout, err)
	}
	return apierror.Because(apierror.MalformedBody, err).WithMessage(notHTTP)
}

const notHTTP = "The request is not valid HTTP."
