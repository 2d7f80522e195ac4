package service

import (
	"context"
	"fmt"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/contract"
)

// handle runs the steps of a request in the same order as the services in Node. The order determines
// the error of a request with several faults.
func (s *Service) handle(ctx context.Context, request *Request) (body any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			request.Log.Error("A handler panicked", "panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
			body, err = nil, apierror.New(apierror.InternalError)
		}
	}()
	if err := checkHost(request); err != nil {
		return nil, err
	}
	if err := s.identify(request); err != nil {
		return nil, err
	}
	route, err := s.route(request)
	if err != nil {
		return nil, err
	}
	if err := s.admit(request); err != nil {
		return nil, err
	}
	if route.limit != nil {
		// Before the body is read. A request takes its place only after that: its body may be slow.
		if err := route.limit.refusal(); err != nil {
			return nil, err
		}
	}
	if err := s.read(request); err != nil {
		return nil, err
	}
	// A disconnect of the client does not cancel the work.
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), request.deadline)
	defer cancel()
	request.Status = request.operation.Success
	return route.handler(ctx, request)
}

// admit authenticates the caller.
func (s *Service) admit(request *Request) (err error) {
	switch request.operation.Secured {
	case "internal":
		if !request.IsInternal {
			return apierror.New(apierror.Unauthorized).WithMessage("The internal key is required.")
		}
	case "bearer":
		request.UserID, err = s.authenticate(request)
	}
	return err
}

// read rejects requests that two parsers could read differently, then reads body and parameters.
func (s *Service) read(request *Request) (err error) {
	if err := checkAmbiguous(request); err != nil {
		return err
	}
	value, isPresent, err := s.readBody(request)
	if err != nil {
		return err
	}
	operation := request.operation
	if err := checkNull(operation, value, isPresent); err != nil {
		return err
	}
	if request.Params, err = operation.Params.Read(valuesOf(request.pathValues())); err != nil {
		return err
	}
	if operation.Body != nil && (isPresent || operation.Body.IsRequired) {
		if err := operation.Body.Check(value); err != nil {
			return err
		}
	}
	request.Body = value
	query, _ := url.ParseQuery(strings.ReplaceAll(request.URL.RawQuery, ";", "%3B"))
	if request.Query, err = operation.Query.Read(valuesOf(query)); err != nil {
		return err
	}
	request.Headers, err = operation.Header.Read(request.latin1Values)
	return err
}

// checkNull rejects null for an optional body before all other checks, as in Node.
func checkNull(operation *contract.Operation, value any, isPresent bool) error {
	if operation.Body == nil || operation.Body.IsRequired || !isPresent || value != nil {
		return nil
	}
	return apierror.New(apierror.ValidationError).
		WithDetails(apierror.Details{{Field: "body", Value: "must be object"}})
}

// latin1Values has a character for each byte of a header, as in Node.
func (r *Request) latin1Values(name string) []string {
	values := slices.Clone(r.Header.Values(name))
	for i, value := range values {
		characters := make([]rune, len(value))
		for at := range len(value) {
			characters[at] = rune(value[at])
		}
		values[i] = string(characters)
	}
	return values
}

func valuesOf(values url.Values) func(string) []string {
	return func(name string) []string { return values[name] }
}

// checkAmbiguous rejects a repeated header that must be unique, and a query that is not UTF-8.
func checkAmbiguous(request *Request) error {
	operation := request.operation
	if operation.Query != nil && !isUTF8Query(request.URL.RawQuery) {
		return apierror.New(apierror.MalformedBody).WithMessage("The query is not UTF-8 in percent-encoding.")
	}
	if operation.Header != nil {
		for _, name := range operation.Header.Names() {
			if err := checkSingle(request, name, apierror.MalformedBody); err != nil {
				return err
			}
		}
	}
	if operation.Secured == "bearer" {
		if err := checkSingle(request, "authorization", apierror.InvalidToken); err != nil {
			return err
		}
	}
	if operation.Body != nil {
		return checkSingle(request, "content-type", apierror.UnsupportedMediaType)
	}
	return nil
}

func checkSingle(request *Request, name string, code apierror.Code) error {
	if len(request.Header.Values(name)) < 2 {
		return nil
	}
	return apierror.New(code).WithMessage("The header " + name + " came more than once. Send it once.")
}
