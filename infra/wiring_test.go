package infra_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

func TestSenderHandsSuccessAndFailureToTheUpdater(t *testing.T) {
	s := infratest.Deployed(t)
	updater := s.One(t, "updater")
	config := s.One(t, "pipeline-sender-destinations")
	if config.Text("functionName") != s.One(t, "sender").Text("name") {
		t.Errorf("destinations of %s", config.Text("functionName"))
	}
	for _, destination := range []string{"onSuccess", "onFailure"} {
		if got := config.Text("destinationConfig." + destination + ".destination"); !strings.HasSuffix(got, ":"+updater.Name) {
			t.Errorf("%s goes to %s", destination, got)
		}
	}
	if config.Text("qualifier") != "" {
		t.Error("destinations of a qualifier do nothing for the unqualified invocations of schedules")
	}
	if !slices.ContainsFunc(s.One(t, "sender-role-policy").Statements(t, "policy"), func(st infratest.Statement) bool {
		return slices.Contains(st.Action, "lambda:InvokeFunction") && slices.Equal(st.Resource, []string{"arn:aws:service:us-east-1:111122223333:updater"})
	}) {
		t.Error("the sender may not invoke the updater")
	}
}

func TestWhatTheUpdaterCannotWriteEndsInADeadLetterQueue(t *testing.T) {
	s := infratest.Deployed(t)
	if got := s.One(t, "pipeline-updater-destination").Text("destinationConfig.onFailure.destination"); !strings.HasSuffix(got, ":pipeline-unwritten") {
		t.Errorf("a failed update goes to %q", got)
	}
	if !slices.ContainsFunc(s.One(t, "updater-role-policy").Statements(t, "policy"), func(st infratest.Statement) bool {
		return slices.Contains(st.Action, "sqs:SendMessage") && slices.Equal(st.Resource, []string{"arn:aws:service:us-east-1:111122223333:pipeline-unwritten"})
	}) {
		t.Error("the updater may not send to it")
	}
	for _, queue := range s.Of(t, "sqs/queue:Queue") {
		if seconds, _ := queue.Value("messageRetentionSeconds"); seconds.NumberValue() != 1209600 {
			t.Errorf("%s keeps messages for %v seconds, not 14 days", queue.Name, seconds)
		}
		if size, _ := queue.Value("maxMessageSize"); size.NumberValue() != 262144 {
			t.Errorf("%s takes messages of %v bytes, and not what the limit of an event counts on", queue.Name, size)
		}
		if queue.Text("fifoQueue") != "" {
			t.Errorf("%s: neither Lambda nor Scheduler takes a FIFO queue", queue.Name)
		}
	}
}

func TestHeartbeatsInvokeTheirFunctionsInGroupsThatBackendsDoNotReach(t *testing.T) {
	s := infratest.Deployed(t, infratest.Outbox, map[string]string{"retentionDays": "90"})
	for name, is := range map[string]struct{ function, rate, input, retries string }{
		"schedule-heartbeat":        {"updater", "rate(1 hour)", "{}", "3"},
		"schedule-status-heartbeat": {"status", "rate(1 hour)", "{}", "3"},
		"schedule-retention":        {"migrator", "rate(1 day)", `{"retentionDays":90}`, "3"},
		"outbox-tick":               {"armer", "rate(1 minute)", "{}", "0"},
	} {
		beat := s.One(t, name)
		for path, want := range map[string]string{
			"groupName": name + "-group-1a2b3c4", "scheduleExpression": is.rate, "flexibleTimeWindow.mode": "OFF",
			"target.arn": "arn:aws:service:us-east-1:111122223333:" + is.function, "target.input": is.input,
			"target.retryPolicy.maximumRetryAttempts": is.retries,
			"target.roleArn":              "arn:aws:service:us-east-1:111122223333:" + name + "-role",
			"target.deadLetterConfig.arn": "arn:aws:service:us-east-1:111122223333:schedule-undelivered",
		} {
			if got := beat.Text(path); got != want {
				t.Errorf("%s: %s is %q, want %q", name, path, got, want)
			}
		}
		if waits := s.WaitsFor(beat); !waits[name+"-role-policy"] || !waits["migration-run"] {
			t.Errorf("%s does not wait for its role's policy and the migration", name)
		}
	}
}

func TestUpdaterReachesTheDatabaseThroughTheProxyAndTheOthersTheClusterItself(t *testing.T) {
	s := infratest.Deployed(t, infratest.Outbox)
	// The names are spelt out here: they are what the functions read.
	for name, want := range map[string]map[string]string{
		"updater":  {"DB_HOST": "proxy-proxy.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_SECRET_ARN": "database-app-secret", "DB_MAX_IDLE_SECONDS": "55", "OVERDUE_SECONDS": "4500"},
		"status":   {"DB_HOST": "proxy-proxy.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_READER_SECRET_ARN": "database-reader-secret", "DB_MAX_IDLE_SECONDS": "55", "OVERDUE_SECONDS": "4500"},
		"relay":    {"DB_HOST": "proxy-proxy.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_SECRET_ARN": "database-app-secret", "DB_MAX_IDLE_SECONDS": "55", "OVERDUE_SECONDS": "4500"},
		"migrator": {"DB_HOST": "database-cluster.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_SECRET_ARN": "database-app-secret", "DB_ADMIN_SECRET_ARN": "database-admin-secret", "DB_READER_SECRET_ARN": "database-reader-secret"},
		"rotator":  {"DB_HOST": "database-cluster.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_SECRET_ARN": "database-app-secret", "DB_ADMIN_SECRET_ARN": "database-admin-secret", "DB_READER_SECRET_ARN": "database-reader-secret"},
	} {
		for key, value := range want {
			if got := s.One(t, name).Text("environment.variables." + key); !strings.HasSuffix(got, value) || got == "" {
				t.Errorf("%s: %s is %q, want %q", name, key, got, value)
			}
		}
	}
}

func TestExtensionIsThereWhereASecretIsReadAndCachesNothing(t *testing.T) {
	s := infratest.Deployed(t, infratest.Outbox)
	for _, name := range []string{"updater", "status", "migrator", "relay"} {
		if got := s.One(t, name).Texts("layers"); !slices.Equal(got, []string{infratest.Given["secretsExtensionLayerArn"]}) {
			t.Errorf("%s has the layers %v", name, got)
		}
		// AWS's names: https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html
		if got := s.One(t, name).Text("environment.variables.SECRETS_MANAGER_TTL"); got != "0" {
			t.Errorf("%s: the extension would give an old password for %s seconds", name, got)
		}
		if got := s.One(t, name).Text("environment.variables.SECRETS_MANAGER_TIMEOUT_MILLIS"); got == "" || got == "0" {
			t.Errorf("%s: without a way to the endpoint the extension would hang", name)
		}
	}
	for _, name := range []string{"sender", "armer"} {
		if got := s.One(t, name).Texts("layers"); len(got) > 0 {
			t.Errorf("%s reads no secret and has the layers %v", name, got)
		}
	}
	if got := infratest.Deployed(t, infratest.Webhook).One(t, "sender").Texts("layers"); len(got) != 1 {
		t.Errorf("the sender signs webhooks and has the layers %v", got)
	}
}

func TestLayerIsLookedUpForTheProcessor(t *testing.T) {
	for architecture, parameter := range map[string]string{
		"arm64":  "/aws/service/aws-parameters-and-secrets-lambda-extension/arm64/latest",
		"x86_64": "/aws/service/aws-parameters-and-secrets-lambda-extension/x86/latest",
	} {
		s := &infratest.Mock{}
		if err := infratest.Run(t, s, infratest.Settings(t, map[string]string{"zones": infratest.Given["zones"], "lambdaArchitecture": architecture})); err != nil {
			t.Fatal(err)
		}
		var asked []string
		for _, call := range s.Calls {
			if call.Token == "aws:ssm/getParameter:getParameter" {
				asked = append(asked, call.Args["name"].StringValue())
			}
		}
		if !slices.Equal(asked, []string{parameter}) {
			t.Errorf("%s: looked up %v", architecture, asked)
		}
		if got := s.One(t, "updater").Texts("architectures"); !slices.Equal(got, []string{architecture}) {
			t.Errorf("the updater is built for %v", got)
		}
	}
}

func TestChannelsDecideWhatTheSenderHas(t *testing.T) {
	for _, test := range []struct {
		changes       map[string]string
		topic, secret bool
	}{
		{nil, true, false},
		{infratest.Webhook, true, true},
		{infratest.With(infratest.Webhook, map[string]string{"channels": `["webhook"]`}), false, true},
	} {
		s := infratest.Deployed(t, test.changes)
		sender := s.One(t, "sender")
		for key, want := range map[string]bool{"SNS_TOPIC_ARN": test.topic, "WEBHOOK_SECRET_ARN": test.secret, "WEBHOOK_ALLOWED_HOSTS": test.secret} {
			if got := sender.Text("environment.variables."+key) != ""; got != want {
				t.Errorf("%v: %s is set: %v", test.changes, key, got)
			}
		}
		if got := slices.Contains(s.Names(), "pipeline-messages"); got != test.topic {
			t.Errorf("%v: there is a topic: %v", test.changes, got)
		}
	}
}

func TestProxyAuthIsSpeltOutForTheUpdatersUserAndTheReaderAlone(t *testing.T) {
	proxy := infratest.Deployed(t).One(t, "proxy-proxy")
	arn := "arn:aws:service:us-east-1:111122223333:database-"
	for i, secret := range []string{arn + "app-secret", arn + "reader-secret"} {
		auth := fmt.Sprintf("auths[%d].", i)
		for path, want := range map[string]string{
			"authScheme": "SECRETS", "iamAuth": "DISABLED", "clientPasswordAuthType": "MYSQL_NATIVE_PASSWORD", "secretArn": secret,
		} {
			if got := proxy.Text(auth + path); got != want {
				t.Errorf("%s is %q, want %q", auth+path, got, want)
			}
		}
		if proxy.Text(auth+"description") == "" {
			t.Error("a description that is left to AWS is a difference in every preview")
		}
	}
	for path, want := range map[string]string{"auths[2]": "", "requireTls": "true", "engineFamily": "MYSQL", "debugLogging": "false"} {
		if got := proxy.Text(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// TestWhoMayAskMayNotWrite goes through all that stands between a caller with statusPolicyArn and a row.
func TestWhoMayAskMayNotWrite(t *testing.T) {
	s := infratest.Deployed(t, infratest.Outbox)
	arn := "arn:aws:service:us-east-1:111122223333:"
	asking := s.One(t, "status-access-policy").Statements(t, "policy")
	if len(asking) != 1 || !slices.Equal(asking[0].Action, []string{"lambda:InvokeFunction"}) || !slices.Equal(asking[0].Resource, []string{arn + "status"}) {
		t.Errorf("those who ask may: %+v", asking)
	}
	for _, st := range s.One(t, "status-role-policy").Statements(t, "policy") {
		for _, action := range st.Action {
			for _, wrong := range []string{"sqs:", "sns:", "lambda:", "scheduler:"} {
				if st.Effect == "Allow" && strings.HasPrefix(action, wrong) {
					t.Errorf("the function that answers may %s", action)
				}
			}
			if action == "secretsmanager:GetSecretValue" && !slices.Equal(st.Resource, []string{arn + "database-reader-secret"}) {
				t.Errorf("it reads %v", st.Resource)
			}
		}
	}
	variables, _ := s.One(t, "status").Value("environment.variables")
	if _, app := variables.ObjectValue()["DB_SECRET_ARN"]; app {
		t.Error("it knows the secret of the user that writes")
	}
	for where, statements := range s.Policies(t) {
		for _, st := range statements {
			if slices.Contains(st.Action, "lambda:InvokeFunction") && slices.Contains(st.Resource, arn+"updater") &&
				where != "sender-role-policy policy" && where != "schedule-heartbeat-role-policy policy" && where != "armer-role-policy policy" {
				t.Errorf("%s lets somebody invoke the updater, who may write a status", where)
			}
		}
	}
}

func TestTheUpdaterKnowsTheSenderWhoseRecordsItTakes(t *testing.T) {
	s := infratest.Deployed(t)
	want := "arn:aws:lambda:us-east-1:111122223333:function:" + s.One(t, "sender").Text("name")
	if got := s.One(t, "updater").Text("environment.variables.SENDER_ARN"); got != want {
		t.Errorf("the sender is %q to the updater, want %q", got, want)
	}
}

func TestClusterIsEncryptedTLSOnlyPinnedAndLeavesZonesToAWS(t *testing.T) {
	s := infratest.Deployed(t)
	cluster := s.One(t, "database-cluster")
	for path, want := range map[string]string{
		"storageEncrypted": "true", "iamDatabaseAuthenticationEnabled": "false", "availabilityZones": "", "copyTagsToSnapshot": "true",
		"engineVersion": "8.0.mysql_aurora.3.10.4", "engineMode": "provisioned", "databaseName": "messages",
		"serverlessv2ScalingConfiguration.minCapacity": "0.5", "serverlessv2ScalingConfiguration.maxCapacity": "4",
		"serverlessv2ScalingConfiguration.secondsUntilAutoPause": "",
	} {
		if got := cluster.Text(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	parameters, _ := s.One(t, "database-parameters").Value("parameters")
	set := map[string]string{}
	for _, p := range parameters.ArrayValue() {
		set[p.ObjectValue()["name"].StringValue()] = p.ObjectValue()["value"].StringValue()
	}
	if set["require_secure_transport"] != "ON" || set["server_audit_logging"] != "1" || strings.Contains(set["server_audit_events"], "DCL") {
		t.Errorf("parameters: %v", set)
	}
	for _, instance := range s.Of(t, "rds/clusterInstance:ClusterInstance") {
		for path, want := range map[string]string{"instanceClass": "db.serverless", "publiclyAccessible": "false", "autoMinorVersionUpgrade": "false"} {
			if got := instance.Text(path); got != want {
				t.Errorf("%s: %s is %q, want %q", instance.Name, path, got, want)
			}
		}
	}
}

func TestAutoPauseIsSetOnlyWhenAskedFor(t *testing.T) {
	cluster := infratest.Deployed(t, map[string]string{"minCapacity": "0", "autoPauseSeconds": "600"}).One(t, "database-cluster")
	if got := cluster.Text("serverlessv2ScalingConfiguration.secondsUntilAutoPause"); got != "600" {
		t.Errorf("pauses after %q seconds", got)
	}
}

func TestProtectDataDecidesWhetherDestroyTakesTheData(t *testing.T) {
	for protect, want := range map[string]struct {
		deletionProtection, skipFinalSnapshot string
		recoveryDays                          float64
		protected                             bool
	}{
		"true":  {"true", "false", 7, true},
		"false": {"false", "true", 0, false},
	} {
		s := infratest.Deployed(t, map[string]string{"protectData": protect})
		cluster := s.One(t, "database-cluster")
		if cluster.Text("deletionProtection") != want.deletionProtection || cluster.Text("skipFinalSnapshot") != want.skipFinalSnapshot {
			t.Errorf("protectData %s: deletion protection %s, skip final snapshot %s", protect, cluster.Text("deletionProtection"), cluster.Text("skipFinalSnapshot"))
		}
		if cluster.Request.GetProtect() != want.protected {
			t.Errorf("protectData %s: protected by Pulumi: %v", protect, cluster.Request.GetProtect())
		}
		if key := s.One(t, "foundation-key"); key.Request.GetRetainOnDelete() != want.protected {
			t.Errorf("protectData %s: the key outlives the stack, and with it a final snapshot: %v", protect, key.Request.GetRetainOnDelete())
		}
		if snapshot := cluster.Text("finalSnapshotIdentifier"); !strings.HasPrefix(snapshot, cluster.Text("clusterIdentifier")) {
			t.Errorf("protectData %s: final snapshot %q", protect, snapshot)
		}
		for _, secret := range s.Of(t, "secretsmanager/secret:Secret") {
			if days, _ := secret.Value("recoveryWindowInDays"); days.NumberValue() != want.recoveryDays {
				t.Errorf("protectData %s: %s can be recovered for %v days", protect, secret.Name, days)
			}
		}
	}
}

func TestMigrationRunsAgainOnlyWhenMigrationsOrSecretsChange(t *testing.T) {
	run := infratest.Deployed(t).One(t, "migration-run")
	triggers, _ := run.Value("triggers")
	if len(triggers.ObjectValue()) != 3 || run.Text("triggers.secret") != "first" || run.Text("triggers.reader") != "first" || len(run.Text("triggers.migrations")) != 64 {
		t.Errorf("triggers: %v", triggers)
	}
	if run.Text("input") != "{}" {
		t.Errorf("input: %s", run.Text("input"))
	}
}

func TestFunctionsInTheVPCLetTheirGroupsGoOnDestroy(t *testing.T) {
	s := infratest.Deployed(t, infratest.Outbox)
	for _, name := range []string{"updater", "status", "migrator", "rotator", "relay"} {
		function := s.One(t, name)
		if function.Text("replaceSecurityGroupsOnDestroy") != "true" || !slices.Equal(function.Texts("replacementSecurityGroupIds"), []string{"network-parking-id"}) {
			t.Errorf("%s would hold its security group for 20 minutes and more", name)
		}
		if len(function.Texts("vpcConfig.subnetIds")) != 2 {
			t.Errorf("%s is in %v", name, function.Texts("vpcConfig.subnetIds"))
		}
	}
	for _, name := range []string{"sender", "armer"} {
		if s.One(t, name).Text("vpcConfig") != "" {
			t.Errorf("%s is in the VPC, which has no way to AWS", name)
		}
	}
}
