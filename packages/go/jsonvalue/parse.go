// Package jsonvalue parses JSON like JSON.parse of JavaScript, from which encoding/json differs: the
// order of fields is kept, the last of several fields with one name counts, a number that is too large
// is infinite, and a lone surrogate is kept, so that validation can reject it.
package jsonvalue

import (
	"errors"
	"math"
	"strconv"
)

// Object is an object with its fields in the order of their first occurrence.
type Object struct {
	Names  []string
	Values map[string]any
}

// Get returns a field, and whether it is present.
func (o *Object) Get(name string) (any, bool) { value, ok := o.Values[name]; return value, ok }

func (o *Object) set(name string, value any) {
	if _, isThere := o.Values[name]; !isThere {
		o.Names = append(o.Names, name)
	}
	o.Values[name] = value
}

// ErrSyntax is the error of a text that is not JSON.
var ErrSyntax = errors.New("not JSON")

// ErrPrototype is the error of a body that would change the prototype of JavaScript objects. The
// services in Node reject it, and so do the services in Go.
var ErrPrototype = errors.New("a field that changes a prototype")

// Parse returns nil, a bool, a float64, a string, a []any or an *Object. A lone surrogate in a string
// becomes three bytes that are not UTF-8.
func Parse(text []byte) (any, error) {
	p := parser{text: text}
	value, err := p.value()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at != len(p.text) {
		return nil, ErrSyntax
	}
	return value, nil
}

type parser struct {
	text []byte
	at   int
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// peek returns the next byte; at the end 0, which starts no value.
func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// container is a list or an object whose members are being read.
type container struct {
	// object is nil for a list.
	object *Object
	list   []any
	// name is that of the field whose value comes next.
	name string
}

func (c *container) end() byte {
	if c.object != nil {
		return '}'
	}
	return ']'
}

func (c *container) add(value any) {
	if c.object != nil {
		c.object.set(c.name, value)
	} else {
		c.list = append(c.list, value)
	}
}

func (c *container) value() (any, error) {
	if c.object != nil {
		return c.object, checkPrototype(c.object)
	}
	return c.list, nil
}

// value reads a value. It is not recursive, because the sender decides how deep the nesting is: a body
// of brackets would take a stack of hundreds of times its size.
func (p *parser) value() (any, error) {
	var open []*container
	for {
		value, opened, err := p.begin()
		if err != nil {
			return nil, err
		}
		if opened != nil {
			open = append(open, opened)
			continue
		}
		if open, value, err = p.close(open, value); err != nil || len(open) == 0 {
			return value, err
		}
	}
}

// begin reads a value up to its end, or up to the first member of a container.
func (p *parser) begin() (value any, opened *container, err error) {
	p.space()
	switch c := p.peek(); {
	case c == '{':
		opened = &container{object: &Object{Values: map[string]any{}}}
	case c == '[':
		opened = &container{list: []any{}}
	case c == '"':
		value, err = p.string()
		return value, nil, err
	case c == '-' || c >= '0' && c <= '9':
		value, err = p.number()
		return value, nil, err
	default:
		value, err = p.word()
		return value, nil, err
	}
	p.at++
	p.space()
	if p.peek() == opened.end() {
		p.at++
		value, err = opened.value()
		return value, nil, err
	}
	return nil, opened, p.fieldName(opened)
}

// close adds a value to the innermost container, and closes all containers that end after it. It
// returns those that are still open; if there is none, the outermost value.
func (p *parser) close(open []*container, value any) ([]*container, any, error) {
	for len(open) > 0 {
		last := open[len(open)-1]
		last.add(value)
		isOver, err := p.afterMember(last)
		if err != nil || !isOver {
			return open, nil, err
		}
		if value, err = last.value(); err != nil {
			return open, nil, err
		}
		open = open[:len(open)-1]
	}
	return nil, value, nil
}

// afterMember reads the comma and what comes before the next value, or the end of the container.
func (p *parser) afterMember(c *container) (isOver bool, err error) {
	p.space()
	switch p.peek() {
	case ',':
		p.at++
		return false, p.fieldName(c)
	case c.end():
		p.at++
		return true, nil
	}
	return false, ErrSyntax
}

// fieldName reads the name and the colon of a field. A member of a list has none.
func (p *parser) fieldName(c *container) (err error) {
	if c.object == nil {
		return nil
	}
	p.space()
	if p.peek() != '"' {
		return ErrSyntax
	}
	if c.name, err = p.string(); err != nil {
		return err
	}
	p.space()
	if p.peek() != ':' {
		return ErrSyntax
	}
	p.at++
	return nil
}

func (p *parser) word() (any, error) {
	for word, value := range map[string]any{"null": nil, "true": true, "false": false} {
		if end := p.at + len(word); end <= len(p.text) && string(p.text[p.at:end]) == word {
			p.at = end
			return value, nil
		}
	}
	return nil, ErrSyntax
}

// checkPrototype rejects the same fields as secure-json-parse.
func checkPrototype(object *Object) error {
	if _, isThere := object.Values["__proto__"]; isThere {
		return ErrPrototype
	}
	if inner, ok := object.Values["constructor"].(*Object); ok {
		if _, isThere := inner.Values["prototype"]; isThere {
			return ErrPrototype
		}
	}
	return nil
}

func (p *parser) number() (any, error) {
	start := p.at
	if p.peek() == '-' {
		p.at++
	}
	switch {
	case p.peek() == '0':
		p.at++
	case p.digits() == 0:
		return nil, ErrSyntax
	}
	if p.peek() == '.' {
		p.at++
		if p.digits() == 0 {
			return nil, ErrSyntax
		}
	}
	if !p.exponent() {
		return nil, ErrSyntax
	}
	return toFloat(string(p.text[start:p.at])), nil
}

func (p *parser) exponent() bool {
	if c := p.peek(); c != 'e' && c != 'E' {
		return true
	}
	p.at++
	if c := p.peek(); c == '+' || c == '-' {
		p.at++
	}
	return p.digits() > 0
}

func (p *parser) digits() (count int) {
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.at++
		count++
	}
	return count
}

// toFloat returns infinity if the number is too large.
func toFloat(digits string) float64 {
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil && !math.IsInf(value, 0) {
		panic(err)
	}
	return value
}
