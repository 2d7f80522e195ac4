// Package config reads the settings and scenarios of a process from its environment, by the same
// table as the services in Node: gen/table.json is written from packages/config.
package config

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
)

// Error lists every setting that cannot be used, one sentence a line.
type Error struct{ Problems []string }

func (e *Error) Error() string { return strings.Join(e.Problems, "\n") }

// Lookup returns the value of an environment variable; empty means not set.
type Lookup func(name string) string

// KeepLibrariesOff removes PostgreSQL's own variables from the environment: pgx would use PGHOST,
// PGOPTIONS and others for missing parts of an address.
func KeepLibrariesOff() {
	for _, line := range os.Environ() {
		name, _, _ := strings.Cut(line, "=")
		if ofPostgres.MatchString(name) {
			_ = os.Unsetenv(name)
		}
	}
}

var ofPostgres = regexp.MustCompile(`^PG[A-Z]`)

//go:embed gen/table.json
var tableText []byte

type table struct {
	Settings  map[string][]rule `json:"settings"`
	Scenarios []Scenario        `json:"scenarios"`
}

// rule is the rule for one setting. Default is a number, text or nothing, depending on the kind.
type rule struct {
	Name    string          `json:"name"`
	Secret  bool            `json:"secret"`
	Kind    string          `json:"kind"`
	From    int             `json:"from"`
	To      int             `json:"to"`
	Words   []string        `json:"words"`
	Default json.RawMessage `json:"default"`
}

var known = func() (t table) {
	if err := json.Unmarshal(tableText, &t); err != nil {
		panic(err)
	}
	return t
}()

// Read fills the fields of target that carry the tag `env` with the settings of a process. It
// checks all settings of the process, also those without a field.
//
// It returns an *Error naming every invalid setting and, in production, every secret that is missing
// or has its default. Values of secrets are never part of the message.
func Read(process string, lookup Lookup, target any) error {
	values := map[string]any{}
	var problems []string
	rules := known.Settings[process]
	for _, each := range rules {
		value, err := each.read(lookup(each.Name))
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s %s.", each.Name, err))
		}
		values[each.Name] = value
	}
	if lookup("NODE_ENV") == "production" {
		problems = append(problems, missingSecrets(rules, lookup)...)
	}
	if len(problems) > 0 {
		return &Error{problems}
	}
	fill(reflect.ValueOf(target).Elem(), values)
	return nil
}

// developmentSecret is contained in every default of a secret, so that production can reject it.
const developmentSecret = "development-only"

func missingSecrets(rules []rule, lookup Lookup) (problems []string) {
	for _, each := range rules {
		value := lookup(each.Name)
		if each.Secret && (value == "" || strings.Contains(value, developmentSecret)) {
			problems = append(problems, each.Name+" is a secret and must be set in production.")
		}
	}
	return problems
}

// fill sets the tagged fields, also those of embedded structs. A tag without a setting, or with one of
// another type, is a bug.
func fill(target reflect.Value, values map[string]any) {
	for i := range target.NumField() {
		field := target.Type().Field(i)
		if field.Anonymous {
			fill(target.Field(i), values)
			continue
		}
		value, isKnown := values[field.Tag.Get("env")]
		if !isKnown {
			panic("config: the table has no setting for the field " + field.Name)
		}
		target.Field(i).Set(reflect.ValueOf(value))
	}
}

// hostOf returns scheme, host and port of an address.
func originOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	return parsed.Scheme + "://" + parsed.Host
}
