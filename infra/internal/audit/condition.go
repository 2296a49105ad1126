package audit

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
)

// Outcome is what a rule finds of one resource.
type Outcome int

// Outcomes.
const (
	Pass Outcome = iota
	Fail
	Unknown      // secret, or not known before it is made
	Inapplicable // the rule's When does not hold
	Review       // custom: for somebody else to judge
)

// wholeStack are the conditions that need more than the property's value.
var wholeStack = map[string]bool{
	"equalsProperty": true, "related": true, "exists": true, "policyForbids": true, "policyRequires": true,
}

// compare are the conditions on one value that is set and known. An error is the catalogue's mistake.
var compare = map[string]func(have, want any) (bool, error){
	"equals":    func(have, want any) (bool, error) { return equal(have, want), nil },
	"notEquals": func(have, want any) (bool, error) { return !equal(have, want), nil },
	"true":      func(have, _ any) (bool, error) { return equal(have, true), nil },
	"in":        func(have, want any) (bool, error) { return in(have, want), nil },
	"notIn":     func(have, want any) (bool, error) { return !in(have, want), nil },
	"notEmpty":  func(have, _ any) (bool, error) { return !empty(have), nil },
	"absent":    func(any, any) (bool, error) { return false, nil },
	"min": func(have, want any) (bool, error) {
		return bound(have, want, func(a, b float64) bool { return a >= b })
	},
	"max": func(have, want any) (bool, error) {
		return bound(have, want, func(a, b float64) bool { return a <= b })
	},
	"contains":    func(have, want any) (bool, error) { return contains(have, want), nil },
	"notContains": func(have, want any) (bool, error) { return !contains(have, want), nil },
	"containsAll": func(have, want any) (bool, error) {
		for _, element := range list(want) {
			if !contains(have, element) {
				return false, nil
			}
		}
		return true, nil
	},
	"matches":    matches,
	"notMatches": func(have, want any) (bool, error) { matched, err := matches(have, want); return !matched, err },
	// Of these two only the way the value is set counts: judgeValue knows.
	"explicit":       func(any, any) (bool, error) { return true, nil },
	"secretOrAbsent": func(any, any) (bool, error) { return false, nil },
}

// judgeValue applies a condition to what is found. missing is the outcome where nothing is set.
func judgeValue(condition string, want any, f found, missing Outcome) (Outcome, error) {
	switch {
	case !f.set && (condition == "absent" || condition == "secretOrAbsent"):
		return Pass, nil
	case !f.set:
		return missing, nil
	case condition == "explicit":
		return outcome(f.explicit), nil
	case condition == "absent":
		return Fail, nil
	case f.secret && condition == "secretOrAbsent", (f.secret || f.unknown) && condition == "notEmpty":
		return Pass, nil
	case f.secret || f.unknown:
		return Unknown, nil
	}
	holds, err := compare[condition](f.value, want)
	return outcome(holds), err
}

func outcome(holds bool) Outcome {
	if holds {
		return Pass
	}
	return Fail
}

// equal compares scalars; a boolean also equals its text, as launch templates have it.
func equal(have, want any) bool {
	if b, ok := want.(bool); ok {
		return have == b || have == strconv.FormatBool(b)
	}
	if b, ok := have.(bool); ok {
		return want == strconv.FormatBool(b)
	}
	return reflect.DeepEqual(have, want)
}

func in(have, all any) bool {
	for _, one := range list(all) {
		if equal(have, one) {
			return true
		}
	}
	return false
}

func empty(v any) bool {
	switch v := v.(type) {
	case string:
		return v == ""
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return v == nil
}

// list is a list's elements, or the one element of a list that Pulumi flattened.
func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// contains reports whether an element is in a list; one with fields is, if some element has these fields.
func contains(have, want any) bool {
	fields, ok := want.(map[string]any)
	if !ok {
		return in(want, have)
	}
	for _, element := range list(have) {
		object, ok := element.(map[string]any)
		for key, value := range fields {
			ok = ok && equal(object[key], value)
		}
		if ok {
			return true
		}
	}
	return false
}

// bound compares a number, or a list's length.
func bound(have, want any, within func(a, b float64) bool) (bool, error) {
	limit, ok := want.(float64)
	if !ok {
		return false, fmt.Errorf("no number: %v", want)
	}
	switch have := have.(type) {
	case float64:
		return within(have, limit), nil
	case []any:
		return within(float64(len(have)), limit), nil
	case string:
		n, err := strconv.ParseFloat(have, 64)
		return err == nil && within(n, limit), nil
	}
	return false, nil
}

// matches looks in the value's text and, where that is base64, in what it says.
func matches(have, want any) (bool, error) {
	pattern, err := regexp.Compile(fmt.Sprint(want))
	if err != nil {
		return false, err
	}
	value := text(have)
	decoded, err := base64.StdEncoding.DecodeString(value)
	return pattern.MatchString(value) || err == nil && len(decoded) > 0 && pattern.Match(decoded), nil
}
