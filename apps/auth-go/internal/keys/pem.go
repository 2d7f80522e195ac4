// Package keys reads, generates and stores the keys that sign and verify access tokens.
package keys

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// pemFrom returns the PEM of a key from the environment: PEM itself, PEM with `\n` for line breaks, or
// base64.
func pemFrom(given string) string {
	text := plain(given)
	if strings.Contains(text, "-----BEGIN") {
		return text
	}
	if inside := decoded(text); strings.Contains(inside, "-----BEGIN") {
		return inside
	}
	return text
}

var (
	block       = regexp.MustCompile(`-----BEGIN [^-]+-----[^-]*(?:-----END [^-]+-----)?`)
	blockOrWord = regexp.MustCompile(block.String() + `|[^\s,]+`)
)

// pemsFrom returns several of them, concatenated or separated by commas. Text that is not PEM is
// returned unchanged.
func pemsFrom(given string) (pems []string) {
	text := plain(given)
	parts := strings.Split(text, ",")
	if strings.Contains(text, "-----BEGIN") {
		parts = blockOrWord.FindAllString(text, -1)
	}
	for _, part := range parts {
		if part == "" {
			continue
		}
		pem := pemFrom(part)
		if blocks := block.FindAllString(pem, -1); blocks != nil {
			pems = append(pems, blocks...)
		} else {
			pems = append(pems, pem)
		}
	}
	return pems
}

var quoted = regexp.MustCompile(`(?s)^(?:"(.*)"|'(.*)')$`)

// plain removes quotes, which Docker keeps when it reads an env file.
func plain(given string) string {
	text := quoted.ReplaceAllString(strings.TrimSpace(given), "$1$2")
	return strings.ReplaceAll(text, `\n`, "\n")
}

var notBase64 = regexp.MustCompile(`[^A-Za-z0-9+/]`)

func decoded(text string) string {
	text = notBase64.ReplaceAllString(strings.NewReplacer("-", "+", "_", "/").Replace(text), "")
	inside, _ := base64.RawStdEncoding.DecodeString(text)
	return string(inside)
}

// problem is a message for the operator: the fault of a key, and what to do.
type problem string

func (p problem) Error() string { return string(p) }

// problemOf returns why a key cannot be read, without any of its text.
func problemOf(pem, wanted string) problem {
	switch {
	case !strings.Contains(pem, "-----BEGIN"):
		return problem("It is not PEM, which begins with -----BEGIN " + wanted + "-----. Line breaks may be written \\n, or the whole as base64.")
	case strings.Contains(pem, "ENCRYPTED"):
		return "It is encrypted. Give it without a passphrase."
	case !strings.Contains(pem, wanted):
		return problem("It is not a " + strings.ToLower(wanted) + ".")
	}
	return `It is damaged, or in another format. "openssl pkey" writes the one that is read here.`
}
