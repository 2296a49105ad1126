package infra_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/deployer"
	"scheduled-messages/infra/internal/lifetest"
)

// TestAStackLivesInAHostThatIsAsBeforeAfterwards takes a stack through its life in a VPC and on a database of somebody else.
func TestAStackLivesInAHostThatIsAsBeforeAfterwards(t *testing.T) {
	lifetest.LocalAWS(t)
	t.Parallel()
	for kind, access := range map[string]string{"cluster": "single", "instance": "network"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			liveInHost(t, lifetest.RunningAWS(t), kind, access)
		})
	}
}

func liveInHost(t *testing.T, running *lifetest.Running, kind, access string) {
	aws := running.URL
	host := newHostStack(t, aws, kind)
	server := newHostServer(t, running)
	data := server.lines()
	before, names := details(t, aws), lifetest.Inventory(t, aws)
	if len(before) < 16 || len(names["vpcs"]) == 0 {
		t.Fatalf("AWS's lists are blind: %v", names)
	}
	e := lifetest.NewEngine(t, t.TempDir(), "guest", "AWS_ENDPOINT_URL="+aws)
	set := []string{"config", "set-all", "--path", "--plaintext", "aws:region=us-east-1", "--plaintext", "namePrefix=team-a-",
		"--plaintext", "iamPath=/teams/", "--plaintext", "lambdaArchitecture=" + lifetest.Architecture(t),
		"--plaintext", "permissionsBoundaryArn=arn:aws:iam::aws:policy/PowerUserAccess",
		"--plaintext", fmt.Sprintf("vpcId=%v", host["vpcId"]), "--plaintext", fmt.Sprintf("adminSecretArn=%v", host["adminSecretArn"]),
		"--plaintext", fmt.Sprintf("%sIdentifier=%v", kind, host["identifier"])}
	for i, subnet := range host["privateSubnetIds"].([]any) {
		set = append(set, "--plaintext", fmt.Sprintf("privateSubnetIds[%d]=%v", i, subnet))
	}
	e.Pulumi(set...)
	e.Pulumi("up", "--yes", "--skip-preview")
	onlyItsRules(t, aws, before)
	messageIsSent(t, e, running, server)
	server.onlyAdded("while the stack lives", data, slices.Concat(addedData, addedUsers)...)
	e.Pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
	e.Pulumi("preview", "--refresh", "--expect-no-changes", "--diff")
	e.Pulumi("config", "set", "logRetentionDays", "30")
	e.Pulumi("up", "--yes", "--skip-preview")
	set = []string{"config", "set-all", "--path"}
	for i, subnet := range host["publicSubnetIds"].([]any)[:map[string]int{"single": 1, "network": 2}[access]] {
		set = append(set, "--plaintext", fmt.Sprintf("publicSubnetIds[%d]=%v", i, subnet))
	}
	e.Pulumi(set...)
	switchExternalAccess(t, e, aws, access)
	e.Pulumi("destroy", "--yes", "--skip-preview")
	for _, r := range e.Resources() {
		t.Errorf("destroy left %s in the state", r)
	}
	server.onlyAdded("after destroy", data, addedData...)
	if left := server.list("SELECT name FROM scheduled_messages_maintenance.users"); len(left) > 0 {
		t.Errorf("destroy left the names %q", left)
	}
	if rows := server.list("SELECT id FROM messages.messages"); !slices.Equal(rows, []string{sentThere}) {
		t.Errorf("after destroy the rows are %q", rows)
	}
	if kind == "instance" {
		ownDatabaseInHost(t, e)
	}
	unchanged(t, "after destroy", before, details(t, aws))
	e.AllowedToDeploy(t, aws, deployer.Life{
		Prefix: "team-a-", Path: "/teams/", Database: fmt.Sprint(host["identifier"]), AdminSecret: fmt.Sprint(host["adminSecretArn"])})
	lifetest.NothingNew(t, names, lifetest.Inventory(t, aws))
}

// ownDatabaseInHost takes a stack through its life in the same VPC once more, with a cluster of its own.
func ownDatabaseInHost(t *testing.T, e *lifetest.Engine) {
	t.Helper()
	e.Pulumi("config", "rm-all", "--path", "instanceIdentifier", "adminSecretArn",
		"externalAccess", "externalLoadBalancer", "externalAllowedCidrs", "publicSubnetIds")
	e.Pulumi("up", "--yes", "--skip-preview")
	if all := e.Resources(); !slices.ContainsFunc(all, func(r string) bool { return strings.HasSuffix(r, "::database-cluster") }) ||
		slices.ContainsFunc(all, func(r string) bool { return strings.HasSuffix(r, "::network-vpc") }) {
		t.Errorf("in a VPC of somebody else, with a cluster of its own, the stack is %v", all)
	}
	e.Pulumi("preview", "--refresh", "--expect-no-changes", "--diff")
	e.Pulumi("destroy", "--yes", "--skip-preview")
	for _, r := range e.Resources() {
		t.Errorf("destroy left %s in the state", r)
	}
}
