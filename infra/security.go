package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Ports by name.
const (
	mysqlPort = 3306 // RDS Proxy listens on no other
	httpsPort = 443
)

// groups are the security groups and their descriptions. A description is for good: an edit replaces the group,
// which hangs while a network interface holds it.
var groups = []struct{ name, description string }{
	{"updater", "The function that writes statuses"},
	{"maintenance", "Functions that connect to the cluster itself"},
	{"proxy", "RDS Proxy"},
	{"database", "The Aurora cluster"},
	{"endpoint", "The interface endpoint of Secrets Manager"},
}

// edges are all the traffic that the VPC allows. No group is open to addresses; Lambda needs no way in.
var edges = []struct {
	from, to string
	port     int
	why      string
}{
	{"updater", "proxy", mysqlPort, "statuses are written through the pool"},
	{"proxy", "database", mysqlPort, "the pool"},
	{"maintenance", "database", mysqlPort, "schema and users are made, and passwords set, on the cluster itself"},
	{"updater", "endpoint", httpsPort, "the database secret is read"},
	{"maintenance", "endpoint", httpsPort, "the database secrets are read and rotated"},
}

// SecurityArgs are the arguments of NewSecurity.
type SecurityArgs struct {
	VPCID pulumi.StringInput
}

// Security is the security groups, by id, and their rules.
type Security struct {
	pulumi.ResourceState

	Updater, Maintenance, Proxy, Database, Endpoint pulumi.StringOutput

	// Rules are what a piece depends on that sends through them.
	Rules []pulumi.Resource
}

// NewSecurity makes all groups first, then all rules, each a resource of its own: groups that name each other in
// rules of their own could be neither made nor deleted.
func NewSecurity(ctx *pulumi.Context, name string, args *SecurityArgs, opts ...pulumi.ResourceOption) (*Security, error) {
	s := &Security{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Security", name, s, opts...); err != nil {
		return nil, err
	}
	ids := map[string]pulumi.StringOutput{}
	for _, g := range groups {
		group, err := ec2.NewSecurityGroup(ctx, name+"-"+g.name, &ec2.SecurityGroupArgs{
			VpcId: args.VPCID, Description: pulumi.String(g.description),
			RevokeRulesOnDelete: pulumi.Bool(true), // also those that somebody added by hand
		}, pulumi.Parent(s))
		if err != nil {
			return nil, err
		}
		ids[g.name] = group.ID().ToStringOutput()
	}
	for _, e := range edges {
		edge := name + "-" + e.from + "-to-" + e.to
		out, err := vpc.NewSecurityGroupEgressRule(ctx, edge+"-out", &vpc.SecurityGroupEgressRuleArgs{
			SecurityGroupId: ids[e.from], ReferencedSecurityGroupId: ids[e.to], Description: pulumi.String(e.why),
			IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(e.port), ToPort: pulumi.Int(e.port),
		}, pulumi.Parent(s))
		if err != nil {
			return nil, err
		}
		in, err := vpc.NewSecurityGroupIngressRule(ctx, edge+"-in", &vpc.SecurityGroupIngressRuleArgs{
			SecurityGroupId: ids[e.to], ReferencedSecurityGroupId: ids[e.from], Description: pulumi.String(e.why),
			IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(e.port), ToPort: pulumi.Int(e.port),
		}, pulumi.Parent(s))
		if err != nil {
			return nil, err
		}
		s.Rules = append(s.Rules, out, in)
	}
	s.Updater, s.Maintenance, s.Proxy = ids["updater"], ids["maintenance"], ids["proxy"]
	s.Database, s.Endpoint = ids["database"], ids["endpoint"]
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{})
}
