package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RotationArgs are the arguments of NewRotation.
type RotationArgs struct {
	Config          *Config
	Foundation      *Foundation
	Database        *Database
	Network         *Network
	SecurityGroupID pulumi.StringInput
	Bundle          Bundle
}

// Rotation gives the database's users new passwords at regular times. Each secret keeps its one user: with two that
// take turns, Secrets Manager's other strategy, RDS Proxy refuses clients. https://github.com/aws/aws-cdk/issues/25568
type Rotation struct {
	pulumi.ResourceState

	Function *Function // which fails when a rotation does

	name    string
	days    int
	secrets []rotated
}

// rotated is a secret that the function may be invoked for.
type rotated struct {
	name       string
	secret     *Secret
	permission pulumi.Resource
}

// NewRotation makes the function and lets Secrets Manager invoke it. It comes before the endpoint, whose policy names
// its role; what rotates is switched on apart, once everything on its way is there.
func NewRotation(ctx *pulumi.Context, name string, args *RotationArgs, opts ...pulumi.ResourceOption) (*Rotation, error) {
	r := &Rotation{name: name, days: args.Config.RotationDays}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Rotation", name, r, opts...); err != nil {
		return nil, err
	}
	parent, db := pulumi.Parent(r), args.Database
	var allowed []Statement
	for _, secret := range db.secrets() {
		allowed = append(allowed, secret.rotatedBy()...)
	}
	var err error
	if r.Function, err = NewFunction(ctx, "rotator", &FunctionArgs{
		Config: args.Config, Foundation: args.Foundation, Bundle: args.Bundle,
		Description: "Gives the database's users new passwords", Timeout: rotatorTimeout, MemoryMB: 256,
		Network: args.Network, SecurityGroupID: args.SecurityGroupID,
		Allowed: allowed, Environment: db.maintenance(),
	}, parent); err != nil {
		return nil, err
	}
	for _, user := range db.users() {
		one := rotated{name: name + "-" + user.logical, secret: user.secret}
		if one.permission, err = lambda.NewPermission(ctx, one.name+"-permission", &lambda.PermissionArgs{
			Action: pulumi.String("lambda:InvokeFunction"), Function: r.Function.Name,
			Principal:     pulumi.String("secretsmanager.amazonaws.com"),
			SourceAccount: args.Foundation.Account, SourceArn: one.secret.ARN,
		}, parent); err != nil {
			return nil, err
		}
		r.secrets = append(r.secrets, one)
	}
	return r, ctx.RegisterResourceOutputs(r, pulumi.Map{})
}

// start switches rotation on after the migration, which makes the application's users and comes after the rules and the
// endpoint. The first rotation is not now but in so many days: now it would race the first connections of everything
// else, and Pulumi would not wait for it. Secrets Manager tests the function at once all the same, by its third step.
func (r *Rotation) start(ctx *pulumi.Context, migration *Migration) error {
	for _, one := range r.secrets {
		if _, err := secretsmanager.NewSecretRotation(ctx, one.name+"-schedule", &secretsmanager.SecretRotationArgs{
			SecretId: one.secret.ARN, RotationLambdaArn: r.Function.ARN, RotateImmediately: pulumi.Bool(false),
			RotationRules: secretsmanager.SecretRotationRotationRulesArgs{AutomaticallyAfterDays: pulumi.Int(r.days)},
		}, pulumi.Parent(r), pulumi.DependsOn([]pulumi.Resource{one.permission, migration.Run})); err != nil {
			return err
		}
	}
	return nil
}
