package pages_test

import (
	"encoding/json"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/module"
)

// policyOf is a JSON document of the CI page that names an action.
func policyOf(t *testing.T, action string) (document struct {
	Statement []struct {
		Action, Resource any
		Condition        map[string]map[string]any
	}
}) {
	t.Helper()
	page, err := os.ReadFile(module.Path("docs/ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		if strings.Contains(block[1], `"`+action+`"`) {
			if err := json.Unmarshal([]byte(block[1]), &document); err != nil {
				t.Fatalf("%v: %s", err, block[1])
			}
			return document
		}
	}
	t.Fatalf("no policy with %s", action)
	return document
}

// oneOrMore is a text, or a list of them, in a policy.
func oneOrMore(value any) (all []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, element := range value {
			all = append(all, element.(string))
		}
	}
	return all
}

func TestPreviewRoleTrustsTheEnvironmentUnderBothFormsOfItsName(t *testing.T) {
	trust := policyOf(t, "sts:AssumeRoleWithWebIdentity")
	if len(trust.Statement) != 1 {
		t.Fatalf("%+v", trust)
	}
	const issuer = "token.actions.githubusercontent.com:"
	equals := trust.Statement[0].Condition["StringEquals"]
	if len(trust.Statement[0].Condition) != 1 || equals[issuer+"aud"] != "sts.amazonaws.com" {
		t.Errorf("%v", trust.Statement[0].Condition)
	}
	if got := oneOrMore(equals[issuer+"sub"]); !slices.Equal(got, []string{"repo:ORG/REPO:environment:preview", "repo:ORG@ORG_ID/REPO@REPO_ID:environment:preview"}) {
		t.Errorf("the subjects are %v", got)
	}
}

func TestCIPageSaysWhatTheReviewersAndTheTokensNeed(t *testing.T) {
	page, err := os.ReadFile(module.Path("docs/ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(string(page)), " ")
	for _, want := range []string{
		"required reviewers", "prevent self-review", "allow administrators to bypass configured protection rules** off",
		"for public repositories, and for private and internal ones [with GitHub Enterprise only]",
		"the token of a team whose permission on this one stack is [*Stack Read*]",
		"gh api repos/ORG/REPO --jq",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("not printed: %s", want)
		}
	}
}

// previewRole is what the role of a preview of the stack ci may do, by action: the resources' patterns.
func previewRole(t *testing.T) map[string][]string {
	t.Helper()
	allowed := map[string][]string{}
	for _, s := range policyOf(t, "s3:GetObject").Statement {
		for _, action := range oneOrMore(s.Action) {
			for _, resource := range oneOrMore(s.Resource) {
				allowed[action] = append(allowed[action], strings.NewReplacer("arn:aws:s3:::BUCKET", "/bucket", "STACK", "ci").Replace(resource))
			}
		}
	}
	return allowed
}

func TestPreviewRoleReadsNoOtherStack(t *testing.T) {
	for action, patterns := range previewRole(t) {
		if !slices.Contains([]string{"ec2:DescribeAvailabilityZones", "ec2:DescribeVpcEndpointServices", "ec2:DescribeInstanceTypeOfferings", "ssm:GetParameter", "s3:ListBucket", "s3:GetObject"}, action) {
			t.Errorf("the role may %s", action)
		}
		for _, other := range []string{"scheduled-messages/prod.json", "scheduled-messages/ci2.json", "other/ci.json", "scheduled-messages/ci/secret"} {
			for _, pattern := range patterns {
				if ok, _ := path.Match(pattern, "/bucket/.pulumi/stacks/"+other); ok {
					t.Errorf("%s of %s reads %s", action, pattern, other)
				}
			}
		}
	}
}
