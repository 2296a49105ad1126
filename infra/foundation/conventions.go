package foundation

import (
	"reflect"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
)

// longestBalancerName is that of load balancers and target groups; all other names take 64 characters or more.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
const longestBalancerName = 32

// suffixLength is a hyphen and the random part of the stack's prefix.
const suffixLength = 7

// followConventions gives everything that is made from here on what a platform team demands: every role the permissions boundary,
// everything of IAM the path, and every name the prefix. Without any of these keys it does nothing, and Pulumi names what the
// program does not.
func followConventions(ctx *pulumi.Context, e *config.Existing, prefix pulumi.StringOutput) error {
	if e.PermissionsBoundaryARN == "" && e.IAMPath == "/" && e.NamePrefix == "" {
		return nil
	}
	suffix := prefix.ApplyT(func(prefix string) string { return prefix[max(0, len(prefix)-suffixLength):] }).(pulumi.StringOutput)
	return ctx.RegisterStackTransformation(func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		inIAM(args.Props, e)
		if e.NamePrefix != "" {
			name(args.Props, e.NamePrefix, args.Name, suffix)
		}
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
	})
}

// inIAM sets the boundary and the path.
func inIAM(props pulumi.Input, e *config.Existing) {
	switch props := props.(type) {
	case *iam.RoleArgs:
		props.Path = pulumi.String(e.IAMPath)
		if e.PermissionsBoundaryARN != "" {
			props.PermissionsBoundary = pulumi.String(e.PermissionsBoundaryARN)
		}
	case *iam.PolicyArgs:
		props.Path = pulumi.String(e.IAMPath)
	case *iam.InstanceProfileArgs:
		props.Path = pulumi.String(e.IAMPath)
	}
}

// name names what has no name yet: prefix, logical name, and the random part of the stack's own prefix, so that two stacks with
// the same prefix share no name.
func name(props pulumi.Input, prefix, logical string, suffix pulumi.StringOutput) {
	named := func(most int) pulumi.StringOutput {
		room := min(len(logical), most-len(prefix)-suffixLength)
		return pulumi.Sprintf("%s%s%s", prefix, strings.TrimRight(logical[:room], "-"), suffix)
	}
	const most = 64
	switch props := props.(type) {
	case *secretsmanager.SecretArgs:
		// A name stays taken for as long as the secret can be recovered: the provider adds what makes it another one.
		props.NamePrefix = pulumi.String(prefix + logical + "-")
		return
	case *rds.ClusterInstanceArgs:
		props.Identifier = named(most - 1)
		return
	case *lb.LoadBalancerArgs:
		props.Name = named(longestBalancerName)
		return
	case *lb.TargetGroupArgs:
		props.Name = named(longestBalancerName)
		return
	case *elb.LoadBalancerArgs:
		props.Name = named(longestBalancerName)
		return
	}
	inputs := reflect.ValueOf(props)
	if inputs.Kind() != reflect.Pointer || inputs.Elem().Kind() != reflect.Struct {
		return
	}
	field := inputs.Elem().FieldByName("Name")
	if field.IsValid() && field.Type() == reflect.TypeFor[pulumi.StringPtrInput]() && field.IsNil() {
		field.Set(reflect.ValueOf(named(most)))
	}
}
