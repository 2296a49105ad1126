package config_test

import (
	"fmt"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
)

func TestTheBudgetOfConnectionsFollowsMaxCapacity(t *testing.T) {
	for _, test := range []struct {
		acus                                 float64
		connections, percent, pool, external int
	}{
		{1, 90, 55, 49, 31}, {3.5, 90, 55, 49, 31}, {4, 135, 40, 54, 67}, {7.5, 135, 40, 54, 67}, {8, 1000, 30, 300, 500},
		{16, 2000, 30, 600, 1000}, {64, 4000, 30, 1200, 2000}, {256, 6000, 30, 1800, 3000},
	} {
		c := &config.Config{MaxCapacity: test.acus, ExternalAccess: config.AccessSingle}
		if got := [4]int{config.ConnectionsAt(test.acus), c.ProxyPercent(), config.PoolShare(c), config.HAProxyShare(c, 1)}; got != [4]int{test.connections, test.percent, test.pool, test.external} {
			t.Errorf("%v ACUs: %v, want %+v", test.acus, got, test)
		}
		if c.BudgetConstraint().Broken || len(c.BudgetWarnings()) > 0 {
			t.Errorf("%v ACUs: %v %v", test.acus, c.BudgetConstraint(), c.BudgetWarnings())
		}
	}
}

// Every share that may be configured, at every size.
func TestRDSProxyAndHAProxyNeverGetMoreThanThereIsNextToWhatIsReserved(t *testing.T) {
	for _, row := range config.ConnectionsByCapacity {
		for percent := range 101 {
			for instances := 1; instances <= config.MaxZones; instances++ {
				c := &config.Config{MaxCapacity: row.Acus, ProxyMaxConnectionsPercent: percent, ExternalAccess: config.AccessHA}
				if c.BudgetConstraint().Broken {
					continue
				}
				if free := row.Connections - config.PoolShare(c) - instances*config.HAProxyShare(c, instances); free < row.Connections*config.ReservedPercent/100 && config.HAProxyShare(c, instances) > 1 {
					t.Errorf("%v ACUs, %d %%, %d instances: %d of %d connections are free", row.Acus, percent, instances, free, row.Connections)
				}
			}
		}
	}
}

func TestAShareBelowAWSsMinimumIsWarnedOfWithTheNumber(t *testing.T) {
	for _, test := range []struct {
		acus, percent string
		want          string // empty: no warning
	}{
		{"1", "54", "proxyMaxConnectionsPercent: 54: AWS recommends 55 or more at maxCapacity 1: of 90 connections the pool has 48"},
		{"1", "55", ""},
		{"4", "10", "proxyMaxConnectionsPercent: 10: AWS recommends 35 or more at maxCapacity 4: of 135 connections the pool has 13"},
		{"4", "0", ""},
		{"8", "19", "proxyMaxConnectionsPercent: 19: AWS recommends 20 or more at maxCapacity 8: of 1000 connections the pool has 190"},
		{"256", "20", ""},
		{"4", "100", "proxyMaxConnectionsPercent: 100: a full pool leaves 0 of 135 connections for the migrator"},
	} {
		cfg, err := infratest.Load(infratest.Settings(t, map[string]string{"maxCapacity": test.acus, "proxyMaxConnectionsPercent": test.percent}))
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(cfg.Warnings(), "\n")
		if test.want == "" && all != "" || !strings.HasPrefix(all, test.want) {
			t.Errorf("%s ACUs, %s %%: %q", test.acus, test.percent, all)
		}
	}
}

func TestThePoolAsksForItsShareAndHalfOfItIdle(t *testing.T) {
	for percent, want := range map[string][2]string{"0": {"40", "20"}, "55": {"55", "27"}} {
		group := infratest.Deployed(t, map[string]string{"proxyMaxConnectionsPercent": percent}).One(t, "proxy-target-group")
		got := [2]string{group.Text("connectionPoolConfig.maxConnectionsPercent"), group.Text("connectionPoolConfig.maxIdleConnectionsPercent")}
		if got != want {
			t.Errorf("%s: %v, want %v", percent, got, want)
		}
	}
}

func TestSecurityGroupsStayWithinTheirRulesWithAsManyRangesAsAreAllowed(t *testing.T) {
	// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: 60 in and 60 out
	for mode, changes := range infratest.Modes {
		s := infratest.Deployed(t, changes, map[string]string{"externalAllowedCidrs": infratest.ManyRanges(config.MaxClientRanges)})
		rules := map[string]int{}
		for _, direction := range []string{"Egress", "Ingress"} {
			for _, r := range s.Of(t, fmt.Sprintf("vpc/securityGroup%sRule:SecurityGroup%sRule", direction, direction)) {
				rules[direction+" of "+r.Text("securityGroupId")]++
			}
		}
		for group, n := range rules {
			if n > 60 {
				t.Errorf("%s: %s: %d rules", mode, group, n)
			}
		}
	}
}
