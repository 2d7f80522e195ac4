package apierror

import (
	"bytes"
	"encoding/json"
	"unicode/utf16"
)

// Details is an object in the order in which its fields were added.
type Details []Detail

// Detail is one field of Details.
type Detail struct {
	Field string
	Value any
}

// MarshalJSON writes an object.
func (d Details) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	for i, each := range d {
		out.WriteByte(",{"[boolToInt(i == 0)])
		entry, err := each.json()
		if err != nil {
			return nil, err
		}
		out.Write(entry)
	}
	if len(d) == 0 {
		out.WriteByte('{')
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func boolToInt(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (d Detail) json() ([]byte, error) {
	name, err := marshal(d.Field)
	if err != nil {
		return nil, err
	}
	value, err := marshal(d.Value)
	return append(append(name, ':'), value...), err
}

// marshal does not escape <, > and &, like JSON.stringify.
func marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// FindingsMax is the maximum number of findings in one error.
const FindingsMax = 20

// Maximum lengths in characters of JavaScript: of a field's name, of a message.
const nameMax, sentenceMax = 100, 300

// detailsBytesMax limits all details; the whole envelope stays below 8 KB.
const detailsBytesMax = 5_500

// Body is the error envelope of the contracts.
type Body struct {
	Error     Code     `json:"error"`
	Message   string   `json:"message"`
	Details   *Details `json:"details,omitempty"`
	RequestID string   `json:"request_id,omitempty"`
}

// Envelope truncates an error, so that a response is never much larger than its request.
func (e *Error) Envelope(requestID string) Body {
	body := Body{Error: e.Code, Message: cut(e.Message, sentenceMax), RequestID: requestID}
	if e.Details == nil {
		return body
	}
	reported := first(e.Details)
	if len(reported) < len(e.Details) {
		body.Message += " There are more than these."
	}
	body.Details = &reported
	return body
}

func first(all Details) Details {
	reported := Details{}
	size := 0
	for _, each := range all[:min(len(all), FindingsMax)] {
		entry := Detail{cut(each.Field, nameMax), each.Value}
		if text, isText := each.Value.(string); isText {
			entry.Value = cut(text, sentenceMax)
		}
		text, err := entry.json()
		// In Node an entry is a list of two, with two brackets more and a comma for the colon.
		if size += len(text) + 2; err != nil || size > detailsBytesMax {
			break
		}
		reported = append(reported, entry)
	}
	return reported
}

func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= length {
		return text
	}
	return string(utf16.Decode(units[:length])) + "…"
}
