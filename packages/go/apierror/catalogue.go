// Package apierror has every error that a client may receive, and the error envelope.
package apierror

import "errors"

// Code is an error code for programs.
type Code string

// The codes, as in contracts/common/schemas.yaml.
const (
	MalformedBody         Code = "MALFORMED_BODY"
	InsufficientStock     Code = "INSUFFICIENT_STOCK"
	InvalidOrderState     Code = "INVALID_ORDER_STATE"
	Unauthorized          Code = "UNAUTHORIZED"
	InvalidToken          Code = "INVALID_TOKEN"
	InvalidCredentials    Code = "INVALID_CREDENTIALS"
	Forbidden             Code = "FORBIDDEN"
	NotFound              Code = "NOT_FOUND"
	ProductNotFound       Code = "PRODUCT_NOT_FOUND"
	DealNotFound          Code = "DEAL_NOT_FOUND"
	MethodNotAllowed      Code = "METHOD_NOT_ALLOWED"
	RequestTimeout        Code = "REQUEST_TIMEOUT"
	EmailExists           Code = "EMAIL_EXISTS"
	DealNotActive         Code = "DEAL_NOT_ACTIVE"
	PurchaseLimitExceeded Code = "PURCHASE_LIMIT_EXCEEDED"
	IdempotencyInProgress Code = "IDEMPOTENCY_IN_PROGRESS"
	PayloadTooLarge       Code = "PAYLOAD_TOO_LARGE"
	UnsupportedMediaType  Code = "UNSUPPORTED_MEDIA_TYPE"
	ExpectationFailed     Code = "EXPECTATION_FAILED"
	ValidationError       Code = "VALIDATION_ERROR"
	IdempotencyMismatch   Code = "IDEMPOTENCY_MISMATCH"
	RateLimited           Code = "RATE_LIMITED"
	HeadersTooLarge       Code = "HEADERS_TOO_LARGE"
	InternalError         Code = "INTERNAL_ERROR"
	ServiceUnavailable    Code = "SERVICE_UNAVAILABLE"
	DeadlineExceeded      Code = "DEADLINE_EXCEEDED"
)

type entry struct {
	status  int
	message string
}

var catalogue = map[Code]entry{
	MalformedBody:         {400, "The body is not valid JSON."},
	InsufficientStock:     {400, "There is not enough stock."},
	InvalidOrderState:     {400, "The order is in a state that does not allow this."},
	Unauthorized:          {401, "A bearer token is required."},
	InvalidToken:          {401, "The token is not valid. Log in again."},
	InvalidCredentials:    {401, "Email or password is wrong."},
	Forbidden:             {403, "This belongs to somebody else."},
	NotFound:              {404, "There is nothing at this address."},
	ProductNotFound:       {404, "There is no such product."},
	DealNotFound:          {404, "There is no such deal of this product."},
	MethodNotAllowed:      {405, "This address does not take this method."},
	RequestTimeout:        {408, "The request did not arrive in time. Send it again."},
	EmailExists:           {409, "An account with this email exists."},
	DealNotActive:         {409, "The deal has not begun or is over."},
	PurchaseLimitExceeded: {409, "The deal's limit per buyer is reached."},
	IdempotencyInProgress: {409, "A request with this Idempotency-Key is under way. Repeat it in a moment."},
	PayloadTooLarge:       {413, "The body is too large."},
	UnsupportedMediaType:  {415, "The body must be application/json."},
	ExpectationFailed:     {417, "Expect: 100-continue is the only supported expectation."},
	ValidationError:       {422, "Some fields are not valid; see details."},
	IdempotencyMismatch:   {422, "This Idempotency-Key was used with another body. Use a new key."},
	RateLimited:           {429, "Too many requests. Repeat after the time in Retry-After."},
	HeadersTooLarge:       {431, "The address or the headers are too large."},
	InternalError:         {500, "Something went wrong on our side."},
	ServiceUnavailable:    {503, "The service cannot answer right now. Repeat after the time in Retry-After."},
	DeadlineExceeded:      {504, "The answer did not come in time. Whether it took effect is not known."},
}

// Error is an error that is sent to the client.
type Error struct {
	Code    Code
	Message string
	// Details are sent to the client: the problem of each field.
	Details Details
	// Cause is for the log only.
	Cause error
	// RetryAfterS is the header Retry-After in seconds; 0 for none.
	RetryAfterS int
	// NotStarted is true if the work was rejected before it started, so that it has no effect. The
	// outcome of any other 503 or 504 is unknown.
	NotStarted bool
}

// New returns an error with the message of the catalogue.
func New(code Code) *Error {
	return &Error{Code: code, Message: catalogue[code].message, RetryAfterS: defaultRetryAfterS(code)}
}

// Because is New with the cause for the log.
func Because(code Code, cause error) *Error { return New(code).WithCause(cause) }

// Rejected is New for work that was not started.
func Rejected(code Code, cause error) *Error {
	e := New(code).WithCause(cause)
	e.NotStarted = true
	return e
}

// WithMessage returns the error with another message for the client.
func (e *Error) WithMessage(message string) *Error { e.Message = message; return e }

// WithDetails returns the error with the problem of each field.
func (e *Error) WithDetails(details Details) *Error { e.Details = details; return e }

// WithCause returns the error with its cause.
func (e *Error) WithCause(cause error) *Error { e.Cause = cause; return e }

// Status returns the status of the response.
func (e *Error) Status() int { return catalogue[e.Code].status }

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Cause }

// From returns the error for the client: an unexpected one becomes INTERNAL_ERROR.
func From(err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return Because(InternalError, err)
}

// Is reports whether an error has this code.
func Is(err error, code Code) bool {
	var known *Error
	return errors.As(err, &known) && known.Code == code
}

// IsNotStarted reports whether the work was rejected before it started.
func IsNotStarted(err error) bool {
	var known *Error
	return errors.As(err, &known) && known.NotStarted
}

// IsCode reports whether the catalogue has a code.
func IsCode(code Code) bool { _, ok := catalogue[code]; return ok }

func defaultRetryAfterS(code Code) int {
	switch code {
	case IdempotencyInProgress, RateLimited, ServiceUnavailable:
		return 1
	}
	return 0
}
