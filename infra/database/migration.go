package database

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
	"scheduled-messages/lambda/migrator/migrations"
)

// MigrationArgs are what the migration stands on.
type MigrationArgs struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Security   *network.Security
	Endpoint   *network.Endpoint
	Database   *Database
}

// Migration is the function that makes the schema and the application's users, and its invocation.
type Migration struct {
	pulumi.ResourceState

	Migrator *foundation.Function
	// Run is what others wait for who need the schema and its users.
	Run pulumi.Resource
}

// NewMigration makes the function, and invokes it as soon as the writer is there, before the proxy's target. It is
// invoked again when the migrations or the users' secrets change.
func NewMigration(ctx *pulumi.Context, name string, args *MigrationArgs, opts ...pulumi.ResourceOption) (*Migration, error) {
	m := &Migration{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Migration", name, m, opts...); err != nil {
		return nil, err
	}
	db := args.Database
	var err error
	if m.Migrator, err = foundation.NewFunction(ctx, &foundation.FunctionArgs{
		Foundation:  args.Foundation,
		Spec:        config.Migrator,
		VPC:         args.Network.Functions(args.Security.Maintenance),
		Secrets:     db.Secrets(),
		Environment: db.maintenance(),
	}, pulumi.Parent(m)); err != nil {
		return nil, err
	}
	hash, err := migrations.Hash()
	if err != nil {
		return nil, err
	}
	triggers := pulumi.StringMap{
		"migrations": pulumi.String(hash), "secret": db.App.Version.VersionId, "reader": db.Reader.Version.VersionId}
	if aurora := args.Foundation.Config.Aurora(); aurora.Upgraded { // then the users get the plugin that the proxy's clients have
		triggers["clientAuth"] = pulumi.String(aurora.ClientAuth)
	}
	run, err := lambda.NewInvocation(ctx, name+"-run", &lambda.InvocationArgs{
		FunctionName: m.Migrator.Name, Input: pulumi.String("{}"), Triggers: triggers,
	}, pulumi.Parent(m), pulumi.DependsOn(slices.Concat(args.Security.Rules, args.Endpoint.DependsOn, []pulumi.Resource{
		db.Writer,
		db.Admin.Version,
		db.App.Version,
		db.Reader.Version,
	})))
	if err != nil {
		return nil, err
	}
	m.Run = run
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{})
}
