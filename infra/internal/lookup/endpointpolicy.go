package lookup

import (
	"encoding/json"
	"strings"
)

// allowsUnnamedSecrets reports whether an endpoint's policy may let secrets be read that it does not name by their entire ARNs.
// That of an endpoint which another stack of this program has made does not. Conditions are not judged.
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
func allowsUnnamedSecrets(policy string) bool {
	var document struct {
		Statement []struct {
			Effect                                   string
			Action, NotAction, Resource, NotResource json.RawMessage // a text or a list of texts
		}
	}
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return true // there is none, or one of a form that is not known
	}
	for _, s := range document.Statement {
		action := strings.ToLower(string(s.Action))
		reads := s.NotAction != nil || strings.Contains(action, "*") || strings.Contains(action, "secretsmanager:getsecretvalue")
		if s.Effect == "Allow" && reads && (s.NotResource != nil || strings.ContainsAny(string(s.Resource), "*?")) {
			return true
		}
	}
	return false
}
