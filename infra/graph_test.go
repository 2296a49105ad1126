package infra_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"scheduled-messages/infra/internal/build"
	"scheduled-messages/infra/internal/infratest"
)

func TestProxyTargetWaitsForEveryClusterInstance(t *testing.T) {
	s := infratest.Deployed(t, map[string]string{"readers": "2"})
	waits := s.WaitsFor(s.One(t, "proxy-target"))
	instances := s.Of(t, "rds/clusterInstance:ClusterInstance")
	if len(instances) != 3 {
		t.Fatalf("%d instances, not a writer and two readers", len(instances))
	}
	for _, instance := range instances {
		if !waits[instance.Name] {
			t.Errorf("the target does not wait for %s", instance.Name)
		}
	}
}

func TestNothingWaitsForInstancesButTheTargetTheMigrationTheirEventsTheHeartbeatsAndWhatRotates(t *testing.T) {
	s := infratest.Deployed(t, map[string]string{"readers": "2"})
	var waiting []string
	for _, r := range s.Resources {
		for name := range s.WaitsFor(r) {
			if name == "database-writer" || name == "database-reader-1" {
				waiting = append(waiting, r.Name)
				break
			}
		}
	}
	slices.Sort(waiting)
	if want := []string{"migration-run", "monitoring-instance-events", "proxy-target", "rotation-admin-schedule", "rotation-app-schedule",
		"rotation-reader-schedule", "schedule-heartbeat", "schedule-rotation-heartbeat", "schedule-status-heartbeat"}; !slices.Equal(waiting, want) {
		t.Errorf("waiting for instances: %v, want %v", waiting, want)
	}
	if waits := s.WaitsFor(s.One(t, "migration-run")); waits["database-reader-1"] || !waits["database-writer"] {
		t.Error("the migration waits for another instance than the writer")
	}
}

// The migration makes the user that the proxy logs in as: a target that comes before it may be refused, and stays refused for
// as long as RDS Proxy waits between its tries.
func TestMigrationRunsWhileTheProxyIsMadeAndBeforeItsTarget(t *testing.T) {
	s := infratest.Deployed(t)
	if s.WaitsFor(s.One(t, "migration-run"))["proxy-proxy"] {
		t.Error("the migration waits for the proxy")
	}
	if s.WaitsFor(s.One(t, "proxy-proxy"))["migration-run"] {
		t.Error("the proxy waits for the migration")
	}
	if !s.WaitsFor(s.One(t, "proxy-target"))["migration-run"] {
		t.Error("the target does not wait for the migration")
	}
}

func TestMigrationWaitsForItsWayToTheDatabaseAndTheSecrets(t *testing.T) {
	s := infratest.Deployed(t)
	waits := s.WaitsFor(s.One(t, "migration-run"))
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
	s := infratest.Deployed(t)
	for _, beat := range s.Of(t, "scheduler/schedule:Schedule") {
		if !s.WaitsFor(beat)["migration-run"] {
			t.Errorf("%s does not wait for the migration", beat.Name)
		}
	}
	for _, name := range []string{"schedule-messages", "schedule-role", "schedule-backend-policy"} {
		if s.WaitsFor(s.One(t, name))["migration-run"] {
			t.Errorf("%s waits for the migration", name)
		}
	}
}

func TestProxyWaitsForClusterSecretPolicyAndLogGroup(t *testing.T) {
	s := infratest.Deployed(t)
	waits := s.WaitsFor(s.One(t, "proxy-proxy"))
	for _, name := range []string{"database-cluster", "database-app-version", "proxy-role-policy", "proxy-log"} {
		if !waits[name] {
			t.Errorf("the proxy does not wait for %s", name)
		}
	}
	target := s.WaitsFor(s.One(t, "proxy-target"))
	if !target["security-proxy-to-database-in"] || !target["security-proxy-to-database-out"] {
		t.Error("the target does not wait for the rules between proxy and database")
	}
}

func TestFunctionWaitsForItsPolicyAndItsLogGroup(t *testing.T) {
	s := infratest.Deployed(t)
	for _, function := range s.Of(t, "lambda/function:Function") {
		waits := s.WaitsFor(function)
		if !waits[function.Name+"-role-policy"] {
			t.Errorf("%s does not wait for its policy", function.Name)
		}
		group := s.One(t, function.Name+"-log")
		if !waits[group.Name] {
			t.Errorf("%s does not wait for its log group", function.Name)
		}
		if want := "/aws/lambda/" + function.Text("name"); group.Text("name") != want {
			t.Errorf("%s: log group %s, Lambda writes to %s", function.Name, group.Text("name"), want)
		}
	}
	for _, config := range s.Of(t, "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig") {
		name := config.Text("functionName")
		function := name[strings.LastIndexByte(name, '-')+1:]
		if !s.WaitsFor(config)[function+"-role-policy"] {
			t.Errorf("%s does not wait for the policy that Lambda checks it against", config.Name)
		}
	}
}

func TestLogGroupsOfAWSComeBeforeTheirWriters(t *testing.T) {
	s := infratest.Deployed(t)
	cluster := s.One(t, "database-cluster")
	for _, log := range cluster.Texts("enabledCloudwatchLogsExports") {
		group := s.One(t, "database-log-"+log)
		if want := "/aws/rds/cluster/" + cluster.Text("clusterIdentifier") + "/" + log; group.Text("name") != want {
			t.Errorf("log group %s, RDS writes to %s", group.Text("name"), want)
		}
		if !s.WaitsFor(cluster)[group.Name] {
			t.Errorf("the cluster does not wait for %s", group.Name)
		}
	}
	if want := "/aws/rds/proxy/" + s.One(t, "proxy-proxy").Text("name"); s.One(t, "proxy-log").Text("name") != want {
		t.Errorf("log group %s, RDS Proxy writes to %s", s.One(t, "proxy-log").Text("name"), want)
	}
	for _, group := range s.Of(t, "cloudwatch/logGroup:LogGroup") {
		if days, _ := group.Value("retentionInDays"); !days.IsNumber() || days.NumberValue() != 14 {
			t.Errorf("%s is not kept for the configured days", group.Name)
		}
		if group.Text("kmsKeyId") == "" || !s.WaitsFor(group)["foundation-key-policy"] {
			t.Errorf("%s is not encrypted with a key that CloudWatch Logs may use", group.Name)
		}
	}
}

func TestEveryResourceSitsInAComponent(t *testing.T) {
	const components = "scheduled-messages:infra:"
	for _, r := range infratest.Deployed(t, infratest.Everything).Resources {
		parent := resource.URN(r.Request.GetParent())
		inStack := parent == "" || parent.Type() == "pulumi:pulumi:Stack"
		switch {
		case r.Custom && (inStack || !strings.HasPrefix(string(parent.Type()), components)):
			t.Errorf("%s sits in %s", r.Name, parent)
		case !r.Custom && !inStack && !strings.HasPrefix(string(parent.Type()), components):
			t.Errorf("component %s sits in %s", r.Name, parent)
		}
	}
}

func TestPreviewWithUnknownsRegistersTheSameResources(t *testing.T) {
	preview := &infratest.Mock{Preview: true}
	if err := infratest.Run(t, preview, infratest.Settings(t, infratest.With(infratest.Given, infratest.Everything))); err != nil {
		t.Fatal(err)
	}
	if want := infratest.Deployed(t, infratest.Everything).Names(); !slices.Equal(preview.Names(), want) {
		t.Errorf("preview: %v\nup: %v", preview.Names(), want)
	}
}

func TestAnyFailingResourceFailsTheRun(t *testing.T) {
	config := infratest.Settings(t, infratest.With(infratest.Given, infratest.Everything))
	for _, name := range infratest.Deployed(t, infratest.Everything).Names() {
		if err := infratest.Run(t, &infratest.Mock{Fail: name}, config); err == nil || !strings.Contains(err.Error(), "refused by the test") {
			t.Errorf("%s failed, and the run ended with: %v", name, err)
		}
	}
}

func TestNothingIsBegunWhenAFunctionDoesNotCompileOrALookUpFails(t *testing.T) {
	config := infratest.Settings(t, nil) // asks AWS for all there is to ask
	calls := &infratest.Mock{}
	if err := infratest.Run(t, calls, config); err != nil {
		t.Fatal(err)
	}
	if len(calls.Calls) != 3 {
		t.Fatalf("the program asks %v", calls.Calls)
	}
	for _, call := range calls.Calls {
		s := &infratest.Mock{Fail: call.Token}
		if err := infratest.Run(t, s, config); err == nil || !strings.Contains(err.Error(), "look-up: ") || len(s.Resources) > 0 {
			t.Errorf("%s was refused: %d resources, %v", call.Token, len(s.Resources), err)
		}
	}
	s := &infratest.Mock{}
	err := infratest.RunWith(t, s, config, func(string, string) (map[string]build.Bundle, error) {
		time.Sleep(50 * time.Millisecond) // longer than the look-ups
		return nil, errors.New("sender does not compile")
	})
	if err == nil || !strings.Contains(err.Error(), "functions: sender does not compile") || len(s.Resources) > 0 {
		t.Errorf("a function does not compile: %d resources, %v", len(s.Resources), err)
	}
}

func TestAZoneMoreTouchesNoOtherSubnetNorTheProxy(t *testing.T) {
	two := infratest.Deployed(t)
	three := infratest.Deployed(t, map[string]string{"zones": `["us-east-1a","us-east-1b","us-east-1c"]`})
	subnets := two.Of(t, "ec2/subnet:Subnet")
	if len(subnets) != 2 || len(three.Of(t, "ec2/subnet:Subnet")) != 3 {
		t.Fatal("not one subnet a zone")
	}
	for _, subnet := range subnets {
		if got, want := three.One(t, subnet.Name).Text("cidrBlock"), subnet.Text("cidrBlock"); got != want {
			t.Errorf("%s: %s becomes %s", subnet.Name, want, got)
		}
	}
	if got, want := three.One(t, "proxy-proxy").Texts("vpcSubnetIds"), two.One(t, "proxy-proxy").Texts("vpcSubnetIds"); !slices.Equal(got, want) {
		t.Errorf("the proxy moves from %v to %v, which replaces it", want, got)
	}
	if got := three.One(t, "database-subnets").Texts("subnetIds"); len(got) != 3 {
		t.Errorf("the cluster is in %v", got)
	}
}

func TestTwoStacksShareNoPhysicalName(t *testing.T) {
	// Inputs that are names in AWS, unique in an account and a region.
	physical := []string{"name", "namePrefix", "clusterIdentifier", "finalSnapshotIdentifier", "identifier", "groupName", "dbProxyName"}
	names := func(stack string) map[string]string {
		s := &infratest.Mock{Stack: stack}
		if err := infratest.Run(t, s, infratest.Settings(t, infratest.With(infratest.Given, infratest.Everything))); err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, r := range s.Resources {
			for _, property := range physical {
				if value := r.Text(property); value != "" && value != "default" && !strings.HasSuffix(value, "-1a2b3c4") {
					all[value] = r.Name + " " + property
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
	if prefix := infratest.Deployed(t).One(t, "foundation-prefix"); !slices.Contains(prefix.Request.GetIgnoreChanges(), "prefix") {
		t.Error("a rename of the stack would replace the cluster")
	}
}

func TestProtectedDataIsTheClusterAndTheMessagesThatAreNotSentYet(t *testing.T) {
	for protect, want := range map[string][]string{"false": nil, "true": {"database-cluster", "schedule-messages"}} {
		s := infratest.Deployed(t, map[string]string{"protectData": protect})
		var protected []string
		for _, r := range s.Resources {
			if r.Request.GetProtect() {
				protected = append(protected, r.Name)
			}
		}
		if slices.Sort(protected); !slices.Equal(protected, want) {
			t.Errorf("protectData %s protects %v, want %v", protect, protected, want)
		}
		if got := s.One(t, "schedule-messages").Request.GetCustomTimeouts().GetDelete(); got != "60m" {
			t.Errorf("a group with a million schedules has %q to go", got)
		}
	}
}
