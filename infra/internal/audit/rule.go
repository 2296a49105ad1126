// Package audit judges the resources of a stack by a catalogue of security rules, as auditors' scanners do.
package audit

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// What a rule asks of us.
const (
	Required = "yes"
	Optional = "optional" // mostly a matter of cost
	Excluded = "no"       // does not fit this design; its Why says so
)

// Custom is the condition of a rule that no comparison of inputs decides.
const Custom = "custom"

// Rule is one rule of the catalogue. README.md next to the catalogue explains what each condition means.
type Rule struct {
	Name      string   `json:"name"` // unique: the first of the ids, with what distinguishes its rules
	IDs       []string `json:"ids"`  // in the sources
	Type      string   `json:"type"` // of the resources that it judges
	Property  string   `json:"property"`
	Condition string   `json:"condition"`
	Value     any      `json:"value"`
	Missing   string   `json:"missing"` // pass or fail (the default): the verdict where the property is not set
	When      []Clause `json:"when"`    // all have to hold for the rule to apply to a resource
	Severity  string   `json:"severity"`
	Applies   string   `json:"applies"`
	Why       string   `json:"why"`
	Note      string   `json:"note"`
}

// Clause is one condition of When.
type Clause struct {
	Property  string `json:"property"`
	Condition string `json:"condition"`
	Value     any    `json:"value"`
}

//go:embed rules.json
var catalogue []byte

//go:embed more.json
var more []byte

// Rules are the rules of the catalogue, and after them our own.
func Rules() ([]Rule, error) {
	var all []Rule
	for _, file := range [][]byte{catalogue, more} {
		rules, err := parse(file)
		if err != nil {
			return nil, err
		}
		all = append(all, rules...)
	}
	return all, nil
}

// parse refuses what the evaluation would pass over in silence.
func parse(file []byte) (rules []Rule, err error) {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&rules); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, r := range rules {
		known := wholeStack[r.Condition] || r.Condition == Custom || compare[r.Condition] != nil
		for _, when := range r.When {
			known = known && compare[when.Condition] != nil
		}
		switch {
		case r.Name == "" || seen[r.Name]:
			return nil, fmt.Errorf("rule %q: no name, or another's", r.Name)
		case !known:
			return nil, fmt.Errorf("rule %s: no such condition: %s %v", r.Name, r.Condition, r.When)
		case r.Applies != Required && r.Applies != Optional && r.Applies != Excluded:
			return nil, fmt.Errorf("rule %s: applies: %q", r.Name, r.Applies)
		case r.Missing != "" && r.Missing != "pass" && r.Missing != "fail":
			return nil, fmt.Errorf("rule %s: missing: %q", r.Name, r.Missing)
		case r.Property == "" && r.Condition != "absent" && r.Condition != Custom:
			return nil, fmt.Errorf("rule %s: no property", r.Name)
		}
		if strings.HasSuffix(strings.ToLower(r.Condition), "matches") || r.Condition == "exists" {
			if _, err := regexp.Compile(fmt.Sprint(r.Value)); err != nil {
				return nil, fmt.Errorf("rule %s: %w", r.Name, err)
			}
		}
		seen[r.Name] = true
	}
	return rules, nil
}
