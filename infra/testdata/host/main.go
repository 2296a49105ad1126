// Command host is what somebody has before our stack: a VPC with two private and two public subnets, a NAT gateway, and a
// database with a secret of its master user. `kind` is cluster (Aurora MySQL) or instance (RDS for MySQL).
package main

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	masterUser     = "hostroot"
	masterPassword = "Host-Pass_1"
)

var tags = pulumi.StringMap{"Owner": pulumi.String("the host"), "Stack": pulumi.String("host")}

func main() { pulumi.Run(deploy) }

func deploy(ctx *pulumi.Context) error {
	vpc, err := ec2.NewVpc(ctx, "host", &ec2.VpcArgs{
		CidrBlock:          pulumi.String("10.50.0.0/16"),
		EnableDnsSupport:   pulumi.Bool(true),
		EnableDnsHostnames: pulumi.Bool(true),
		Tags:               tags,
	})
	if err != nil {
		return err
	}
	private, public, err := subnets(ctx, vpc)
	if err != nil {
		return err
	}
	group, err := ec2.NewSecurityGroup(ctx, "host-database", &ec2.SecurityGroupArgs{
		VpcId:       vpc.ID(),
		Description: pulumi.String("The database of the host"),
		Tags:        tags,
		Ingress: ec2.SecurityGroupIngressArray{ec2.SecurityGroupIngressArgs{
			Protocol: pulumi.String("tcp"), FromPort: pulumi.Int(3306), ToPort: pulumi.Int(3306),
			CidrBlocks: pulumi.ToStringArray([]string{"10.50.200.0/24"}), Description: pulumi.String("an application of the host"),
		}},
	}, pulumi.IgnoreChanges([]string{"ingress"})) // what others add is not this program's
	if err != nil {
		return err
	}
	key, err := kms.NewKey(ctx, "host", &kms.KeyArgs{Description: pulumi.String("The host's own"), Tags: tags})
	if err != nil {
		return err
	}
	secret, err := secretsmanager.NewSecret(ctx, "host-admin", &secretsmanager.SecretArgs{
		Description:          pulumi.String("The master user of the host"),
		KmsKeyId:             key.Arn,
		RecoveryWindowInDays: pulumi.Int(0),
		Tags:                 tags,
	})
	if err != nil {
		return err
	}
	// As people write them: the port a text, and nothing of RDS's own keys.
	if _, err := secretsmanager.NewSecretVersion(ctx, "host-admin", &secretsmanager.SecretVersionArgs{
		SecretId:     secret.ID(),
		SecretString: pulumi.String(fmt.Sprintf(`{"username":%q,"password":%q,"port":"3306"}`, masterUser, masterPassword)),
	}); err != nil {
		return err
	}
	make := cluster
	if kind, _ := ctx.GetConfig(ctx.Project() + ":kind"); kind == "instance" {
		make = instance
	}
	inside, err := rds.NewSubnetGroup(ctx, "host", &rds.SubnetGroupArgs{SubnetIds: private, Tags: tags})
	if err != nil {
		return err
	}
	identifier, err := make(ctx, inside, group)
	if err != nil {
		return err
	}
	ctx.Export("vpcId", vpc.ID())
	ctx.Export("privateSubnetIds", private)
	ctx.Export("publicSubnetIds", public)
	ctx.Export("adminSecretArn", secret.Arn)
	ctx.Export("identifier", identifier)
	ctx.Export("databaseSecurityGroupId", group.ID())
	return nil
}

// subnets are two private ones, which reach out through a NAT gateway, and two public ones.
func subnets(ctx *pulumi.Context, vpc *ec2.Vpc) (private, public pulumi.StringArray, err error) {
	gateway, err := ec2.NewInternetGateway(ctx, "host", &ec2.InternetGatewayArgs{VpcId: vpc.ID(), Tags: tags})
	if err != nil {
		return nil, nil, err
	}
	outside, err := ec2.NewRouteTable(ctx, "host-public", &ec2.RouteTableArgs{VpcId: vpc.ID(), Tags: tags, Routes: ec2.RouteTableRouteArray{
		ec2.RouteTableRouteArgs{CidrBlock: pulumi.String("0.0.0.0/0"), GatewayId: gateway.ID()}}})
	if err != nil {
		return nil, nil, err
	}
	for i, zone := range []string{"us-east-1a", "us-east-1b"} {
		made, err := subnet(ctx, "host-public-"+zone, vpc, zone, i+100, outside)
		if err != nil {
			return nil, nil, err
		}
		public = append(public, made)
	}
	address, err := ec2.NewEip(ctx, "host-nat", &ec2.EipArgs{Domain: pulumi.String("vpc"), Tags: tags})
	if err != nil {
		return nil, nil, err
	}
	nat, err := ec2.NewNatGateway(ctx, "host", &ec2.NatGatewayArgs{AllocationId: address.ID(), SubnetId: public[0], Tags: tags})
	if err != nil {
		return nil, nil, err
	}
	inside, err := ec2.NewRouteTable(ctx, "host-private", &ec2.RouteTableArgs{VpcId: vpc.ID(), Tags: tags, Routes: ec2.RouteTableRouteArray{
		ec2.RouteTableRouteArgs{CidrBlock: pulumi.String("0.0.0.0/0"), NatGatewayId: nat.ID()}}})
	if err != nil {
		return nil, nil, err
	}
	for i, zone := range []string{"us-east-1a", "us-east-1b"} {
		made, err := subnet(ctx, "host-private-"+zone, vpc, zone, i, inside)
		if err != nil {
			return nil, nil, err
		}
		private = append(private, made)
	}
	return private, public, nil
}

func subnet(ctx *pulumi.Context, name string, vpc *ec2.Vpc, zone string, number int, routes *ec2.RouteTable) (pulumi.StringInput, error) {
	made, err := ec2.NewSubnet(ctx, name, &ec2.SubnetArgs{
		VpcId: vpc.ID(), AvailabilityZone: pulumi.String(zone), CidrBlock: pulumi.String(fmt.Sprintf("10.50.%d.0/24", number)), Tags: tags})
	if err != nil {
		return nil, err
	}
	_, err = ec2.NewRouteTableAssociation(ctx, name, &ec2.RouteTableAssociationArgs{SubnetId: made.ID(), RouteTableId: routes.ID()})
	return made.ID(), err
}
