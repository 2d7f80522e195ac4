package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	errPostgres  = errors.New("must be an address such as postgres://user:password@host:5432")
	errRedis     = errors.New("must be an address such as redis://host:6379")
	errServers   = errors.New("must be redis addresses with commas between them, three or another odd number")
	errAddresses = errors.New("must be http addresses with commas between them")
	errAddress   = errors.New("must be one http address without user and password, such as http://host:4318")
	errRatio     = errors.New("must be a number from 0 to 1")
	errMalformed = errors.New("contains a % that does not begin an encoded character; write % as %25")
)

// read returns the value of a setting: an int, a float64, a string or a []string, by the kind.
func (r rule) read(text string) (any, error) {
	switch r.Kind {
	case "number":
		return r.number(text)
	case "ratio":
		return r.ratio(text)
	case "ports":
		return nil, nil // Only the launcher has such a setting.
	}
	if text == "" && len(r.Default) > 0 {
		text = asText(r.Default)
	}
	switch r.Kind {
	case "oneOf":
		return text, r.checkWord(text)
	case "list":
		return words(text), nil
	case "addresses":
		return addresses(text)
	case "optionalAddress":
		return text, checkAddress(text)
	case "postgres":
		return text, checkPostgres(text)
	case "redis":
		return text, checkRedis(text, errRedis)
	case "redisServers":
		return servers(text)
	}
	return text, nil
}

func asText(value json.RawMessage) (text string) {
	if err := json.Unmarshal(value, &text); err != nil {
		panic(err)
	}
	return text
}

func (r rule) number(text string) (any, error) {
	problem := fmt.Errorf("must be a whole number from %d to %d", r.From, r.To)
	if text == "" {
		text = string(r.Default)
	}
	value, err := numberOf(text)
	if err != nil || value != math.Trunc(value) || value < float64(r.From) || value > float64(r.To) {
		return 0, problem
	}
	return int(value), nil
}

func (r rule) ratio(text string) (any, error) {
	if text == "" {
		text = string(r.Default)
	}
	value, err := numberOf(text)
	if err != nil || value < 0 || value > 1 {
		return 0.0, errRatio
	}
	return value, nil
}

// decimal is a number in the form of both languages. Only Node also accepts 0b1010 and 0o17.
var decimal = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)

func numberOf(text string) (float64, error) {
	trimmed := strings.TrimSpace(text)
	if !decimal.MatchString(trimmed) {
		return 0, errors.New("not a number")
	}
	return strconv.ParseFloat(trimmed, 64)
}

func (r rule) checkWord(text string) error {
	if slices.Contains(r.Words, text) {
		return nil
	}
	return fmt.Errorf("must be one of %s", strings.Join(r.Words, ", "))
}

func words(text string) []string {
	found := []string{}
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			found = append(found, word)
		}
	}
	return found
}

func addresses(text string) ([]string, error) {
	found := words(text)
	for i, word := range found {
		if !isAddressOf(word, "http", "https") {
			return nil, errAddresses
		}
		found[i] = originOf(word)
	}
	if len(found) == 0 {
		return nil, errAddresses
	}
	return found, nil
}

func checkAddress(text string) error {
	if text == "" {
		return nil
	}
	parsed, err := url.Parse(text)
	if err != nil || !isAddressOf(text, "http", "https") || parsed.User != nil || parsed.RawQuery+parsed.Fragment != "" {
		return errAddress
	}
	return nil
}

func servers(text string) ([]string, error) {
	found := words(text)
	if len(found) > 0 && (len(found) < 3 || len(found)%2 == 0) {
		return nil, errServers
	}
	for _, word := range found {
		if err := checkRedis(word, errServers); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func checkRedis(text string, problem error) error {
	if text == "" {
		return nil
	}
	if !isDecodable(text) {
		return errMalformed
	}
	if !isAddressOf(text, "redis", "rediss") {
		return problem
	}
	return nil
}

var postgres = regexp.MustCompile(`^postgres(ql)?://[^/]`)

func checkPostgres(text string) error {
	if !postgres.MatchString(text) {
		return errPostgres
	}
	if !isDecodable(text) {
		return errMalformed
	}
	return nil
}

func isAddressOf(word string, schemes ...string) bool {
	parsed, err := url.Parse(word)
	return err == nil && slices.Contains(schemes, parsed.Scheme) && parsed.Host != ""
}

func isDecodable(text string) bool {
	_, err := url.PathUnescape(text)
	return err == nil
}
