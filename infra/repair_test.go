package infra

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/infra/internal/adopt"
)

func TestEveryResourceCanBeFoundAgainAfterAKill(t *testing.T) {
	for _, m := range auditModes {
		for _, r := range deployed(t, m.changes).resources {
			if !strings.HasPrefix(r.token, "scheduled-messages:") && !adopt.Known(r.token) {
				t.Errorf("%s: infra/internal/adopt does not say how to find a %s", r.name, r.token)
			}
		}
	}
}

// localAWS is the endpoint that whole lives of stacks are tried against.
func localAWS(t *testing.T) (endpoint string) {
	t.Helper()
	endpoint = os.Getenv("AWS_ENDPOINT_URL")
	if endpoint == "" {
		t.Skip("needs a local AWS endpoint in AWS_ENDPOINT_URL")
	}
	if testing.Short() {
		t.Skip("takes minutes: not with -short")
	}
	return endpoint
}

// newDev is an engine with the stack dev, which destroys it if the test fails.
func newDev(t *testing.T) *engine {
	t.Helper()
	e := newEngine(t, t.TempDir(), "dev")
	t.Cleanup(func() {
		if t.Failed() {
			_, _ = e.try("destroy", "--yes", "--skip-preview")
		}
	})
	return e
}

// TestAnUpThatWasKilledIsRepaired kills the engine while AWS is making the cluster: the next up would find its name
// taken. The documented repair finds it, and what else was being made.
func TestAnUpThatWasKilledIsRepaired(t *testing.T) {
	endpoint := localAWS(t)
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("needs the AWS CLI on PATH")
	}
	before := inventory(t, endpoint)
	e := newDev(t)
	killed(t, e, "database-cluster creating", func() bool { return len(inventory(t, endpoint)["clusters"]) > len(before["clusters"]) })
	if state := e.pulumi("stack", "export"); !strings.Contains(state, `"type": "creating"`) {
		t.Fatal("nothing was being made when the engine died")
	}

	e.pulumi("cancel", "--yes")
	repair := exec.Command("go", "run", "./infra/recover")
	repair.Dir, repair.Env = e.folder, e.environment
	out, err := repair.CombinedOutput()
	if err != nil {
		t.Fatalf("recover: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "database-cluster: ") {
		t.Errorf("the cluster is not found:\n%s", out)
	}
	e.pulumi("refresh", "--yes", "--skip-preview")
	e.pulumi("up", "--yes", "--skip-preview")
	e.pulumi("preview", "--expect-no-changes", "--diff")
	e.pulumi("destroy", "--yes", "--skip-preview")
	nothingNew(t, before, inventory(t, endpoint))
}

// killed starts an up and kills its processes as soon as a line was printed and AWS says that it is so.
func killed(t *testing.T, e *engine, line string, begun func() bool) {
	t.Helper()
	up := exec.Command("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--color", "never")
	// The provider's waits at their full length: the cluster's is half a minute.
	up.Dir, up.Env = e.folder, append(slices.Clone(e.environment), "AWS_PROVIDER_PACE=1")
	up.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := up.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := up.Start(); err != nil {
		t.Fatal(err)
	}
	defer up.Wait()
	kill := func() { _ = syscall.Kill(-up.Process.Pid, syscall.SIGKILL) }
	giveUp := time.AfterFunc(e.commandLimit, kill)
	defer giveUp.Stop()
	lines, seen := bufio.NewScanner(pipe), false
	for !seen && lines.Scan() {
		seen = strings.Contains(lines.Text(), line)
	}
	if !seen {
		kill()
		t.Fatalf("pulumi up ended without %q", line)
	}
	go io.Copy(io.Discard, pipe)
	for end := time.Now().Add(25 * time.Second); !begun(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			kill()
			t.Fatal("AWS has not begun")
		}
	}
	kill()
}

// nothingNew tells what there is that was not there before.
func nothingNew(t *testing.T, before, after map[string][]string) {
	t.Helper()
	for what, names := range after {
		for _, name := range names {
			if !slices.Contains(before[what], name) {
				t.Errorf("left behind: %s %s", what, name)
			}
		}
	}
}

// TestTheSameStackComesBackAtOnce: no name that a stack had is still taken after its end, and what somebody removes by
// hand comes back.
func TestTheSameStackComesBackAtOnce(t *testing.T) {
	endpoint := localAWS(t)
	before := inventory(t, endpoint)
	e := newDev(t)
	for range 2 {
		e.pulumi("up", "--yes", "--skip-preview")
		e.pulumi("destroy", "--yes", "--skip-preview")
	}
	e.pulumi("up", "--yes", "--skip-preview")

	var o struct{ UnwrittenQueueURL, UpdaterName, SchedulePolicyARN string }
	if err := json.Unmarshal([]byte(e.pulumi("stack", "output", "--json")), &o); err != nil {
		t.Fatal(err)
	}
	form := "application/x-www-form-urlencoded"
	ask(t, http.MethodPost, endpoint+"/", "sqs", "", form, url.Values{
		"Action": {"DeleteQueue"}, "Version": {"2012-11-05"}, "QueueUrl": {o.UnwrittenQueueURL}}.Encode())
	ask(t, http.MethodDelete, endpoint+"/2015-03-31/functions/"+o.UpdaterName, "lambda", "", "", "")
	ask(t, http.MethodPost, endpoint+"/", "iam", "", form, url.Values{
		"Action": {"DeletePolicy"}, "Version": {"2010-05-08"}, "PolicyArn": {o.SchedulePolicyARN}}.Encode())
	if out, err := e.try("preview", "--expect-no-changes", "--refresh"); err == nil {
		t.Fatalf("nobody missed what was removed:\n%s", out)
	}
	e.pulumi("refresh", "--yes", "--skip-preview")
	e.pulumi("up", "--yes", "--skip-preview")
	e.pulumi("preview", "--expect-no-changes", "--refresh")
	e.pulumi("destroy", "--yes", "--skip-preview")
	nothingNew(t, before, inventory(t, endpoint))
}

// TestProtectedDataOutlivesDestroyUntilToldOtherwise takes both documented steps, twice: the second final snapshot does
// not collide with the first.
func TestProtectedDataOutlivesDestroyUntilToldOtherwise(t *testing.T) {
	endpoint := localAWS(t)
	before := inventory(t, endpoint)
	e := newDev(t)
	e.pulumi("config", "set", "protectData", "true")
	var snapshots []string
	for range 2 {
		e.pulumi("up", "--yes", "--skip-preview")
		all := len(e.resources())
		out, err := e.try("destroy", "--yes")
		if err == nil || !strings.Contains(out, "database-cluster") || !strings.Contains(out, "protected") {
			t.Fatalf("destroy says %v\n%s", err, out)
		}
		if left := len(e.resources()); left != all {
			t.Errorf("the destroy that refused took %d resources", all-left)
		}
		var o struct{ ClusterEndpoint string }
		if err := json.Unmarshal([]byte(e.pulumi("stack", "output", "--json")), &o); err != nil {
			t.Fatal(err)
		}
		cluster, _, _ := strings.Cut(o.ClusterEndpoint, ".")
		e.pulumi("state", "unprotect", "--all", "--yes")
		if out, err := e.try("destroy", "--yes", "--skip-preview"); err == nil || !strings.Contains(out, "deletion protection") && !strings.Contains(out, "protection") {
			t.Fatalf("AWS's own protection says %v\n%s", err, out)
		}
		ask(t, http.MethodPost, endpoint+"/", "rds", "", "application/x-www-form-urlencoded", url.Values{
			"Action": {"ModifyDBCluster"}, "Version": {"2014-10-31"}, "DBClusterIdentifier": {cluster},
			"DeletionProtection": {"false"}, "ApplyImmediately": {"true"}}.Encode())
		e.pulumi("destroy", "--yes", "--skip-preview")
		snapshots = append(snapshots, cluster+"-final")
	}
	after := inventory(t, endpoint)
	for _, snapshot := range snapshots {
		if !slices.Contains(after["snapshots"], snapshot) {
			t.Errorf("no final snapshot %s: %v", snapshot, after["snapshots"])
		}
	}
	// The snapshots, their keys and, for seven days, the secrets stay.
	delete(after, "snapshots")
	delete(after, "keys")
	delete(after, "secrets")
	delete(after, "passwords")
	nothingNew(t, before, after)
}
