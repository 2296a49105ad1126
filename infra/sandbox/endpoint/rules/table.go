package rules

import "slices"

// Table are all rules. The first that does not hold is answered.
var Table = slices.Concat(ec2, rds, iam, sqs, sns, kms, lambda, scheduler, secretsmanager, logs, cloudwatch, elbv2, elb,
	autoscaling, tagRules())
