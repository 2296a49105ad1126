package database_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

func TestAllUsersAreRotatedOnceTheMigrationHasMadeThem(t *testing.T) {
	s := infratest.Deployed(t, map[string]string{"rotationDays": "90"})
	if all := s.Of(t, "secretsmanager/secretRotation:SecretRotation"); len(all) != 3 {
		t.Errorf("%d secrets are rotated", len(all))
	}
	for _, user := range []string{"admin", "app", "reader"} {
		rotation := s.One(t, "rotation-"+user+"-schedule")
		for path, want := range map[string]string{
			"secretId":                             "arn:aws:service:us-east-1:111122223333:database-" + user + "-secret",
			"rotationLambdaArn":                    "arn:aws:service:us-east-1:111122223333:rotator",
			"rotationRules.automaticallyAfterDays": "90",
			"rotateImmediately":                    "false",
		} {
			if got := rotation.Text(path); got != want {
				t.Errorf("%s: %s is %q, want %q", user, path, got, want)
			}
		}
		waits := s.WaitsFor(rotation)
		for _, name := range []string{
			"migration-run", "rotation-" + user + "-permission", "rotator-role-policy", "endpoint-secretsmanager",
			"database-admin-version", "database-app-version", "database-reader-version", "security-maintenance-to-database-in",
			"security-maintenance-to-database-out", "security-maintenance-to-endpoint-in", "security-maintenance-to-endpoint-out",
		} {
			if !waits[name] {
				t.Errorf("the rotation of %s does not wait for %s", user, name)
			}
		}
	}
}

func TestSecretsManagerInvokesTheRotatorForEachUsersSecretAlone(t *testing.T) {
	s := infratest.Deployed(t, infratest.Webhook)
	allowed := map[string]string{}
	for _, r := range s.Of(t, "lambda/permission:Permission") {
		if r.Text("principal") != "secretsmanager.amazonaws.com" || r.Text("action") != "lambda:InvokeFunction" ||
			r.Text("sourceAccount") != "111122223333" || r.Text("function") != s.One(t, "rotator").Text("name") {
			t.Errorf("%s: %v", r.Name, r.Inputs)
		}
		allowed[r.Name] = r.Text("sourceArn")
	}
	arn := "arn:aws:service:us-east-1:111122223333:database-"
	want := map[string]string{"rotation-admin-permission": arn + "admin-secret", "rotation-app-permission": arn + "app-secret", "rotation-reader-permission": arn + "reader-secret"}
	if !maps.Equal(allowed, want) {
		t.Errorf("allowed: %v, want %v", allowed, want)
	}
}

func TestOnlyTheRotatorWritesSecretsAndOnlyTheUsers(t *testing.T) {
	writers := map[string][]string{}
	for where, statements := range infratest.Deployed(t, infratest.Webhook).Policies(t) {
		for _, st := range statements {
			for _, action := range st.Action {
				read := action == "secretsmanager:GetSecretValue" || action == "secretsmanager:DescribeSecret"
				if st.Effect == "Allow" && st.Principal == nil && strings.HasPrefix(action, "secretsmanager:") && !read {
					for _, arn := range st.Resource {
						writers[where] = append(writers[where], action+" "+arn[strings.LastIndexByte(arn, ':')+1:])
					}
				}
			}
		}
	}
	want := []string{
		"secretsmanager:PutSecretValue database-admin-secret", "secretsmanager:UpdateSecretVersionStage database-admin-secret",
		"secretsmanager:PutSecretValue database-app-secret", "secretsmanager:UpdateSecretVersionStage database-app-secret",
		"secretsmanager:PutSecretValue database-reader-secret", "secretsmanager:UpdateSecretVersionStage database-reader-secret",
	}
	if len(writers) != 1 || !slices.Equal(writers["rotator-role-policy policy"], want) {
		t.Errorf("writers: %v", writers)
	}
}

func TestWithoutRotationThereIsNothingOfIt(t *testing.T) {
	s := infratest.Deployed(t, map[string]string{"rotationDays": "0"})
	for _, r := range s.Resources {
		if strings.Contains(r.Name, "rotat") {
			t.Errorf("%s is there", r.Name)
		}
	}
	for _, st := range s.One(t, "endpoint-secretsmanager").Statements(t, "policy") {
		if slices.Contains(st.Action, "secretsmanager:PutSecretValue") {
			t.Errorf("the endpoint lets somebody write: %v", st.Condition)
		}
	}
	if infratest.Readers(t, s)["database-app-secret"] == nil {
		t.Error("nobody reads the secret")
	}
}

func TestRotatorIsInvokedOftenerThanAWSTakesItsNetworkInterfaceAway(t *testing.T) {
	s := infratest.Deployed(t)
	beat := s.One(t, "schedule-rotation-heartbeat")
	for path, want := range map[string]string{
		"groupName": "schedule-rotation-heartbeat-group-1a2b3c4", "scheduleExpression": "rate(1 day)", "target.input": "{}",
		"target.arn":     "arn:aws:service:us-east-1:111122223333:rotator",
		"target.roleArn": "arn:aws:service:us-east-1:111122223333:schedule-rotation-heartbeat-role",
	} {
		if got := beat.Text(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	for _, st := range s.One(t, "schedule-rotation-heartbeat-role-policy").Statements(t, "policy") {
		if slices.Contains(st.Action, "lambda:InvokeFunction") && !slices.Equal(st.Resource, []string{"arn:aws:service:us-east-1:111122223333:rotator"}) {
			t.Errorf("the heartbeat may invoke %v", st.Resource)
		}
	}
}

func TestAPasswordThatWasRotatedIsNeverRolledBack(t *testing.T) {
	s := infratest.Deployed(t, infratest.Webhook)
	for _, version := range s.Of(t, "secretsmanager/secretVersion:SecretVersion") {
		ignored := version.Request.GetIgnoreChanges()
		if !slices.Contains(ignored, "secretString") || !slices.Contains(ignored, "versionStages") {
			t.Errorf("%s is written again, or made the current one again, by an up: it ignores %v", version.Name, ignored)
		}
		if labels := version.Texts("versionStages"); !slices.Equal(labels, []string{"FIRST"}) {
			t.Errorf("%s: one in the place of a lost one would get the labels %v", version.Name, labels)
		}
		if !version.Request.GetRetainOnDelete() {
			t.Errorf("%s is deleted apart from its secret, which fails once labels have moved", version.Name)
		}
	}
	if ignored := s.One(t, "database-cluster").Request.GetIgnoreChanges(); !slices.Contains(ignored, "masterPassword") {
		t.Errorf("the cluster gets its first master password again: it ignores %v", ignored)
	}
}
