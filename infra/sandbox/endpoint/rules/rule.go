package rules

import (
	"maps"
	"slices"
	"strings"
)

// Rule is one sentence of AWS's documentation.
type Rule struct {
	Service    string // botocore's name of it
	Operations string // their names, separated by spaces; a * at the end of one stands for anything
	// Member is the path to the values: members by their names, * for each element of a list and each value of a map, # for
	// each key of a map. Without a path it is the entire input.
	Member string
	Holds  Check
	Code   string // of the error; the service's code for invalid values without one
	Page   string
}

// Check says what is wrong with a value that is there, in AWS's words where they are known, and "" if nothing is.
type Check func(value any) (problem string)

// Problem is a rule that does not hold.
type Problem struct{ Code, Message string }

// Find gives the first rule that the input of an operation breaks, nil if there is none.
func Find(service, operation string, input map[string]any) *Problem {
	for _, rule := range Table {
		if rule.Service != service || !rule.covers(operation) {
			continue
		}
		for _, value := range reach(input, rule.Member) {
			if problem := rule.Holds(value); problem != "" {
				return &Problem{rule.Code, strings.ReplaceAll(problem, "{member}", last(rule.Member))}
			}
		}
	}
	return nil
}

func (r Rule) covers(operation string) bool {
	for pattern := range strings.FieldsSeq(r.Operations) {
		start, open := strings.CutSuffix(pattern, "*")
		if pattern == operation || open && strings.HasPrefix(operation, start) {
			return true
		}
	}
	return false
}

// reach collects the values at a path.
func reach(value any, path string) []any {
	if value == nil {
		return nil
	}
	if path == "" {
		return []any{value}
	}
	step, rest, _ := strings.Cut(path, ".")
	var all []any
	switch v := value.(type) {
	case []any:
		if step == "*" {
			for _, element := range v {
				all = append(all, reach(element, rest)...)
			}
		}
	case map[string]any:
		switch step {
		case "*":
			for _, key := range slices.Sorted(maps.Keys(v)) {
				all = append(all, reach(v[key], rest)...)
			}
		case "#":
			for _, key := range slices.Sorted(maps.Keys(v)) {
				all = append(all, key)
			}
		default:
			all = reach(v[step], rest)
		}
	}
	return all
}

// last is the last name of a path.
func last(path string) string {
	name := ""
	for step := range strings.SplitSeq(path, ".") {
		if step != "*" && step != "#" {
			name = step
		}
	}
	return name
}
