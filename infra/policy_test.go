package infra_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

func TestNoRoleButItsOwnReadsASecret(t *testing.T) {
	want := map[string][]string{
		"database-admin-secret":   {"migrator-role", "rotator-role"},
		"database-app-secret":     {"migrator-role", "proxy-role", "relay-role", "rotator-role", "updater-role"},
		"database-reader-secret":  {"migrator-role", "proxy-role", "rotator-role", "status-role"},
		"pipeline-webhook-secret": {"sender-role"},
	}
	got := infratest.Readers(t, infratest.Deployed(t, infratest.Webhook, infratest.Outbox))
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("readers of secrets: %v, want %v", got, want)
	}
}

func TestNoPolicyAllowsAnyResourceExceptWhereAWSKnowsNoOther(t *testing.T) {
	interfaces := []string{
		"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
		"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
	}
	traces := []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
	excepted := map[string][]string{
		"updater-role-policy policy":            append(slices.Clone(interfaces), traces...),
		"status-role-policy policy":             append(slices.Clone(interfaces), traces...),
		"migrator-role-policy policy":           append(slices.Clone(interfaces), traces...),
		"rotator-role-policy policy":            append(slices.Clone(interfaces), traces...),
		"sender-role-policy policy":             traces,
		"armer-role-policy policy":              traces,
		"relay-role-policy policy":              append(slices.Clone(interfaces), traces...),
		"schedule-backend-policy policy":        {"scheduler:ListSchedules"},
		"foundation-key-policy policy":          {"kms:*", "kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*", "kms:Decrypt"}, // of this key
		"endpoint-secretsmanager policy":        nil,
		"database-app-resource-policy policy":   nil,
		"database-admin-resource-policy policy": nil,
	}
	for where, statements := range infratest.Deployed(t, infratest.Webhook, infratest.Outbox).Policies(t) {
		for _, st := range statements {
			if st.Effect != "Allow" || !slices.Contains(st.Resource, "*") {
				continue
			}
			for _, action := range st.Action {
				if !slices.Contains(excepted[where], action) {
					t.Errorf("%s allows %s on any resource", where, action)
				}
			}
		}
	}
}

func TestPolicyActionsAreExact(t *testing.T) {
	for where, statements := range infratest.Deployed(t, infratest.Webhook, infratest.Outbox).Policies(t) {
		for _, st := range statements {
			for _, action := range st.Action {
				if st.Effect == "Allow" && strings.Contains(action, "*") && where != "foundation-key-policy policy" {
					t.Errorf("%s allows %s", where, action)
				}
				if action == "logs:CreateLogGroup" {
					t.Errorf("%s allows %s: a late invocation would make a group again after destroy", where, action)
				}
			}
		}
	}
}

// What Scheduler names as the encryption context of a message, and the schedules that may stand there.
const (
	scheduleContext  = "kms:EncryptionContext:aws:scheduler:schedule:arn"
	messageSchedules = "arn:aws:scheduler:us-east-1:111122223333:schedule/schedule-messages-1a2b3c4/*"
)

func TestEveryUseOfTheKeyGoesThroughOneService(t *testing.T) {
	for where, statements := range infratest.Deployed(t, infratest.Webhook, infratest.Outbox).Policies(t) {
		for _, st := range statements {
			for _, action := range st.Action {
				if !strings.HasPrefix(action, "kms:") || where == "foundation-key-policy policy" {
					continue
				}
				via := st.Condition["StringEquals"]["kms:ViaService"]
				if where == "schedule-role-policy policy" && st.Condition["ArnLike"][scheduleContext] == messageSchedules {
					continue // Scheduler's own use of the key, which it does not make known as such
				}
				if !strings.HasSuffix(via, ".us-east-1.amazonaws.com") {
					t.Errorf("%s allows %s through %q", where, action, via)
				}
			}
		}
	}
}

func TestSchedulerRolesTrustOnlyThisAccountAndOneGroup(t *testing.T) {
	policies := infratest.Deployed(t, infratest.Outbox, map[string]string{"retentionDays": "90"}).Policies(t)
	for role, group := range map[string]string{"schedule-role": "schedule-messages", "schedule-heartbeat-role": "schedule-heartbeat-group", "schedule-status-heartbeat-role": "schedule-status-heartbeat-group", "schedule-rotation-heartbeat-role": "schedule-rotation-heartbeat-group",
		"schedule-retention-role": "schedule-retention-group", "outbox-tick-role": "outbox-tick-group"} {
		trust := policies[role+" assumeRolePolicy"]
		if len(trust) != 1 {
			t.Fatalf("%s: %d statements", role, len(trust))
		}
		st := trust[0]
		want := map[string]string{"aws:SourceAccount": "111122223333", "aws:SourceArn": "arn:aws:service:us-east-1:111122223333:" + group}
		if st.Principal["Service"] != "scheduler.amazonaws.com" || len(st.Condition) != 1 || !maps.Equal(st.Condition["StringEquals"], want) {
			t.Errorf("%s trusts %v on %v", role, st.Principal, st.Condition)
		}
	}
}

func TestSchedulerRoleInvokesTheSenderAndSendsToTheDeadLettersOnly(t *testing.T) {
	allowed := map[string][]string{}
	for _, st := range infratest.Deployed(t).Policies(t)["schedule-role-policy policy"] {
		for _, action := range st.Action {
			allowed[action] = append(allowed[action], st.Resource...)
		}
	}
	arn := func(name string) []string { return []string{"arn:aws:service:us-east-1:111122223333:" + name} }
	want := map[string][]string{
		"lambda:InvokeFunction": arn("sender"), "sqs:SendMessage": arn("schedule-undelivered"),
		"kms:GenerateDataKey": arn("foundation-key"), "kms:Decrypt": append(arn("foundation-key"), arn("foundation-key")...), // of the queue, of messages
	}
	if !maps.EqualFunc(allowed, want, slices.Equal) {
		t.Errorf("allowed: %v, want %v", allowed, want)
	}
}

func TestBackendsScheduleInTheGroupAndPassTheOneRole(t *testing.T) {
	s := infratest.Deployed(t)
	for _, st := range s.One(t, "schedule-backend-policy").Statements(t, "policy") {
		switch {
		case slices.Contains(st.Action, "iam:PassRole"):
			if !slices.Equal(st.Resource, []string{"arn:aws:service:us-east-1:111122223333:schedule-role"}) ||
				st.Condition["StringEquals"]["iam:PassedToService"] != "scheduler.amazonaws.com" {
				t.Errorf("PassRole on %v, %v", st.Resource, st.Condition)
			}
		case slices.Contains(st.Action, "scheduler:CreateSchedule"):
			if want := "arn:aws:scheduler:us-east-1:111122223333:schedule/" + "schedule-messages-1a2b3c4/*"; !slices.Equal(st.Resource, []string{want}) {
				t.Errorf("schedules in %v, want %s", st.Resource, want)
			}
		}
	}
}

func TestProxyRoleHasNoGlobalConditionKeys(t *testing.T) {
	// RDS Proxy supports none: with one it never gets at the secret.
	for _, st := range infratest.Deployed(t).Policies(t)["proxy-role assumeRolePolicy"] {
		if len(st.Condition) > 0 || st.Principal["Service"] != "rds.amazonaws.com" {
			t.Errorf("trust of %v on %v", st.Principal, st.Condition)
		}
	}
}

func TestEndpointLetsOnlyThisAccountReadAndOnlyTheRotatorWriteOnlyThisStacksSecrets(t *testing.T) {
	writing := 0
	for _, st := range infratest.Deployed(t).One(t, "endpoint-secretsmanager").Statements(t, "policy") {
		want := []string{"arn:aws:service:us-east-1:111122223333:database-admin-secret", "arn:aws:service:us-east-1:111122223333:database-app-secret",
			"arn:aws:service:us-east-1:111122223333:database-reader-secret"}
		allowed := st.Condition["StringEquals"]["aws:PrincipalAccount"] == "111122223333"
		if slices.Contains(st.Action, "secretsmanager:PutSecretValue") || slices.Contains(st.Action, "secretsmanager:UpdateSecretVersionStage") {
			writing++
			allowed = st.Condition["ArnEquals"]["aws:PrincipalArn"] == "arn:aws:service:us-east-1:111122223333:rotator-role"
		}
		if !slices.Equal(st.Resource, want) || !allowed || len(st.Condition) != 1 {
			t.Errorf("the endpoint allows %v: %v on %v", st.Action, st.Resource, st.Condition)
		}
	}
	if writing != 1 {
		t.Errorf("%d statements let the rotator write", writing)
	}
}

func TestSecretsRefuseOtherAccountsAndThePublic(t *testing.T) {
	for _, r := range infratest.Deployed(t, infratest.Webhook).Of(t, "secretsmanager/secretPolicy:SecretPolicy") {
		st := r.Statements(t, "policy")[0]
		if st.Effect != "Deny" || st.Condition["StringNotEquals"]["aws:PrincipalAccount"] != "111122223333" || r.Text("blockPublicPolicy") != "true" {
			t.Errorf("%s: %+v", r.Name, st)
		}
	}
}

func TestQueuesAndTopicRefusePlainHTTPAndAreEncrypted(t *testing.T) {
	s := infratest.Deployed(t)
	for _, token := range []string{"sqs/queuePolicy:QueuePolicy", "sns/topicPolicy:TopicPolicy"} {
		for _, r := range s.Of(t, token) {
			st := r.Statements(t, "policy")[0]
			if st.Effect != "Deny" || st.Condition["Bool"]["aws:SecureTransport"] != "false" {
				t.Errorf("%s: %+v", r.Name, st)
			}
		}
	}
	for _, r := range append(s.Of(t, "sqs/queue:Queue"), s.Of(t, "sns/topic:Topic")...) {
		if !strings.HasSuffix(r.Text("kmsMasterKeyId"), ":foundation-key") {
			t.Errorf("%s is not encrypted with the stack's key", r.Name)
		}
	}
}

func TestNoEnvironmentVariableOrInputHoldsASecret(t *testing.T) {
	s := infratest.Deployed(t, infratest.Webhook)
	may := map[string]string{ // and nothing else may hold a password
		"database-cluster": "masterPassword", "database-admin-version": "secretString",
		"database-app-version": "secretString", "database-reader-version": "secretString", "pipeline-webhook-version": "secretString",
	}
	for _, r := range s.Resources {
		for key, value := range r.Inputs {
			if !strings.Contains(value.String(), infratest.Password) {
				continue
			}
			if may[r.Name] != string(key) {
				t.Errorf("%s of %s holds a password", key, r.Name)
			} else if !value.ContainsSecrets() {
				t.Errorf("%s of %s is not marked as a secret: it would stand in the state in the clear", key, r.Name)
			}
			delete(may, r.Name)
		}
	}
	if len(may) > 0 {
		t.Errorf("hold no password any more: %v", may)
	}
	for _, function := range s.Of(t, "lambda/function:Function") {
		variables, _ := function.Value("environment.variables")
		for key := range variables.ObjectValue() {
			if name := strings.ToUpper(string(key)); strings.Contains(name, "PASSWORD") ||
				strings.Contains(name, "SECRET") && !strings.HasSuffix(name, "_ARN") && !strings.HasPrefix(name, "SECRETS_MANAGER_") && !strings.HasPrefix(name, "PARAMETERS_SECRETS_EXTENSION_") {
				t.Errorf("%s has the variable %s", function.Name, key)
			}
		}
	}
}

// CloudWatch Logs calls what AWS's page lists, in each of these forms, and for log groups of this account alone.
func TestCloudWatchLogsMayUseTheKeyAsAWSWritesIt(t *testing.T) {
	for _, st := range infratest.Deployed(t).One(t, "foundation-key-policy").Statements(t, "policy") {
		if st.Principal["Service"] != "logs.us-east-1.amazonaws.com" {
			continue
		}
		want := []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"}
		groups := map[string]string{"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111122223333:log-group:*"}
		if !slices.Equal(st.Action, want) || len(st.Condition) != 1 || !maps.Equal(st.Condition["ArnLike"], groups) {
			t.Errorf("%+v", st)
		}
		return
	}
	t.Error("CloudWatch Logs may not use the key: no log group can be made")
}
