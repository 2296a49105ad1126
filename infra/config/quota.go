package config

import "slices"

// primaryRegions are those in which Scheduler takes 1,000 GetSchedule, UpdateSchedule and DeleteSchedule a second, and more
// CreateSchedule; in the others it takes 250 of each.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
var primaryRegions = []string{
	"us-east-1", "us-east-2", "us-west-2", "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"eu-central-1", "eu-west-1", "eu-west-2", "sa-east-1",
}

// SchedulesPerSecond is how often armer calls Scheduler's API: four fifths of the smallest quota of the calls that it makes. What
// is left is for backends that call Scheduler themselves.
func SchedulesPerSecond(region string) int {
	if slices.Contains(primaryRegions, region) {
		return 800
	}
	return 200
}
