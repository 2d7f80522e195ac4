package contract

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"flash-deal/packages/go/apierror"
	"flash-deal/packages/go/jsonvalue"
)

// Check returns a VALIDATION_ERROR if the body violates its schema. An absent required body is null.
func (b *Body) Check(value any) error {
	if tooLarge := tooLargeIn(b.schema, value, ""); len(tooLarge) > 0 {
		return refusal(tooLarge)
	}
	var all validator
	all.check(b.schema, value, "")
	return refusal(all.findings)
}

// refusal names the first finding of each field.
func refusal(findings []Finding) error {
	if len(findings) == 0 {
		return nil
	}
	details := apierror.Details{}
	for _, each := range findings {
		isKnown := slices.ContainsFunc(details, func(d apierror.Detail) bool { return d.Field == each.Field })
		if !isKnown {
			details = append(details, apierror.Detail{Field: each.Field, Value: each.Sentence})
		}
		// One more than the maximum shows that some are omitted.
		if len(details) > apierror.FindingsMax {
			break
		}
	}
	return apierror.New(apierror.ValidationError).WithDetails(details)
}

// tooLargeIn finds lists, objects and strings far beyond their limits. Validating their content would
// take time and memory in proportion to the body.
func tooLargeIn(s *schema, value any, path string) []Finding {
	switch value := value.(type) {
	case string:
		// As in Node, characters outside the basic multilingual plane count as two.
		if s.maxLength != nil && utf16Length(value) > 2**s.maxLength {
			return finding(path, fmt.Sprintf("must NOT have more than %d characters", *s.maxLength))
		}
	case []any:
		return tooLargeInList(s, value, path)
	case *jsonvalue.Object:
		return tooLargeInObject(s, value, path)
	}
	return nil
}

func utf16Length(text string) (units int) {
	for _, each := range text {
		units++
		if each > 0xFFFF {
			units++
		}
	}
	return units
}

func tooLargeInList(s *schema, list []any, path string) (found []Finding) {
	if s.maxItems != nil && len(list) > *s.maxItems {
		return finding(path, fmt.Sprintf("must NOT have more than %d items", *s.maxItems))
	}
	for i, member := range list {
		if s.items != nil {
			found = append(found, tooLargeIn(s.items, member, path+"."+strconv.Itoa(i))...)
		}
	}
	return found
}

func tooLargeInObject(s *schema, value *jsonvalue.Object, path string) (found []Finding) {
	if unknown := surplusIn(s, value, path); len(unknown) > apierror.FindingsMax {
		return unknown
	}
	for _, name := range s.names {
		if inner, isThere := value.Get(name); isThere {
			found = append(found, tooLargeIn(s.properties[name], inner, path+"."+name)...)
		}
	}
	return found
}

func surplusIn(s *schema, value *jsonvalue.Object, path string) (found []Finding) {
	for _, name := range value.Names {
		if !s.isClosed || len(found) > apierror.FindingsMax {
			break
		}
		if s.properties[name] == nil {
			found = append(found, finding(path+"."+name, "must NOT have additional properties")...)
		}
	}
	return found
}

func finding(path, sentence string) []Finding {
	var one validator
	one.add(path, sentence)
	return one.findings
}

// Texts are the parameters of a path, a query or the headers, as strings.
type Texts struct{ parameters []parameter }

type parameter struct {
	name       string
	isRequired bool
	schema     *schema
}

// Names are the names of the parameters.
func (t *Texts) Names() []string {
	names := make([]string, len(t.parameters))
	for i, each := range t.parameters {
		names[i] = each.name
	}
	return names
}

// Values are validated parameters by name: an int, a string or a bool.
type Values map[string]any

// Text returns a parameter, and whether it is present.
func (v Values) Text(name string) (string, bool) { text, ok := v[name].(string); return text, ok }

// Int returns an integer parameter.
func (v Values) Int(name string) int { number, _ := v[name].(int); return number }

// Read validates parameters, or returns a VALIDATION_ERROR. A repeated parameter is a list, which is
// never valid.
func (t *Texts) Read(given func(name string) []string) (Values, error) {
	if t == nil {
		return nil, nil
	}
	values := Values{}
	var all validator
	for _, each := range t.parameters {
		if each.isRequired && len(given(each.name)) == 0 {
			all.add("."+each.name, fmt.Sprintf("must have required property '%s'", each.name))
		}
	}
	for _, each := range t.parameters {
		each.read(given(each.name), values, &all)
	}
	return values, refusal(all.findings)
}

func (p parameter) read(given []string, values Values, all *validator) {
	if len(given) == 0 {
		if p.schema.hasDefault {
			values[p.name] = typed(p.schema.fallback)
		}
		return
	}
	if len(given) > 1 {
		all.add("."+p.name, "must be "+strings.Join(p.schema.types, ","))
		return
	}
	value := p.coerced(given[0])
	all.check(p.schema, value, "."+p.name)
	values[p.name] = typed(value)
}

// Numbers have decimal digits only.
var decimal = regexp.MustCompile(`^-?\d+$`)

func (p parameter) coerced(given string) any {
	if slices.Contains(p.schema.types, "integer") && decimal.MatchString(given) {
		// A number that is too large is infinite, and its bounds reject it.
		value, _ := strconv.ParseFloat(given, 64)
		return max(-math.MaxFloat64, min(math.MaxFloat64, value))
	}
	return given
}

func typed(value any) any {
	if number, ok := value.(float64); ok {
		return int(number)
	}
	return value
}

// Decode converts a validated body to a struct with `json` tags.
func Decode[Body any](value any) (body Body, err error) {
	text, err := json.Marshal(plainValue(value))
	if err != nil {
		return body, err
	}
	return body, json.Unmarshal(text, &body)
}

// plainValue returns a value for encoding/json: 1.0 and 1e2 are integers, as in JavaScript.
func plainValue(value any) any {
	switch value := value.(type) {
	case *jsonvalue.Object:
		plain := make(map[string]any, len(value.Names))
		for name, inner := range value.Values {
			plain[name] = plainValue(inner)
		}
		return plain
	case []any:
		plain := make([]any, len(value))
		for i, inner := range value {
			plain[i] = plainValue(inner)
		}
		return plain
	case float64:
		if value == math.Trunc(value) && math.Abs(value) <= 1<<53 {
			return int64(value)
		}
	}
	return value
}
