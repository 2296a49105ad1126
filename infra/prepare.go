package infra

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"golang.org/x/sync/errgroup"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/build"
	"scheduled-messages/infra/internal/lookup"
)

// prepare does what comes before the first resource, so that nothing is begun that it would end: it reads the configuration,
// asks AWS for what is not configured, and builds the functions.
func prepare(ctx *pulumi.Context, build builder) (cfg *config.Config, bundles map[string]build.Bundle, err error) {
	if cfg, err = config.Load(ctx); err != nil {
		return nil, nil, fmt.Errorf("configuration: %w", err)
	}
	if err := warn(ctx, cfg.Warnings()); err != nil {
		return nil, nil, fmt.Errorf("configuration: %w", err)
	}
	if err := config.TagWithStack(ctx); err != nil {
		return nil, nil, fmt.Errorf("configuration: %w", err)
	}
	var group errgroup.Group
	group.Go(func() error {
		if err := lookup.LookUp(ctx, cfg); err != nil {
			return fmt.Errorf("look-up: %w", err)
		}
		return warn(ctx, cfg.Found.Warnings)
	})
	group.Go(func() (err error) {
		if bundles, err = build(ctx.RootDirectory(), cfg.LambdaArchitecture); err != nil {
			return fmt.Errorf("functions: %w", err)
		}
		return nil
	})
	return cfg, bundles, group.Wait()
}

func warn(ctx *pulumi.Context, warnings []string) error {
	for _, warning := range warnings {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return err
		}
	}
	return nil
}
