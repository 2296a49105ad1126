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

// Offline says whether the configuration forbids to ask AWS, as that of a preview without an account does.
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
