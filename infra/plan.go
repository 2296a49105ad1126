package infra

import (
	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/build"
)

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Plan registers what Deploy does, with functions that nobody has built. It is for programs that look at what would
// be made, under Pulumi's mocks; the engine would not find the functions' code.
func Plan(ctx *pulumi.Context) error {
	return DeployWith(ctx, func(_, architecture string) (map[string]build.Bundle, error) {
		bundles := map[string]build.Bundle{}
		for _, name := range config.FunctionNames() {
			bundles[name] = build.Bundle{Path: name + ".zip", SHA256: "not built", Architecture: architecture}
		}
		return bundles, nil
	})
}
