package config_test

import (
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
)

// foreignLayers are not AWS's own extension.
var foreignLayers = []string{
	"latest",
	"arn:aws:lambda:us-east-1:177933569100:layer:" + config.ExtensionArm,             // no version
	"arn:aws:lambda:us-east-1:1779:layer:" + config.ExtensionArm + ":1",              // no account
	"arn:aws:lambda:us-east-1:111122223333:layer:" + config.ExtensionArm + ":1",      // somebody's account
	"arn:aws:lambda:us-east-1:015030872274:layer:" + config.ExtensionArm + ":1",      // AWS's account of another Region
	"arn:aws:lambda:us-east-1:177933569100:layer:Extension:1",                        // another layer of that account
	"arn:aws:lambda:us-east-1:177933569100:layer:" + config.ExtensionArm + "-Evil:1", // and another
	"arn:aws-cn:lambda:us-east-1:177933569100:layer:" + config.ExtensionArm + ":1",   // another partition
	"arn:aws:lambda:xx-nowhere-1:177933569100:layer:" + config.ExtensionArm + ":1",   // no Region
	"arn:aws:lambda:us-gov-west-1:127562683043:layer:" + config.ExtensionArm + ":1",  // GovCloud has a partition of its own
	"arn:aws:lambda:us-east-1:177933569100:layer:" + strings.ToLower(config.ExtensionArm) + ":1",
}

func TestTheExtensionOfEveryRegionIsTakenThere(t *testing.T) {
	for region, account := range config.ExtensionAccounts {
		arn := "arn:" + config.Partition(region) + ":lambda:" + region + ":" + account + ":layer:" + config.ExtensionName + ":99"
		if got, err := config.LayerARN(arn); err != nil || got != arn {
			t.Errorf("%s: %v", arn, err)
		}
		if len(account) != 12 || !config.ZonePattern.MatchString(region+"a") {
			t.Errorf("%s: %s", region, account)
		}
	}
}

func TestTheExtensionThatAWSNamesItselfIsTakenWithoutATable(t *testing.T) {
	s := &infratest.Mock{}
	if err := infratest.Run(t, s, infratest.Settings(t, map[string]string{"zones": infratest.Given["zones"]})); err != nil {
		t.Fatal(err)
	}
	if got := s.One(t, "updater").Texts("layers"); len(got) != 1 || !strings.Contains(got[0], ":layer:Extension:") {
		t.Errorf("the updater has the layers %v", got)
	}
}
