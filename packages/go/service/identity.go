package service

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"flash-deal/packages/go/apierror"
)

var acceptableID = regexp.MustCompile(`^[\w.-]{1,64}$`)

// requestID returns the caller's id if it is safe to log; otherwise a new one.
func requestID(header http.Header) string {
	if given := joined(header, "X-Request-Id"); acceptableID.MatchString(given) {
		return given
	}
	return NewID()
}

// NewID returns a random id, a UUID of version 4.
func NewID() string {
	var id [16]byte
	_, _ = rand.Read(id[:])
	id[6] = id[6]&0x0F | 0x40
	id[8] = id[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// identify trusts the identity headers only of callers that send the internal key.
func (s *Service) identify(request *Request) error {
	_, hasUser := request.Header["X-User-Id"]
	_, hasKey := request.Header["X-Internal-Key"]
	request.IsInternal = hasKey && s.isKey(joined(request.Header, "X-Internal-Key"))
	request.deadline = time.Now().Add(s.allowed(request))
	if !request.IsInternal && (hasUser || hasKey) {
		return apierror.New(apierror.Unauthorized)
	}
	return nil
}

// allowed returns the remaining time of an internal caller, at most the limit of a request here.
func (s *Service) allowed(request *Request) time.Duration {
	allowed := float64(s.settings.DeadlineMs)
	if given := request.Header.Values("X-Deadline-Ms"); request.IsInternal && len(given) == 1 {
		left, err := strconv.ParseFloat(strings.TrimSpace(given[0]), 64)
		if err == nil && !math.IsInf(left, 0) && !math.IsNaN(left) {
			allowed = min(left, allowed)
		}
	}
	return time.Duration(allowed * float64(time.Millisecond))
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// IsUUID reports whether a text is a UUID in lower case.
func IsUUID(text string) bool { return uuid.MatchString(text) }

// UserOfGateway authenticates by the user header of a gateway that has verified the token.
func UserOfGateway(request *Request) (string, error) {
	userID := joined(request.Header, "X-User-Id")
	if !request.IsInternal || !IsUUID(userID) {
		return "", apierror.New(apierror.Unauthorized)
	}
	return userID, nil
}

// sameAs compares in constant time.
func sameAs(expected string) func(given string) bool {
	return func(given string) bool {
		return subtle.ConstantTimeCompare([]byte(given), []byte(expected)) == 1
	}
}

var host = regexp.MustCompile(`(?i)^[\w.~!$&'()*+,;=%-]*(?::\d*)?$|^\[[\da-f:.]+\](?::\d*)?$`)

func checkHost(request *Request) error {
	if host.MatchString(request.Host) {
		return nil
	}
	return apierror.New(apierror.MalformedBody).WithMessage(wrongHost)
}

const wrongHost = "The request must have one Host header, with a name or address and a port."

func isUTF8Query(query string) bool {
	decoded, err := url.PathUnescape(query)
	return err == nil && utf8.ValidString(decoded)
}
