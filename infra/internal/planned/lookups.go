package planned

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// databaseGroup is the security group of an existing database that the configuration does not name, by the id that the group of
// a database of the stack's own has in a plan.
const databaseGroup = "security-database-id"

// zoneLetters are those of a Region with more zones than a list of subnets can have.
const zoneLetters = "abcdef"

// setting is the value of a key, and empty where it is none.
func (r *recorder) setting(key string) string {
	if value := r.config[r.project+":"+key]; value != "none" {
		return value
	}
	return ""
}

// Call answers the look-ups of a stack in an existing VPC: all that the configuration names is there and fits, every service is
// in every zone, and the VPC has no endpoint but the one that is configured. A stack with a VPC of its own looks nothing up.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	text := func(key string) string { return args.Args[resource.PropertyKey(key)].StringValue() }
	_, call, _ := strings.Cut(args.Token, "/")
	call, _, _ = strings.Cut(call, ":")
	var answer map[string]any
	switch call {
	case "getVpc":
		answer = map[string]any{"enableDnsSupport": true, "enableDnsHostnames": true}
	case "getSubnet":
		zone := r.zoneOf(text("id"))
		answer = map[string]any{"vpcId": r.setting("vpcId"), "availabilityZone": zone, "availabilityZoneId": "id-of-" + zone}
	case "getAvailabilityZones":
		answer = map[string]any{"names": r.zones(), "zoneIds": r.zones()}
	case "getVpcEndpointService":
		answer = map[string]any{"availabilityZones": r.zones()}
	case "getInstanceTypeOfferings":
		answer = map[string]any{"locations": r.zones()}
	case "getRouteTable":
		route := map[string]any{"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-existing"}
		if subnet, ok := args.Args["subnetId"]; ok && strings.Contains(r.setting("publicSubnetIds"), subnet.StringValue()) {
			route = map[string]any{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-existing"}
		}
		answer = map[string]any{"routes": []any{route}}
	case "getVpcEndpoint":
		group := r.setting("secretsManagerEndpoint")
		if !strings.HasSuffix(text("serviceName"), ".secretsmanager") || !strings.HasPrefix(group, "sg-") {
			return nil, fmt.Errorf("no matching endpoint of %s", text("serviceName"))
		}
		answer = map[string]any{"id": "vpce-existing", "privateDnsEnabled": true, "securityGroupIds": []any{group}}
	case "getManagedPrefixList":
		answer = map[string]any{"id": "pl-packages"}
	case "getCluster":
		answer = r.database("vpcSecurityGroupIds", map[string]any{
			"engine": "aurora-mysql", "engineVersion": r.setting("engineVersion"), "dbSubnetGroupName": "existing",
			"endpoint": text("clusterIdentifier") + ".example.com",
		})
	case "getInstance":
		answer = r.database("vpcSecurityGroups", map[string]any{
			"engine": "mysql", "engineVersion": "8.4.6", "dbSubnetGroup": "existing",
			"address": text("dbInstanceIdentifier") + ".example.com",
		})
	case "getSubnetGroup":
		answer = map[string]any{"vpcId": r.setting("vpcId")}
	case "getSecret":
		answer = map[string]any{"arn": text("arn")}
	default:
		return nil, fmt.Errorf("the program asks AWS for %s, and cannot be looked at without an account", args.Token)
	}
	return resource.NewPropertyMapFromMap(answer), nil
}

// zoneOf is the zone of a configured subnet: the first one of a list is in the first zone.
func (r *recorder) zoneOf(subnet string) string {
	for _, key := range []string{"privateSubnetIds", "publicSubnetIds"} {
		if before, _, found := strings.Cut(r.setting(key), subnet); found {
			return r.zones()[strings.Count(before, "subnet-")].(string)
		}
	}
	return ""
}

// zones are those of the Region, as an answer has them.
func (r *recorder) zones() (all []any) {
	for _, letter := range zoneLetters {
		all = append(all, r.config["aws:region"]+string(letter))
	}
	return all
}

// database completes the answer for an existing database; groups is what the answer calls its security groups.
func (r *recorder) database(groups string, answer map[string]any) map[string]any {
	group := r.setting("databaseSecurityGroupId")
	if group == "" {
		group = databaseGroup
	}
	answer["port"], answer[groups] = 3306, []any{group}
	return answer
}
