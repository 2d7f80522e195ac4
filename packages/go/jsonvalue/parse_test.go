package jsonvalue

import (
	"errors"
	"math"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestValuesAreReadAsJavaScriptReadsThem(t *testing.T) {
	values := map[string]any{
		`null`: nil, ` true `: true, `-0`: math.Copysign(0, -1), `1e2`: 100.0, `1.50`: 1.5, `1e999`: math.Inf(1),
		`"a\n\u00e9\/"`: "a\né/", `"\ud83d\ude00"`: "😀", `[1,[],"x"]`: []any{1.0, []any{}, "x"},
	}
	for text, want := range values {
		if got, err := Parse([]byte(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v (%v), not %v", text, got, err, want)
		}
	}
}

func TestOtherTextsAreRefused(t *testing.T) {
	for _, text := range []string{
		``, ` `, `{`, `[1,]`, `{"a":1,}`, `{a:1}`, `'a'`, `01`, `1.`, `.5`, `+1`, `1e`, `--1`, `nul`, `NaN`, `"\x"`,
		`"\u12g4"`, "\"\n\"", `"a`, `1 2`, `{"a" 1}`, "\u00a01",
	} {
		if got, err := Parse([]byte(text)); !errors.Is(err, ErrSyntax) {
			t.Errorf("%q: %v (%v)", text, got, err)
		}
	}
}

func TestTheLastOfTwoFieldsCountsAndTheOrderStays(t *testing.T) {
	got, err := Parse([]byte(`{"b":1,"a":2,"b":3}`))
	if err != nil {
		t.Fatal(err)
	}
	object := got.(*Object)
	if !reflect.DeepEqual(object.Names, []string{"b", "a"}) || object.Values["b"] != 3.0 {
		t.Errorf("%v", object)
	}
}

func TestHalfOfASurrogatePairIsKept(t *testing.T) {
	for _, text := range []string{`"\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\ude00"`} {
		if got, err := Parse([]byte(text)); err != nil || utf8.ValidString(got.(string)) {
			t.Errorf("%s: %q (%v)", text, got, err)
		}
	}
}

func TestFieldsThatChangeAPrototypeAreRefused(t *testing.T) {
	for _, text := range []string{`{"__proto__":1}`, `[{"a":{"__proto__":{}}}]`, `{"constructor":{"prototype":1}}`} {
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrPrototype) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestDeepNestingIsReadWithAStackOfAFewKilobytes(t *testing.T) {
	// Without the limit of this test, Go ends a process at 1 GB of stack.
	before := debug.SetMaxStack(1 << 20)
	defer debug.SetMaxStack(before)
	const depth = 1_000_000
	for _, text := range []string{
		strings.Repeat("[", depth) + strings.Repeat("]", depth),
		strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth),
	} {
		if _, err := Parse([]byte(text)); err != nil {
			t.Error(err)
		}
	}
	if _, err := Parse([]byte(strings.Repeat(`[{"a":`, depth))); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
}
