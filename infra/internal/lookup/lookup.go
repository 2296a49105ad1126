package lookup

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"golang.org/x/sync/errgroup"

	"scheduled-messages/infra/config"
)

// LookUp asks AWS for what is not configured, and checks what only AWS knows of the rest, all of it at once. Offline, it asks
// for nothing that is configured.
func LookUp(ctx *pulumi.Context, cfg *config.Config) error {
	var group errgroup.Group
	if err := refuseOffline(ctx, cfg); err != nil {
		return err
	}
	if cfg.Existing.Database() {
		group.Go(func() error { return lookUpDatabase(ctx, cfg) })
	}
	group.Go(func() error {
		if cfg.Existing.Network() {
			return lookUpNetwork(ctx, cfg)
		}
		if len(cfg.Zones) > 0 {
			return checkZones(ctx, cfg)
		}
		found, err := zonesFor(ctx, cfg)
		cfg.Zones = found
		return err
	})
	if cfg.SecretsExtensionLayerARN == "" {
		group.Go(func() error {
			name := fmt.Sprintf(
				"/aws/service/aws-parameters-and-secrets-lambda-extension/%s/latest",
				config.Processors[cfg.LambdaArchitecture].Extension,
			)
			found, err := ssm.LookupParameter(ctx, &ssm.LookupParameterArgs{Name: name})
			if err != nil {
				return fmt.Errorf("secretsExtensionLayerArn: %w", err)
			}
			cfg.SecretsExtensionLayerARN = found.Value // a parameter of AWS's own
			return nil
		})
	}
	return group.Wait()
}

// refuseOffline is an error where what is there already cannot be looked up: nothing of it can be previewed without an account.
func refuseOffline(ctx *pulumi.Context, cfg *config.Config) error {
	if cfg.Existing.Network() && config.Offline(ctx) {
		return fmt.Errorf(
			"vpcId is %s: must be none without an account (aws:skipCredentialsValidation), where nothing can be looked up",
			cfg.Existing.VPCID,
		)
	}
	return nil
}
