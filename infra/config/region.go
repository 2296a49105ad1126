package config

import (
	"cmp"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract/rdsregions"
)

// Region is the provider's, in its own order: the configuration, then the environment. Empty: neither says.
// https://www.pulumi.com/registry/packages/aws/installation-configuration/
func Region(ctx *pulumi.Context) string {
	configured, _ := ctx.GetConfig("aws:region")
	return cmp.Or(configured, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
}

// Offline reports whether the configuration forbids to ask AWS, as that of a preview without an account does.
func Offline(ctx *pulumi.Context) bool {
	skip, _ := ctx.GetConfig("aws:skipCredentialsValidation")
	return skip == "true"
}

// regionConstraint refuses a Region whose RDS servers the functions cannot verify: migrator and rotator would fail there,
// after the database is made.
func regionConstraint(region string) constraint {
	regions := rdsregions.All()
	return constraint{
		keys:   []string{"aws:region"},
		Broken: region != "" && !slices.Contains(regions, region),
		value:  region,
		allowed: "a Region whose RDS certificates are built in: " + strings.Join(regions, ", ") +
			"; the command in lambda/internal/tlsroots/rds.go renews them from AWS's bundle",
	}
}

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
