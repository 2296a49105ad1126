package infra_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/lifetest"
)

// hostProgram is the folder of the host's program, which is linked once for all kinds of hosts.
var hostProgram = sync.OnceValues(func() (folder string, err error) {
	if folder, err = lifetest.SharedFolder("host-"); err != nil {
		return "", err
	}
	for name, source := range map[string]string{
		"go.mod": "../go.mod", "go.sum": "../go.sum", "main.go": "testdata/host/main.go", "database.go": "testdata/host/database.go",
	} {
		content, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return "", err
		}
	}
	description := "name: " + infratest.Project + "\nruntime: {name: go, options: {buildTarget: .build/program}}\n"
	if err := os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), []byte(description), 0o644); err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", ".build/program", ".")
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return folder, nil
})

// newHostStack brings up what is there before the stack, and gives what it has made.
func newHostStack(t *testing.T, aws, kind string) (outputs map[string]any) {
	t.Helper()
	host := lifetest.NewEngine(t, t.TempDir(), "host", "AWS_ENDPOINT_URL="+aws)
	folder, err := hostProgram()
	if err != nil {
		t.Fatal(err)
	}
	host.Folder = folder
	host.Pulumi("config", "set", "aws:region", "us-east-1")
	host.Pulumi("config", "set", "kind", kind)
	host.Pulumi("up", "--yes", "--skip-preview")
	if err := json.Unmarshal([]byte(host.Pulumi("stack", "output", "--json")), &outputs); err != nil {
		t.Fatal(err)
	}
	return outputs
}

// details are AWS's own words on all that the host has: what is compared is whole answers, tags, rules and versions included.
func details(t *testing.T, aws string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for service, actions := range map[string]struct{ version, names string }{
		"ec2": {"2016-11-15", "Vpcs Subnets SecurityGroups SecurityGroupRules RouteTables NatGateways InternetGateways " +
			"Addresses NetworkAcls"},
		"rds": {"2014-10-31", "DBClusters DBInstances DBClusterParameterGroups DBParameterGroups DBSubnetGroups"},
	} {
		for _, name := range strings.Fields(actions.names) {
			all[name] = lifetest.Ask(t, http.MethodPost, aws+"/", service, "", "application/x-www-form-urlencoded",
				"Action=Describe"+name+"&Version="+actions.version)
		}
	}
	secrets := lifetest.AskJSON(t, aws, "secretsmanager", "secretsmanager.ListSecrets", "{}")
	all["secrets"] = secrets
	for _, arn := range regexp.MustCompile(`"ARN": ?"([^"]+)`).FindAllStringSubmatch(secrets, -1) {
		input := fmt.Sprintf(`{"SecretId":%q}`, arn[1])
		all["value of "+arn[1]] = lifetest.AskJSON(t, aws, "secretsmanager", "secretsmanager.GetSecretValue", input)
		all["policy of "+arn[1]] = lifetest.AskJSON(t, aws, "secretsmanager", "secretsmanager.GetResourcePolicy", input)
	}
	// Masked: a subnet's count of free addresses, because moto keeps the interface of an instance that is terminated, which AWS
	// deletes with it; LatestRestorableTime, which is the time of the answer; and the default parameter groups, which AWS makes for
	// the first database of a family, and keeps.
	passing := regexp.MustCompile(`(?i)<requestId>[^<]*</requestId>|"LastAccessedDate": ?[0-9.]+,?` +
		`|<LatestRestorableTime>[^<]*</LatestRestorableTime>|<availableIpAddressCount>[^<]*</availableIpAddressCount>` +
		`|<DBParameterGroup><DBParameterGroupName>default\..*?</DBParameterGroup>`)
	for name, text := range all {
		all[name] = passing.ReplaceAllString(text, "")
	}
	return all
}

// unchanged compares details, but for those that are named.
func unchanged(t *testing.T, when string, before, after map[string]string) {
	t.Helper()
	for name, was := range before {
		if after[name] != was {
			t.Errorf("%s: %s was\n%s\nand is\n%s", when, name, was, after[name])
		}
	}
	for name := range after {
		if _, there := before[name]; !there {
			t.Errorf("%s: there is %s", when, name)
		}
	}
}

// onlyItsRules sees, in the middle of a stack's life, that of all that the host has nothing differs but the rules in the
// database's security group.
func onlyItsRules(t *testing.T, aws string, before map[string]string) {
	t.Helper()
	now := details(t, aws)
	for name, was := range before {
		switch name {
		case "SecurityGroups", "SecurityGroupRules", "secrets": // the stack's are among them
		default:
			if now[name] != was {
				t.Errorf("while the stack lives: %s was\n%s\nand is\n%s", name, was, now[name])
			}
		}
	}
	const byDefault = "&Filter.1.Name=group-name&Filter.1.Value.1=default"
	groups := lifetest.Ask(t, http.MethodPost, aws+"/", "ec2", "", "application/x-www-form-urlencoded",
		"Action=DescribeSecurityGroups&Version=2016-11-15"+byDefault)
	if strings.Count(groups, "<cidrIp>0.0.0.0/0</cidrIp>") < 1 {
		t.Errorf("the VPC's default group has lost its rules: %s", groups)
	}
}
