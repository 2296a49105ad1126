package database

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
	"scheduled-messages/lambda/migrator/migrations"
)

// onShared is the invocation on a server that stays when the stack goes: destroy invokes the function too, which then takes the
// stack's users off it. Another version of the server may have another default plugin.
func onShared(input *lambda.InvocationArgs, cfg *config.Config) {
	input.LifecycleScope = pulumi.String("CRUD")
	input.Triggers = with(input.Triggers, "server", cfg.Found.Database.Endpoint+" "+cfg.Found.Database.Version)
}

func with(triggers pulumi.StringMapInput, key, value string) pulumi.StringMap {
	all := triggers.(pulumi.StringMap)
	all[key] = pulumi.String(value)
	return all
}

// clientAuth is RDS Proxy's name of the plugin that the migrator reports: MYSQL_NATIVE_PASSWORD or MYSQL_CACHING_SHA2_PASSWORD.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_UserAuthConfig.html
func clientAuth(answer string) (string, error) {
	var reply struct{ Plugin string }
	if err := json.Unmarshal([]byte(answer), &reply); err != nil {
		return "", fmt.Errorf("the migrator's answer: %w", err)
	}
	switch reply.Plugin {
	case "mysql_native_password":
		return "MYSQL_NATIVE_PASSWORD", nil
	case "caching_sha2_password":
		return "MYSQL_CACHING_SHA2_PASSWORD", nil
	}
	return "", fmt.Errorf("the migrator made users with the plugin %q: RDS Proxy takes mysql_native_password and "+
		"caching_sha2_password", reply.Plugin)
}

// versions are the first values of the users' secrets.
func (d *Database) versions() (all []pulumi.Resource) {
	for _, user := range d.Users {
		all = append(all, user.Secret.Version)
	}
	return all
}

// MigrationArgs are the database, and how the migrator reaches it and its secrets.
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
	// ClientAuth is what RDS Proxy asks of its clients: the plugin of the users that the migrator has made.
	ClientAuth pulumi.StringInput
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
		Allowed:     db.grantAdmin(),
		Environment: db.maintenance(),
	}, pulumi.Parent(m)); err != nil {
		return nil, err
	}
	hash, err := migrations.Hash()
	if err != nil {
		return nil, err
	}
	input := &lambda.InvocationArgs{FunctionName: m.Migrator.Name, Input: pulumi.String("{}"), Triggers: pulumi.StringMap{
		"migrations": pulumi.String(hash), "secret": db.App.Version.VersionId, "reader": db.Reader.Version.VersionId}}
	cfg := args.Foundation.Config
	switch aurora := cfg.Aurora(); {
	case !db.Own:
		onShared(input, cfg)
	case aurora.Upgraded: // then the users get the plugin that the proxy's clients have
		input.Triggers = with(input.Triggers, "clientAuth", aurora.ClientAuth)
	}
	run, err := lambda.NewInvocation(ctx, name+"-run", input, pulumi.Parent(m), pulumi.DependsOn(slices.Concat(
		args.Security.Rules, db.DependsOn, db.versions(), args.Endpoint.DependsOn)))
	if err != nil {
		return nil, err
	}
	m.Run, m.ClientAuth = run, pulumi.String(cfg.Aurora().ClientAuth)
	if !db.Own {
		m.ClientAuth = run.Result.ApplyT(clientAuth).(pulumi.StringOutput)
	}
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{})
}
