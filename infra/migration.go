package infra

import (
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/message"
	"scheduled-messages/lambda/migrator/migrations"
)

// MigrationArgs are the arguments of NewMigration.
type MigrationArgs struct {
	Config          *Config
	Foundation      *Foundation
	Database        *Database
	Network         *Network
	SecurityGroupID pulumi.StringInput
	Bundle          Bundle
	Path            []pulumi.Resource // the way to the database and its secrets
}

// Migration is the function that makes the schema and the application's user, and its invocation.
type Migration struct {
	pulumi.ResourceState

	Migrator *Function
	// Run is what waits for the schema and the application's user.
	Run pulumi.Resource
}

// NewMigration makes the function, and invokes it as soon as the writer is there, beside the proxy's target. It is
// invoked again when the migrations or the application's secret change.
func NewMigration(ctx *pulumi.Context, name string, args *MigrationArgs, opts ...pulumi.ResourceOption) (*Migration, error) {
	m := &Migration{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Migration", name, m, opts...); err != nil {
		return nil, err
	}
	db := args.Database
	var err error
	if m.Migrator, err = NewFunction(ctx, "migrator", &FunctionArgs{
		Config: args.Config, Foundation: args.Foundation, Bundle: args.Bundle,
		Description: "Makes the schema and the application's user", Timeout: migratorTimeout, MemoryMB: 256,
		Network: args.Network, SecurityGroupID: args.SecurityGroupID,
		Secrets: []*Secret{db.Admin, db.App},
		Environment: pulumi.StringMap{
			message.EnvDBHost:           db.Endpoint,
			message.EnvDBPort:           pulumi.String(strconv.Itoa(mysqlPort)),
			message.EnvDBName:           pulumi.String(args.Config.DatabaseName),
			message.EnvDBSecretARN:      db.App.ARN,
			message.EnvDBAdminSecretARN: db.Admin.ARN,
		},
	}, pulumi.Parent(m)); err != nil {
		return nil, err
	}
	hash, err := migrations.Hash()
	if err != nil {
		return nil, err
	}
	run, err := lambda.NewInvocation(ctx, name+"-run", &lambda.InvocationArgs{
		FunctionName: m.Migrator.Name, Input: pulumi.String("{}"),
		Triggers: pulumi.StringMap{"migrations": pulumi.String(hash), "secret": db.App.Version.VersionId},
	}, pulumi.Parent(m), pulumi.DependsOn(append([]pulumi.Resource{db.Writer, db.Admin.Version, db.App.Version}, args.Path...)))
	if err != nil {
		return nil, err
	}
	m.Run = run
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{})
}
