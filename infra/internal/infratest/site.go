package infratest

import (
	"fmt"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Site is what is there before the stack: answers of AWS by call and what is asked for, such as "getVpc vpc-1". A nil answer is
// AWS's word that there is none.
type Site map[string]map[string]any

// Ids of what is there already.
const (
	HostVPC     = "vpc-0a1b2c3d4e5f67890"
	HostGroup   = "sg-0a1b2c3d4e5f67890"
	PrivateOne  = "subnet-0a1b2c3d4e5f67890"
	PrivateTwo  = "subnet-1a1b2c3d4e5f67890"
	PublicOne   = "subnet-2a1b2c3d4e5f67890"
	PublicTwo   = "subnet-3a1b2c3d4e5f67890"
	HostCluster = "orders"
)

// NewSite is a VPC with two private and two public subnets, a NAT gateway, a cluster and an instance, with some answers changed.
func NewSite(changes ...Site) Site {
	h := Site{
		"getVpc " + HostVPC:       {"enableDnsSupport": true, "enableDnsHostnames": true},
		"getSubnet " + PrivateOne: SubnetIn("us-east-1a", "use1-az1"), "getSubnet " + PrivateTwo: SubnetIn("us-east-1b", "use1-az2"),
		"getSubnet " + PublicOne: SubnetIn("us-east-1a", "use1-az1"), "getSubnet " + PublicTwo: SubnetIn("us-east-1b", "use1-az2"),
		"getRouteTable " + HostVPC:   RouteTo("natGatewayId", "nat-1"),
		"getRouteTable " + PublicOne: RouteTo("gatewayId", "igw-1"), "getRouteTable " + PublicTwo: RouteTo("gatewayId", "igw-1"),
		"getManagedPrefixList com.amazonaws.us-east-1.s3": {"id": "pl-s3"},
		"getCluster " + HostCluster: {"endpoint": "orders.cluster-x.us-east-1.rds.amazonaws.com", "port": 3306,
			"engine": "aurora-mysql", "engineMode": "provisioned",
			"engineVersion": "8.0.mysql_aurora.3.10.4", "dbSubnetGroupName": "orders", "vpcSecurityGroupIds": []any{HostGroup}},
		"getInstance " + HostCluster: {"address": "orders.x.us-east-1.rds.amazonaws.com", "port": 3306, "engine": "mysql",
			"engineVersion": "8.4.6", "dbSubnetGroup": "orders", "vpcSecurityGroups": []any{HostGroup}},
		"getSubnetGroup " + HostCluster:               {"vpcId": HostVPC},
		"getSecret " + ExistingKeys["adminSecretArn"]: {"name": "orders/admin"},
	}
	for _, more := range changes {
		for call, answer := range more {
			merged := maps.Clone(h[call])
			if merged == nil || answer == nil {
				merged = answer
			} else {
				maps.Copy(merged, answer)
			}
			h[call] = merged
		}
	}
	return h
}

// SubnetIn is a subnet of HostVPC in a zone.
func SubnetIn(zone, id string) map[string]any {
	return map[string]any{"vpcId": HostVPC, "availabilityZone": zone, "availabilityZoneId": id}
}

// RouteTo is a route table whose default route leads to a target.
func RouteTo(target, id string) map[string]any {
	return map[string]any{"routes": []any{map[string]any{"cidrBlock": "0.0.0.0/0", target: id}}}
}

// EndpointWith is an endpoint with private DNS and a security group.
func EndpointWith(group string) map[string]any {
	return map[string]any{"id": "vpce-1", "privateDnsEnabled": true, "securityGroupIds": []any{group},
		"tags": map[string]any{"Stack": "dev"}}
}

// answer is what AWS says to a look-up.
func (h Site) answer(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	_, call, _ := strings.Cut(args.Token, "/")
	call, _, _ = strings.Cut(call, ":")
	for _, key := range []string{"serviceName", "id", "arn", "clusterIdentifier", "dbInstanceIdentifier", "subnetId", "name",
		"vpcId"} {
		if value, ok := args.Args[resource.PropertyKey(key)]; ok && value.IsString() {
			if answer := h[call+" "+value.StringValue()]; answer != nil {
				return resource.NewPropertyMapFromMap(answer), nil
			}
			return nil, fmt.Errorf("no matching %s found for %s", call, value.StringValue())
		}
	}
	return nil, fmt.Errorf("no answer to %s", args.Token)
}
