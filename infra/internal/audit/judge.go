package audit

import (
	"fmt"
	"slices"
	"strings"
)

// Stack is the name of the one finding of a rule that judges the stack as a whole.
const Stack = "the stack"

// Finding is what a rule finds of one resource.
type Finding struct {
	Resource string // its name
	Outcome  Outcome
	Unset    bool // the property is not set: the outcome is AWS's default's
}

// Judge finds what a rule says of each resource of its type; nothing, where there is none. The order is the
// resources' own. An error is the catalogue's mistake.
func Judge(rule Rule, all []Resource) ([]Finding, error) {
	switch {
	case rule.Condition == "exists":
		return exists(rule, all)
	case rule.Condition == "absent" && rule.Property == "":
		holds := !slices.ContainsFunc(all, func(r Resource) bool { return r.Type == rule.Type })
		return []Finding{{Resource: Stack, Outcome: outcome(holds)}}, nil
	}
	var findings []Finding
	for _, r := range all {
		if r.Type != rule.Type {
			continue
		}
		result, err := rule.judge(r, all)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", rule.Name, err)
		}
		set := rule.Condition == "related" || slices.ContainsFunc(rule.at(r), func(f found) bool { return f.set })
		findings = append(findings, Finding{r.Name, result, !set})
	}
	return findings, nil
}

func (rule Rule) judge(r Resource, all []Resource) (Outcome, error) {
	for _, when := range rule.When {
		// What is not set is neither in a list nor equal to anything.
		missing := outcome(strings.HasPrefix(when.Condition, "not") && when.Condition != "notEmpty")
		for _, f := range at(r.Inputs, when.Property) {
			switch holds, err := judgeValue(when.Condition, when.Value, f, missing); {
			case err != nil || holds == Unknown:
				return Unknown, err
			case holds != Pass:
				return Inapplicable, nil
			}
		}
	}
	switch rule.Condition {
	case Custom:
		return Review, nil
	case "related":
		return related(rule, r, all)
	}
	worst := Pass
	for _, f := range rule.at(r) {
		found, err := rule.judgeOne(r, f)
		if err != nil {
			return Fail, err
		}
		if found == Fail || worst == Pass {
			worst = found
		}
	}
	return worst, nil
}

// at is what stands at the rule's path. The provider's default tags are in no input: of a resource that is made, its
// output holds them, and of one that is not, nothing does.
func (rule Rule) at(r Resource) []found {
	all := at(r.Inputs, rule.Property)
	switch {
	case rule.Property != "tags" || all[0].set:
		return all
	case r.Outputs == nil:
		return []found{{set: true, unknown: true}}
	}
	return at(r.Outputs, "tagsAll")
}

func (rule Rule) judgeOne(r Resource, f found) (Outcome, error) {
	missing := outcome(rule.Missing == "pass")
	switch rule.Condition {
	case "equalsProperty":
		other := at(r.Inputs, fmt.Sprint(rule.Value))[0]
		switch {
		case !f.set || !other.set:
			return missing, nil
		case f.secret || f.unknown || other.secret || other.unknown:
			return Unknown, nil
		}
		return outcome(equal(f.value, other.value)), nil
	case "policyForbids", "policyRequires":
		switch {
		case !f.set:
			return missing, nil
		case f.secret || f.unknown:
			return Unknown, nil
		}
		return judgePolicy(rule.Condition, rule.Value, text(f.value))
	}
	return judgeValue(rule.Condition, rule.Value, f, missing)
}
