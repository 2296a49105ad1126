package config_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/esc"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/module"
)

func TestEveryDefaultOfTheTableCanBeTyped(t *testing.T) {
	page, err := os.ReadFile(module.Path("docs/configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	defaults := infratest.Settings(t, nil)
	want, err := infratest.Load(defaults)
	if err != nil {
		t.Fatal(err)
	}
	typed := 0
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `([^`]*)` \\|").FindAllStringSubmatch(string(page), -1) {
		key, value := row[1], row[2]
		if _, ours := defaults[infratest.Project+":"+key]; !ours {
			continue
		}
		typed++
		got, err := infratest.Load(infratest.Settings(t, map[string]string{key: value}))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("pulumi config set %s %s: %v, %+v", key, value, err, got)
		}
	}
	if keys := len(defaults) - 1; typed != keys { // but for aws:region
		t.Errorf("the table has %d of %d keys", typed, keys)
	}
}

func TestListsCanBeTypedWithCommasBetween(t *testing.T) {
	got, err := infratest.Load(infratest.Settings(t, map[string]string{"zones": "us-east-1a,us-east-1b", "channels": "sns,webhook", "webhookAllowedHosts": "hooks.example.com"}))
	if err != nil || len(got.Zones) != 2 || len(got.Channels) != 2 || len(got.Hosts["webhook"]) != 1 {
		t.Errorf("%v, %+v", err, got)
	}
}

// TestPulumiLeavesWrongTypesToTheProgram puts a stack's configuration through what the Pulumi CLI does with it before it runs
// the program, where one wrong type would end the run before all others are seen.
func TestPulumiLeavesWrongTypesToTheProgram(t *testing.T) {
	declared, err := workspace.LoadProject(module.Path("Pulumi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[string]config.Value{
		"readers": config.NewValue("two"), "protectData": config.NewValue("maybe"), "maxRetries": config.NewObjectValue("[1]"),
		"zones": config.NewObjectValue(`{"a":"b"}`), "vpcCidr": config.NewTypedValue("true", config.TypeBool),
	}
	stack := config.Map{}
	for key, value := range wrong {
		stack[config.MustMakeKey(infratest.Project, key)] = value
	}
	err = workspace.ValidateStackConfigAndApplyProjectConfig(t.Context(), "dev", declared, esc.Value{}, stack, config.NopEncrypter, config.NopDecrypter)
	if err != nil {
		t.Fatal(err)
	}
	passed, err := stack.Decrypt(config.NopDecrypter)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{"aws:region": "us-east-1"}
	for key, value := range passed {
		settings[key.String()] = value
	}
	_, err = infratest.Load(settings)
	if err == nil || !strings.Contains(err.Error(), "5 ") {
		t.Fatalf("got %v", err)
	}
	for key := range wrong {
		if !strings.Contains(err.Error(), "\n"+key+" is ") {
			t.Errorf("nothing about %s in %v", key, err)
		}
	}
}

func TestNoneAloneTakesExternalAccessAway(t *testing.T) {
	for mode, changes := range infratest.Modes {
		cfg, err := infratest.Load(infratest.Settings(t, infratest.With(changes, map[string]string{"externalAccess": "none"})))
		if err != nil || cfg.External() {
			t.Errorf("after %s: %v", mode, err)
			continue
		}
		if all := cfg.Warnings(); len(all) != 1 || !strings.HasPrefix(all[0], "externalAllowedCidrs") {
			t.Errorf("after %s: it warns of %q", mode, all)
		}
	}
}
