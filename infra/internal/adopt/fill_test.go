package adopt

import (
	"slices"
	"strings"
	"testing"
)

// TestWhatWouldMeanSomethingElseToTheCLIIsRefused puts what the CLI reads as part of its own language into an input.
func TestWhatWouldMeanSomethingElseToTheCLIIsRefused(t *testing.T) {
	for _, c := range []struct {
		kind, input string
		values      []string
	}{
		{"aws:iam/policy:Policy", "name", []string{"x' || '1'=='1", `x\`, "x\n"}},
		{"aws:sns/topic:Topic", "name", []string{"'", `a\'b`}},
		{"aws:ec2/launchTemplate:LaunchTemplate", "name", []string{"a,b", "a*", "a?", "Name=b", `"a"`, "[a]", `a\b`, "a\tb"}},
		{"aws:lb/listener:Listener", "loadBalancerArn", []string{"--debug", "-x", "file name", "a\nb", "@file", "$(id)"}},
		{"aws:sqs/queue:Queue", "name", []string{"--queue-url"}},
	} {
		for _, value := range c.values {
			_, _, err := Pending(state(t, creating(c.kind, "r", map[string]any{c.input: value})), nil, func(words []string) ([]string, error) {
				t.Errorf("%q: asked %q", value, words)
				return nil, nil
			})
			if err == nil || !strings.Contains(err.Error(), "r: its input "+c.input+", ") {
				t.Errorf("%s: %q: %v", c.kind, value, err)
			}
		}
	}
	// What AWS allows in the description of a rule is a text in JMESPath, too.
	asked := ""
	description := "a Z_.-:/()#,@[]+=&;{}!$*"
	_, _, err := Pending(state(t, creating("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "r", map[string]any{
		"securityGroupId": "sg-1", "description": description})), nil, func(words []string) ([]string, error) {
		asked = words[len(words)-1]
		return nil, nil
	})
	if err != nil || !strings.Contains(asked, "Description=='"+description+"'") {
		t.Errorf("%v: %s", err, asked)
	}
}

func TestWhatIsNotAttachedYetIsFoundByItsName(t *testing.T) {
	for kind, want := range map[string]string{
		"aws:ec2/internetGateway:InternetGateway": "ec2 describe-internet-gateways --filters Name=tag:Name,Values=p-1 --query InternetGateways[].InternetGatewayId",
		"aws:ec2/eip:Eip":                         "ec2 describe-addresses --filters Name=tag:Name,Values=p-1 --query Addresses[].AllocationId",
	} {
		_, found, err := Pending(state(t, creating(kind, "r", map[string]any{"vpcId": "vpc-1", "networkInterface": "eni-1",
			"tags": map[string]any{"Name": "p-1"}})), nil, func(words []string) ([]string, error) {
			if got := strings.Join(words, " "); got != want {
				t.Errorf("asked %s", got)
			}
			return []string{"id-1"}, nil
		})
		if err != nil || !slices.Equal(found, []Finding{{Name: "r", ID: "id-1"}}) {
			t.Errorf("%s: %v, %v", kind, found, err)
		}
	}
}

func TestWhatCannotBeFoundAgainSaysWhatThatMeansAndOnlyAKeyStays(t *testing.T) {
	for kind, how := range identities {
		if (how.id == "" && how.find == "") != (how.again != "") {
			t.Errorf("%s: %+v", kind, how)
		}
		if how.again == staysAtAWS && kind != "aws:kms/key:Key" {
			t.Errorf("the README says that only a key stays, and %s does", kind)
		}
	}
	_, found, err := Pending(state(t, creating("aws:kms/key:Key", "key", nil)), nil, nobody)
	if err != nil || !slices.Equal(found, []Finding{{Name: "key", Again: staysAtAWS}}) {
		t.Errorf("%v, %v", found, err)
	}
	if _, found, err = Pending(state(t, creating("aws:kms/key:Key", "key", nil)), map[string]string{"key": ""}, nobody); err != nil || found[0].Again != "" {
		t.Errorf("given as none: %v, %v", found, err)
	}
}

func TestAStateOfAnotherFormIsRefusedAndAnEmptyOneHasNothingPending(t *testing.T) {
	for _, empty := range []string{`{}`, `{"version":3,"deployment":null}`, `{"version":3,"deployment":{}}`} {
		if changed, found, err := Pending([]byte(empty), nil, nobody); err != nil || len(found) > 0 || changed == nil {
			t.Errorf("%s: %v, %v", empty, found, err)
		}
	}
	for _, other := range []string{``, `[]`, `{"deployment":[]}`, `{"deployment":{"resources":{}}}`, `{"deployment":{"resources":[1]}}`,
		`{"deployment":{"pending_operations":["x"]}}`, `{"deployment":{"pending_operations":[{"type":"creating"}]}}`} {
		if _, _, err := Pending([]byte(other), nil, nobody); err == nil {
			t.Errorf("%s passed", other)
		}
	}
}
