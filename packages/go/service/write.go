package service

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strconv"

	"flash-deal/packages/go/apierror"
)

const jsonType = "application/json; charset=utf-8"

// refuse logs an error at the level of its status, and returns its envelope.
func (s *Service) refuse(request *Request, err *apierror.Error) any {
	request.Status, request.errorCode = err.Status(), err.Code
	if !s.isDeclared(request) {
		return s.refuse(request, apierror.New(apierror.InternalError))
	}
	s.logError(request.Log, err)
	if err.Status() == http.StatusUnauthorized {
		request.Reply.Set("WWW-Authenticate", "Bearer")
	}
	if err.RetryAfterS > 0 {
		request.Reply.Set("Retry-After", strconv.Itoa(err.RetryAfterS))
	}
	return err.Envelope(request.ID)
}

// logError logs the cause. The line of the request has the status.
func (s *Service) logError(log *slog.Logger, err *apierror.Error) {
	switch {
	case err.Status() < http.StatusInternalServerError:
		log.Debug(err.Message, "code", err.Code)
	case err.Code == apierror.InternalError && err.Cause != nil:
		log.Error(err.Message, "err", map[string]string{"message": err.Cause.Error()})
	case err.Cause != nil:
		s.Causes.Write(log, err, err.Message)
	}
}

// ofAnyRequest are statuses of errors before routing, which operations do not declare.
var ofAnyRequest = []int{400, 401, 408, 413, 417, 431, 500}

// isDeclared reports whether the contract declares the status, and logs an undeclared one.
func (s *Service) isDeclared(request *Request) bool {
	operation, status := request.operation, request.Status
	if operation == nil || operation.Statuses[status] || slices.Contains(ofAnyRequest, status) {
		return true
	}
	request.Log.Error("A status that the contract does not name", "operationId", operation.ID, "statusCode", status)
	return false
}

// Events is a complete response of server-sent events.
type Events []byte

// write sends a complete response with its length.
func (s *Service) write(w http.ResponseWriter, request *Request, body any) {
	if events, isEvents := body.(Events); isEvents {
		request.Reply.Set("Cache-Control", "no-store")
		s.writeText(w, request, "text/event-stream", events)
		return
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		request.Log.Error("A response cannot be written as JSON", "err", err.Error())
		request.Status = http.StatusInternalServerError
	}
	s.writeText(w, request, jsonType, bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}

func (s *Service) writeText(w http.ResponseWriter, request *Request, contentType string, content []byte) {
	header := request.Reply
	header.Set("Content-Type", contentType)
	header.Set("Content-Length", strconv.Itoa(len(content)))
	// Also for a request that began before draining.
	if s.isDraining.Load() {
		header.Set("Connection", "close")
	}
	w.WriteHeader(request.Status)
	_, _ = w.Write(content) // The client may be gone.
}
