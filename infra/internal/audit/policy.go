package audit

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Statement is one statement of an IAM policy.
type Statement struct {
	Effect                  string
	Principal               any // "*", or lists by kind
	Action, Resource        Texts
	NotAction, NotPrincipal any
	NotResource             any
	Condition               map[string]map[string]Texts
}

// Texts is one text or a list of them.
type Texts []string

// UnmarshalJSON reads either.
func (t *Texts) UnmarshalJSON(data []byte) error {
	var one any
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	for _, element := range list(one) {
		switch element := element.(type) {
		case string:
			*t = append(*t, element)
		case bool, float64:
			*t = append(*t, fmt.Sprint(element))
		default:
			return fmt.Errorf("no text: %v", element)
		}
	}
	return nil
}

// Statements reads a policy document.
func Statements(document string) ([]Statement, error) {
	var d struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(document), &d); err != nil {
		return nil, err
	}
	var all []Statement
	if err := json.Unmarshal(d.Statement, &all); err == nil {
		return all, nil
	}
	var one Statement
	err := json.Unmarshal(d.Statement, &one)
	return []Statement{one}, err
}

// Anyone reports whether the statement's principal is everybody.
func (s Statement) Anyone() bool {
	if kinds, ok := s.Principal.(map[string]any); ok {
		for _, principals := range kinds {
			if slices.Contains(list(principals), any("*")) {
				return true
			}
		}
		return false
	}
	return s.Principal == "*"
}

// Allows reports whether the statement's actions take in the action.
func (s Statement) Allows(action string) bool {
	return s.Effect == "Allow" && slices.ContainsFunc(s.Action, func(pattern string) bool { return covers(pattern, action) })
}

// covers reports whether a pattern with * takes in a name; in actions, case does not count.
func covers(pattern, name string) bool {
	// No action holds a slash or a bracket, so that path's pattern is IAM's.
	matched, err := path.Match(strings.ToLower(pattern), strings.ToLower(name))
	return err == nil && matched
}

// forbidden are the fields that no statement may match all together.
type forbidden struct {
	Principal, Resource                  string
	Action, ExceptActions                []string
	NotAction, NotPrincipal, NotResource bool
	UnlessCondition                      bool
}

func (f forbidden) matches(s Statement) (bool, error) {
	if s.Effect != "Allow" || f.UnlessCondition && len(s.Condition) > 0 {
		return false, nil
	}
	if f.Principal != "" && !s.Anyone() || f.Resource != "" && !slices.Contains(s.Resource, f.Resource) ||
		f.NotAction && s.NotAction == nil || f.NotPrincipal && s.NotPrincipal == nil || f.NotResource && s.NotResource == nil {
		return false, nil
	}
	if f.Action != nil {
		for _, action := range s.Action {
			for _, bad := range f.Action {
				expression, isExpression := strings.CutPrefix(bad, "re:")
				if isExpression {
					pattern, err := regexp.Compile(expression)
					if err != nil {
						return false, err
					}
					if pattern.MatchString(action) {
						return true, nil
					}
				} else if covers(action, bad) {
					return true, nil
				}
			}
		}
		return false, nil
	}
	excepted := func(action string) bool {
		return slices.ContainsFunc(f.ExceptActions, func(fine string) bool { return covers(fine, action) })
	}
	return len(s.Action) == 0 || slices.ContainsFunc(s.Action, func(action string) bool { return !excepted(action) }), nil
}

// required is what some Deny, or every Allow, has to say.
type required struct {
	AnyDeny, AllAllow            bool
	ConditionKey, ConditionValue string
	ConditionKeys                []string
}

func (r required) satisfied(statements []Statement) bool {
	if r.AnyDeny && !slices.ContainsFunc(statements, func(s Statement) bool {
		return s.Effect == "Deny" && s.has(r.ConditionKey, r.ConditionValue)
	}) {
		return false
	}
	return !r.AllAllow || !slices.ContainsFunc(statements, func(s Statement) bool {
		return s.Effect == "Allow" && !slices.ContainsFunc(r.ConditionKeys, func(key string) bool { return s.has(key, "") })
	})
}

// has reports whether a condition names the key, with the value unless that is "".
func (s Statement) has(key, value string) bool {
	for _, keys := range s.Condition {
		for k, values := range keys {
			if strings.EqualFold(k, key) && (value == "" || slices.Contains(values, value)) {
				return true
			}
		}
	}
	return false
}

// judgePolicy applies policyForbids or policyRequires to a policy document.
func judgePolicy(condition string, want any, document string) (Outcome, error) {
	statements, err := Statements(document)
	if err != nil {
		return Fail, nil // AWS would refuse it
	}
	if condition == "policyRequires" {
		var r required
		err := strictly(want, &r)
		return outcome(r.satisfied(statements)), err
	}
	var f forbidden
	if err := strictly(want, &f); err != nil {
		return Fail, err
	}
	for _, s := range statements {
		if matched, err := f.matches(s); matched || err != nil {
			return Fail, err
		}
	}
	return Pass, nil
}

// strictly reads a rule's value, and refuses a field that would count for nothing.
func strictly(value, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text(value)))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
