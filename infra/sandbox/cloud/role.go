package cloud

import (
	"context"
	"net/url"
	"strings"
)

const iamVersion = "2010-05-08"

// Role is who may take a role, and what its inline policies allow. This program gives its roles no others.
type Role struct {
	Trust    Policy
	Policies []Policy
}

// Role finds a role by its ARN.
func (c *Client) Role(ctx context.Context, arn string) (Role, error) {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	var role struct {
		Trust string `xml:"GetRoleResult>Role>AssumeRolePolicyDocument"`
	}
	if err := c.query(ctx, "iam", iamVersion, "GetRole", url.Values{"RoleName": {name}}, &role); err != nil {
		return Role{}, err
	}
	var list struct {
		Names []string `xml:"ListRolePoliciesResult>PolicyNames>member"`
	}
	if err := c.query(ctx, "iam", iamVersion, "ListRolePolicies", url.Values{"RoleName": {name}}, &list); err != nil {
		return Role{}, err
	}
	trust, err := parsePolicy(role.Trust)
	if err != nil {
		return Role{}, err
	}
	found := Role{Trust: trust}
	for _, policyName := range list.Names {
		var answer struct {
			Document string `xml:"GetRolePolicyResult>PolicyDocument"`
		}
		input := url.Values{"RoleName": {name}, "PolicyName": {policyName}}
		if err := c.query(ctx, "iam", iamVersion, "GetRolePolicy", input, &answer); err != nil {
			return Role{}, err
		}
		policy, err := parsePolicy(answer.Document)
		if err != nil {
			return Role{}, err
		}
		found.Policies = append(found.Policies, policy)
	}
	return found, nil
}

// TrustedBy tells whether a service, such as lambda.amazonaws.com, may take the role. The conditions are what the
// service tells of itself.
func (r Role) TrustedBy(service string, conditions map[string]string) bool {
	return allowed([]Policy{r.Trust}, request{"sts:AssumeRole", "", service, conditions})
}

// Allows tells whether the role may do something.
func (r Role) Allows(action, resourceARN string, conditions map[string]string) bool {
	return allowed(r.Policies, request{action, resourceARN, "", conditions})
}
