package service

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/contract"
)

type route struct {
	operation contract.Operation
	handler   Handler
	segments  []string
	// limit is nil if the operation has none.
	limit *adaptiveLimit
}

// router finds operations by method and path. Paths without parameters come first.
type router []route

func newRouter(service string, operations []contract.Operation, handlers Handlers) router {
	var routes router
	slices.SortStableFunc(operations, contract.ByPath)
	for _, operation := range operations {
		handler, isThere := handlers[operation.ID]
		if !isThere {
			panic(fmt.Sprintf("%s has no handler for the operation %s of its contract", service, operation.ID))
		}
		limit := limitOf(operation)
		routes = append(routes, route{operation, limited(handler, limit), strings.Split(operation.Path, "/"), limit})
	}
	if len(handlers) > len(routes) {
		panic(fmt.Sprintf("%s has handlers for operations that its contract lacks", service))
	}
	return routes
}

// limitOf returns the limit of a change by a user, which consists of several steps. A read is one
// statement, which waits in its pool.
func limitOf(operation contract.Operation) *adaptiveLimit {
	if operation.Method == "GET" || operation.Secured != "bearer" {
		return nil
	}
	return newAdaptiveLimit(changeLimit)
}

// limited returns a handler that rejects requests beyond the limit, if there is one.
func limited(handler Handler, limit *adaptiveLimit) Handler {
	if limit == nil {
		return handler
	}
	return func(ctx context.Context, request *Request) (any, error) {
		return limit.run(func() (any, error) { return handler(ctx, request) })
	}
}

// route finds the operation of a request; otherwise 405 with Allow for a known path, or 404.
func (s *Service) route(request *Request) (*route, error) {
	if request.Method == "CONNECT" {
		request.Reply.Set("Connection", "close")
		request.Reply.Set("Allow", "GET, HEAD, POST, PATCH")
		return nil, apierror.New(apierror.MethodNotAllowed)
	}
	found := s.router.at(segmentsOf(request.URL.EscapedPath()))
	for i := range found {
		method := found[i].operation.Method
		if method == request.Method || method == "GET" && request.Method == "HEAD" {
			request.operation = &found[i].operation
			return &found[i], nil
		}
	}
	if len(found) == 0 {
		return nil, apierror.New(apierror.NotFound)
	}
	request.Reply.Set("Allow", allowed(found))
	return nil, apierror.New(apierror.MethodNotAllowed)
}

// at returns the operations of the first matching path; paths without parameters come first.
func (r router) at(segments []string) []route {
	var found []route
	for _, each := range r {
		if len(found) > 0 && each.operation.Path != found[0].operation.Path {
			continue
		}
		if fits(each.segments, segments) {
			found = append(found, each)
		}
	}
	return found
}

func fits(pattern, segments []string) bool {
	return slices.EqualFunc(pattern, segments, func(name, segment string) bool {
		return name == segment || strings.HasPrefix(name, "{") && segment != ""
	})
}

func allowed(routes []route) string {
	var methods []string
	for _, each := range routes {
		methods = append(methods, each.operation.Method)
		if each.operation.Method == "GET" {
			methods = append(methods, "HEAD")
		}
	}
	return strings.Join(methods, ", ")
}

// segmentsOf decodes each segment separately, so an encoded slash is not a separator.
func segmentsOf(path string) []string {
	segments := strings.Split(path, "/")
	for i, each := range segments {
		if decoded, err := url.PathUnescape(each); err == nil && utf8.ValidString(decoded) {
			segments[i] = decoded
		}
	}
	return segments
}

// pathValues returns the raw parameters of the path.
func (r *Request) pathValues() url.Values {
	values := url.Values{}
	segments := segmentsOf(r.URL.EscapedPath())
	for i, name := range strings.Split(r.operation.Path, "/") {
		if inner, ok := strings.CutPrefix(name, "{"); ok {
			values.Set(strings.TrimSuffix(inner, "}"), segments[i])
		}
	}
	return values
}
