package infra

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestSenderHandsSuccessAndFailureToTheUpdater(t *testing.T) {
	s := deployed(t)
	updater := s.one(t, "updater")
	config := s.one(t, "pipeline-sender-destinations")
	if config.text("functionName") != s.one(t, "sender").text("name") {
		t.Errorf("destinations of %s", config.text("functionName"))
	}
	for _, destination := range []string{"onSuccess", "onFailure"} {
		if got := config.text("destinationConfig." + destination + ".destination"); !strings.HasSuffix(got, ":"+updater.name) {
			t.Errorf("%s goes to %s", destination, got)
		}
	}
	if config.text("qualifier") != "" {
		t.Error("destinations of a qualifier do nothing for the unqualified invocations of schedules")
	}
	if !slices.ContainsFunc(s.one(t, "sender-role-policy").statements(t, "policy"), func(st statement) bool {
		return slices.Contains(st.Action, "lambda:InvokeFunction") && slices.Equal(st.Resource, []string{"arn:aws:service:us-east-1:111122223333:updater"})
	}) {
		t.Error("the sender may not invoke the updater")
	}
}

func TestWhatTheUpdaterCannotWriteEndsInADeadLetterQueue(t *testing.T) {
	s := deployed(t)
	if got := s.one(t, "pipeline-updater-destination").text("destinationConfig.onFailure.destination"); !strings.HasSuffix(got, ":pipeline-unwritten") {
		t.Errorf("a failed update goes to %q", got)
	}
	if !slices.ContainsFunc(s.one(t, "updater-role-policy").statements(t, "policy"), func(st statement) bool {
		return slices.Contains(st.Action, "sqs:SendMessage") && slices.Equal(st.Resource, []string{"arn:aws:service:us-east-1:111122223333:pipeline-unwritten"})
	}) {
		t.Error("the updater may not send to it")
	}
	for _, queue := range s.of(t, "sqs/queue:Queue") {
		if seconds, _ := queue.value("messageRetentionSeconds"); seconds.NumberValue() != 1209600 {
			t.Errorf("%s keeps letters for %v seconds, not 14 days", queue.name, seconds)
		}
		if size, _ := queue.value("maxMessageSize"); size.NumberValue() != 262144 {
			t.Errorf("%s takes messages of %v bytes, and not what the limit of an event counts on", queue.name, size)
		}
		if queue.text("fifoQueue") != "" {
			t.Errorf("%s: neither Lambda nor Scheduler takes a FIFO queue", queue.name)
		}
	}
}

func TestHeartbeatsInvokeTheirFunctionsInGroupsThatBackendsDoNotReach(t *testing.T) {
	s := deployed(t)
	for name, function := range map[string]string{"schedule-heartbeat": "updater", "schedule-status-heartbeat": "status"} {
		beat := s.one(t, name)
		for path, want := range map[string]string{
			"groupName": name + "-group-1a2b3c4", "scheduleExpression": "rate(1 hour)", "flexibleTimeWindow.mode": "OFF",
			"target.arn": "arn:aws:service:us-east-1:111122223333:" + function, "target.input": "{}",
			"target.roleArn":              "arn:aws:service:us-east-1:111122223333:" + name + "-role",
			"target.deadLetterConfig.arn": "arn:aws:service:us-east-1:111122223333:schedule-undelivered",
		} {
			if got := beat.text(path); got != want {
				t.Errorf("%s: %s is %q, want %q", name, path, got, want)
			}
		}
		if !s.waitsFor(beat)[name+"-role-policy"] {
			t.Errorf("%s does not wait for its role's policy", name)
		}
	}
}

func TestUpdaterReachesTheDatabaseThroughTheProxyAndTheOthersTheClusterItself(t *testing.T) {
	s := deployed(t)
	// The names are spelt out here: they are what the functions read.
	for name, want := range map[string]map[string]string{
		"updater":  {"DB_HOST": "proxy-proxy.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_SECRET_ARN": "database-app-secret", "DB_MAX_IDLE_SECONDS": "55"},
		"status":   {"DB_HOST": "proxy-proxy.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_READER_SECRET_ARN": "database-reader-secret", "DB_MAX_IDLE_SECONDS": "55"},
		"migrator": {"DB_HOST": "database-cluster.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_SECRET_ARN": "database-app-secret", "DB_ADMIN_SECRET_ARN": "database-admin-secret", "DB_READER_SECRET_ARN": "database-reader-secret"},
		"rotator":  {"DB_HOST": "database-cluster.example.com", "DB_PORT": "3306", "DB_NAME": "messages", "DB_SECRET_ARN": "database-app-secret", "DB_ADMIN_SECRET_ARN": "database-admin-secret", "DB_READER_SECRET_ARN": "database-reader-secret"},
	} {
		for key, value := range want {
			if got := s.one(t, name).text("environment.variables." + key); !strings.HasSuffix(got, value) || got == "" {
				t.Errorf("%s: %s is %q, want %q", name, key, got, value)
			}
		}
	}
}

func TestExtensionIsThereWhereASecretIsReadAndCachesNothing(t *testing.T) {
	s := deployed(t)
	for _, name := range []string{"updater", "status", "migrator"} {
		if got := s.one(t, name).texts("layers"); !slices.Equal(got, []string{given["secretsExtensionLayerArn"]}) {
			t.Errorf("%s has the layers %v", name, got)
		}
		// AWS's names: https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html
		if got := s.one(t, name).text("environment.variables.SECRETS_MANAGER_TTL"); got != "0" {
			t.Errorf("%s: the extension would give an old password for %s seconds", name, got)
		}
		if got := s.one(t, name).text("environment.variables.SECRETS_MANAGER_TIMEOUT_MILLIS"); got == "" || got == "0" {
			t.Errorf("%s: without a way to the endpoint the extension would hang", name)
		}
	}
	if got := s.one(t, "sender").texts("layers"); len(got) > 0 {
		t.Errorf("the sender reads no secret and has the layers %v", got)
	}
	if got := deployed(t, webhook).one(t, "sender").texts("layers"); len(got) != 1 {
		t.Errorf("the sender signs webhooks and has the layers %v", got)
	}
}

func TestLayerIsLookedUpForTheProcessor(t *testing.T) {
	for architecture, parameter := range map[string]string{
		"arm64":  "/aws/service/aws-parameters-and-secrets-lambda-extension/arm64/latest",
		"x86_64": "/aws/service/aws-parameters-and-secrets-lambda-extension/x86/latest",
	} {
		s := &stub{}
		if err := run(t, s, settings(t, map[string]string{"zones": given["zones"], "lambdaArchitecture": architecture})); err != nil {
			t.Fatal(err)
		}
		var asked []string
		for _, call := range s.calls {
			if call.Token == "aws:ssm/getParameter:getParameter" {
				asked = append(asked, call.Args["name"].StringValue())
			}
		}
		if !slices.Equal(asked, []string{parameter}) {
			t.Errorf("%s: looked up %v", architecture, asked)
		}
		if got := s.one(t, "updater").texts("architectures"); !slices.Equal(got, []string{architecture}) {
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
		{webhook, true, true},
		{with(webhook, map[string]string{"channels": `["webhook"]`}), false, true},
	} {
		s := deployed(t, test.changes)
		sender := s.one(t, "sender")
		for key, want := range map[string]bool{"SNS_TOPIC_ARN": test.topic, "WEBHOOK_SECRET_ARN": test.secret, "WEBHOOK_ALLOWED_HOSTS": test.secret} {
			if got := sender.text("environment.variables."+key) != ""; got != want {
				t.Errorf("%v: %s is set: %v", test.changes, key, got)
			}
		}
		if got := slices.Contains(s.names(), "pipeline-messages"); got != test.topic {
			t.Errorf("%v: there is a topic: %v", test.changes, got)
		}
	}
}

func TestProxyAuthIsSpeltOutForTheUpdatersUserAndTheReaderAlone(t *testing.T) {
	proxy := deployed(t).one(t, "proxy-proxy")
	arn := "arn:aws:service:us-east-1:111122223333:database-"
	for i, secret := range []string{arn + "app-secret", arn + "reader-secret"} {
		auth := fmt.Sprintf("auths[%d].", i)
		for path, want := range map[string]string{
			"authScheme": "SECRETS", "iamAuth": "DISABLED", "clientPasswordAuthType": "MYSQL_NATIVE_PASSWORD", "secretArn": secret,
		} {
			if got := proxy.text(auth + path); got != want {
				t.Errorf("%s is %q, want %q", auth+path, got, want)
			}
		}
		if proxy.text(auth+"description") == "" {
			t.Error("a description that is left to AWS is a difference for ever")
		}
	}
	for path, want := range map[string]string{"auths[2]": "", "requireTls": "true", "engineFamily": "MYSQL", "debugLogging": "false"} {
		if got := proxy.text(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// TestWhoMayAskMayNotWrite goes through all that stands between a caller with statusPolicyArn and a row.
func TestWhoMayAskMayNotWrite(t *testing.T) {
	s := deployed(t)
	arn := "arn:aws:service:us-east-1:111122223333:"
	asking := s.one(t, "status-access-policy").statements(t, "policy")
	if len(asking) != 1 || !slices.Equal(asking[0].Action, []string{"lambda:InvokeFunction"}) || !slices.Equal(asking[0].Resource, []string{arn + "status"}) {
		t.Errorf("those who ask may: %+v", asking)
	}
	for _, st := range s.one(t, "status-role-policy").statements(t, "policy") {
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
	variables, _ := s.one(t, "status").value("environment.variables")
	if _, app := variables.ObjectValue()["DB_SECRET_ARN"]; app {
		t.Error("it knows the secret of the user that writes")
	}
	for where, statements := range s.policies(t) {
		for _, st := range statements {
			if slices.Contains(st.Action, "lambda:InvokeFunction") && slices.Contains(st.Resource, arn+"updater") &&
				where != "sender-role-policy policy" && where != "schedule-heartbeat-role-policy policy" {
				t.Errorf("%s lets somebody invoke the updater, who may write a status", where)
			}
		}
	}
}

func TestTheUpdaterKnowsTheSenderWhoseRecordsItTakes(t *testing.T) {
	s := deployed(t)
	want := "arn:aws:lambda:us-east-1:111122223333:function:" + s.one(t, "sender").text("name")
	if got := s.one(t, "updater").text("environment.variables.SENDER_ARN"); got != want {
		t.Errorf("the sender is %q to the updater, want %q", got, want)
	}
}

func TestClusterIsEncryptedTLSOnlyPinnedAndLeavesZonesToAWS(t *testing.T) {
	s := deployed(t)
	cluster := s.one(t, "database-cluster")
	for path, want := range map[string]string{
		"storageEncrypted": "true", "iamDatabaseAuthenticationEnabled": "false", "availabilityZones": "", "copyTagsToSnapshot": "true",
		"engineVersion": "8.0.mysql_aurora.3.10.4", "engineMode": "provisioned", "databaseName": "messages",
		"serverlessv2ScalingConfiguration.minCapacity": "0.5", "serverlessv2ScalingConfiguration.maxCapacity": "4",
		"serverlessv2ScalingConfiguration.secondsUntilAutoPause": "",
	} {
		if got := cluster.text(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	parameters, _ := s.one(t, "database-parameters").value("parameters")
	set := map[string]string{}
	for _, p := range parameters.ArrayValue() {
		set[p.ObjectValue()["name"].StringValue()] = p.ObjectValue()["value"].StringValue()
	}
	if set["require_secure_transport"] != "ON" || set["server_audit_logging"] != "1" || strings.Contains(set["server_audit_events"], "DCL") {
		t.Errorf("parameters: %v", set)
	}
	for _, instance := range s.of(t, "rds/clusterInstance:ClusterInstance") {
		for path, want := range map[string]string{"instanceClass": "db.serverless", "publiclyAccessible": "false", "autoMinorVersionUpgrade": "false"} {
			if got := instance.text(path); got != want {
				t.Errorf("%s: %s is %q, want %q", instance.name, path, got, want)
			}
		}
	}
}

func TestAutoPauseIsSetOnlyWhenAskedFor(t *testing.T) {
	cluster := deployed(t, map[string]string{"minCapacity": "0", "autoPauseSeconds": "600"}).one(t, "database-cluster")
	if got := cluster.text("serverlessv2ScalingConfiguration.secondsUntilAutoPause"); got != "600" {
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
		s := deployed(t, map[string]string{"protectData": protect})
		cluster := s.one(t, "database-cluster")
		if cluster.text("deletionProtection") != want.deletionProtection || cluster.text("skipFinalSnapshot") != want.skipFinalSnapshot {
			t.Errorf("protectData %s: deletion protection %s, skip final snapshot %s", protect, cluster.text("deletionProtection"), cluster.text("skipFinalSnapshot"))
		}
		if cluster.request.GetProtect() != want.protected {
			t.Errorf("protectData %s: protected by Pulumi: %v", protect, cluster.request.GetProtect())
		}
		if key := s.one(t, "foundation-key"); key.request.GetRetainOnDelete() != want.protected {
			t.Errorf("protectData %s: the key outlives the stack, and with it a final snapshot: %v", protect, key.request.GetRetainOnDelete())
		}
		if snapshot := cluster.text("finalSnapshotIdentifier"); !strings.HasPrefix(snapshot, cluster.text("clusterIdentifier")) {
			t.Errorf("protectData %s: final snapshot %q", protect, snapshot)
		}
		for _, secret := range s.of(t, "secretsmanager/secret:Secret") {
			if days, _ := secret.value("recoveryWindowInDays"); days.NumberValue() != want.recoveryDays {
				t.Errorf("protectData %s: %s can be recovered for %v days", protect, secret.name, days)
			}
		}
	}
}

func TestMigrationRunsAgainOnlyWhenMigrationsOrSecretsChange(t *testing.T) {
	run := deployed(t).one(t, "migration-run")
	triggers, _ := run.value("triggers")
	if len(triggers.ObjectValue()) != 3 || run.text("triggers.secret") != "first" || run.text("triggers.reader") != "first" || len(run.text("triggers.migrations")) != 64 {
		t.Errorf("triggers: %v", triggers)
	}
	if run.text("input") != "{}" {
		t.Errorf("input: %s", run.text("input"))
	}
}

func TestFunctionsInTheVPCLetTheirGroupsGoOnDestroy(t *testing.T) {
	s := deployed(t)
	for _, name := range []string{"updater", "status", "migrator", "rotator"} {
		function := s.one(t, name)
		if function.text("replaceSecurityGroupsOnDestroy") != "true" || !slices.Equal(function.texts("replacementSecurityGroupIds"), []string{"network-default-group-id"}) {
			t.Errorf("%s would hold its security group for 20 minutes and more", name)
		}
		if len(function.texts("vpcConfig.subnetIds")) != 2 {
			t.Errorf("%s is in %v", name, function.texts("vpcConfig.subnetIds"))
		}
	}
	if s.one(t, "sender").text("vpcConfig") != "" {
		t.Error("the sender is in the VPC, which has no way to a channel")
	}
}
