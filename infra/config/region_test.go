package config_test

import (
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/lambda/contract/rdsregions"
)

func TestRegionsWithoutBuiltInRDSCertificatesAreRefused(t *testing.T) {
	for region, taken := range map[string]bool{"us-east-1": true, "ap-northeast-2": true, "il-central-1": false, "us-gov-west-1": false, "cn-north-1": false} {
		config := infratest.Settings(t, nil)
		config["aws:region"] = region
		_, err := infratest.Load(config)
		if taken != (err == nil) {
			t.Errorf("%s: %v", region, err)
		}
		if want := "aws:region is " + region + ": must be a Region whose RDS certificates are built in: "; !taken && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", region, err)
		}
	}
}

func TestRegionIsTheEnvironmentsWhereTheConfigurationHasNone(t *testing.T) {
	for _, test := range []struct{ configured, first, second, want string }{
		{"us-east-1", "eu-west-1", "eu-west-2", ""},
		{"", "eu-west-1", "us-east-1", "zones of aws:region, eu-west-1"},
		{"", "", "eu-west-2", "zones of aws:region, eu-west-2"},
		{"", "", "", ""},
	} {
		t.Setenv("AWS_REGION", test.first)
		t.Setenv("AWS_DEFAULT_REGION", test.second)
		config := infratest.Settings(t, infratest.Given)
		config["aws:region"] = test.configured
		_, err := infratest.Load(config)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

func TestTheRegionsOfTheCertificatesAreThoseOfTheirNames(t *testing.T) {
	regions := rdsregions.All()
	if len(regions) < 27 {
		t.Errorf("%d regions", len(regions))
	}
	for _, region := range regions {
		if !config.ZonePattern.MatchString(region + "a") {
			t.Errorf("%s is no region", region)
		}
	}
}
