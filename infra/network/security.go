package network

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
)

// Ports by name.
const (
	MySQLPort = 3306 // RDS Proxy listens on no other
	HTTPSPort = 443
	// HealthPort is HAProxy's, for the load balancer's checks.
	HealthPort = 8404
)

// groups are the security groups and their descriptions. A description is for good: an edit replaces the group,
// which hangs while a network interface holds it.
var groups = []struct{ name, description string }{
	{"updater", "The function that writes statuses"},
	{"maintenance", "Functions that connect to the cluster itself"},
	{"proxy", "RDS Proxy"},
	{"database", "The Aurora cluster"},
	{"endpoint", "The interface endpoint of Secrets Manager"},
	{"status", "The function that answers questions"},
}

// externalGroups are those of the external access; the balancer's only with one.
var externalGroups = []struct{ name, description string }{
	{"haproxy", "HAProxy"},
	{"balancer", "The load balancer before HAProxy"},
	{"management", "The interface endpoints of Systems Manager"},
}

// edges are all the traffic that the VPC allows. No group is open to addresses but those of externalAllowedCidrs;
// Lambda needs no way in.
var edges = []struct {
	from, to string
	port     int
	why      string
}{
	{"updater", "proxy", MySQLPort, "statuses are written through the pool"},
	{"proxy", "database", MySQLPort, "the pool"},
	{"maintenance", "database", MySQLPort, "schema and users are made, and passwords set, on the cluster itself"},
	{"status", "proxy", MySQLPort, "statuses are read through the pool"},
	{"updater", "endpoint", HTTPSPort, "the database secret is read"},
	{"status", "endpoint", HTTPSPort, "the secret of the reading user is read"},
	{"maintenance", "endpoint", HTTPSPort, "the database secrets are read and rotated"},
}

// externalEdges are added by the external access. Names are looked up without any: no group filters the VPC's resolver.
var externalEdges = []struct {
	from, to string
	port     int
	why      string
}{
	{"balancer", "haproxy", MySQLPort, "connections of clients"},
	{"balancer", "haproxy", HealthPort, "health"},
	{"haproxy", "database", MySQLPort, "the writer, for clients outside"},
	{"haproxy", "management", HTTPSPort, "Session Manager"},
}

// SecurityArgs are what the security groups stand on.
type SecurityArgs struct {
	Foundation *foundation.Foundation
	Network    *Network
	Public     *Public
}

// Security is the security groups, by id, and their rules.
type Security struct {
	pulumi.ResourceState

	Updater, Status, Maintenance, Proxy, Database, Endpoint pulumi.StringOutput
	HAProxy, Balancer, Management                           pulumi.StringOutput // with the external access that has them

	// Rules are what a piece depends on that sends through them; the external access has its own.
	Rules, ExternalRules []pulumi.Resource
}

// NewSecurity makes all groups first, then all rules, each a resource of its own: groups that name each other in
// rules of their own could be neither made nor deleted.
func NewSecurity(ctx *pulumi.Context, name string, args *SecurityArgs, opts ...pulumi.ResourceOption) (*Security, error) {
	s := &Security{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Security", name, s, opts...); err != nil {
		return nil, err
	}
	ids := map[string]pulumi.StringOutput{}
	allGroups, entrance := slices.Clone(groups), ""
	switch args.Foundation.Config.ExternalAccess {
	case config.AccessSingle:
		allGroups, entrance = append(allGroups, externalGroups...), "haproxy"
		allGroups = slices.DeleteFunc(allGroups, func(g struct{ name, description string }) bool { return g.name == "balancer" })
	case config.AccessHA:
		allGroups, entrance = append(allGroups, externalGroups...), "balancer"
	}
	for _, g := range allGroups {
		group, err := ec2.NewSecurityGroup(ctx, name+"-"+g.name, &ec2.SecurityGroupArgs{
			VpcId: args.Network.VPCID, Description: pulumi.String(g.description),
			RevokeRulesOnDelete: pulumi.Bool(true), // also those that somebody added by hand
		}, pulumi.Parent(s))
		if err != nil {
			return nil, err
		}
		ids[g.name] = group.ID().ToStringOutput()
	}
	for _, e := range edges {
		rules, err := s.open(ctx, name+"-"+e.from+"-to-"+e.to, ids[e.from], ids[e.to], e.port, e.why)
		if err != nil {
			return nil, err
		}
		s.Rules = append(s.Rules, rules...)
	}
	for _, e := range externalEdges {
		if _, there := ids[e.from]; !there {
			continue
		}
		edge := name + "-" + e.from + "-to-" + e.to
		if e.port == HealthPort { // the second between these two
			edge += "-health"
		}
		rules, err := s.open(ctx, edge, ids[e.from], ids[e.to], e.port, e.why)
		if err != nil {
			return nil, err
		}
		s.ExternalRules = append(s.ExternalRules, rules...)
	}
	if entrance != "" {
		if err := s.openToClients(ctx, name, ids[entrance], ids["haproxy"], args); err != nil {
			return nil, err
		}
	}
	s.Updater, s.Status, s.Maintenance, s.Proxy = ids["updater"], ids["status"], ids["maintenance"], ids["proxy"]
	s.Database, s.Endpoint = ids["database"], ids["endpoint"]
	s.HAProxy, s.Balancer, s.Management = ids["haproxy"], ids["balancer"], ids["management"]
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{})
}

// open makes an edge's two rules.
func (s *Security) open(ctx *pulumi.Context, edge string, from, to pulumi.StringInput, port int, why string) ([]pulumi.Resource, error) {
	out, err := vpc.NewSecurityGroupEgressRule(ctx, edge+"-out", &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: from, ReferencedSecurityGroupId: to, Description: pulumi.String(why),
		IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(port), ToPort: pulumi.Int(port),
	}, pulumi.Parent(s))
	if err != nil {
		return nil, err
	}
	in, err := vpc.NewSecurityGroupIngressRule(ctx, edge+"-in", &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId: to, ReferencedSecurityGroupId: from, Description: pulumi.String(why),
		IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(port), ToPort: pulumi.Int(port),
	}, pulumi.Parent(s))
	return []pulumi.Resource{out, in}, err
}

// openToClients makes the rules that name addresses: the clients' ways in, and HAProxy's to its packages.
func (s *Security) openToClients(ctx *pulumi.Context, name string, entrance, haproxy pulumi.StringInput, args *SecurityArgs) error {
	for _, clients := range args.Foundation.Config.ExternalAllowedCIDRs {
		// Named by the range, so that one more touches no other.
		in, err := vpc.NewSecurityGroupIngressRule(ctx, name+"-clients-"+strings.ReplaceAll(clients.String(), "/", "-"), &vpc.SecurityGroupIngressRuleArgs{
			SecurityGroupId: entrance, CidrIpv4: pulumi.String(clients.String()), Description: pulumi.String("externalAllowedCidrs"),
			IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(MySQLPort), ToPort: pulumi.Int(MySQLPort),
		}, pulumi.Parent(s))
		if err != nil {
			return err
		}
		s.ExternalRules = append(s.ExternalRules, in)
	}
	out, err := vpc.NewSecurityGroupEgressRule(ctx, name+"-haproxy-to-packages", &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: haproxy, PrefixListId: args.Public.PackagesPrefixListID, Description: pulumi.String("packages of Amazon Linux, in S3"),
		IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(HTTPSPort), ToPort: pulumi.Int(HTTPSPort),
	}, pulumi.Parent(s))
	s.ExternalRules = append(s.ExternalRules, out)
	return err
}
