package audit

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// exists looks for one resource of the type whose property matches.
func exists(rule Rule, all []Resource) ([]Finding, error) {
	pattern, err := regexp.Compile(fmt.Sprint(rule.Value))
	if err != nil {
		return nil, fmt.Errorf("rule %s: %w", rule.Name, err)
	}
	result := Fail
	for _, r := range all {
		if r.Type != rule.Type {
			continue
		}
		for _, f := range at(r.Inputs, rule.Property) {
			switch {
			case f.secret || f.unknown:
				result = Unknown
			case f.set && pattern.MatchString(text(f.value)):
				return []Finding{{Resource: Stack, Outcome: Pass}}, nil
			}
		}
	}
	return []Finding{{Resource: Stack, Outcome: result}}, nil
}

// relation is the value of a rule that wants others to refer to a resource.
type relation struct {
	PulumiType, Property string
	Key                  string // names of the resource's own properties that Property may equal, | between
	Template             string // what is expected in Property, with {KEY} in it
	Distinct             string // a property whose different values count, not the resources
	Min                  int
}

func related(rule Rule, r Resource, all []Resource) (Outcome, error) {
	var want relation
	if err := strictly(rule.Value, &want); err != nil {
		return Fail, err
	}
	expected := map[string]bool{}
	for _, key := range strings.Split(want.Key, "|") {
		if value := r.own(key); value != "" {
			if want.Template != "" {
				value = strings.ReplaceAll(want.Template, "{"+key+"}", value)
			}
			expected[value] = true
		}
	}
	counted := map[string]bool{}
	maybe := false // one refers to what is not known yet
	for _, other := range all {
		if other.Type != want.PulumiType {
			continue
		}
		refers := slices.Contains(other.References[want.Property], reference(r.Type, r.Name))
		for _, f := range at(other.Inputs, want.Property) {
			maybe = maybe || f.secret || f.unknown
			for _, value := range list(f.value) {
				refers = refers || f.set && !f.secret && !f.unknown && expected[text(value)]
			}
		}
		if !refers {
			continue
		}
		if want.Distinct == "" {
			counted[other.Name] = true
		}
		for _, f := range at(other.Inputs, want.Distinct) {
			if f.set && !f.unknown && want.Distinct != "" {
				counted[text(f.value)] = true
			}
		}
	}
	if len(counted) < want.Min && maybe {
		return Unknown, nil
	}
	return outcome(len(counted) >= want.Min), nil
}

// own is one of the resource's own properties, "" where it is not known.
func (r Resource) own(key string) string {
	if key == "id" {
		return r.ID
	}
	for _, properties := range []resource.PropertyMap{r.Outputs, r.Inputs} {
		if f := at(properties, key)[0]; f.set && !f.secret && !f.unknown {
			return text(f.value)
		}
	}
	return ""
}
