package external

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/network"
)

// The load balancers' checks of an instance. Red for 100 seconds takes it out: longer than a failover of the database takes,
// which turns all instances red at once and is no fault of theirs. A classic load balancer lets nobody in while all are out, and
// for 20 seconds after; a network one takes all then.
const (
	ProbeSeconds     = 10
	ProbesToFail     = 10 // the most that either takes
	probesToPass     = 2
	probeTimeout     = 5
	drainSeconds     = 60  // that sessions have to end when an instance goes; a network load balancer always waits as long
	drainAtMost      = 300 // the same of a classic one, which waits no longer than the last session: AWS's default
	balancedMinimum  = 50  // percent in service while instances are replaced
	balancerProtocol = "TCP"
)

// newBalanced makes one instance a zone behind a load balancer.
func newBalanced(ctx *pulumi.Context, name string, args *frontendArgs, opts ...pulumi.ResourceOption) (*frontend, error) {
	made := &frontend{}
	instances := len(args.Public.Zones)
	launch, err := newLaunch(ctx, name, &launchArgs{
		Foundation: args.Foundation,
		Endpoint:   args.Database.Endpoint,
		Instances:  instances,
		Interface: &ec2.LaunchTemplateNetworkInterfaceArgs{
			DeviceIndex: pulumi.Int(0),
			// In a VPC that is there it is the instances' way to their packages, see network.NewPublic.
			AssociatePublicIpAddress: pulumi.String(strconv.FormatBool(args.Foundation.Config.Existing.Network())),
			SecurityGroups:           pulumi.StringArray{args.Security.HAProxy},
			DeleteOnTermination:      pulumi.String("true"),
		},
	}, opts...)
	if err != nil {
		return nil, err
	}
	group := launch.group(&autoscaling.GroupArgs{
		VpcZoneIdentifiers: args.Public.SubnetIDs,
		// The first `up` ends when clients get in. At creation only: a later one, such as for another zone, has to pass while
		// the database is away, too.
		MinElbCapacity: pulumi.Int(instances),
	}, instances, balancedMinimum)

	// The writer, because the first `up` waits for green instances, and would do so for as long as the writer takes.
	dependsOn := slices.Concat(launch.dependsOn, args.firstBoot(), args.Database.DependsOn)
	switch args.Foundation.Config.ExternalLoadBalancer {
	case config.BalancerNetwork:
		balancer, targets, listener, err := newNetworkBalancer(ctx, name, args, opts...)
		if err != nil {
			return nil, err
		}
		group.TargetGroupArns, dependsOn = pulumi.StringArray{targets.Arn}, append(dependsOn, listener)
		made.endpoint = balancer.DnsName
		made.watched = pulumi.StringMap{"LoadBalancer": balancer.ArnSuffix, "TargetGroup": targets.ArnSuffix}
	case config.BalancerClassic:
		balancer, header, err := newClassicBalancer(ctx, name, args, opts...)
		if err != nil {
			return nil, err
		}
		group.LoadBalancers, dependsOn = pulumi.StringArray{balancer.Name}, append(dependsOn, header)
		made.endpoint, made.watched = balancer.DnsName, pulumi.StringMap{"LoadBalancerName": balancer.Name}
	}
	scaling, err := autoscaling.NewGroup(ctx, name+"-group", group, append(opts, pulumi.DependsOn(dependsOn))...)
	if err != nil {
		return nil, err
	}
	made.group = scaling.Name
	return made, nil
}

// newNetworkBalancer makes a network load balancer. It keeps the clients' addresses, which HAProxy limits and logs; with a
// security group of its own the instances' group names that one all the same.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
func newNetworkBalancer(
	ctx *pulumi.Context, name string, args *frontendArgs, opts ...pulumi.ResourceOption,
) (*lb.LoadBalancer, *lb.TargetGroup, *lb.Listener, error) {
	balancer, err := lb.NewLoadBalancer(ctx, name+"-lb", &lb.LoadBalancerArgs{
		LoadBalancerType:             pulumi.String("network"),
		Internal:                     pulumi.Bool(false),
		IpAddressType:                pulumi.String("ipv4"),
		Subnets:                      args.Public.SubnetIDs,
		SecurityGroups:               pulumi.StringArray{args.Security.Balancer}, // from the start: AWS takes none later
		EnableCrossZoneLoadBalancing: pulumi.Bool(true),                          // of one instance a zone, clients reach all
		EnableDeletionProtection:     pulumi.Bool(false),                         // it holds nothing, and goes with externalAccess
	}, append(opts, pulumi.DependsOn(args.reachable()))...)
	if err != nil {
		return nil, nil, nil, err
	}
	targets, err := lb.NewTargetGroup(ctx, name+"-targets", &lb.TargetGroupArgs{
		VpcId:                 args.Network.VPCID,
		TargetType:            pulumi.String("instance"),
		Protocol:              pulumi.String(balancerProtocol),
		Port:                  pulumi.Int(network.MySQLPort),
		PreserveClientIp:      pulumi.String("true"),
		DeregistrationDelay:   pulumi.Int(drainSeconds),
		ConnectionTermination: pulumi.Bool(true),
		HealthCheck: lb.TargetGroupHealthCheckArgs{
			Protocol:           pulumi.String("HTTP"),
			Port:               pulumi.Sprintf("%d", network.HealthPort),
			Path:               pulumi.String(HealthPath),
			Matcher:            pulumi.String("200"),
			Interval:           pulumi.Int(ProbeSeconds),
			Timeout:            pulumi.Int(probeTimeout),
			HealthyThreshold:   pulumi.Int(probesToPass),
			UnhealthyThreshold: pulumi.Int(ProbesToFail),
		},
	}, opts...)
	if err != nil {
		return nil, nil, nil, err
	}
	listener, err := lb.NewListener(ctx, name+"-listener", &lb.ListenerArgs{
		LoadBalancerArn:       balancer.Arn,
		Protocol:              pulumi.String(balancerProtocol),
		Port:                  pulumi.Int(network.MySQLPort),
		TcpIdleTimeoutSeconds: pulumi.Int(BalancerIdleSeconds),
		DefaultActions: lb.ListenerDefaultActionArray{lb.ListenerDefaultActionArgs{
			Type:           pulumi.String("forward"),
			TargetGroupArn: targets.Arn,
		}},
	}, opts...)
	return balancer, targets, listener, err
}

// newClassicBalancer makes a classic load balancer. HAProxy would see its address as every client's, so it sends a header with
// the client's own before each connection. Its health checks go to another port, and have none.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-proxy-protocol.html
func newClassicBalancer(
	ctx *pulumi.Context, name string, args *frontendArgs, opts ...pulumi.ResourceOption,
) (*elb.LoadBalancer, *ec2.ProxyProtocolPolicy, error) {
	balancer, err := elb.NewLoadBalancer(ctx, name+"-lb", &elb.LoadBalancerArgs{
		Internal:                  pulumi.Bool(false),
		Subnets:                   args.Public.SubnetIDs,
		SecurityGroups:            pulumi.StringArray{args.Security.Balancer},
		CrossZoneLoadBalancing:    pulumi.Bool(true),
		IdleTimeout:               pulumi.Int(BalancerIdleSeconds),
		ConnectionDraining:        pulumi.Bool(true),
		ConnectionDrainingTimeout: pulumi.Int(drainAtMost),
		DesyncMitigationMode:      pulumi.String("defensive"), // of HTTP alone; AWS's default, spelt out
		Listeners: elb.LoadBalancerListenerArray{elb.LoadBalancerListenerArgs{
			LbProtocol:       pulumi.String(balancerProtocol),
			LbPort:           pulumi.Int(network.MySQLPort),
			InstanceProtocol: pulumi.String(balancerProtocol),
			InstancePort:     pulumi.Int(network.MySQLPort),
		}},
		HealthCheck: elb.LoadBalancerHealthCheckArgs{
			Target:             pulumi.String(fmt.Sprintf("HTTP:%d%s", network.HealthPort, HealthPath)),
			Interval:           pulumi.Int(ProbeSeconds),
			Timeout:            pulumi.Int(probeTimeout),
			HealthyThreshold:   pulumi.Int(probesToPass),
			UnhealthyThreshold: pulumi.Int(ProbesToFail),
		},
	}, append(opts, pulumi.DependsOn(args.reachable()))...)
	if err != nil {
		return nil, nil, err
	}
	header, err := ec2.NewProxyProtocolPolicy(ctx, name+"-header", &ec2.ProxyProtocolPolicyArgs{
		LoadBalancer:  balancer.Name,
		InstancePorts: pulumi.StringArray{pulumi.Sprintf("%d", network.MySQLPort)},
	}, opts...)
	return balancer, header, err
}
