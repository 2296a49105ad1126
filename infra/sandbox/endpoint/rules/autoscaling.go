package rules

import "fmt"

const apiAutoScaling = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/"

var autoscaling = []Rule{
	{"autoscaling", "CreateAutoScalingGroup", "AutoScalingGroupName",
		not(`:`, "Group names may not contain a colon"), "", apiAutoScaling + "API_CreateAutoScalingGroup.html"},
	{"autoscaling", "CreateAutoScalingGroup UpdateAutoScalingGroup", "HealthCheckType",
		matching(`(?:EC2|EBS|ELB|VPC_LATTICE)(?:,(?:EC2|EBS|ELB|VPC_LATTICE))*`, "{value} is not a valid health check type"),
		"", apiAutoScaling + "API_CreateAutoScalingGroup.html"},
	{"autoscaling", "CreateAutoScalingGroup UpdateAutoScalingGroup", "",
		sizes, "", apiAutoScaling + "API_CreateAutoScalingGroup.html"},
}

// sizes holds that the least, desired and greatest number of instances are in order.
func sizes(value any) string {
	input, _ := value.(map[string]any)
	least, given := input["MinSize"].(int64)
	most, both := input["MaxSize"].(int64)
	desired, wanted := input["DesiredCapacity"].(int64)
	switch {
	case given && both && least > most:
		return fmt.Sprintf("Max bound, %d, must be greater than or equal to min bound, %d", most, least)
	case wanted && both && desired > most || wanted && given && desired < least:
		return "Desired capacity must be between the specified min size and max size"
	}
	return ""
}
