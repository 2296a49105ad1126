package infra_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/lambda/contract"
)

// rotateTwice does to a secret what two rotations do. It takes two until the version of the program has none of Secrets
// Manager's labels, and gives the value that is current at the end.
func rotateTwice(t *testing.T, endpoint, arn string) (value string) {
	t.Helper()
	call := func(operation, input string) string {
		t.Helper()
		return lifetest.AskJSON(t, endpoint, "secretsmanager", "secretsmanager."+operation, input)
	}
	for n := range 2 {
		var secret struct{ VersionIDsToStages map[string][]string }
		if err := json.Unmarshal([]byte(call("DescribeSecret", fmt.Sprintf(`{"SecretId":%q}`, arn))), &secret); err != nil {
			t.Fatal(err)
		}
		current := ""
		for id, labels := range secret.VersionIDsToStages {
			if slices.Contains(labels, contract.StageCurrent) {
				current = id
			}
		}
		next := fmt.Sprintf("00000000-0000-0000-0000-%012d", n)
		value = fmt.Sprintf(`{"username":"of a rotation","password":"rotated-%d"}`, n)
		call("PutSecretValue", fmt.Sprintf(`{"SecretId":%q,"ClientRequestToken":%q,"SecretString":%q,"VersionStages":[%q]}`,
			arn, next, value, contract.StagePending))
		call("UpdateSecretVersionStage", fmt.Sprintf(`{"SecretId":%q,"VersionStage":%q,"MoveToVersionId":%q,"RemoveFromVersionId":%q}`,
			arn, contract.StageCurrent, next, current))
	}
	return value
}

// current is the value of a secret that its readers get. moto leaves AWSCURRENT where it was when a value is put that is
// to be the current one: two versions with the label are a value that was rolled back.
func current(t *testing.T, endpoint, arn string) string {
	t.Helper()
	var secret struct{ VersionIDsToStages map[string][]string }
	text := lifetest.AskJSON(t, endpoint, "secretsmanager", "secretsmanager.DescribeSecret", fmt.Sprintf(`{"SecretId":%q}`, arn))
	if err := json.Unmarshal([]byte(text), &secret); err != nil {
		t.Fatal(err)
	}
	versions := 0
	for _, labels := range secret.VersionIDsToStages {
		if slices.Contains(labels, contract.StageCurrent) {
			versions++
		}
	}
	if versions != 1 {
		t.Errorf("%d versions of %s are the current one", versions, arn)
	}
	var answer struct{ SecretString string }
	text = lifetest.AskJSON(t, endpoint, "secretsmanager", "secretsmanager.GetSecretValue",
		fmt.Sprintf(`{"SecretId":%q,"VersionStage":%q}`, arn, contract.StageCurrent))
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.SecretString
}

// leftAlone sees that the program leaves a rotation's passwords alone: after a refresh there is nothing to do, a change
// of the cluster sends no master password, and the version that takes the place of a lost one of the program's is not
// made the current one.
func leftAlone(t *testing.T, e *lifetest.Engine, endpoint string, secrets []string, front *rotationFront) {
	t.Helper()
	values := map[string]string{}
	for _, arn := range secrets {
		values[arn] = rotateTwice(t, endpoint, arn)
	}
	check := func(when string) {
		t.Helper()
		for _, arn := range secrets {
			if got := current(t, endpoint, arn); got != values[arn] {
				t.Errorf("%s: the current value of %s is not the rotated one", when, arn)
			}
		}
	}
	e.Pulumi("refresh", "--yes", "--skip-preview")
	e.Pulumi("preview", "--expect-no-changes", "--diff")
	check("refresh")

	before := front.changes.Load()
	e.Pulumi("config", "set", "backupRetentionDays", "8")
	for _, arn := range secrets {
		front.lost.Store(arn, true)
	}
	if out := e.Pulumi("refresh", "--yes", "--skip-preview"); !strings.Contains(out, "- 2 deleted") {
		t.Errorf("the engine does not miss the versions: %s", out)
	}
	for _, arn := range secrets {
		front.lost.Delete(arn)
	}
	if e.Stack == "other" {
		changeInPlace(t, e)
	}
	e.Pulumi("up", "--yes", "--skip-preview")
	check("up")
	if front.changes.Load() == before {
		t.Error("the cluster was not changed, so nothing was seen of what a change sends")
	}
	if front.passwords.Load() > 0 {
		t.Error("a change of the cluster set the master password")
	}
	e.Pulumi("preview", "--expect-no-changes", "--diff")
}

// rotationFront stands in front of an endpoint. It counts the changes of clusters and those of them that set the master
// password, and hides the program's version of secrets that are marked as lost.
type rotationFront struct {
	changes, passwords atomic.Int64
	lost               sync.Map // ARN
}

func (f *rotationFront) listen(t *testing.T, endpoint string) (address string) {
	t.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	keys := lifetest.LocalKeys(t)
	proxy := keys.Proxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := keys.Verify(r, body); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") == "ModifyDBCluster" {
			f.changes.Add(1)
			if form.Has("MasterUserPassword") {
				f.passwords.Add(1)
			}
		}
		if r.Header.Get("X-Amz-Target") == "secretsmanager.GetSecretValue" {
			var asked struct{ SecretID, VersionID string }
			if err := json.Unmarshal(body, &asked); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			if _, lost := f.lost.Load(asked.SecretID); lost && asked.VersionID != "" {
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"__type":"ResourceNotFoundException","message":"hidden by the test"}`)
				return
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
