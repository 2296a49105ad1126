package rules

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// at is an input with a value at a path.
func at(path string, value any) map[string]any {
	if path == "" {
		return value.(map[string]any)
	}
	steps := strings.Split(path, ".")
	for _, step := range slices.Backward(steps) {
		switch step {
		case "*":
			value = []any{value}
		case "#":
			value = map[string]any{value.(string): "value"}
		default:
			value = map[string]any{step: value}
		}
	}
	return value.(map[string]any)
}

// problem is what the rules about the example's member say of an input with a value there.
func (e example) problem(value any) string {
	for _, rule := range Table {
		if rule.Service != e.service || rule.Member != e.member || !rule.covers(e.operation) {
			continue
		}
		for _, found := range reach(at(e.member, value), rule.Member) {
			if problem := rule.Holds(found); problem != "" {
				return problem
			}
		}
	}
	return ""
}

func TestWhatTheDocumentationAllowsPasses(t *testing.T) {
	for _, e := range examples {
		for _, value := range e.good {
			if problem := e.problem(value); problem != "" {
				t.Errorf("%s:%s %s of %.80q: %s", e.service, e.operation, e.member, value, problem)
			}
		}
	}
}

func TestWhatTheDocumentationForbidsIsRefused(t *testing.T) {
	for _, e := range examples {
		for _, value := range e.bad {
			if e.problem(value) == "" {
				t.Errorf("%s:%s %s of %.80q passes", e.service, e.operation, e.member, value)
			}
		}
	}
}

func TestEveryRuleRefusesAnExampleAndPassesAnother(t *testing.T) {
	for _, rule := range Table {
		if rule.Page == pageTags { // they have tests of their own
			continue
		}
		var good, bad bool
		for _, e := range examples {
			if e.service != rule.Service || e.member != rule.Member || !rule.covers(e.operation) {
				continue
			}
			good = good || slices.ContainsFunc(e.good, func(value any) bool { return rule.Holds(value) == "" })
			bad = bad || slices.ContainsFunc(e.bad, func(value any) bool { return rule.Holds(value) != "" })
		}
		if !good || !bad {
			t.Errorf("%s:%s %s (%s): passes one: %t, refuses one: %t", rule.Service, rule.Operations, rule.Member, rule.Page, good, bad)
		}
	}
}

func TestEveryRuleNamesAPageOfAWS(t *testing.T) {
	for _, rule := range Table {
		if page, err := url.Parse(rule.Page); err != nil || page.Host != "docs.aws.amazon.com" || !strings.HasSuffix(page.Path, ".html") {
			t.Errorf("%s:%s %s: %s", rule.Service, rule.Operations, rule.Member, rule.Page)
		}
	}
}

func TestTagsAreThoseThatAWSTakes(t *testing.T) {
	pair := func(key, value string) any { return in("Key", key, "Value", value) }
	var many []any
	for n := range 51 {
		many = append(many, pair(fmt.Sprint("key", n), ""))
	}
	for _, c := range []struct {
		service string
		input   map[string]any
		good    bool
	}{
		{"rds", at("Tags.*", pair("Stack", "dev")), true},
		{"rds", at("Tags.*", pair("aws:stack", "dev")), false},
		{"rds", at("Tags.*", pair("Owner", "team's")), false},
		{"rds", at("Tags.*", pair("", "dev")), false},
		{"rds", at("Tags.*", pair(long(129), "dev")), false},
		{"rds", at("Tags.*", pair("Stack", long(257))), false},
		{"rds", at("Tags", []any{pair("Stack", "dev"), pair("Stack", "other")}), false},
		{"rds", at("Tags", []any{pair("Stack", "dev"), pair("stack", "dev")}), true},
		{"iam", at("Tags", []any{pair("Stack", "dev"), pair("stack", "dev")}), false},
		{"iam", at("Tags", []any{pair("Stack", "dev"), pair("Owner", "dev")}), true},
		{"rds", at("Tags", many[:50]), true},
		{"rds", at("Tags", many), false},
		{"ec2", at("TagSpecifications.*.Tags.*", pair("Owner", "team's")), true},
		{"ec2", at("TagSpecifications.*.Tags.*", pair("AWS:Owner", "team")), false},
		{"kms", at("Tags.*", in("TagKey", "Owner", "TagValue", "team")), true},
		{"kms", at("Tags.*", in("TagKey", "aws:Owner", "TagValue", "team")), false},
		{"lambda", at("Tags", in("Stack", "dev")), true},
		{"lambda", at("Tags", in("Stack", "dev's")), false},
		{"sqs", at("tags", in("aws:Stack", "dev")), false},
		{"autoscaling", at("Tags", []any{in("Key", "Name", "ResourceId", "a"), in("Key", "Name", "ResourceId", "b")}), true},
	} {
		if problem := Find(c.service, "CreateAnything", c.input); (problem == nil) != c.good {
			t.Errorf("%s %.120v: %v", c.service, c.input, problem)
		}
	}
}
