package infra

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"golang.org/x/sync/errgroup"
)

// Deploy is the whole program: a message's way from the schedule to its row.
func Deploy(ctx *pulumi.Context) error { return deploy(ctx, buildFunctions) }

// deploy takes the builder apart, because a test that runs it a hundred times builds once.
func deploy(ctx *pulumi.Context, build func(module, architecture string) (map[string]Bundle, error)) error {
	cfg, err := LoadConfig(ctx)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	for _, warning := range cfg.warnings() {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return fmt.Errorf("configuration: %w", err)
		}
	}
	if err := tagWithStack(ctx); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	// Both before the first resource, so that nothing is begun that a function which does not compile would end.
	var before errgroup.Group
	before.Go(func() error {
		if err := lookUp(ctx, cfg); err != nil {
			return fmt.Errorf("look-up: %w", err)
		}
		return nil
	})
	var bundles map[string]Bundle
	before.Go(func() (err error) {
		if bundles, err = build(ctx.RootDirectory(), cfg.LambdaArchitecture); err != nil {
			return fmt.Errorf("functions: %w", err)
		}
		return nil
	})
	if err := before.Wait(); err != nil {
		return err
	}

	foundation, err := NewFoundation(ctx, "foundation", &FoundationArgs{Config: cfg})
	if err != nil {
		return fmt.Errorf("foundation: %w", err)
	}
	network, err := NewNetwork(ctx, "network", &NetworkArgs{Config: cfg, Foundation: foundation})
	if err != nil {
		return fmt.Errorf("network: %w", err)
	}
	var public *PublicNetwork
	if cfg.External() {
		if public, err = NewPublicNetwork(ctx, "public", &PublicNetworkArgs{Config: cfg, Foundation: foundation, VPCID: network.VPCID}); err != nil {
			return fmt.Errorf("public network: %w", err)
		}
	}
	security, err := NewSecurity(ctx, "security", &SecurityArgs{Config: cfg, VPCID: network.VPCID, Public: public})
	if err != nil {
		return fmt.Errorf("security: %w", err)
	}
	database, err := NewDatabase(ctx, "database", &DatabaseArgs{
		Config: cfg, Foundation: foundation, SubnetIDs: network.SubnetIDs, SecurityGroupID: security.Database})
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	var rotation *Rotation
	if cfg.RotationDays > 0 {
		if rotation, err = NewRotation(ctx, "rotation", &RotationArgs{
			Config: cfg, Foundation: foundation, Database: database, Network: network,
			SecurityGroupID: security.Maintenance, Bundle: bundles["rotator"]}); err != nil {
			return fmt.Errorf("rotation: %w", err)
		}
	}
	endpoint, err := NewEndpoint(ctx, "endpoint", &EndpointArgs{
		Foundation: foundation, Network: network, SecurityGroupID: security.Endpoint,
		Secrets: database.secrets(), Rotation: rotation})
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	migration, err := NewMigration(ctx, "migration", &MigrationArgs{
		Config: cfg, Foundation: foundation, Database: database, Network: network,
		SecurityGroupID: security.Maintenance, Bundle: bundles["migrator"],
		Path: slices.Concat(security.Rules, []pulumi.Resource{endpoint.Way})})
	if err != nil {
		return fmt.Errorf("migration: %w", err)
	}
	proxy, err := NewProxy(ctx, "proxy", &ProxyArgs{
		Config: cfg, Foundation: foundation, Database: database, SubnetIDs: network.SubnetIDs,
		SecurityGroupID: security.Proxy, Rules: security.Rules, Users: migration.Run})
	if err != nil {
		return fmt.Errorf("proxy: %w", err)
	}
	if rotation != nil {
		if err := rotation.start(ctx, migration); err != nil {
			return fmt.Errorf("rotation: %w", err)
		}
	}
	pipeline, err := NewPipeline(ctx, "pipeline", &PipelineArgs{
		Config: cfg, Foundation: foundation, Database: database, ProxyEndpoint: proxy.Endpoint,
		Network: network, SecurityGroupID: security.Updater, Bundles: bundles})
	if err != nil {
		return fmt.Errorf("pipeline: %w", err)
	}
	status, err := NewStatus(ctx, "status-access", &StatusArgs{
		Config: cfg, Foundation: foundation, Database: database, ProxyEndpoint: proxy.Endpoint,
		Network: network, SecurityGroupID: security.Status, Bundle: bundles["status"]})
	if err != nil {
		return fmt.Errorf("status: %w", err)
	}
	schedule, err := NewSchedule(ctx, "schedule", &ScheduleArgs{
		Foundation: foundation, SenderARN: pipeline.Sender.ARN, UpdaterARN: pipeline.Updater.ARN, StatusARN: status.Function.ARN,
		Rotation: rotation, Protect: cfg.ProtectData, Migration: migration})
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	var external *External
	if cfg.External() {
		external, err = NewExternal(ctx, "external", &ExternalArgs{
			Config: cfg, Foundation: foundation, Network: network, Public: public, Security: security, Database: database})
		if err != nil {
			return fmt.Errorf("external access: %w", err)
		}
		exportExternal(ctx, cfg, foundation, database, external)
	}
	watched := map[string]*Function{"sender": pipeline.Sender, "updater": pipeline.Updater, "status": status.Function, "migrator": migration.Migrator}
	if rotation != nil {
		watched["rotator"] = rotation.Function
	}
	monitoring, err := NewMonitoring(ctx, "monitoring", &MonitoringArgs{
		Config: cfg, Foundation: foundation, Database: database, Proxy: proxy, Pipeline: pipeline, Schedule: schedule,
		Functions: watched, External: external})
	if err != nil {
		return fmt.Errorf("monitoring: %w", err)
	}
	export(ctx, cfg, foundation, database, proxy, pipeline, status, schedule, monitoring)
	return nil
}
