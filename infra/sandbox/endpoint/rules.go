package endpoint

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var ruleID = regexp.MustCompile(`<securityGroupRuleId>([^<]+)`)

// ruleDescriptions keeps the description of a security-group rule that names a group or a prefix list. moto forgets it
// (it keeps those of address ranges), but takes it when the rule is modified afterwards.
func ruleDescriptions(next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		wanted, err := form(r)
		if err != nil {
			return nil, err
		}
		// A request of the provider's rule resources holds one permission with one group or one prefix list.
		const permission, rule = "IpPermissions.1.", "SecurityGroupRule.1.SecurityGroupRule."
		target, id := "ReferencedGroupId", wanted.Get(permission+"Groups.1.GroupId")
		description := wanted.Get(permission + "Groups.1.Description")
		if list := wanted.Get(permission + "PrefixListIds.1.PrefixListId"); list != "" {
			target, id, description = "PrefixListId", list, wanted.Get(permission+"PrefixListIds.1.Description")
		}
		if !strings.HasPrefix(wanted.Get("Action"), "AuthorizeSecurityGroup") || description == "" {
			return next.RoundTrip(r)
		}
		authorized, answer, err := ask(next, r, wanted)
		if err != nil || authorized.StatusCode != http.StatusOK {
			return authorized, err
		}
		made := ruleID.FindSubmatch(answer)
		if made == nil {
			return authorized, nil
		}
		modified, _, err := ask(next, r, url.Values{
			"Action": {"ModifySecurityGroupRules"}, "Version": {wanted.Get("Version")}, "GroupId": {wanted.Get("GroupId")},
			"SecurityGroupRule.1.SecurityGroupRuleId": {string(made[1])},
			rule + "IpProtocol":                       {wanted.Get(permission + "IpProtocol")},
			rule + "FromPort":                         {wanted.Get(permission + "FromPort")},
			rule + "ToPort":                           {wanted.Get(permission + "ToPort")},
			rule + target:                             {id},
			rule + "Description":                      {description},
		})
		if err != nil || modified.StatusCode != http.StatusOK {
			return modified, err
		}
		return authorized, nil
	})
}
