package config_test

import (
	"scheduled-messages/infra/internal/infratest"
)

import "testing"

func TestEachVersionOfAuroraHasItsOwnGroupAndItsOwnPlugin(t *testing.T) {
	for version, want := range map[string]struct{ group, other, family, plugin, upgrade, trigger string }{
		"8.0.mysql_aurora.3.10.4": {"database-parameters", "database-parameters-8-4", "aurora-mysql8.0", "MYSQL_NATIVE_PASSWORD", "", ""},
		"8.4.mysql_aurora.8.4.7": {"database-parameters-8-4", "database-parameters", "aurora-mysql8.4", "MYSQL_CACHING_SHA2_PASSWORD", "true",
			"MYSQL_CACHING_SHA2_PASSWORD"},
	} {
		t.Run(version, func(t *testing.T) {
			s := infratest.Deployed(t, map[string]string{"engineVersion": version})
			for _, check := range []struct{ resource, path, want string }{
				{want.group, "family", want.family},
				{"database-cluster", "engineVersion", version},
				{"database-cluster", "allowMajorVersionUpgrade", want.upgrade},
				{"proxy-proxy", "auths[0].clientPasswordAuthType", want.plugin},
				{"proxy-proxy", "auths[1].clientPasswordAuthType", want.plugin},
				{"migration-run", "triggers.clientAuth", want.trigger}, // a cluster that was upgraded gets its users anew
			} {
				if got := s.One(t, check.resource).Text(check.path); got != check.want {
					t.Errorf("%s of %s is %q, want %q", check.path, check.resource, got, check.want)
				}
			}
			for _, name := range s.Names() {
				if name == want.other {
					t.Errorf("there is %s as well", name)
				}
			}
		})
	}
}
