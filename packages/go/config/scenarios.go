package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Scenario is a row of the scenario table.
type Scenario struct {
	ID string `json:"id"`
	// Variants start with the baseline.
	Variants  []string `json:"variants"`
	IsPlanned bool     `json:"isPlanned"`
	// NotInAll is the reason why SCENARIOS=all leaves it out; empty if it does not.
	NotInAll   string              `json:"notInAll"`
	Excludes   []string            `json:"excludes"`
	ExcludesIn map[string][]string `json:"excludesIn"`
	Requires   []string            `json:"requires"`
}

const baseline = "baseline"

// Scenarios has the variant of every scenario, by its id.
type Scenarios map[string]string

// Active returns the scenarios that are not at their baseline, as `E2=optimized`.
func (s Scenarios) Active() []string {
	active := []string{}
	for _, id := range ids() {
		if s.isOn(id) {
			active = append(active, id+"="+s[id])
		}
	}
	return active
}

func (s Scenarios) isOn(id string) bool { return s[id] != "" && s[id] != baseline }

// ResolveScenarios returns the variant of every scenario: from SCENARIO_<ID>, else SCENARIOS, else the
// baseline. The environment has the form of os.Environ.
//
// It returns an *Error naming every misspelt variable, unknown id or variant, planned scenario,
// excluded pair and missing partner, with what is allowed.
func ResolveScenarios(environ []string) (Scenarios, error) {
	wanted, problems := wantedIn(environ)
	scenarios := Scenarios{}
	for _, each := range wanted {
		if problem := check(each.id, each.variant); problem != "" {
			problems = append(problems, problem)
		} else {
			scenarios[each.id] = each.variant
		}
	}
	problems = append(problems, conflicts(scenarios)...)
	if len(problems) > 0 {
		return nil, &Error{problems}
	}
	return complete(scenarios), nil
}

type choice struct{ id, variant string }

// choices are in the order of their first occurrence; the last value counts.
type choices []choice

func (c *choices) set(id, variant string) {
	if i := slices.IndexFunc(*c, func(each choice) bool { return each.id == id }); i >= 0 {
		(*c)[i].variant = variant
		return
	}
	*c = append(*c, choice{id, variant})
}

// misspelt returns the variables that switch nothing. Otherwise the system would run at a baseline by
// mistake.
var misspelt = regexp.MustCompile(`^SCENARIO($|[^_S]|S.)`)

func wantedIn(environ []string) (wanted choices, problems []string) {
	var own choices
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		id, isOwn := strings.CutPrefix(name, "SCENARIO_")
		switch {
		case value == "":
		case name == "SCENARIOS":
			wanted.addList(value)
		case isOwn:
			own = append(own, choice{id, value})
		case misspelt.MatchString(name):
			problems = append(problems, fmt.Sprintf(
				"%q switches nothing. Write SCENARIO_<ID>=variant or SCENARIOS=list.", name))
		}
	}
	for _, each := range own {
		wanted.set(each.id, each.variant)
	}
	return wanted, problems
}

// addList accepts `all`, or `e1,m1:redlock`, or both.
func (c *choices) addList(text string) {
	for _, word := range words(text) {
		if strings.EqualFold(word, "all") {
			c.addAll()
			continue
		}
		parts := strings.Split(word, ":")
		variant := "optimized"
		if len(parts) > 1 {
			variant = parts[1]
		}
		c.set(strings.ToUpper(parts[0]), variant)
	}
}

func (c *choices) addAll() {
	for _, each := range known.Scenarios {
		if each.NotInAll == "" && !each.IsPlanned {
			c.set(each.ID, "optimized")
		}
	}
}

func check(id, variant string) string {
	scenario := find(id)
	if scenario == nil {
		return fmt.Sprintf("There is no scenario %q. Allowed are %s.", id, strings.Join(ids(), ", "))
	}
	allowed := scenario.Variants
	if scenario.IsPlanned {
		allowed = []string{baseline}
	}
	if slices.Contains(allowed, variant) {
		return ""
	}
	reason := fmt.Sprintf("Scenario %s has no variant %q", id, variant)
	if slices.Contains(scenario.Variants, variant) {
		reason = fmt.Sprintf("Scenario %s is planned and cannot be switched on yet", id)
	}
	return fmt.Sprintf("%s. Allowed: %s.", reason, strings.Join(allowed, ", "))
}

func conflicts(chosen Scenarios) (problems []string) {
	each := func(related func(Scenario) []string, isBad func(other string) bool, sentence func(id, other string) string) {
		for _, scenario := range known.Scenarios {
			if !chosen.isOn(scenario.ID) {
				continue
			}
			for _, other := range related(scenario) {
				if isBad(other) {
					problems = append(problems, sentence(scenario.ID, other))
				}
			}
		}
	}
	isOff := func(id string) bool { return !chosen.isOn(id) }
	each(func(s Scenario) []string { return s.Excludes }, chosen.isOn, func(id, other string) string {
		return fmt.Sprintf("Scenarios %s and %s exclude each other. Switch one of them off.", id, other)
	})
	each(func(s Scenario) []string { return s.ExcludesIn[chosen[s.ID]] }, chosen.isOn, func(id, other string) string {
		return fmt.Sprintf("Scenario %s=%s cannot be combined with %s, which has no effect with it. Switch one of them off.", id, chosen[id], other)
	})
	each(func(s Scenario) []string { return s.Requires }, isOff, func(id, other string) string {
		return fmt.Sprintf("Scenario %s has no effect without %s. Set SCENARIO_%s=optimized too, or switch %s off.", id, other, other, id)
	})
	return problems
}

func complete(chosen Scenarios) Scenarios {
	all := Scenarios{}
	for _, id := range ids() {
		all[id] = baseline
	}
	maps.Copy(all, chosen)
	return all
}

func find(id string) *Scenario {
	for i := range known.Scenarios {
		if known.Scenarios[i].ID == id {
			return &known.Scenarios[i]
		}
	}
	return nil
}

func ids() []string {
	found := make([]string, len(known.Scenarios))
	for i, each := range known.Scenarios {
		found[i] = each.ID
	}
	return found
}

// inGo has the scenarios that replace a service by the one in Go.
var inGo = map[string]string{"auth": "H3", "order": "H4"}

// InGo returns the scenario that replaces a service by the one in Go.
func InGo(service string) string { return inGo[service] }

// CheckInGo returns an error if the scenarios do not select the service in Go: /health would show
// another system than the one that runs.
func (s Scenarios) CheckInGo(service string) error {
	id := inGo[service]
	if s.isOn(id) {
		return nil
	}
	return &Error{[]string{fmt.Sprintf("This is %s in Go. Set SCENARIO_%s=optimized, or start apps/%s.", service, id, service)}}
}
