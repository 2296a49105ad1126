package database

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
)

// RotatorArgs are the database whose users get new passwords, and how the function reaches it.
type RotatorArgs struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Security   *network.Security
	Database   *Database
}

// Rotator is the function that gives the database's users new passwords, and fails when a rotation does. Each secret keeps its
// one user: with two that take turns, Secrets Manager's other strategy, RDS Proxy refuses clients.
// https://github.com/aws/aws-cdk/issues/25568
type Rotator struct {
	pulumi.ResourceState // of the entire rotation

	Function *foundation.Function // nil without rotation
	RoleARN  pulumi.StringInput   // nil without rotation

	permissions map[string]pulumi.Resource // by the user's logical name
}

// NewRotator makes the function and lets Secrets Manager invoke it; without rotation, nothing.
func NewRotator(ctx *pulumi.Context, name string, args *RotatorArgs, opts ...pulumi.ResourceOption) (*Rotator, error) {
	r := &Rotator{permissions: map[string]pulumi.Resource{}}
	if args.Foundation.Config.RotationDays == 0 {
		return r, nil
	}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Rotation", name, r, opts...); err != nil {
		return nil, err
	}
	parent, db := pulumi.Parent(r), args.Database
	allowed := db.grantAdmin()
	for _, secret := range db.Secrets() {
		allowed = append(allowed, secret.GrantRotate()...)
	}
	var err error
	if r.Function, err = foundation.NewFunction(ctx, &foundation.FunctionArgs{
		Foundation:  args.Foundation,
		Spec:        config.Rotator,
		VPC:         args.Network.Functions(args.Security.Maintenance),
		Allowed:     allowed,
		Environment: db.maintenance(),
	}, parent); err != nil {
		return nil, err
	}
	r.RoleARN = r.Function.RoleARN
	for _, user := range db.Users {
		if r.permissions[user.logical], err = lambda.NewPermission(ctx, name+"-"+user.logical+"-permission", &lambda.PermissionArgs{
			Action:        pulumi.String("lambda:InvokeFunction"),
			Function:      r.Function.Name,
			Principal:     pulumi.String("secretsmanager.amazonaws.com"),
			SourceAccount: args.Foundation.Account,
			SourceArn:     user.Secret.ARN,
		}, parent); err != nil {
			return nil, err
		}
	}
	return r, ctx.RegisterResourceOutputs(r, pulumi.Map{})
}

// RotationArgs are the secrets' function, and the migration, after which there are users to rotate.
type RotationArgs struct {
	Foundation *foundation.Foundation
	Database   *Database
	Rotator    *Rotator
	Migration  *Migration
}

// Rotation is the secrets' schedules.
type Rotation struct{}

// NewRotation switches rotation on after the migration, which makes the application's users and comes after the rules and the
// endpoint. The first rotation is not now but in so many days: now it would race the first connections of everything
// else, and Pulumi would not wait for it. Secrets Manager tests the function at once all the same, by its third step.
func NewRotation(ctx *pulumi.Context, name string, args *RotationArgs, _ ...pulumi.ResourceOption) (*Rotation, error) {
	if args.Rotator.Function == nil {
		return &Rotation{}, nil
	}
	for _, user := range args.Database.Users {
		if _, err := secretsmanager.NewSecretRotation(ctx, name+"-"+user.logical+"-schedule", &secretsmanager.SecretRotationArgs{
			SecretId:          user.Secret.ARN,
			RotationLambdaArn: args.Rotator.Function.ARN,
			RotateImmediately: pulumi.Bool(false),
			RotationRules: secretsmanager.SecretRotationRotationRulesArgs{
				AutomaticallyAfterDays: pulumi.Int(args.Foundation.Config.RotationDays),
			},
		}, pulumi.Parent(args.Rotator), pulumi.DependsOn([]pulumi.Resource{
			args.Rotator.permissions[user.logical],
			args.Migration.Run,
		})); err != nil {
			return nil, err
		}
	}
	return &Rotation{}, nil
}
