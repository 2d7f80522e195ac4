package order

import (
	"bytes"
	"encoding/json"
)

// Text returns a value as JSON with the same bytes as JSON.stringify. It panics for a value that JSON
// cannot represent, which is a bug.
func Text(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return withSeparators(bytes.TrimSuffix(out.Bytes(), []byte("\n")))
}

// withSeparators writes U+2028 and U+2029 as they are, which encoding/json escapes.
func withSeparators(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u202`)) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			out = append(out, text[i])
		case bytes.HasPrefix(text[i:], []byte(`\u2028`)):
			out = append(out, "\u2028"...)
			i += 5
		case bytes.HasPrefix(text[i:], []byte(`\u2029`)):
			out = append(out, "\u2029"...)
			i += 5
		default: // An escape of two bytes, or the start of a longer one; the rest is copied.
			out = append(out, text[i], text[i+1])
			i++
		}
	}
	return out
}
