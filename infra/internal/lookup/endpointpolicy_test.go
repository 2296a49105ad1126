package lookup_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/lookup"
)

func TestAnEndpointThatAllowsOtherSecretsAloneIsWarnedOf(t *testing.T) {
	const read = "secretsmanager:GetSecretValue"
	named := infratest.ExistingKeys["adminSecretArn"]
	for _, test := range []struct {
		effect, action, resource string
		warned                   bool
	}{
		{"Allow", read, named, true},
		{"Deny", read, "*", true},
		{"Allow", "secretsmanager:ListSecrets", "*", true},
		{"Allow", "*", "*", false},
		{"Allow", "secretsmanager:*", "arn:aws:secretsmanager:us-east-1:123456789012:secret:*", false},
		{"Allow", read, "arn:aws:secretsmanager:us-east-1:123456789012:secret:scheduled-messages-??????", false},
	} {
		policy := fmt.Sprintf(`{"Statement":[{"Effect":%q,"Principal":"*","Action":[%q],"Resource":%q}]}`,
			test.effect, test.action, test.resource)
		all := warnings(t, infratest.HostGroup, policy)
		want := ""
		if test.warned {
			want = "secretsManagerEndpoint is " + infratest.HostGroup + ": the policy of vpce-1 allows no secrets but those that it names"
		}
		if got := strings.Join(all, "\n"); !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %q", policy, got)
		}
	}
	if all := warnings(t, infratest.HostGroup, ""); len(all) > 0 {
		t.Errorf("without a policy: %q", all)
	}
}

func TestAnEndpointThatTakesTheRequestsOfAStackWithoutOneIsWarnedOf(t *testing.T) {
	all := strings.Join(warnings(t, config.EndpointNone, ""), "\n")
	if !strings.HasPrefix(all, "secretsManagerEndpoint is none: ") || !strings.Contains(all, "vpce-1") || !strings.Contains(all, infratest.HostGroup) {
		t.Errorf("%q", all)
	}
}

// warnings are those of a look-up of an endpoint with a policy, by a value of secretsManagerEndpoint.
func warnings(t *testing.T, value, policy string) []string {
	t.Helper()
	there := infratest.EndpointWith(infratest.HostGroup)
	there["policy"] = policy
	s := &infratest.Mock{Stack: "dev", Site: infratest.NewSite(
		infratest.Site{"getVpcEndpoint com.amazonaws.us-east-1.secretsmanager": there})}
	changes := infratest.With(infratest.ExistingModes["VPC"], map[string]string{"secretsManagerEndpoint": value})
	settings := infratest.Settings(t, changes)
	var cfg *config.Config
	if err := pulumi.RunErr(func(ctx *pulumi.Context) (err error) {
		if cfg, err = config.Load(ctx); err != nil {
			return err
		}
		return lookup.LookUp(ctx, cfg)
	}, pulumi.WithMocks(infratest.Project, s.Stack, s), func(info *pulumi.RunInfo) { info.Config = settings }); err != nil {
		t.Fatal(err)
	}
	return cfg.Found.Warnings
}
