package infratest

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
)

// Load reads a configuration as the program does.
func Load(values map[string]string) (cfg *config.Config, err error) {
	err = pulumi.RunErr(func(ctx *pulumi.Context) error {
		cfg, err = config.Load(ctx)
		return err
	}, pulumi.WithMocks(Project, "dev", &Mock{Stack: "dev"}), func(info *pulumi.RunInfo) { info.Config = values })
	return cfg, err
}

// Loaded is the configuration with the changes.
func Loaded(t testing.TB, changes map[string]string) *config.Config {
	t.Helper()
	cfg, err := Load(Settings(t, With(Given, changes)))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}
