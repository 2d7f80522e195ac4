// Package keys reads, makes and keeps the keys that access tokens are signed and verified with.
package keys

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// pemFrom is a key's text as operators have it in an environment: PEM, `\n` for line breaks, or
// base64 of it.
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

// pemsFrom are several of them, one after another or with commas between. What is no PEM stays as it
// is.
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

// plain takes off the quotes that a reader of an env file for Docker leaves where they are.
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

// problem is a sentence for the operator: what is wrong with a key, and what to do.
type problem string

func (p problem) Error() string { return string(p) }

// problemOf explains why a key cannot be read, without any of its text.
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
