package infra_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/internal/infratest"
)

// onto runs the program onto what is there already, and gives what it registers.
func onto(t *testing.T, changes map[string]string) *infratest.Mock {
	t.Helper()
	s := &infratest.Mock{Site: infratest.NewSite()}
	if err := infratest.Run(t, s, infratest.Settings(t, changes)); err != nil {
		t.Fatal(err)
	}
	return s
}

// access is a mode of external access with the host's public subnets.
func access(mode string) map[string]string {
	subnets := `["` + infratest.PublicOne + `","` + infratest.PublicTwo + `"]`
	if mode == "single" {
		subnets = `["` + infratest.PublicOne + `"]`
	}
	return infratest.With(infratest.Modes[mode], map[string]string{"publicSubnetIds": subnets})
}

// everyExisting runs a test on every way onto what is there, with every kind of external access and none.
func everyExisting(t *testing.T, test func(t *testing.T, mode, access string, s *infratest.Mock)) {
	t.Helper()
	for mode, changes := range infratest.ExistingModes {
		for _, kind := range []string{"none", "single", "network", "classic"} {
			all := changes
			if kind != "none" {
				all = infratest.With(changes, access(kind))
			}
			t.Run(mode+" "+kind, func(t *testing.T) { test(t, mode, kind, onto(t, all)) })
		}
	}
}

func TestNothingOfAnExistingVPCIsMadeAnew(t *testing.T) {
	everyExisting(t, func(t *testing.T, mode, kind string, s *infratest.Mock) {
		for _, r := range s.Resources {
			for _, not := range []string{"ec2/vpc:", "ec2/subnet:", "ec2/routeTable", "ec2/route:", "ec2/internetGateway:",
				"ec2/defaultSecurityGroup:", "ec2/flowLog:"} {
				if strings.Contains(r.Token, not) {
					t.Errorf("%s is made", r.Name)
				}
			}
			if id := r.Text("vpcId"); id != "" && id != infratest.HostVPC {
				t.Errorf("%s is in %s", r.Name, id)
			}
		}
		function := s.One(t, "updater")
		if !slices.Equal(function.Texts("vpcConfig.subnetIds"), []string{infratest.PrivateOne, infratest.PrivateTwo}) ||
			!slices.Equal(function.Texts("replacementSecurityGroupIds"), []string{"network-parking-id"}) {
			t.Errorf("the updater is in %v, and parks in %v", function.Texts("vpcConfig.subnetIds"),
				function.Texts("replacementSecurityGroupIds"))
		}
	})
}

// rulesOf are the rules in a security group, by name.
func rulesOf(s *infratest.Mock, group string) map[string]*infratest.Resource {
	found := map[string]*infratest.Resource{}
	for _, r := range s.Resources {
		if strings.Contains(r.Token, "vpc/securityGroup") && r.Text("securityGroupId") == group {
			found[r.Name] = r
		}
	}
	return found
}

func TestAnExistingDatabaseGetsItsRulesAndNothingElse(t *testing.T) {
	everyExisting(t, func(t *testing.T, mode, kind string, s *infratest.Mock) {
		want := []string{}
		if mode != "VPC" {
			want = []string{"security-maintenance-to-database-in", "security-proxy-to-database-in"}
			if kind != "none" {
				want = append([]string{"security-haproxy-to-database-in"}, want...)
			}
		}
		rules := rulesOf(s, infratest.HostGroup)
		if got := slices.Sorted(maps.Keys(rules)); !slices.Equal(got, want) {
			t.Errorf("in the database's group: %v, want %v", got, want)
		}
		for name, rule := range rules {
			if text := rule.Text("description"); !strings.HasPrefix(text, "scheduled-messages-dev-") || rule.Text("fromPort") != "3306" {
				t.Errorf("%s: %q, port %s", name, text, rule.Text("fromPort"))
			}
		}
		if len(rulesOf(s, "network-parking-id")) > 0 {
			t.Error("the parking group has a rule")
		}
		if mode == "VPC" {
			s.One(t, "database-cluster")
			return
		}
		for _, r := range s.Resources {
			for _, not := range []string{"rds/cluster", "rds/instance:", "rds/subnetGroup:", "rds/parameterGroup:"} {
				if strings.Contains(r.Token, not) {
					t.Errorf("%s is made", r.Name)
				}
			}
		}
		target := s.One(t, "proxy-target")
		if target.Text("dbClusterIdentifier")+target.Text("dbInstanceIdentifier") != infratest.HostCluster ||
			(target.Text("dbInstanceIdentifier") != "") != (mode == "instance") {
			t.Errorf("the proxy's target is %v", target.Inputs)
		}
		auths, _ := s.One(t, "proxy-proxy").Value("auths")
		for _, auth := range auths.ArrayValue() {
			if got := auth.ObjectValue()["clientPasswordAuthType"].StringValue(); got != "MYSQL_CACHING_SHA2_PASSWORD" { // as the stub's migrator reports
				t.Errorf("the proxy's clients have %s", got)
			}
		}
		run := s.One(t, "migration-run")
		if run.Text("lifecycleScope") != "CRUD" || !strings.Contains(run.Text("triggers.server"), "orders.") {
			t.Errorf("the migration is %v", run.Inputs)
		}
	})
}

func TestTheAdminSecretOfAnExistingDatabaseIsReadAndNeverWritten(t *testing.T) {
	s := onto(t, infratest.ExistingModes["cluster"])
	arn := infratest.ExistingKeys["adminSecretArn"]
	for _, name := range []string{"migrator", "rotator"} {
		variables := s.One(t, name)
		if variables.Text("environment.variables.DB_ADMIN_SECRET_ARN") != arn ||
			variables.Text("environment.variables.DB_SHARED") != "true" {
			t.Errorf("%s: %v", name, variables.Inputs["environment"])
		}
	}
	readers := map[string]bool{}
	for where, statements := range s.Policies(t) {
		for _, st := range statements {
			if st.Effect != "Allow" || !slices.Contains(st.Resource, arn) {
				continue
			}
			for _, action := range st.Action {
				readers[where] = true
				if action != "secretsmanager:GetSecretValue" && action != "secretsmanager:DescribeSecret" {
					t.Errorf("%s allows %s", where, action)
				}
			}
		}
	}
	for _, where := range []string{"migrator-role-policy policy", "rotator-role-policy policy", "endpoint-secretsmanager policy"} {
		if !readers[where] {
			t.Errorf("%s does not let the secret be read: %v", where, readers)
		}
		delete(readers, where)
	}
	if len(readers) > 0 {
		t.Errorf("others that read it: %v", readers)
	}
	if all := s.Of(t, "secretsmanager/secretRotation:SecretRotation"); len(all) != 2 {
		t.Errorf("%d secrets rotate", len(all))
	}
}

func TestMonitoringLeavesOutADatabaseThatIsNotOurs(t *testing.T) {
	s := onto(t, infratest.ExistingModes["instance"])
	for _, r := range s.Resources {
		if strings.HasPrefix(r.Name, "monitoring-database-") || r.Name == "monitoring-cluster-events" ||
			r.Name == "monitoring-instance-events" {
			t.Errorf("%s is made", r.Name)
		}
	}
	s.One(t, "monitoring-pool-full")
	s.One(t, "monitoring-proxy-events")
	if body := s.One(t, "monitoring-dashboard").Text("dashboardBody"); strings.Contains(body,
		"AWS/RDS\",\"ServerlessDatabaseCapacity") || strings.Contains(body, "Aurora takes") {
		t.Error("the dashboard shows the database")
	}
}

// endpoints are how many the stack makes.
func endpoints(s *infratest.Mock) (n int) {
	for _, r := range s.Resources {
		if strings.Contains(r.Token, "ec2/vpcEndpoint:") {
			n++
		}
	}
	return n
}

func TestAWayToSecretsManagerThatIsThereIsUsed(t *testing.T) {
	const group = "sg-5a1b2c3d4e5f67890"
	t.Run("an endpoint", func(t *testing.T) {
		s := &infratest.Mock{Site: infratest.NewSite(infratest.Site{"getVpcEndpoint com.amazonaws.us-east-1.secretsmanager": infratest.EndpointWith(group)})}
		if err := infratest.Run(t, s, infratest.Settings(t, infratest.With(infratest.ExistingModes["VPC"], map[string]string{"secretsManagerEndpoint": group}))); err != nil {
			t.Fatal(err)
		}
		want := []string{"security-maintenance-to-endpoint-in", "security-status-to-endpoint-in", "security-updater-to-endpoint-in"}
		if got := slices.Sorted(maps.Keys(rulesOf(s, group))); !slices.Equal(got, want) ||
			endpoints(s) > 0 {
			t.Errorf("rules %v", got)
		}
	})
	t.Run("another way out", func(t *testing.T) {
		s := onto(t, infratest.With(infratest.ExistingModes["VPC"], map[string]string{"secretsManagerEndpoint": "none"}))
		if endpoints(s) > 0 {
			t.Error("an endpoint is made")
		}
		for _, from := range []string{"updater", "status", "maintenance"} {
			if out := s.One(t, "security-"+from+"-to-endpoint-out"); out.Text("cidrIpv4") != "0.0.0.0/0" || out.Text("fromPort") != "443" {
				t.Errorf("%s: %v", from, out.Inputs)
			}
		}
	})
	t.Run("Session Manager's", func(t *testing.T) {
		s := &infratest.Mock{Site: infratest.NewSite(infratest.Site{"getVpcEndpoint com.amazonaws.us-east-1.ssm": infratest.EndpointWith(group)})}
		if err := infratest.Run(t, s, infratest.Settings(t, infratest.With(infratest.ExistingModes["VPC"], access("network")))); err != nil {
			t.Fatal(err)
		}
		if rules := rulesOf(s, group); len(rules) != 1 || rules["security-haproxy-to-ssm-in"] == nil {
			t.Errorf("rules %v", slices.Collect(maps.Keys(rules)))
		}
		s.One(t, "management-ssmmessages")
	})
}

func TestUserNamesOnAServerThatHoldsOthersAreTheStacksOwnAndFit(t *testing.T) {
	for prefix, want := range map[string]string{
		"scheduled-messages-dev-a1b2c3": "scheduled-messages-a1b2c3-reader",
		"p-a1b2c3":                      "p-a1b2c3-reader",
		"twelve-more-scheduled-messages-production-a1b2c3": "twelve-more-schedu-a1b2c3-reader",
	} {
		if got := database.SharedUserName(prefix, "reader"); got != want || len(got) > 32 {
			t.Errorf("%s: %s, want %s", prefix, got, want)
		}
	}
}
