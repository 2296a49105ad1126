package foundation

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
)

// FunctionArgs are what a function is made of, in addition to its row in FunctionSpecs.
type FunctionArgs struct {
	Foundation  *Foundation
	Spec        config.Function
	Environment pulumi.StringMap
	Allowed     []Statement  // in addition to the logs, the traces, the secrets and, in a VPC, its network interfaces
	Secrets     []*Secret    // that it reads, through the extension
	VPC         *FunctionVPC // nil: it is in none
}

// FunctionVPC is where in a VPC a function is.
type FunctionVPC struct {
	SubnetIDs       pulumi.StringArrayInput
	SecurityGroupID pulumi.StringInput
	// ParkingGroupID is the group without rules that Lambda's network interfaces are in while Lambda takes its time to delete
	// them, so that they do not hold the function's own group.
	ParkingGroupID pulumi.StringInput
}

// Function is a Lambda function with its role and its log group.
type Function struct {
	pulumi.ResourceState

	// ARN and Name are unqualified. Schedules, destinations and invoke configurations all use them so: a
	// configuration of one qualifier does nothing for invocations of another.
	Spec      config.Function
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
func NewFunction(ctx *pulumi.Context, args *FunctionArgs, opts ...pulumi.ResourceOption) (*Function, error) {
	name := args.Spec.Name
	fn := &Function{Spec: args.Spec}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Function", name, fn, opts...); err != nil {
		return nil, err
	}
	parent, f, bundle := pulumi.Parent(fn), args.Foundation, args.Foundation.bundles[args.Spec.Name]
	// Named by us, because its log group's name holds it and comes first.
	physical := f.FunctionName(name)
	group, err := f.LogGroup(ctx, name+"-log", pulumi.Sprintf("/aws/lambda/%s", physical), parent)
	if err != nil {
		return nil, err
	}
	allowed := append([]Statement{
		// Not CreateLogGroup: an invocation that comes late would make the group again after destroy.
		{
			Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents"},
			Resources: []pulumi.StringInput{pulumi.Sprintf("%s:*", group.Arn)},
		},
		{Actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, Resources: AnyResource}, // AWS knows no other
	}, args.Allowed...)
	for _, secret := range args.Secrets {
		allowed = append(allowed, secret.GrantRead()...)
	}

	input := &lambda.FunctionArgs{
		Name:           physical,
		Description:    pulumi.String(args.Spec.Description),
		Runtime:        lambda.RuntimeCustomAL2023,
		Architectures:  pulumi.StringArray{pulumi.String(bundle.Architecture)},
		Handler:        pulumi.String("bootstrap"),
		Code:           pulumi.NewFileArchive(bundle.Path),
		SourceCodeHash: pulumi.String(bundle.SHA256), // what a change of the code shows by: the provider does not read AWS's own back
		Timeout:        pulumi.Int(args.Spec.Timeout),
		MemorySize:     pulumi.Int(args.Spec.MemoryMB),
		TracingConfig:  lambda.FunctionTracingConfigArgs{Mode: pulumi.String("Active")},
	}
	environment := pulumi.StringMap{}
	for key, value := range args.Environment {
		environment[key] = value
	}
	if len(args.Secrets) > 0 {
		input.Layers = pulumi.StringArray{pulumi.String(f.Config.SecretsExtensionLayerARN)}
		for key, value := range extensionEnvironment {
			environment[key] = value
		}
	}
	input.Environment = lambda.FunctionEnvironmentArgs{Variables: environment}
	if args.VPC != nil {
		input.VpcConfig = lambda.FunctionVpcConfigArgs{
			SubnetIds:        args.VPC.SubnetIDs,
			SecurityGroupIds: pulumi.StringArray{args.VPC.SecurityGroupID},
		}
		// Lambda keeps its interfaces for up to 20 minutes more.
		input.ReplaceSecurityGroupsOnDestroy = pulumi.Bool(true)
		input.ReplacementSecurityGroupIds = pulumi.StringArray{args.VPC.ParkingGroupID}
		allowed = append(allowed, networkInterfaces(f)...)
	}
	role, err := NewRole(ctx, name+"-role", Statement{Principal: Service("lambda.amazonaws.com")}, allowed, parent)
	if err != nil {
		return nil, err
	}
	input.Role = role.ARN
	function, err := lambda.NewFunction(ctx, name, input, parent, pulumi.DependsOn([]pulumi.Resource{role.Policy, group}))
	if err != nil {
		return nil, err
	}
	fn.ARN, fn.Name, fn.RoleARN, fn.LogGroup = function.Arn, function.Name, role.ARN, group.Name
	f.Functions[name] = fn
	return fn, ctx.RegisterResourceOutputs(fn, pulumi.Map{"arn": fn.ARN, "name": fn.Name})
}

// GrantInvoke are the statements of a role that invokes the function.
func (fn *Function) GrantInvoke() []Statement {
	return []Statement{{Actions: []string{"lambda:InvokeFunction"}, Resources: []pulumi.StringInput{fn.ARN}}}
}

// networkInterfaces lets Lambda, and not the function's own code, handle the interfaces in the VPC.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
func networkInterfaces(f *Foundation) []Statement {
	actions := []string{ // AWS's own policy has the same on *, and logs:CreateLogGroup
		"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
		"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
	}
	return []Statement{
		{Actions: actions, Resources: AnyResource},
		{Deny: true, Actions: actions, Resources: AnyResource, Conditions: []Condition{
			ArnLike("lambda:SourceFunctionArn", f.ARN("lambda", "function:*"))}},
	}
}
