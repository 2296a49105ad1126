package infra

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"scheduled-messages/infra/internal/build"
)

func TestProxyTargetWaitsForEveryClusterInstance(t *testing.T) {
	s := deployed(t, map[string]string{"readers": "2"})
	waits := s.waitsFor(s.one(t, "proxy-target"))
	instances := s.of(t, "rds/clusterInstance:ClusterInstance")
	if len(instances) != 3 {
		t.Fatalf("%d instances, not a writer and two readers", len(instances))
	}
	for _, instance := range instances {
		if !waits[instance.name] {
			t.Errorf("the target does not wait for %s", instance.name)
		}
	}
}

func TestNothingWaitsForInstancesButTheTargetTheMigrationTheirEventsTheHeartbeatsAndWhatRotates(t *testing.T) {
	s := deployed(t, map[string]string{"readers": "2"})
	var waiting []string
	for _, r := range s.resources {
		for name := range s.waitsFor(r) {
			if name == "database-writer" || name == "database-reader-1" {
				waiting = append(waiting, r.name)
				break
			}
		}
	}
	slices.Sort(waiting)
	if want := []string{"migration-run", "monitoring-instance-events", "proxy-target", "rotation-admin-schedule", "rotation-app-schedule",
		"rotation-reader-schedule", "schedule-heartbeat", "schedule-rotation-heartbeat", "schedule-status-heartbeat"}; !slices.Equal(waiting, want) {
		t.Errorf("waiting for instances: %v, want %v", waiting, want)
	}
	if waits := s.waitsFor(s.one(t, "migration-run")); waits["database-reader-1"] || !waits["database-writer"] {
		t.Error("the migration waits for another instance than the writer")
	}
}

// The migration makes the user that the proxy logs in as: a target that comes before it may be refused, and stays refused for
// as long as RDS Proxy waits between its tries.
func TestMigrationRunsWhileTheProxyIsMadeAndBeforeItsTarget(t *testing.T) {
	s := deployed(t)
	if s.waitsFor(s.one(t, "migration-run"))["proxy-proxy"] {
		t.Error("the migration waits for the proxy")
	}
	if s.waitsFor(s.one(t, "proxy-proxy"))["migration-run"] {
		t.Error("the proxy waits for the migration")
	}
	if !s.waitsFor(s.one(t, "proxy-target"))["migration-run"] {
		t.Error("the target does not wait for the migration")
	}
}

func TestMigrationWaitsForItsWayToTheDatabaseAndTheSecrets(t *testing.T) {
	s := deployed(t)
	waits := s.waitsFor(s.one(t, "migration-run"))
	for _, name := range []string{
		"endpoint-secretsmanager", "database-admin-version", "database-app-version", "migrator-role-policy",
		"security-maintenance-to-database-out", "security-maintenance-to-database-in",
		"security-maintenance-to-endpoint-out", "security-maintenance-to-endpoint-in",
	} {
		if !waits[name] {
			t.Errorf("the migration does not wait for %s", name)
		}
	}
}

// A schedule with a rate begins at once: before the migration the rotator would fail, and its alarm fire on day one.
func TestHeartbeatsBeginAfterTheMigration(t *testing.T) {
	s := deployed(t)
	for _, beat := range s.of(t, "scheduler/schedule:Schedule") {
		if !s.waitsFor(beat)["migration-run"] {
			t.Errorf("%s does not wait for the migration", beat.name)
		}
	}
	for _, name := range []string{"schedule-messages", "schedule-role", "schedule-backend-policy"} {
		if s.waitsFor(s.one(t, name))["migration-run"] {
			t.Errorf("%s waits for the migration", name)
		}
	}
}

func TestProxyWaitsForClusterSecretPolicyAndLogGroup(t *testing.T) {
	s := deployed(t)
	waits := s.waitsFor(s.one(t, "proxy-proxy"))
	for _, name := range []string{"database-cluster", "database-app-version", "proxy-role-policy", "proxy-log"} {
		if !waits[name] {
			t.Errorf("the proxy does not wait for %s", name)
		}
	}
	target := s.waitsFor(s.one(t, "proxy-target"))
	if !target["security-proxy-to-database-in"] || !target["security-proxy-to-database-out"] {
		t.Error("the target does not wait for the rules between proxy and database")
	}
}

func TestFunctionWaitsForItsPolicyAndItsLogGroup(t *testing.T) {
	s := deployed(t)
	for _, function := range s.of(t, "lambda/function:Function") {
		waits := s.waitsFor(function)
		if !waits[function.name+"-role-policy"] {
			t.Errorf("%s does not wait for its policy", function.name)
		}
		group := s.one(t, function.name+"-log")
		if !waits[group.name] {
			t.Errorf("%s does not wait for its log group", function.name)
		}
		if want := "/aws/lambda/" + function.text("name"); group.text("name") != want {
			t.Errorf("%s: log group %s, Lambda writes to %s", function.name, group.text("name"), want)
		}
	}
	for _, config := range s.of(t, "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig") {
		name := config.text("functionName")
		function := name[strings.LastIndexByte(name, '-')+1:]
		if !s.waitsFor(config)[function+"-role-policy"] {
			t.Errorf("%s does not wait for the policy that Lambda checks it against", config.name)
		}
	}
}

func TestLogGroupsOfAWSComeBeforeTheirWriters(t *testing.T) {
	s := deployed(t)
	cluster := s.one(t, "database-cluster")
	for _, log := range cluster.texts("enabledCloudwatchLogsExports") {
		group := s.one(t, "database-log-"+log)
		if want := "/aws/rds/cluster/" + cluster.text("clusterIdentifier") + "/" + log; group.text("name") != want {
			t.Errorf("log group %s, RDS writes to %s", group.text("name"), want)
		}
		if !s.waitsFor(cluster)[group.name] {
			t.Errorf("the cluster does not wait for %s", group.name)
		}
	}
	if want := "/aws/rds/proxy/" + s.one(t, "proxy-proxy").text("name"); s.one(t, "proxy-log").text("name") != want {
		t.Errorf("log group %s, RDS Proxy writes to %s", s.one(t, "proxy-log").text("name"), want)
	}
	for _, group := range s.of(t, "cloudwatch/logGroup:LogGroup") {
		if days, _ := group.value("retentionInDays"); !days.IsNumber() || days.NumberValue() != 14 {
			t.Errorf("%s is not kept for the configured days", group.name)
		}
		if group.text("kmsKeyId") == "" || !s.waitsFor(group)["foundation-key-policy"] {
			t.Errorf("%s is not encrypted with a key that CloudWatch Logs may use", group.name)
		}
	}
}

func TestEveryResourceSitsInAComponent(t *testing.T) {
	const components = "scheduled-messages:infra:"
	for _, r := range deployed(t, everything).resources {
		parent := resource.URN(r.request.GetParent())
		inStack := parent == "" || parent.Type() == "pulumi:pulumi:Stack"
		switch {
		case r.custom && (inStack || !strings.HasPrefix(string(parent.Type()), components)):
			t.Errorf("%s sits in %s", r.name, parent)
		case !r.custom && !inStack && !strings.HasPrefix(string(parent.Type()), components):
			t.Errorf("component %s sits in %s", r.name, parent)
		}
	}
}

func TestPreviewWithUnknownsRegistersTheSameResources(t *testing.T) {
	preview := &stub{preview: true}
	if err := run(t, preview, settings(t, with(given, everything))); err != nil {
		t.Fatal(err)
	}
	if want := deployed(t, everything).names(); !slices.Equal(preview.names(), want) {
		t.Errorf("preview: %v\nup: %v", preview.names(), want)
	}
}

func TestAnyFailingResourceFailsTheRun(t *testing.T) {
	config := settings(t, with(given, everything))
	for _, name := range deployed(t, everything).names() {
		if err := run(t, &stub{fail: name}, config); err == nil || !strings.Contains(err.Error(), "refused by the test") {
			t.Errorf("%s failed, and the run ended with: %v", name, err)
		}
	}
}

func TestNothingIsBegunWhenAFunctionDoesNotCompileOrALookUpFails(t *testing.T) {
	config := settings(t, nil) // asks AWS for all there is to ask
	calls := &stub{}
	if err := run(t, calls, config); err != nil {
		t.Fatal(err)
	}
	if len(calls.calls) != 3 {
		t.Fatalf("the program asks %v", calls.calls)
	}
	for _, call := range calls.calls {
		s := &stub{fail: call.Token}
		if err := run(t, s, config); err == nil || !strings.Contains(err.Error(), "look-up: ") || len(s.resources) > 0 {
			t.Errorf("%s was refused: %d resources, %v", call.Token, len(s.resources), err)
		}
	}
	s := &stub{}
	err := runWith(t, s, config, func(string, string) (map[string]build.Bundle, error) {
		time.Sleep(50 * time.Millisecond) // longer than the look-ups
		return nil, errors.New("sender does not compile")
	})
	if err == nil || !strings.Contains(err.Error(), "functions: sender does not compile") || len(s.resources) > 0 {
		t.Errorf("a function does not compile: %d resources, %v", len(s.resources), err)
	}
}

func TestAZoneMoreTouchesNoOtherSubnetNorTheProxy(t *testing.T) {
	two := deployed(t)
	three := deployed(t, map[string]string{"zones": `["us-east-1a","us-east-1b","us-east-1c"]`})
	subnets := two.of(t, "ec2/subnet:Subnet")
	if len(subnets) != 2 || len(three.of(t, "ec2/subnet:Subnet")) != 3 {
		t.Fatal("not one subnet a zone")
	}
	for _, subnet := range subnets {
		if got, want := three.one(t, subnet.name).text("cidrBlock"), subnet.text("cidrBlock"); got != want {
			t.Errorf("%s: %s becomes %s", subnet.name, want, got)
		}
	}
	if got, want := three.one(t, "proxy-proxy").texts("vpcSubnetIds"), two.one(t, "proxy-proxy").texts("vpcSubnetIds"); !slices.Equal(got, want) {
		t.Errorf("the proxy moves from %v to %v, which replaces it", want, got)
	}
	if got := three.one(t, "database-subnets").texts("subnetIds"); len(got) != 3 {
		t.Errorf("the cluster is in %v", got)
	}
}

func TestTwoStacksShareNoPhysicalName(t *testing.T) {
	// Inputs that are names in AWS, unique in an account and a region.
	physical := []string{"name", "namePrefix", "clusterIdentifier", "finalSnapshotIdentifier", "identifier", "groupName", "dbProxyName"}
	names := func(stack string) map[string]string {
		s := &stub{stack: stack}
		if err := run(t, s, settings(t, with(given, everything))); err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, r := range s.resources {
			for _, property := range physical {
				if value := r.text(property); value != "" && value != "default" && !strings.HasSuffix(value, "-1a2b3c4") {
					all[value] = r.name + " " + property
				}
			}
		}
		return all
	}
	one, two := names("dev"), names("prod")
	if len(one) < 8 {
		t.Fatalf("found only %v", one)
	}
	for name, where := range one {
		if two[name] != "" {
			t.Errorf("both stacks name something %s: %s, %s", name, where, two[name])
		}
	}
}

func TestStackThatIsRenamedKeepsItsNames(t *testing.T) {
	// The cluster's identifier holds the stack's name, and another identifier is another cluster.
	if prefix := deployed(t).one(t, "foundation-prefix"); !slices.Contains(prefix.request.GetIgnoreChanges(), "prefix") {
		t.Error("a rename of the stack would replace the cluster")
	}
}

func TestProtectedDataIsTheClusterAndTheMessagesThatAreNotSentYet(t *testing.T) {
	for protect, want := range map[string][]string{"false": nil, "true": {"database-cluster", "schedule-messages"}} {
		s := deployed(t, map[string]string{"protectData": protect})
		var protected []string
		for _, r := range s.resources {
			if r.request.GetProtect() {
				protected = append(protected, r.name)
			}
		}
		if slices.Sort(protected); !slices.Equal(protected, want) {
			t.Errorf("protectData %s protects %v, want %v", protect, protected, want)
		}
		if got := s.one(t, "schedule-messages").request.GetCustomTimeouts().GetDelete(); got != "60m" {
			t.Errorf("a group with a million schedules has %q to go", got)
		}
	}
}
