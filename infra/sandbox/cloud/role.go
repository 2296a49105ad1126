package cloud

import (
	"context"
	"encoding/json"
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
	trust, err := parsePolicy(role.Trust)
	if err != nil {
		return Role{}, err
	}
	found := Role{Trust: trust}
	documents, err := c.InlinePolicies(ctx, name)
	if err != nil {
		return Role{}, err
	}
	for _, document := range documents {
		var policy Policy
		if err := json.Unmarshal([]byte(document), &policy); err != nil {
			return Role{}, err
		}
		found.Policies = append(found.Policies, policy)
	}
	return found, nil
}

// InlinePolicies are the documents of a role's inline policies, by their names.
func (c *Client) InlinePolicies(ctx context.Context, role string) (map[string]string, error) {
	var list struct {
		Names []string `xml:"ListRolePoliciesResult>PolicyNames>member"`
	}
	if err := c.query(ctx, "iam", iamVersion, "ListRolePolicies", url.Values{"RoleName": {role}}, &list); err != nil {
		return nil, err
	}
	documents := map[string]string{}
	for _, name := range list.Names {
		var answer struct {
			Document string `xml:"GetRolePolicyResult>PolicyDocument"`
		}
		input := url.Values{"RoleName": {role}, "PolicyName": {name}}
		err := c.query(ctx, "iam", iamVersion, "GetRolePolicy", input, &answer)
		if err == nil {
			documents[name], err = url.PathUnescape(answer.Document)
		}
		if err != nil {
			return nil, err
		}
	}
	return documents, nil
}

// TrustedBy reports whether a service, such as lambda.amazonaws.com, may take the role. The conditions are what the
// service says of itself.
func (r Role) TrustedBy(service string, conditions map[string]string) bool {
	return allowed([]Policy{r.Trust}, request{"sts:AssumeRole", "", service, conditions})
}

// Allows reports whether the role may do something.
func (r Role) Allows(action, resourceARN string, conditions map[string]string) bool {
	return allowed(r.Policies, request{action, resourceARN, "", conditions})
}
