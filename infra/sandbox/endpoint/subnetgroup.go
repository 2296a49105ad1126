package endpoint

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
)

var (
	groupARN         = regexp.MustCompile(`<DBSubnetGroupArn>([^<]+)`)
	groupDescription = regexp.MustCompile(`<DBSubnetGroupDescription>([^<]*)`)
	tag              = regexp.MustCompile(`<Tag>\s*<Key>([^<]*)</Key>\s*<Value>([^<]*)</Value>`)
)

// subnetGroups changes a subnet group by making it anew under its name, with what it had. moto's own
// ModifyDBSubnetGroup loses the group and fails; its CreateDBSubnetGroup replaces one that is there.
func subnetGroups(next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		wanted, err := form(r)
		if err != nil || wanted.Get("Action") != "ModifyDBSubnetGroup" {
			if err != nil {
				return nil, err
			}
			return next.RoundTrip(r)
		}
		version := wanted.Get("Version")
		response, old, err := ask(next, r, url.Values{
			"Action": {"DescribeDBSubnetGroups"}, "Version": {version}, "DBSubnetGroupName": {wanted.Get("DBSubnetGroupName")}})
		if err != nil || response.StatusCode != http.StatusOK { // there is none
			return response, err
		}
		arn, description := groupARN.FindSubmatch(old), groupDescription.FindSubmatch(old)
		if arn == nil || description == nil {
			return nil, fmt.Errorf("moto shows no ARN or no description of subnet group %s", wanted.Get("DBSubnetGroupName"))
		}
		response, tags, err := ask(next, r, url.Values{
			"Action": {"ListTagsForResource"}, "Version": {version}, "ResourceName": {string(arn[1])}})
		if err != nil || response.StatusCode != http.StatusOK {
			return response, err
		}
		wanted.Set("Action", "CreateDBSubnetGroup")
		if !wanted.Has("DBSubnetGroupDescription") {
			wanted.Set("DBSubnetGroupDescription", html.UnescapeString(string(description[1])))
		}
		for i, match := range tag.FindAllSubmatch(tags, -1) {
			wanted.Set(fmt.Sprintf("Tags.Tag.%d.Key", i+1), html.UnescapeString(string(match[1])))
			wanted.Set(fmt.Sprintf("Tags.Tag.%d.Value", i+1), html.UnescapeString(string(match[2])))
		}
		response, made, err := ask(next, r, wanted)
		if err != nil {
			return nil, err
		}
		setResponseBody(response, bytes.ReplaceAll(made, []byte("CreateDBSubnetGroup"), []byte("ModifyDBSubnetGroup")))
		return response, nil
	})
}
