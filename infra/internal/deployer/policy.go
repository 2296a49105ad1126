package deployer

import (
	"bytes"
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/authorization"
)

// Placeholders of the policy, which a user fills in.
const (
	Account     = "ACCOUNT"
	Region      = "REGION"
	Prefix      = "PREFIX"      // namePrefix: every name begins with it
	Path        = "/PATH/"      // iamPath
	Database    = "DATABASE"    // clusterIdentifier or instanceIdentifier
	AdminSecret = "ADMINSECRET" // the name of adminSecretArn
)

// Policy is an IAM policy as far as the deployer's goes.
type Policy struct {
	Version   string
	Statement []Statement
}

// Statement allows actions on resources.
type Statement struct {
	Sid       string
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string `json:",omitempty"`
}

// apart are the actions that stand in a statement of their own, with what holds for them alone.
var apart = map[string]Statement{
	"iam:PassRole": {Sid: "PassRole", Condition: map[string]map[string][]string{"StringEquals": {"iam:PassedToService": {
		"ec2.amazonaws.com", "lambda.amazonaws.com", "rds.amazonaws.com", "scheduler.amazonaws.com", "vpc-flow-logs.amazonaws.com",
	}}}},
	"kms:CreateGrant": {Sid: "CreateGrant", Condition: map[string]map[string][]string{"Bool": {
		"kms:GrantIsForAWSResource": {"true"},
	}}},
}

// linked are the roles that AWS makes in an account where a service is used for the first time, in the caller's name. The tests'
// AWS makes none.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
var linked = Statement{
	Sid: "ServiceLinkedRoles", Effect: "Allow", Action: []string{"iam:CreateServiceLinkedRole"},
	Resource: []string{"arn:aws:iam::" + Account + ":role/aws-service-role/*"},
	Condition: map[string]map[string][]string{"StringEquals": {"iam:AWSServiceName": {
		"autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com", "rds.amazonaws.com",
	}}},
}

// Make is the policy that allows the needs, and no more than AWS's resource types make possible in one document: what AWS
// knows no resource of, the actions on the stack's own resources, and those on what is not the stack's. An action goes with
// the resource types of its service only, so that one statement for all services allows as much as one for each, and is
// shorter.
func Make(needs []authorization.Need) Policy {
	everywhere, groups := map[string]bool{}, map[string]*Statement{}
	for _, need := range needs {
		if need.Resource == "*" {
			everywhere[need.Action] = true
			continue
		}
		name := group(need)
		if groups[name] == nil {
			groups[name] = &Statement{Sid: name, Effect: "Allow", Condition: conditions(name)}
		}
		s := groups[name]
		s.Action = append(s.Action, need.Action)
		s.Resource = append(s.Resource, join(need.Resource))
	}
	p := Policy{Version: "2012-10-17", Statement: []Statement{
		{Sid: "WithoutResources", Effect: "Allow", Action: slices.Sorted(maps.Keys(everywhere)), Resource: []string{"*"}}}}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		s := groups[name]
		slices.Sort(s.Action)
		slices.Sort(s.Resource)
		s.Action, s.Resource = slices.Compact(s.Action), slices.Compact(s.Resource)
		p.Statement = append(p.Statement, *s)
	}
	p.Statement = append(p.Statement, linked)
	return p
}

// Statements of the policy that are for many actions.
const (
	own   = "Own"   // of the stack
	other = "Other" // the existing database and its secret, and AWS's layer: only what is asked of these
)

// group is the statement that a need belongs to.
func group(need authorization.Need) string {
	if alone, ok := apart[need.Action]; ok {
		return alone.Sid
	}
	for _, theirs := range []string{":" + Database, ":" + AdminSecret + "-", ":layer:"} {
		if strings.Contains(need.Resource, theirs) {
			return other
		}
	}
	return own
}

// conditions are what holds for a statement.
func conditions(name string) map[string]map[string][]string {
	for _, s := range apart {
		if s.Sid == name {
			return s.Condition
		}
	}
	return nil
}

// joined are patterns for all resource types of a service that have the prefix, or that are known by ids alone: a role's inline
// policies have a limit.
var joined = []*regexp.Regexp{
	regexp.MustCompile(`^(arn:aws:ec2:REGION:ACCOUNT:)[a-z-]+/(\*)$`),
	regexp.MustCompile(`^(arn:aws:rds:REGION:ACCOUNT:)[a-z-]+(:PREFIX\*)$`),
	regexp.MustCompile(`^(arn:aws:logs:REGION:ACCOUNT:log-group:/aws/).+(/PREFIX\*)$`),
	regexp.MustCompile(`^(arn:aws:elasticloadbalancing:REGION:ACCOUNT:).+(/PREFIX\*)$`),
}

func join(resource string) string {
	for _, pattern := range joined {
		if parts := pattern.FindStringSubmatch(resource); parts != nil {
			return parts[1] + "*" + strings.TrimPrefix(parts[2], "*")
		}
	}
	return resource
}

// Document is the policy's JSON.
func (p Policy) Document() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(p)
	return b.Bytes(), err
}

// Allows says whether the policy allows a need that is written with its placeholders.
func (p Policy) Allows(need authorization.Need) bool {
	return slices.ContainsFunc(p.Statement, func(s Statement) bool {
		return slices.Contains(s.Action, need.Action) && slices.ContainsFunc(s.Resource, func(pattern string) bool {
			return covers(pattern, need.Resource)
		})
	})
}

// Knows says whether the policy allows an action on anything.
func (p Policy) Knows(action string) bool {
	return slices.ContainsFunc(p.Statement, func(s Statement) bool { return slices.Contains(s.Action, action) })
}

// Refused are the needs that the policy does not allow.
func (p Policy) Refused(needs []authorization.Need) []authorization.Need {
	return slices.DeleteFunc(slices.Clone(needs), p.Allows)
}

// covers knows IAM's wildcard, which goes over colons and slashes alike.
func covers(pattern, name string) bool {
	flat := strings.NewReplacer("/", "\x00", "[", "\x01", `\`, "\x02")
	matched, err := path.Match(flat.Replace(pattern), flat.Replace(name))
	return pattern == name || err == nil && matched
}
