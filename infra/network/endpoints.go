package network

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
)

// endpoint is a VPC endpoint: a service of AWS that can be reached from the VPC, and who may do what through it.
type endpoint struct {
	service   string
	name      string // the end of its logical name
	component string // that it is a part of, by the end of its type
	gateway   bool   // a route of the public subnets leads to it; otherwise network interfaces under the service's own name
	allowed   []permission
}

// permission is what an endpoint's policy allows, to whom.
type permission struct {
	actions   []string
	resources func(*place) []pulumi.StringInput // without any, the permission is left out
	callers   func(*place) []foundation.Condition
}

// endpoints are all of them: the VPC has no other way to a service of AWS.
var endpoints = []endpoint{
	{
		service: "secretsmanager", name: "secretsmanager", component: "Endpoint",
		allowed: []permission{
			{[]string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}, secrets, ownAccount},
			{foundation.Rotating, rotatedSecrets, rotator},
		},
	},
	// Session Manager needs no more than these actions, and none of them takes a narrower resource in AWS's own minimal policy,
	// which reads no parameters and no documents. Session preferences of the account that log to S3 or CloudWatch or encrypt with
	// a key need more: see docs/external-access.md. Agents since 2024 do without ec2messages.
	// https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
	// https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
	{
		service: "ssm", name: "ssm", component: "Management",
		allowed: []permission{
			{[]string{"ssm:UpdateInstanceInformation"}, anyResource, ownAccount},
		},
	},
	{
		service: "ssmmessages", name: "ssmmessages", component: "Management",
		allowed: []permission{
			{[]string{
				"ssmmessages:CreateControlChannel",
				"ssmmessages:CreateDataChannel",
				"ssmmessages:OpenControlChannel",
				"ssmmessages:OpenDataChannel",
			}, anyResource, ownAccount},
		},
	},
	// A gateway endpoint costs nothing, needs no public address, and lets through what its policy names.
	{
		service: "s3", name: "packages", component: "PublicNetwork", gateway: true,
		allowed: []permission{
			{[]string{"s3:GetObject"}, amazonLinux, anybody},
		},
	},
}

// place is where the endpoints of a component are, and whose secrets are reached through them.
type place struct {
	foundation      *foundation.Foundation
	vpcID           pulumi.StringInput
	subnetIDs       pulumi.StringArray   // of interfaces
	securityGroupID pulumi.StringInput   // of interfaces
	routeTableID    pulumi.StringInput   // of a gateway
	secretARNs      []pulumi.StringInput // all that can be read
	rotatedARNs     []pulumi.StringInput // those of them that are written
	writerARN       pulumi.StringInput   // the role that writes them; nil: none
}

func secrets(p *place) []pulumi.StringInput { return p.secretARNs }

func rotatedSecrets(p *place) []pulumi.StringInput {
	if p.writerARN == nil {
		return nil
	}
	return p.rotatedARNs
}

func anyResource(*place) []pulumi.StringInput { return foundation.AnyResource }

// amazonLinux is the bucket with the packages of Amazon Linux.
// https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
func amazonLinux(p *place) []pulumi.StringInput {
	return []pulumi.StringInput{
		pulumi.Sprintf("arn:%s:s3:::al2023-repos-%s-de612dc2/*", p.foundation.Partition, p.foundation.Region)}
}

func ownAccount(p *place) []foundation.Condition {
	return []foundation.Condition{foundation.StringEquals("aws:PrincipalAccount", p.foundation.Account)}
}

func rotator(p *place) []foundation.Condition {
	return []foundation.Condition{foundation.ArnEquals("aws:PrincipalArn", p.writerARN)}
}

// anybody is for a caller that signs nothing, as dnf: no condition on it can hold.
func anybody(*place) []foundation.Condition { return nil }

// SessionServices are the services that Session Manager's agent on an instance calls.
func SessionServices() (services []string) {
	for _, e := range endpoints {
		if e.component == "Management" {
			services = append(services, e.service)
		}
	}
	return services
}

// SessionStatements are what the role of an instance needs for Session Manager.
func SessionStatements() (statements []foundation.Statement) {
	for _, e := range endpoints {
		if e.component == "Management" {
			statements = append(statements, foundation.Statement{Actions: e.allowed[0].actions, Resources: foundation.AnyResource})
		}
	}
	return statements
}

// newEndpoints makes the endpoints of a component.
func newEndpoints(
	ctx *pulumi.Context, name, component string, p *place, opts ...pulumi.ResourceOption,
) (made []*ec2.VpcEndpoint, err error) {
	cfg := p.foundation.Config
	for _, e := range endpoints {
		// Private DNS of a service can exist once in a VPC: an endpoint that is there is used.
		if e.component != component || cfg.Found.SessionGroups[e.service] != "" {
			continue
		}
		args := &ec2.VpcEndpointArgs{
			VpcId:       p.vpcID,
			ServiceName: pulumi.Sprintf("com.amazonaws.%s.%s", p.foundation.Region, e.service),
			Policy:      e.policy(p),
		}
		if e.gateway {
			args.VpcEndpointType = pulumi.String("Gateway")
			args.RouteTableIds = pulumi.StringArray{p.routeTableID}
		} else {
			args.VpcEndpointType = pulumi.String("Interface")
			args.PrivateDnsEnabled = pulumi.Bool(true)
			args.SubnetIds = p.subnetIDs
			args.SecurityGroupIds = pulumi.StringArray{p.securityGroupID}
		}
		if cfg.Existing.Network() { // by which the next look-up knows it for the stack's own
			args.Tags = pulumi.StringMap{"Name": pulumi.String(config.EndpointName(ctx))}
		}
		one, err := ec2.NewVpcEndpoint(ctx, name+"-"+e.name, args, opts...)
		if err != nil {
			return nil, err
		}
		made = append(made, one)
	}
	return made, nil
}

// policy is the endpoint's policy.
func (e endpoint) policy(p *place) pulumi.StringInput {
	var statements []foundation.Statement
	for _, allowed := range e.allowed {
		if resources := allowed.resources(p); len(resources) > 0 {
			statements = append(statements, foundation.Statement{
				Principal:  pulumi.Map{"AWS": pulumi.String("*")},
				Actions:    allowed.actions,
				Resources:  resources,
				Conditions: allowed.callers(p),
			})
		}
	}
	return foundation.Policy(statements...)
}
