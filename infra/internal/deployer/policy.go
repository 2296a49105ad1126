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
var apart = map[string]map[string]map[string][]string{
	"iam:PassRole": {"StringEquals": {"iam:PassedToService": {
		"ec2.amazonaws.com", "lambda.amazonaws.com", "rds.amazonaws.com", "scheduler.amazonaws.com", "vpc-flow-logs.amazonaws.com",
	}}},
	"kms:CreateGrant": {"Bool": {"kms:GrantIsForAWSResource": {"true"}}},
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

// Make is the policy that allows the needs, and no more than AWS's resource types make possible in one document: per service, the
// actions on the resources of that service, and what AWS knows no resource of.
func Make(needs []authorization.Need) Policy {
	everywhere, services := map[string]bool{}, map[string]*Statement{}
	for _, need := range needs {
		if need.Resource == "*" {
			everywhere[need.Action] = true
			continue
		}
		name, _, _ := strings.Cut(need.Action, ":")
		if _, alone := apart[need.Action]; alone {
			name = need.Action
		}
		if services[name] == nil {
			services[name] = &Statement{Sid: sid(name), Effect: "Allow", Condition: apart[name]}
		}
		s := services[name]
		s.Action = append(s.Action, need.Action)
		s.Resource = append(s.Resource, need.Resource)
	}
	p := Policy{Version: "2012-10-17", Statement: []Statement{
		{Sid: "WithoutResources", Effect: "Allow", Action: slices.Sorted(maps.Keys(everywhere)), Resource: []string{"*"}}}}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		s := services[name]
		slices.Sort(s.Action)
		slices.Sort(s.Resource)
		s.Action, s.Resource = slices.Compact(s.Action), slices.Compact(s.Resource)
		p.Statement = append(p.Statement, *s)
	}
	p.Statement = append(p.Statement, linked)
	return p
}

// sid is a statement's name: letters and digits.
func sid(name string) string {
	return regexp.MustCompile(`[^A-Za-z0-9]`).ReplaceAllString(strings.ToUpper(name[:1])+name[1:], "")
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
