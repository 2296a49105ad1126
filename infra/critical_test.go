package infra_test

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

// typical are the seconds that things take to be made and to be deleted on AWS, by the end of their type; all others
// are counted as two. Where a source is named it is AWS's or the provider's own word, the others are what users of such
// stacks report: it is their order of magnitude that counts.
var typical = map[string]struct{ made, deleted int }{
	"kms/key:Key":                             {10, 2},
	"ec2/vpc:Vpc":                             {12, 2},
	"ec2/subnet:Subnet":                       {3, 1200}, // Lambda's interfaces: up to 20 minutes, docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
	"ec2/securityGroup:SecurityGroup":         {3, 5},
	"ec2/vpcEndpoint:VpcEndpoint":             {90, 120},
	"rds/cluster:Cluster":                     {60, 60},
	"rds/clusterInstance:ClusterInstance":     {480, 300},
	"rds/proxy:Proxy":                         {300, 120},
	"rds/proxyTarget:ProxyTarget":             {240, 5}, // until it is available
	"rds/eventSubscription:EventSubscription": {10, 10},
	"lambda/function:Function":                {60, 5}, // Pending for "several minutes", functions-states.html
	"lambda/invocation:Invocation":            {10, 2},
	"iam/role:Role":                           {10, 2},   // and to be seen everywhere
	"sqs/queue:Queue":                         {25, 130}, // the provider waits for AWS's lists: service/sqs/queue.go
}

// seconds is what a resource takes; components take nothing.
func seconds(r *infratest.Resource) (made, deleted int) {
	_, kind, aws := strings.Cut(r.Token, "aws:")
	switch known, ok := typical[kind]; {
	case !aws:
		return 0, 0
	case !ok:
		return 2, 2
	default:
		return known.made, known.deleted
	}
}

func TestTheSlowestWayOfAnUpIsTheDatabasesOwn(t *testing.T) {
	s := infratest.Deployed(t)
	needs := s.Needs()
	up := func(r *infratest.Resource) int { made, _ := seconds(r); return made }
	got := s.Longest(t, func(r *infratest.Resource) []*infratest.Resource { return needs[r] }, up)
	want := "network-vpc, network-private-us-east-1, database-subnets, database-cluster, database-writer, migration-run, proxy-target"
	got = slices.DeleteFunc(got, func(name string) bool { return name == "foundation-prefix" })
	if len(got) > 1 {
		got[1] = strings.TrimRight(got[1], "ab") // either zone
	}
	if path := strings.Join(got, ", "); path != want {
		t.Errorf("got %s, want %s", path, want)
	}
	// The target waits for the migration, which makes the user that the proxy logs in as, for seconds of minutes; nothing else
	// but what needs the users does.
	if target := s.One(t, "proxy-target"); !s.WaitsFor(target)["migration-run"] {
		t.Error("the proxy's target may come before the proxy's user")
	}
	for _, r := range s.Resources {
		waits := s.WaitsFor(r)
		if waits["proxy-target"] && r.Name != "proxy-target" {
			t.Errorf("%s waits for the proxy's target", r.Name)
		}
		afterUsers := r.Name == "proxy-target" || strings.HasPrefix(r.Name, "rotation-") ||
			strings.HasPrefix(r.Name, "schedule-") && strings.HasSuffix(r.Name, "heartbeat")
		if waits["migration-run"] && r.Name != "migration-run" && !afterUsers {
			t.Errorf("%s waits for the migration", r.Name)
		}
	}
}

// What takes longest is the subnets' wait for Lambda, which begins when the functions go; the database goes meanwhile.
func TestTheSlowestWayOfADestroyIsLambdasNetworkInterfaces(t *testing.T) {
	s := infratest.Deployed(t)
	users := map[*infratest.Resource][]*infratest.Resource{} // what has to go before
	for r, needs := range s.Needs() {
		for _, other := range needs {
			users[other] = append(users[other], r)
		}
	}
	down := func(r *infratest.Resource) int { _, deleted := seconds(r); return deleted }
	got := s.Longest(t, func(r *infratest.Resource) []*infratest.Resource { return users[r] }, down)
	at := slices.IndexFunc(got, func(name string) bool { return strings.HasPrefix(name, "network-private-us-east-1") })
	if at < 1 || got[at+1] != "network-vpc" {
		t.Fatalf("got %v", got)
	}
	if !slices.Contains(got[:at], "database-writer") {
		t.Errorf("before the subnets wait for Lambda, what takes longest is %v", got[:at])
	}
}
