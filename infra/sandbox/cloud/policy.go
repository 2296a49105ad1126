package cloud

import (
	"encoding/json"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Policy is an IAM policy document, or as much of one as this program writes.
type Policy struct {
	Statement []statement
}

type statement struct {
	Effect           string
	Action, Resource words
	Principal        struct{ Service words }
	Condition        map[string]map[string]words // by operator and key
}

// words is a text or a list of texts.
type words []string

// UnmarshalJSON reads either.
func (w *words) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(w))
}

// parsePolicy reads a document as IAM gives it: as part of a URL.
func parsePolicy(document string) (p Policy, err error) {
	text, err := url.PathUnescape(document)
	if err != nil {
		return p, err
	}
	err = json.Unmarshal([]byte(text), &p)
	return p, err
}

type request struct {
	action, resource, service string
	conditions                map[string]string
}

// allowed evaluates policies as IAM does: one statement has to allow, and none may deny.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func allowed(policies []Policy, r request) (allow bool) {
	for _, policy := range policies {
		for _, s := range policy.Statement {
			if !s.covers(r) {
				continue
			}
			if s.Effect == "Deny" {
				return false
			}
			allow = true
		}
	}
	return allow
}

func (s statement) covers(r request) bool {
	if !s.Action.match(r.action) || r.resource != "" && !s.Resource.match(r.resource) {
		return false
	}
	if r.service != "" && !slices.Contains(s.Principal.Service, r.service) {
		return false
	}
	for operator, keys := range s.Condition {
		for key, values := range keys {
			if !holds(operator, values, r.conditions[key]) {
				return false
			}
		}
	}
	return true
}

// holds knows the operators of this program's roles. What it does not know does not hold, nor does a key that the
// request has not.
func holds(operator string, values words, value string) bool {
	switch operator {
	case "StringEquals":
		return slices.Contains(values, value)
	case "ArnLike":
		return value != "" && values.match(value)
	}
	return false
}

// match knows IAM's wildcards, which go over colons and slashes alike.
func (w words) match(value string) bool {
	flat := strings.NewReplacer("/", "\x00", "[", "\x01", `\`, "\x02") // no part of a name to path.Match
	return slices.ContainsFunc(w, func(pattern string) bool {
		ok, err := path.Match(flat.Replace(pattern), flat.Replace(value))
		return err == nil && ok
	})
}
