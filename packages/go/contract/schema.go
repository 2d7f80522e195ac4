package contract

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"flash-deal/packages/go/jsonvalue"
)

// schema is the part of JSON Schema that the contracts use.
type schema struct {
	types      []string
	required   []string
	isClosed   bool
	names      []string
	properties map[string]*schema
	items      *schema
	minItems   *int
	maxItems   *int
	minLength  *int
	maxLength  *int
	minimum    *float64
	maximum    *float64
	pattern    *pattern
	format     string
	enum       []any
	fallback   any
	hasDefault bool
	example    any
}

// pattern is a regular expression; texts is set if it only lists the allowed characters.
type pattern struct {
	expression *regexp.Regexp
	noNUL      bool
	isTexts    bool
}

// known are the supported keywords; the second group does not affect validity.
var known = []string{
	"$ref", "type", "required", "additionalProperties", "properties", "items", "minItems", "maxItems",
	"minLength", "maxLength", "minimum", "maximum", "pattern", "format", "enum", "const", "default",
	"examples", "description", "title",
}

func (d reader) schema(source *jsonvalue.Object) *schema {
	source = d.resolve(source)
	for _, keyword := range source.Names {
		if !slices.Contains(known, keyword) {
			panic(fmt.Sprintf("contract: the keyword %s is not validated", keyword))
		}
	}
	s := &schema{format: text(source, "format"), enum: list(source, "enum"), properties: map[string]*schema{}}
	s.types = names(source.Values["type"])
	s.required = names(source.Values["required"])
	s.isClosed = source.Values["additionalProperties"] == false
	s.minItems, s.maxItems = count(source, "minItems"), count(source, "maxItems")
	s.minLength, s.maxLength = count(source, "minLength"), count(source, "maxLength")
	s.minimum, s.maximum = number(source, "minimum"), number(source, "maximum")
	s.fallback, s.hasDefault = source.Get("default")
	if examples := list(source, "examples"); len(examples) > 0 {
		s.example = examples[0]
	}
	s.pattern = patternOf(text(source, "pattern"))
	d.inner(s, source)
	return s
}

func (d reader) inner(s *schema, source *jsonvalue.Object) {
	if properties, ok := source.Values["properties"].(*jsonvalue.Object); ok {
		s.names = properties.Names
		for _, name := range s.names {
			s.properties[name] = d.schema(object(properties, name))
		}
	}
	if items, ok := source.Values["items"].(*jsonvalue.Object); ok {
		s.items = d.schema(items)
	}
}

func names(value any) (found []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, each := range value {
			found = append(found, each.(string))
		}
	}
	return found
}

func number(source *jsonvalue.Object, name string) *float64 {
	if value, ok := source.Values[name].(float64); ok {
		return &value
	}
	return nil
}

func count(source *jsonvalue.Object, name string) *int {
	if value := number(source, name); value != nil {
		whole := int(*value)
		return &whole
	}
	return nil
}

// Two patterns of the contracts list all characters except lone surrogates, with or without NUL. Go's
// regular expressions cannot contain a surrogate.
const anyText, anyTextButNUL = "^[\x00-\uD7FF\uE000-\U0010FFFF]*$", "^[\x01-\uD7FF\uE000-\U0010FFFF]*$"

func patternOf(expression string) *pattern {
	switch expression {
	case "":
		return nil
	case anyText:
		return &pattern{isTexts: true}
	case anyTextButNUL:
		return &pattern{isTexts: true, noNUL: true}
	}
	return &pattern{expression: regexp.MustCompile(expression)}
}

func (p *pattern) matches(text string) bool {
	if p.isTexts {
		return utf8.ValidString(text) && !(p.noNUL && strings.ContainsRune(text, 0))
	}
	return p.expression.MatchString(text)
}

// Finding is one validation error.
type Finding struct {
	// Field is its path with dots, such as `items.0.quantity`; `body` for the whole.
	Field string
	// Sentence is the message of Ajv for the error.
	Sentence string
}

// validator finds all errors, in the same order as Ajv.
type validator struct{ findings []Finding }

func (v *validator) add(path, sentence string) {
	field := strings.TrimPrefix(path, ".")
	if field == "" {
		field = "body"
	}
	v.findings = append(v.findings, Finding{field, sentence})
}

func (v *validator) check(s *schema, value any, path string) {
	if len(s.types) > 0 && !slices.ContainsFunc(s.types, func(name string) bool { return isOfType(name, value) }) {
		v.add(path, "must be "+typeNames(s.types, path))
		return
	}
	switch value := value.(type) {
	case float64:
		v.number(s, value, path)
	case string:
		v.text(s, value, path)
	case []any:
		v.list(s, value, path)
	case *jsonvalue.Object:
		v.object(s, value, path)
	}
	v.enum(s, value, path)
}

// typeNames leaves out the null of an optional body, which must not be null.
func typeNames(types []string, path string) string {
	if path == "" {
		types = slices.DeleteFunc(slices.Clone(types), func(name string) bool { return name == "null" })
	}
	return strings.Join(types, ",")
}

func isOfType(name string, value any) bool {
	switch value := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case float64:
		isFinite := !math.IsInf(value, 0) && !math.IsNaN(value)
		return isFinite && (name == "number" || name == "integer" && value == math.Trunc(value))
	case string:
		return name == "string"
	case []any:
		return name == "array"
	}
	return name == "object"
}

func (v *validator) number(s *schema, value float64, path string) {
	if s.maximum != nil && value > *s.maximum {
		v.add(path, "must be <= "+plain(*s.maximum))
	}
	if s.minimum != nil && value < *s.minimum {
		v.add(path, "must be >= "+plain(*s.minimum))
	}
}

func plain(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }

func (v *validator) text(s *schema, value, path string) {
	length := lengthOf(value)
	if s.maxLength != nil && length > *s.maxLength {
		v.add(path, fmt.Sprintf("must NOT have more than %d characters", *s.maxLength))
	}
	if s.minLength != nil && length < *s.minLength {
		v.add(path, fmt.Sprintf("must NOT have fewer than %d characters", *s.minLength))
	}
	if s.pattern != nil && !s.pattern.matches(value) {
		v.add(path, patternSentence(s, value))
	}
	if sentence := formatProblem(s.format, value); sentence != "" {
		v.add(path, sentence)
	}
}

// lengthOf counts characters. A lone surrogate is one.
func lengthOf(value string) (length int) {
	for i := 0; i < len(value); {
		_, size := utf8.DecodeRuneInString(value[i:])
		if size == 1 && value[i] >= utf8.RuneSelf {
			size = 3
		}
		i += size
		length++
	}
	return length
}

// patternSentence is for clients, who cannot read a regular expression.
func patternSentence(s *schema, value string) string {
	if strings.ContainsRune(value, 0) || !utf8.ValidString(value) {
		return "must not contain NUL or half of a surrogate pair"
	}
	if s.example == nil {
		return "does not have the required format"
	}
	return fmt.Sprintf("does not have the required format; for example: %v", s.example)
}

func (v *validator) list(s *schema, value []any, path string) {
	if s.maxItems != nil && len(value) > *s.maxItems {
		v.add(path, fmt.Sprintf("must NOT have more than %d items", *s.maxItems))
	}
	if s.minItems != nil && len(value) < *s.minItems {
		v.add(path, fmt.Sprintf("must NOT have fewer than %d items", *s.minItems))
	}
	for i, member := range value {
		if s.items != nil {
			v.check(s.items, member, path+"."+strconv.Itoa(i))
		}
	}
}

func (v *validator) object(s *schema, value *jsonvalue.Object, path string) {
	for _, name := range s.required {
		if _, isThere := value.Get(name); !isThere {
			v.add(path+"."+name, fmt.Sprintf("must have required property '%s'", name))
		}
	}
	for _, name := range value.Names {
		if s.isClosed && s.properties[name] == nil {
			v.add(path+"."+name, "must NOT have additional properties")
		}
	}
	for _, name := range s.names {
		if inner, isThere := value.Get(name); isThere {
			v.check(s.properties[name], inner, path+"."+name)
		}
	}
}

func (v *validator) enum(s *schema, value any, path string) {
	if len(s.enum) == 0 || slices.ContainsFunc(s.enum, func(each any) bool { return each == value }) {
		return
	}
	words := make([]string, len(s.enum))
	for i, each := range s.enum {
		words[i] = fmt.Sprint(each)
	}
	v.add(path, "must be equal to one of the allowed values: "+strings.Join(words, ", "))
}
