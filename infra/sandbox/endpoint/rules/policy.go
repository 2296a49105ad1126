package rules

import (
	"encoding/json"
	"regexp"
)

// statement is one of a policy document.
type statement struct {
	Effect                  string
	Principal, NotPrincipal any
	Action, NotAction       texts
}

// texts are one text or several.
type texts []string

// UnmarshalJSON reads either.
func (t *texts) UnmarshalJSON(content []byte) error {
	var one string
	if json.Unmarshal(content, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(content, (*[]string)(t))
}

// statements are those of a document, which may be one that stands alone. They are nil for a document that is none.
func statements(document string) (all []statement, ok bool) {
	var policy struct{ Statement json.RawMessage }
	if json.Unmarshal([]byte(document), &policy) != nil || policy.Statement == nil {
		return nil, false
	}
	if json.Unmarshal(policy.Statement, &all) == nil {
		return all, true
	}
	var one statement
	return []statement{one}, json.Unmarshal(policy.Statement, &one) == nil
}

// resourcePolicy takes documents whose statements say who they are for: the policies of keys, queues, topics and secrets.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func resourcePolicy(says string) Check {
	return func(value any) string {
		document, ok := value.(string)
		if !ok || document == "" { // which takes a policy away
			return ""
		}
		all, ok := statements(document)
		for _, s := range all {
			ok = ok && (s.Effect == "Allow" || s.Effect == "Deny") && (s.Principal != nil || s.NotPrincipal != nil)
		}
		if !ok {
			return says
		}
		return ""
	}
}

// actionsOf takes policies that name actions of a kind only. Who writes a wildcard gets AWS's refusal as well.
func actionsOf(allowed, says string) Check {
	pattern := regexp.MustCompile(`(?i)\A(?:` + allowed + `)\z`)
	return func(value any) string {
		document, _ := value.(string)
		all, _ := statements(document)
		for _, s := range all {
			for _, action := range append(s.Action, s.NotAction...) {
				if !pattern.MatchString(action) {
					return says
				}
			}
		}
		return ""
	}
}
