package rules

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// matching holds an expression against an entire text. says is the message, in which {value} stands for the text.
func matching(pattern, says string) Check {
	compiled := regexp.MustCompile(`\A(?:` + pattern + `)\z`)
	return func(value any) string {
		if text, ok := value.(string); ok && !compiled.MatchString(text) {
			return strings.ReplaceAll(says, "{value}", text)
		}
		return ""
	}
}

// not refuses the texts that a pattern is found in.
func not(pattern, says string) Check {
	compiled := regexp.MustCompile(pattern)
	return func(value any) string {
		if text, ok := value.(string); ok && compiled.MatchString(text) {
			return strings.ReplaceAll(says, "{value}", text)
		}
		return ""
	}
}

// characters limits the length of a text, in characters.
func characters(least, most int) Check {
	return func(value any) string {
		text, ok := value.(string)
		if n := utf8.RuneCountInString(text); ok && (n < least || n > most) {
			return fmt.Sprintf("{member} must have %d to %d characters, not %d", least, most, n)
		}
		return ""
	}
}

// size limits the size of a text.
func size(most int) Check {
	return func(value any) string {
		if text, ok := value.(string); ok && len(text) > most {
			return fmt.Sprintf("{member} must have at most %d bytes, not %d", most, len(text))
		}
		return ""
	}
}

// between limits a number, which may be written as a text.
func between(least, most int64) Check {
	return func(value any) string {
		n, ok := value.(int64)
		if text, written := value.(string); written {
			parsed, err := strconv.ParseInt(text, 10, 64)
			n, ok = parsed, true
			if err != nil {
				return fmt.Sprintf("Value %s for parameter {member} is invalid. Reason: Must be an integer.", text)
			}
		}
		if ok && (n < least || n > most) {
			return fmt.Sprintf("Value %d for parameter {member} is invalid. Reason: Must be between %d and %d.", n, least, most)
		}
		return ""
	}
}

// oneOf allows some values.
func oneOf(allowed ...any) Check {
	return func(value any) string {
		if slices.Contains(allowed, value) {
			return ""
		}
		return fmt.Sprintf("Value %v for parameter {member} is invalid. Valid values: %v", value, allowed)
	}
}

// numbers are values for oneOf.
func numbers(values ...int64) (all []any) {
	for _, n := range values {
		all = append(all, n)
	}
	return all
}

// wellFormed takes JSON only.
func wellFormed(says string) Check {
	return func(value any) string {
		if text, ok := value.(string); ok && text != "" && !json.Valid([]byte(text)) {
			return says
		}
		return ""
	}
}

// withoutSpace counts the characters of a policy as IAM does.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
func withoutSpace(most int, says string) Check {
	return func(value any) string {
		text, _ := value.(string)
		n := 0
		for _, r := range text {
			if !unicode.IsSpace(r) {
				n++
			}
		}
		if n > most {
			return says
		}
		return ""
	}
}

// exclusive refuses an input with two members that exclude each other.
func exclusive(one, other, says string) Check {
	return func(value any) string {
		input, _ := value.(map[string]any)
		given := func(name string) bool { return input[name] != nil && input[name] != false }
		if given(one) && given(other) {
			return says
		}
		return ""
	}
}

// all is the first problem of several checks.
func all(checks ...Check) Check {
	return func(value any) string {
		for _, check := range checks {
			if problem := check(value); problem != "" {
				return problem
			}
		}
		return ""
	}
}
