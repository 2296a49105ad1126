package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FunctionArgs are the arguments of NewFunction.
type FunctionArgs struct {
	Config      *Config
	Foundation  *Foundation
	Description string
	Bundle      Bundle
	Timeout     int // seconds
	MemoryMB    int // and processor share
	Environment pulumi.StringMap
	Allowed     []Statement // beside the logs, the traces, the secrets and, in the VPC, its network interfaces
	Secrets     []*Secret   // that it reads, through the extension
	// Network and SecurityGroupID put it into the VPC.
	Network         *Network
	SecurityGroupID pulumi.StringInput
}

// Function is a Lambda function with its role and its log group.
type Function struct {
	pulumi.ResourceState

	// ARN and Name are unqualified. Schedules, destinations and invoke configurations all use them so: a
	// configuration of one qualifier does nothing for invocations of another.
	ARN, Name pulumi.StringOutput
	RoleARN   pulumi.StringOutput

	LogGroup pulumi.StringOutput // its name
}

// extension settings. https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html
var extensionEnvironment = pulumi.StringMap{
	// No cache: after a rotation it would give the old password for up to 300 seconds. The functions keep their own.
	"SECRETS_MANAGER_TTL": pulumi.String("0"),
	// The default is none: without a way to the endpoint, the call would hang. The functions give up after 3 seconds.
	"SECRETS_MANAGER_TIMEOUT_MILLIS":         pulumi.String("2500"),
	"PARAMETERS_SECRETS_EXTENSION_LOG_LEVEL": pulumi.String("WARN"),
}

// NewFunction makes the function last: after its log group, which Lambda would make without an end, and after its
// policy, without which it cannot enter the VPC. It is deleted first, while the policy still lets Lambda take the
// network interfaces away.
func NewFunction(ctx *pulumi.Context, name string, args *FunctionArgs, opts ...pulumi.ResourceOption) (*Function, error) {
	fn := &Function{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Function", name, fn, opts...); err != nil {
		return nil, err
	}
	parent, f := pulumi.Parent(fn), args.Foundation
	// Named by us, because its log group's name holds it and comes first.
	physical := f.functionName(name)
	group, err := f.logGroup(ctx, name+"-log", pulumi.Sprintf("/aws/lambda/%s", physical), parent)
	if err != nil {
		return nil, err
	}
	allowed := append([]Statement{
		// Not CreateLogGroup: an invocation that comes late would make the group again after destroy.
		{Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resources: []pulumi.StringInput{pulumi.Sprintf("%s:*", group.Arn)}},
		{Actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, Resources: anyResource}, // AWS knows no other
	}, args.Allowed...)
	for _, secret := range args.Secrets {
		allowed = append(allowed, secret.readBy()...)
	}

	input := &lambda.FunctionArgs{
		Name:           physical,
		Description:    pulumi.String(args.Description),
		Runtime:        lambda.RuntimeCustomAL2023,
		Architectures:  pulumi.StringArray{pulumi.String(args.Bundle.Architecture)},
		Handler:        pulumi.String("bootstrap"),
		Code:           pulumi.NewFileArchive(args.Bundle.Path),
		SourceCodeHash: pulumi.String(args.Bundle.SHA256), // what a change of the code shows by: the provider does not read AWS's own back
		Timeout:        pulumi.Int(args.Timeout),
		MemorySize:     pulumi.Int(args.MemoryMB),
		TracingConfig:  lambda.FunctionTracingConfigArgs{Mode: pulumi.String("Active")},
	}
	environment := pulumi.StringMap{}
	for key, value := range args.Environment {
		environment[key] = value
	}
	if len(args.Secrets) > 0 {
		input.Layers = pulumi.StringArray{pulumi.String(args.Config.SecretsExtensionLayerARN)}
		for key, value := range extensionEnvironment {
			environment[key] = value
		}
	}
	input.Environment = lambda.FunctionEnvironmentArgs{Variables: environment}
	if args.Network != nil {
		input.VpcConfig = lambda.FunctionVpcConfigArgs{
			SubnetIds: args.Network.SubnetIDs, SecurityGroupIds: pulumi.StringArray{args.SecurityGroupID}}
		// Lambda keeps its interfaces for up to 20 minutes more: with the VPC's own empty group they do not hold ours.
		input.ReplaceSecurityGroupsOnDestroy = pulumi.Bool(true)
		input.ReplacementSecurityGroupIds = pulumi.StringArray{args.Network.EmptyGroupID}
		allowed = append(allowed, networkInterfaces(f)...)
	}
	role, err := newRole(ctx, name+"-role", Statement{Principal: service("lambda.amazonaws.com")}, allowed, parent)
	if err != nil {
		return nil, err
	}
	input.Role = role.ARN
	function, err := lambda.NewFunction(ctx, name, input, parent, pulumi.DependsOn([]pulumi.Resource{role.Policy, group}))
	if err != nil {
		return nil, err
	}
	fn.ARN, fn.Name, fn.RoleARN, fn.LogGroup = function.Arn, function.Name, role.ARN, group.Name
	return fn, ctx.RegisterResourceOutputs(fn, pulumi.Map{"arn": fn.ARN, "name": fn.Name})
}

// networkInterfaces lets Lambda, and not the function's own code, handle the interfaces in the VPC.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
func networkInterfaces(f *Foundation) []Statement {
	actions := []string{ // AWS's own policy has the same on *, and logs:CreateLogGroup
		"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
		"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
	}
	return []Statement{
		{Actions: actions, Resources: anyResource},
		{Deny: true, Actions: actions, Resources: anyResource, Conditions: []Condition{
			{"ArnLike", "lambda:SourceFunctionArn", f.arn("lambda", "function:*")}}},
	}
}
