package infra

import (
	"fmt"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// site is what is there before the stack: answers of AWS by call and what is asked for, such as "getVpc vpc-1". A nil answer is
// AWS's word that there is none.
type site map[string]map[string]any

const (
	hostVPC     = "vpc-0a1b2c3d4e5f67890"
	hostGroup   = "sg-0a1b2c3d4e5f67890"
	privateOne  = "subnet-0a1b2c3d4e5f67890"
	privateTwo  = "subnet-1a1b2c3d4e5f67890"
	publicOne   = "subnet-2a1b2c3d4e5f67890"
	publicTwo   = "subnet-3a1b2c3d4e5f67890"
	hostCluster = "orders"
)

// newSite is a VPC with two private and two public subnets, a NAT gateway, a cluster and an instance, with some answers changed.
func newSite(changes ...site) site {
	h := site{
		"getVpc " + hostVPC:       {"enableDnsSupport": true, "enableDnsHostnames": true},
		"getSubnet " + privateOne: subnetIn("us-east-1a", "use1-az1"), "getSubnet " + privateTwo: subnetIn("us-east-1b", "use1-az2"),
		"getSubnet " + publicOne: subnetIn("us-east-1a", "use1-az1"), "getSubnet " + publicTwo: subnetIn("us-east-1b", "use1-az2"),
		"getRouteTable " + hostVPC:   routeTo("natGatewayId", "nat-1"),
		"getRouteTable " + publicOne: routeTo("gatewayId", "igw-1"), "getRouteTable " + publicTwo: routeTo("gatewayId", "igw-1"),
		"getManagedPrefixList com.amazonaws.us-east-1.s3": {"id": "pl-s3"},
		"getCluster " + hostCluster: {"endpoint": "orders.cluster-x.us-east-1.rds.amazonaws.com", "port": 3306,
			"engine": "aurora-mysql", "engineMode": "provisioned",
			"engineVersion": "8.0.mysql_aurora.3.10.4", "dbSubnetGroupName": "orders", "vpcSecurityGroupIds": []any{hostGroup}},
		"getInstance " + hostCluster: {"address": "orders.x.us-east-1.rds.amazonaws.com", "port": 3306, "engine": "mysql",
			"engineVersion": "8.4.6", "dbSubnetGroup": "orders", "vpcSecurityGroups": []any{hostGroup}},
		"getSubnetGroup " + hostCluster:               {"vpcId": hostVPC},
		"getSecret " + existingKeys["adminSecretArn"]: {"name": "orders/admin"},
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

func subnetIn(zone, id string) map[string]any {
	return map[string]any{"vpcId": hostVPC, "availabilityZone": zone, "availabilityZoneId": id}
}

func routeTo(target, id string) map[string]any {
	return map[string]any{"routes": []any{map[string]any{"cidrBlock": "0.0.0.0/0", target: id}}}
}

// endpointWith is an endpoint with private DNS and a security group.
func endpointWith(group string) map[string]any {
	return map[string]any{"id": "vpce-1", "privateDnsEnabled": true, "securityGroupIds": []any{group},
		"tags": map[string]any{"Stack": "dev"}}
}

// answer is what AWS says to a look-up.
func (h site) answer(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
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
