package jsonvalue

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func (p *parser) string() (string, error) {
	p.at++
	start := p.at
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return string(p.text[start : p.at-1]), nil
		case c == '\\':
			return p.escaped(append([]byte{}, p.text[start:p.at]...))
		case c < ' ':
			return "", ErrSyntax
		default:
			p.at++
		}
	}
	return "", ErrSyntax
}

// escaped reads the rest of a string from its first backslash.
func (p *parser) escaped(read []byte) (string, error) {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return string(read), nil
		case c < ' ':
			return "", ErrSyntax
		case c != '\\':
			read = append(read, c)
			p.at++
		default:
			var err error
			if read, err = p.escape(read); err != nil {
				return "", err
			}
		}
	}
	return "", ErrSyntax
}

var escapes = map[byte]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

func (p *parser) escape(read []byte) ([]byte, error) {
	p.at++
	if plain, ok := escapes[p.peek()]; ok {
		p.at++
		return append(read, plain), nil
	}
	unit, ok := p.unit()
	if !ok {
		return nil, ErrSyntax
	}
	if !utf16.IsSurrogate(unit) {
		return utf8.AppendRune(read, unit), nil
	}
	return p.pair(read, unit)
}

// unit reads uXXXX.
func (p *parser) unit() (rune, bool) {
	if p.peek() != 'u' || p.at+5 > len(p.text) {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(p.text[p.at+1:p.at+5]), 16, 16)
	if err != nil {
		return 0, false
	}
	p.at += 5
	return rune(unit), true
}

// pair reads the second half of a surrogate pair, if there is one.
func (p *parser) pair(read []byte, first rune) ([]byte, error) {
	before := p.at
	if p.peek() == '\\' {
		p.at++
		if second, ok := p.unit(); ok {
			if whole := utf16.DecodeRune(first, second); whole != utf8.RuneError {
				return utf8.AppendRune(read, whole), nil
			}
		}
	}
	p.at = before
	return append(read, 0xE0|byte(first>>12), 0x80|byte(first>>6)&0x3F, 0x80|byte(first)&0x3F), nil
}
