package network

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
)

// SecurityArgs are the network that the groups belong to, and its public part, whose prefix list one of the rules names.
type SecurityArgs struct {
	Foundation *foundation.Foundation
	Network    *Network
	Public     *Public
}

// Security is the security groups, by id, and their rules. Everything in the VPC is in one of the groups; what sends through
// rules when it is made waits for them.
type Security struct {
	pulumi.ResourceState

	Updater, Status, Maintenance, Proxy, Database, Endpoint pulumi.StringOutput
	HAProxy, Balancer, Management                           pulumi.StringOutput // with the external access that has them
	Relay                                                   pulumi.StringOutput // with the outbox

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
	r := &rules{ids: map[string]pulumi.StringOutput{}, name: name, args: args, parent: pulumi.Parent(s)}
	r.given = givenGroups(args.Foundation.Config)
	for name, id := range r.given {
		r.ids[name] = pulumi.String(id).ToStringOutput()
	}
	for _, g := range groups {
		if !g.access.in(args.Foundation.Config) || g.name == endpointGroup && args.Foundation.Config.NoEndpoint() {
			continue
		}
		if r.given[g.name] != "" {
			continue
		}
		made, err := ec2.NewSecurityGroup(ctx, name+"-"+g.name, &ec2.SecurityGroupArgs{
			VpcId:               args.Network.VPCID,
			Description:         pulumi.String(g.description),
			RevokeRulesOnDelete: pulumi.Bool(true), // also those that somebody added by hand
		}, r.parent)
		if err != nil {
			return nil, err
		}
		r.ids[g.name] = made.ID().ToStringOutput()
	}
	for _, e := range slices.Concat(edges, sessionEdges(r.given)) {
		if !e.access.in(args.Foundation.Config) {
			continue
		}
		made, err := r.open(ctx, e)
		if err != nil {
			return nil, err
		}
		if e.access == nil {
			s.Rules = append(s.Rules, made...)
		} else {
			s.ExternalRules = append(s.ExternalRules, made...)
		}
	}
	s.Updater, s.Status, s.Maintenance, s.Proxy = r.ids["updater"], r.ids["status"], r.ids["maintenance"], r.ids["proxy"]
	s.Database, s.Endpoint, s.Relay = r.ids["database"], r.ids["endpoint"], r.ids["relay"]
	s.HAProxy, s.Balancer, s.Management = r.ids["haproxy"], r.ids["balancer"], r.ids["management"]
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{})
}

// rules makes the rules of edges.
type rules struct {
	ids    map[string]pulumi.StringOutput // of the groups, by name
	given  map[string]string              // ids of those that are not the stack's own
	name   string                         // of the component
	args   *SecurityArgs
	parent pulumi.ResourceOption
}

// open makes an edge's rules: one on each of its ends that is a group.
func (r *rules) open(ctx *pulumi.Context, e edge) (made []pulumi.Resource, err error) {
	name := r.name + "-" + e.from + "-to-" + e.to + e.port.suffix
	if e.from == clients {
		for _, addresses := range r.args.Foundation.Config.ExternalAllowedCIDRs {
			// Named by the range, so that one more touches no other.
			name := r.name + "-clients-" + strings.ReplaceAll(addresses.String(), "/", "-")
			in, err := r.in(ctx, name, e, &vpc.SecurityGroupIngressRuleArgs{CidrIpv4: pulumi.String(addresses.String())})
			if err != nil {
				return nil, err
			}
			made = append(made, in)
		}
		return made, nil
	}
	if e.to == packages {
		out, err := r.out(ctx, name, e, &vpc.SecurityGroupEgressRuleArgs{PrefixListId: r.args.Public.PackagesPrefixListID})
		return []pulumi.Resource{out}, err
	}
	if e.to == endpointGroup && r.args.Foundation.Config.NoEndpoint() { // what the VPC has instead leads to every address
		out, err := r.out(ctx, name+"-out", e, &vpc.SecurityGroupEgressRuleArgs{CidrIpv4: pulumi.String("0.0.0.0/0")})
		return []pulumi.Resource{out}, err
	}
	out, err := r.out(ctx, name+"-out", e, &vpc.SecurityGroupEgressRuleArgs{ReferencedSecurityGroupId: r.ids[e.to]})
	if err != nil {
		return nil, err
	}
	in, err := r.in(ctx, name+"-in", e, &vpc.SecurityGroupIngressRuleArgs{ReferencedSecurityGroupId: r.ids[e.from]})
	return []pulumi.Resource{out, in}, err
}

// out makes the rule of the group that an edge leaves, to what the arguments name.
func (r *rules) out(ctx *pulumi.Context, name string, e edge, to *vpc.SecurityGroupEgressRuleArgs) (pulumi.Resource, error) {
	to.SecurityGroupId, to.Description = r.ids[e.from], pulumi.String(e.why)
	port := r.port(e)
	to.IpProtocol, to.FromPort, to.ToPort = pulumi.String("tcp"), port, port
	return vpc.NewSecurityGroupEgressRule(ctx, name, to, r.parent)
}

// in makes the rule of the group that an edge enters, from what the arguments name.
func (r *rules) in(ctx *pulumi.Context, name string, e edge, from *vpc.SecurityGroupIngressRuleArgs) (pulumi.Resource, error) {
	from.SecurityGroupId, from.Description = r.ids[e.to], pulumi.String(e.why)
	port := r.port(e)
	from.IpProtocol, from.FromPort, from.ToPort = pulumi.String("tcp"), port, port
	if r.given[e.to] != "" { // its owner reads whose rule it is
		from.Description = pulumi.Sprintf("%s: %s", r.args.Foundation.Prefix, e.why)
	}
	return vpc.NewSecurityGroupIngressRule(ctx, name, from, r.parent)
}
