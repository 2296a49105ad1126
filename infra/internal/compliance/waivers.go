package compliance

import (
	"scheduled-messages/infra/internal/infratest"
)

import "slices"

// scope is the modes that a waiver holds in.
type scope struct {
	text  string
	holds func(changes map[string]string) bool
}

var (
	everywhere      = scope{"", func(map[string]string) bool { return true }}
	unprotected     = scope{"without `protectData`", func(c map[string]string) bool { return c["protectData"] != "true" }}
	withWebhook     = scope{"with the channel webhook", func(c map[string]string) bool { return c["webhookAllowedHosts"] != "" }}
	withRotation    = scope{"with `rotationDays`", func(c map[string]string) bool { return c["rotationDays"] != "0" }}
	withoutRotation = scope{"without `rotationDays`", func(c map[string]string) bool { return c["rotationDays"] == "0" }}
	withOutbox      = scope{"with `outbox`", func(c map[string]string) bool { return c["outbox"] == "true" }}
	withRetention   = scope{"with `retentionDays`", func(c map[string]string) bool { return c["retentionDays"] != "" }}
	noTargets       = scope{"without a load balancer", func(c map[string]string) bool { return c["externalAccess"] != "ha" }}
	noReaders       = scope{"without `readers`", func(c map[string]string) bool { return c["readers"] == "" }}

	existingVPC      = scope{"with `vpcId`", func(c map[string]string) bool { return c["vpcId"] != "" }}
	existingDatabase = scope{"with `clusterIdentifier`", func(c map[string]string) bool { return c["clusterIdentifier"] != "" }}
	ownDatabase      = scope{"without `clusterIdentifier`", func(c map[string]string) bool { return c["clusterIdentifier"] == "" }}
)

// and is the modes of both.
func (s scope) and(other scope) scope {
	return scope{s.text + " and " + other.text, func(c map[string]string) bool { return s.holds(c) && other.holds(c) }}
}

// waiver is a rule that some resources fail, and why that is right.
type waiver struct {
	Rule      string
	where     scope
	resources []string // empty: all that the rule judges
	because   string
}

// Waivers are all of them. One that nothing needs any more fails the test.
var Waivers = append(externalWaivers, []waiver{
	// Required.
	{"RDS.13", ownDatabase, nil, "the engine version is pinned, and an automatic upgrade would leave the program asking for a downgrade at every `up`; the default is a long-term support release, and an upgrade is one line (`engineVersion`)"},
	{"RDS.7", unprotected.and(ownDatabase), nil, "a development stack has to go away with one command; `protectData` turns it on"},
	{"WA:REL09-BP03 Cluster.skipFinalSnapshot", unprotected.and(ownDatabase), nil, "as for RDS.7"},
	{"WA:REL09-BP03 Secret.recoveryWindowInDays", unprotected, nil, "as for RDS.7: a secret that waits for its deletion is still paid for"},
	{"Lambda.3", everywhere, []string{"sender"}, "it touches no database, and its channels are outside: in the VPC, which has no way out, it could reach none of them"},
	{"serverless-rules:ES1007", everywhere, []string{"migrator"}, "invoked synchronously by `pulumi up`, which gets its error: destinations are for asynchronous invocations"},

	{"WA:REL06-BP01 UnHealthyHostCount", noTargets, nil, "no load balancer, no targets"},
	{"RDS.46", existingVPC.and(ownDatabase), nil, "the routes of subnets that are there already are their owner's; the proxy has no public address"},
	{"RDS.19", existingDatabase, nil, "the events of a cluster that is there already are its owner's to subscribe to"},
	{"WA:REL06-BP01 ACUUtilization", existingDatabase, nil, "as for RDS.19: the capacity of another's cluster is its owner's to watch"},

	{"serverless-rules:ES1007", everywhere, []string{"status"}, "callers wait for its answer; only the heartbeat does not, whose `{}` comes again in an hour: a copy of it in a queue would be of no use"},
	{"serverless-rules:ES1007", withRotation, []string{"rotator"}, "a step of a rotation that fails is Secrets Manager's to repeat, with the secret as its record; a copy of the event in a queue could not be sent again. An alarm watches the function's errors"},
	{"serverless-rules:ES1007", withOutbox, []string{"relay"}, "armer waits for its answer"},
	{"Serverless-LambdaAsyncFailureDestination", withOutbox, []string{"outbox-armer-tries"}, "a round that failed holds nothing: the next minute's does the same and more; a copy of `{}` in a queue would hide what has to be sent again. Alarms watch the errors and the invocations"},
	{"Lambda.3", withOutbox, []string{"armer"}, "it touches no database: in the VPC, which has no way out, it could not reach Scheduler"},
	{"SecretsManager.1", withWebhook, []string{"pipeline-webhook-secret"}, "its receivers hold keys of it: each changes when its receiver can, as docs/webhooks.md says"},
	{"SecretsManager.1", withoutRotation, []string{"database-admin-secret", "database-app-secret", "database-reader-secret"}, "switched off with `rotationDays: 0`; the default is 30"},

	// Optional: what we do without.
	{"EC2.10", everywhere, nil, "nothing in the VPC calls the EC2 API; the endpoint would cost 7 USD a month in each zone"},
	{"kics:fd632aaf-b8a1-424d-a4d1-0de22fd3247a", everywhere, nil, "no route leaves the private subnets, and security groups name each other: a firewall would have nothing to look at, for 288 USD a month in each zone"},
	{"guard:SECURITY_GROUP_MISSING_EGRESS_RULE", everywhere, []string{"network-parking", "security-endpoint"}, "they send nothing of their own; the provider takes AWS's rule that lets all out away, so that no rule is no way out"},
	{"guard:SECURITY_GROUP_MISSING_EGRESS_RULE", ownDatabase, []string{"security-database"}, "as for the others"},
	{"CKV2_AWS_8", ownDatabase, nil, "Aurora's own backups restore to any second of the last `backupRetentionDays`; a vault in another account is the organisation's to choose"},
	{"RDS.14", ownDatabase, nil, "paid for by change record, and cannot be had with binary logs; a restore to a point in time does the same, more slowly"},
	{"RDS.12", ownDatabase, nil, "on, it would force IAM on the proxy's own logins; only the users of the three secrets exist"},
	{"RDS.6", ownDatabase, nil, "a serverless instance's operating system is AWS's to watch; what matters of it (ACUs, connections) is in CloudWatch"},
	{"CKV_AWS_353", ownDatabase, nil, "it takes memory of the instance, and AWS asks for at least 2 ACUs with it: four times the smallest stack; slow statements are in the slow-query log"},
	{"RDS.21", everywhere, nil, "the parameter group is in the program, so that a change by hand shows at the next `pulumi preview --refresh`"},
	{"WA:SEC02-BP02 Proxy.auths[*].iamAuth", everywhere, nil, "tokens would be signed for each connection; the password that they replace is in one secret, which one function and the proxy may read"},
	{"CKV_AWS_115", everywhere, nil, "a reservation is cut from the account's pool of concurrency and fails in an account with the small default; the proxy's pool keeps the database from being flooded"},
	{"CKV_AWS_272", everywhere, nil, "it needs a signing profile in the account; the zips are built by the program from this repository, the same bytes on every machine, and their hash is in the state"},
	{"CKV_AWS_338", everywhere, nil, "days of the logs are configuration (`logRetentionDays`): set 365 where an auditor asks for it"},
	{"SNS.2", everywhere, nil, "the sender gets SNS's answer to each message and writes it to the row; what a subscriber does with it is the subscriber's to log"},
	{"RDS.23", ownDatabase, nil, "RDS Proxy listens on 3306 and on no other port; nothing but named security groups reaches either"},
	{"RDS.15", noReaders.and(ownDatabase), nil, "`readers: 1` is one line; without one, storage is in three zones all the same, a new writer takes minutes, and Lambda repeats what could not be written for six hours"},
	{"CKV_AWS_116", everywhere, nil, "the on-failure destination holds the event and the error, the dead-letter queue of the function the event alone"},
	{"CKV_AWS_173", everywhere, nil, "the variables hold names and ARNs, no secret (a test sees to it), encrypted under AWS's key; ours would be asked for at each cold start"},
	{"CKV_AWS_297", everywhere, []string{"schedule-heartbeat", "schedule-status-heartbeat"}, "its input is `{}`"},
	{"CKV_AWS_297", withRotation, []string{"schedule-rotation-heartbeat"}, "its input is `{}`"},
	{"CKV_AWS_297", withOutbox, []string{"outbox-tick"}, "its input is `{}`"},
	{"CKV_AWS_297", withRetention, []string{"schedule-retention"}, "its input is a number of days"},

	// Ours.
	{"prowler:iam_role_cross_service_confused_deputy_prevention", everywhere, []string{"proxy-role"}, "RDS Proxy supports no global condition keys: with one it never gets at the secret"},
	{"prowler:iam_role_cross_service_confused_deputy_prevention", everywhere, []string{"sender-role", "updater-role", "status-role", "migrator-role"}, "Lambda runs a function with a role of the function's own account only, and the function that may have it is named by iam:PassRole"},
	{"prowler:iam_role_cross_service_confused_deputy_prevention", withRotation, []string{"rotator-role"}, "as for the other functions"},
	{"prowler:iam_role_cross_service_confused_deputy_prevention", withOutbox, []string{"relay-role", "armer-role"}, "as for the other functions"},
}...)

func (w waiver) covers(rule string, m infratest.Mode, name string) bool {
	return w.Rule == rule && w.where.holds(m.Changes) && (len(w.resources) == 0 || slices.Contains(w.resources, name))
}

// Stale are the resources that the waiver names for nothing.
func (w waiver) Stale(rule string, m infratest.Mode, v Verdict) (names []string) {
	if w.Rule != rule || !w.where.holds(m.Changes) {
		return nil
	}
	if len(w.resources) == 0 && len(v.Waived) == 0 {
		return []string{"all resources"}
	}
	for _, name := range w.resources {
		if !slices.Contains(v.Waived, name) {
			names = append(names, name)
		}
	}
	return names
}
