package config_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/module"
)

// badValues are values that each key refuses; all of them must stand in the message.
var badValues = map[string][]string{
	"vpcCidr":          {"10.10.0.0/24", "10.0.0.0/8", "8.8.0.0/16", "172.32.0.0/16", "10.10.0.1/16", "fd00::/16", "ten", ""},
	"zones":            {`["us-east-1a"]`, `["us-east-1a","us-east-1a"]`, `["us-east-1a","eu-west-1a"]`, `["us-east-1","us-east-1b"]`, `["use1-az1","use1-az2"]`, `us-east-1a`, `["us-east-1a","us-east-1b","us-east-1c","us-east-1d","us-east-1e","us-east-1f","us-east-1g"]`},
	"minCapacity":      {"0.3", "-0.5", "256.5", "NaN", "Inf", "half", ""},
	"maxCapacity":      {"0.5", "0", "4.2", "300", ""},
	"autoPauseSeconds": {"299", "86401", "-1", "1.5", "never"},
	"readers":          {"-1", "16", "two"},
	"engineVersion": {"8.0.mysql_aurora.3.04.0", "8.0.mysql_aurora.3.09.0", "5.7.mysql_aurora.2.11.0", "8.0.mysql_aurora.3.10", "8.4.7", "8.0", "",
		"8.4.mysql_aurora.8.4.6", "8.4.mysql_aurora.3.10.4", "8.0.mysql_aurora.8.4.7", "8.0.mysql_aurora.3.01.0"},
	"databaseName":               {"1st", "my-db", "mysql", "SYS", "information_schema", "", strings.Repeat("m", 65), "a;b", "order", "Groups", "zerofill"},
	"protectData":                {"yes", "", "2"},
	"backupRetentionDays":        {"0", "36", ""},
	"proxyMaxConnectionsPercent": {"-1", "101", "half", ""},
	"proxyIdleClientTimeout":     {"0", "59", "28801"},
	"proxyBorrowTimeout":         {"-1", "0", "4", "301", "60", "61"},
	"lambdaArchitecture":         {"amd64", "ARM64", ""},
	"secretsExtensionLayerArn":   foreignLayers,
	"channels":                   {"[]", `["email"]`, `["sns","sns"]`, "email", "none", "sns,sns", ""},
	"webhookAllowedHosts":        {`["https://hooks.example.com"]`, `["*.example.com"]`, `["hooks.example.com/path"]`, `["a.example.com,b.example.com"]`, `["hooks.example.com:0"]`, `[""]`, `["h.example.com","h.example.com"]`, "hooks.example.com", "hooks", `{"a":"b"}`, `["hooks.example.com","10.0.0.5"]`, infratest.ManyHosts(3073)},
	"maxRetries":                 {"-1", "3"},
	"maxEventAgeSeconds":         {"59", "21601"},
	"rotationDays":               {"-1", "366", "monthly"},
	"outbox":                     {"yes", "on", "", "2"},
	"retentionDays":              {"-1", "3651", "1.5", "always", ""},
	"alarmEmail":                 {"team", "team@", "@example.com", "team@example", "Team <team@example.com>", "a@example.com,b@example.com", "team @example.com", "mailto:team@example.com?", "tëam@example.com", strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("b.", 130) + "com"},
	"externalAccess":             {"", "both", "HA", "true"},
	"externalAllowedCidrs":       {`["0.0.0.0/0"]`, `["::/0"]`, `["2001:db8::/32"]`, `["128.0.0.0/7"]`, `["203.0.113.1/24"]`, `["203.0.113.0"]`, `["203.0.113.0/33"]`, `["office"]`, `[""]`, `["203.0.113.0/24","203.0.113.0/24"]`, `["0.0.0.0/8"]`, `["127.0.0.0/8"]`, `["169.254.0.0/16"]`, `["224.0.0.0/8"]`, "203.0.113.0", "", infratest.ManyRanges(51)},
	"externalLoadBalancer":       {"", "application", "NLB"},
	"logRetentionDays":           {"0", "15", "forever"},
	"vpcId":                      {"vpc", "vpc-1", "subnet-0a1b2c3d4e5f67890", "VPC-0a1b2c3d", "vpc-0a1b2c3d4e"},
	"privateSubnetIds":           {`["subnet-0a1b2c3d"]`, `["subnet-0a1b2c3d","subnet-0a1b2c3d"]`, `["subnet-0a1b2c3d","vpc-0a1b2c3d"]`, "subnet-0a1b2c3d", ""},
	"publicSubnetIds":            {`["10.0.0.0/24"]`, "subnet-1", `["subnet-0a1b2c3d","subnet-0a1b2c3d"]`, ""},
	"secretsManagerEndpoint":     {"", "vpce-0a1b2c3d4e5f67890", "sg-1", "None"},
	"clusterIdentifier":          {"Orders", "1st", "a--b", "a-", "a_b", strings.Repeat("c", 64)},
	"instanceIdentifier":         {"Orders", "arn:aws:rds:us-east-1:111122223333:db:orders", strings.Repeat("c", 64)},
	"adminSecretArn":             {"admin", "arn:aws:ssm:us-east-1:111122223333:parameter/a", "arn:aws:secretsmanager:us-east-1:1:secret:a"},
	"databaseSecurityGroupId":    {"default", "sg-", "vpc-0a1b2c3d"},
	"kmsKeyArn":                  {"alias/aws/secretsmanager", "1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:us-east-1:111122223333:alias/messages"},
	"permissionsBoundaryArn":     {"boundary", "arn:aws:iam::111122223333:role/r", "arn:aws:iam::1:policy/p"},
	"iamPath":                    {"", "teams", "/teams", "teams/", "//", "/two words/", "/" + strings.Repeat("p", 511) + "/"},
	"namePrefix":                 {"team", "Team-", "1-", "-", "a--", "a_-", "twelve-more--", "thirteen-12-" + "3-"},
}

// goodValues are values at the limits.
var goodValues = map[string][]string{
	"vpcCidr":                    {"10.0.0.0/16", "172.31.0.0/16", "192.168.4.0/22"},
	"zones":                      {"[]", `["us-east-1a","us-east-1b"]`, `["us-east-1f","us-east-1a","us-east-1c","us-east-1d","us-east-1b","us-east-1e"]`},
	"minCapacity":                {"0", "0.5", "1", "4"},
	"maxCapacity":                {"1", "256"},
	"readers":                    {"0", "15"},
	"engineVersion":              {"8.0.mysql_aurora.3.10.0", "8.0.mysql_aurora.3.13.1", "8.4.mysql_aurora.8.4.7", "8.4.mysql_aurora.8.4.10"},
	"databaseName":               {"m", "Messages_2", strings.Repeat("m", 64), "orders"},
	"protectData":                {"true", "false"},
	"backupRetentionDays":        {"1", "35"},
	"proxyMaxConnectionsPercent": {"0", "1", "100"},
	"proxyIdleClientTimeout":     {"60", "28800"},
	"proxyBorrowTimeout":         {"5", "59"},
	"lambdaArchitecture":         {"arm64", "x86_64"},
	"maxRetries":                 {"0", "2"},
	"maxEventAgeSeconds":         {"60", "21600"},
	"rotationDays":               {"0", "1", "365"},
	"outbox":                     {"true", "false"},
	"retentionDays":              {"0", "1", "3650"},
	"alarmEmail":                 {"", "team@example.com", "o'neill+alarms@mail.example.co.uk", infratest.Longest["alarmEmail"]},
	"externalAccess":             {"none"},
	"externalLoadBalancer":       {"network"},
	"logRetentionDays":           {"1", "3653"},
	"kmsKeyArn":                  {"", infratest.ExistingKeys["kmsKeyArn"]},
	"permissionsBoundaryArn":     {"", infratest.ExistingKeys["permissionsBoundaryArn"], "arn:aws:iam::aws:policy/PowerUserAccess", "arn:aws:iam::111122223333:policy/a/b"},
	"iamPath":                    {"/", "/a/", "/teams/messages/", "/" + strings.Repeat("p", 510) + "/"},
	"namePrefix":                 {"", "a-", "team-a-", "twelve-more-"},
}

func TestEachBadValueIsRefusedBeforeAnyResourceWithKeyValueAndWhatIsAllowed(t *testing.T) {
	for key, values := range badValues {
		for _, value := range values {
			s := &infratest.Mock{}
			err := infratest.Run(t, s, infratest.Settings(t, map[string]string{key: value}))
			if err == nil {
				t.Errorf("%s: %q was taken", key, value)
				continue
			}
			if want := fmt.Sprintf("1 invalid configuration value: %s is %s: must be ", key, cmp.Or(value, `""`)); !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q: the error does not say %q: %v", key, value, want, err)
			}
			if len(s.Resources) > 0 || len(s.Calls) > 0 {
				t.Errorf("%s: %q: refused only after %d resources and %d calls", key, value, len(s.Resources), len(s.Calls))
			}
		}
	}
}

func TestEveryKeyHasBadValuesInTheTable(t *testing.T) {
	for key := range infratest.Settings(t, nil) {
		if name := strings.TrimPrefix(key, infratest.Project+":"); badValues[name] == nil && !strings.Contains(name, ":") {
			t.Errorf("%s is not tested", name)
		}
	}
}

func TestValuesAtTheLimitsAreTaken(t *testing.T) {
	for key, values := range goodValues {
		for _, value := range values {
			if _, err := infratest.Load(infratest.Settings(t, map[string]string{key: value})); err != nil {
				t.Errorf("%s: %q: %v", key, value, err)
			}
		}
	}
}

func TestKeysThatContradictEachOtherAreRefused(t *testing.T) {
	for _, test := range []struct {
		name    string
		changes map[string]string
		want    string
	}{
		{"max below min", map[string]string{"minCapacity": "8", "maxCapacity": "4"}, "maxCapacity is 4: must be minCapacity (8) or more"},
		{"pause without minimum 0", map[string]string{"autoPauseSeconds": "600"}, "autoPauseSeconds is 600: must be 0 (unset) unless minCapacity is 0; it is 0.5"},
		{"webhook without hosts", map[string]string{"channels": `["webhook"]`}, "webhookAllowedHosts is []: must be at least one host with the channel webhook"},
		{"hosts without webhook", map[string]string{"webhookAllowedHosts": `["hooks.example.com"]`}, "webhookAllowedHosts is hooks.example.com: must be none unless channels holds webhook"},
		{"external access without ranges", map[string]string{"externalAccess": "single"}, "externalAllowedCidrs is []: must be at least one range with externalAccess single"},
		{"a load balancer before one instance", infratest.With(infratest.Modes["single"], map[string]string{"externalLoadBalancer": "classic"}), "externalLoadBalancer is classic: must be network, the default, with externalAccess single"},
		{"a pool that leaves HAProxy nothing", infratest.With(infratest.Modes["single"], map[string]string{"proxyMaxConnectionsPercent": "81"}), "proxyMaxConnectionsPercent is 81: must be 0 (follows maxCapacity) or 1 to 80 with externalAccess single"},
		{"a layer for another processor", map[string]string{"secretsExtensionLayerArn": infratest.Given["secretsExtensionLayerArn"], "lambdaArchitecture": "x86_64"},
			"secretsExtensionLayerArn is " + infratest.Given["secretsExtensionLayerArn"] + ": must be a version of the layer AWS-Parameters-and-Secrets-Lambda-Extension with lambdaArchitecture x86_64"},
		{"a layer for the other processor", map[string]string{"secretsExtensionLayerArn": "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:9"},
			"must be a version of the layer AWS-Parameters-and-Secrets-Lambda-Extension-Arm64 with lambdaArchitecture arm64"},
		{"a layer of another region", map[string]string{"secretsExtensionLayerArn": "arn:aws:lambda:eu-west-1:015030872274:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:9"},
			"must be a layer of aws:region, us-east-1"},
		{"zones of another region", map[string]string{"zones": `["eu-west-1a","eu-west-1b"]`}, "zones is eu-west-1a, eu-west-1b: must be zones of aws:region, us-east-1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := infratest.Load(infratest.Settings(t, test.changes)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestEveryModeOfExternalAccessIsTakenWithRangesAtTheLimits(t *testing.T) {
	for mode, changes := range infratest.Modes {
		for _, ranges := range []string{`["11.0.0.0/8"]`, `["203.0.113.7/32"]`, `["10.1.0.0/16"]`, infratest.ManyRanges(50)} {
			if _, err := infratest.Load(infratest.Settings(t, infratest.With(changes, map[string]string{"externalAllowedCidrs": ranges}))); err != nil {
				t.Errorf("%s: %s: %v", mode, ranges, err)
			}
		}
	}
}

func TestMinimumOfZeroBesideAProxyIsWarnedOf(t *testing.T) {
	for minimum, warned := range map[string]bool{"0": true, "0.5": false} {
		cfg, err := infratest.Load(infratest.Settings(t, map[string]string{"minCapacity": minimum}))
		if err != nil {
			t.Fatal(err)
		}
		if all := cfg.Warnings(); len(all) > 1 || (len(all) == 1 && strings.HasPrefix(all[0], "minCapacity: 0: RDS Proxy")) != warned {
			t.Errorf("minCapacity %s: %q", minimum, all)
		}
	}
}

func TestAllProblemsComeInOneMessage(t *testing.T) {
	changes := map[string]string{}
	for key, values := range badValues {
		changes[key] = values[0]
	}
	_, err := infratest.Load(infratest.Settings(t, changes))
	if err == nil {
		t.Fatal("all of it was taken")
	}
	for key, value := range changes {
		if !strings.Contains(err.Error(), fmt.Sprintf("\n%s is %s: must be ", key, cmp.Or(value, `""`))) {
			t.Errorf("nothing about %s in: %v", key, err)
		}
	}
	if !strings.Contains(err.Error(), fmt.Sprintf("%d invalid configuration values:\n", len(changes))) {
		t.Errorf("not %d problems: %v", len(changes), err)
	}
}

func TestMissingKeyIsRefused(t *testing.T) {
	config := infratest.Settings(t, nil)
	delete(config, infratest.Project+":readers")
	if _, err := infratest.Load(config); err == nil || !strings.Contains(err.Error(), "readers is not set: must be 0 to 15") {
		t.Errorf("got %v", err)
	}
}

func TestUnknownKeyIsRefused(t *testing.T) {
	config := infratest.Settings(t, map[string]string{"minCapcity": "2"})
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(pulumi.EnvConfig, string(text)) // as the engine does
	if _, err := infratest.Load(config); err == nil || !strings.Contains(err.Error(), "minCapcity is 2: no key has this name; the keys are adminSecretArn, alarmEmail, autoPauseSeconds, ") {
		t.Errorf("got %v", err)
	}
}

func TestEveryKeyIsDescribedAndHasADefault(t *testing.T) {
	loaded, err := workspace.LoadProject(module.Path("Pulumi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for key, declared := range loaded.Config {
		if strings.Contains(key, ":") {
			continue // the provider's
		}
		if declared.Default == nil || declared.Description == "" {
			t.Errorf("%s has no default or no description", key)
		}
	}
}

func TestPageOfTheConfigurationDescribesEveryKeyWithItsDefault(t *testing.T) {
	page, err := os.ReadFile(module.Path("docs/configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range infratest.Settings(t, nil) {
		name, ours := strings.CutPrefix(key, infratest.Project+":")
		if !ours {
			continue // the provider's
		}
		switch value {
		case "", "[]":
			value = "none"
		case `["sns"]`:
			value = "sns"
		}
		if !strings.Contains(string(page), fmt.Sprintf("| `%s` | `%s` |", name, value)) {
			t.Errorf("no row for %s with the default %s", name, value)
		}
	}
}

func TestPrivateSubnetsAreEqualSlotsApartFromThePublicOnes(t *testing.T) {
	for _, test := range []struct{ vpc, first, last string }{
		{"10.10.0.0/16", "10.10.0.0/19", "10.10.160.0/19"},
		{"192.168.4.0/22", "192.168.4.0/25", "192.168.6.128/25"},
	} {
		vpc := netip.MustParsePrefix(test.vpc)
		if got := config.PrivateCIDR(vpc, 0).String(); got != test.first {
			t.Errorf("%s: first is %s, want %s", vpc, got, test.first)
		}
		if got := config.PrivateCIDR(vpc, config.MaxZones-1).String(); got != test.last {
			t.Errorf("%s: last is %s, want %s", vpc, got, test.last)
		}
		for i := range config.MaxZones {
			for j := range i {
				if config.PrivateCIDR(vpc, i).Overlaps(config.PrivateCIDR(vpc, j)) {
					t.Errorf("%s: zones %d and %d overlap", vpc, i, j)
				}
			}
		}
	}
}

func TestSlugIsAPrefixThatEveryNameTakes(t *testing.T) {
	for _, test := range []struct{ project, stack, want string }{
		{"scheduled-messages", "dev", "scheduled-messages-dev"},
		{"scheduled-messages", "Feature_X.1", "scheduled-messages-feature-x-1"},
		{"a-very-long-name-of-a-project", "a-very-long-name-of-a-stack", "a-very-long-name-o-a-very-long"},
		{"7days", "--", "p-7days"},
		{"Ünïcode", "Größe", "n-code-gr-e"},
	} {
		if got := foundation.Slug(test.project, test.stack); got != test.want || len(got) > 33 {
			t.Errorf("%s, %s: %q (%d), want %q", test.project, test.stack, got, len(got), test.want)
		}
	}
}
