package infra_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/infra/internal/deployer"
	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/infra/sandbox/process"
)

// TestAnUpThatWasKilledIsRepaired kills the engine while AWS is making the cluster: the next up would find its name
// taken. The documented repair finds it, and what else was being made.
func TestAnUpThatWasKilledIsRepaired(t *testing.T) {
	aws := lifetest.OwnAWS(t)
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("needs the AWS CLI on PATH")
	}
	before := lifetest.Inventory(t, aws)
	e := lifetest.NewDev(t, aws)
	killed(t, e, "database-cluster creating", func() bool { return len(lifetest.Inventory(t, aws)["clusters"]) > len(before["clusters"]) })
	// The kill may also have hit this file in mid-write: here it always has.
	attributes, err := filepath.Glob(filepath.Join(strings.TrimPrefix(e.Backend, "file://"), ".pulumi/stacks/*/dev.json.attrs"))
	if err != nil || len(attributes) != 1 {
		t.Fatalf("the state's attributes: %v, %v", attributes, err)
	}
	if err := os.Truncate(attributes[0], 0); err != nil {
		t.Fatal(err)
	}
	recoverStack := func() (string, error) {
		repair := exec.Command("go", "run", "./infra/recover")
		repair.Dir, repair.Env = e.Folder, e.Environment
		out, err := repair.CombinedOutput()
		return string(out), err
	}
	if out, err := recoverStack(); err == nil || !strings.Contains(out, "half-written, removed\n") || !strings.Contains(out, "run `pulumi cancel --yes`") {
		t.Fatalf("recover of a half-written file: %v\n%s", err, out)
	}
	if state := e.Pulumi("stack", "export"); !strings.Contains(state, `"type": "creating"`) {
		t.Fatal("nothing was being made when the engine died")
	}

	e.Pulumi("cancel", "--yes")
	out, err := recoverStack()
	if err != nil {
		t.Fatalf("recover: %v\n%s", err, out)
	}
	if !strings.Contains(out, "database-cluster: ") {
		t.Errorf("the cluster is not found:\n%s", out)
	}
	e.Pulumi("refresh", "--yes", "--skip-preview")
	e.Pulumi("up", "--yes", "--skip-preview")
	e.Pulumi("preview", "--expect-no-changes", "--diff")
	e.Pulumi("destroy", "--yes", "--skip-preview")
	lifetest.NothingNew(t, before, lifetest.Inventory(t, aws))
}

// killed starts an up and kills its processes as soon as a line was printed and AWS says that it is so.
func killed(t *testing.T, e *lifetest.Engine, line string, begun func() bool) {
	t.Helper()
	up := exec.Command("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--color", "never")
	// The provider's waits at their full length: the cluster's is half a minute.
	up.Dir, up.Env = e.Folder, append(slices.Clone(e.Environment), "AWS_PROVIDER_PACE=1")
	up.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := up.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := up.Start(); err != nil {
		t.Fatal(err)
	}
	defer up.Wait()
	// The engine's group, and what it put into groups of their own and would leave behind: plugins and the language host.
	kill := func() {
		_ = syscall.Kill(-up.Process.Pid, syscall.SIGKILL)
		if err := process.KillOwned("PULUMI_BACKEND_URL", e.Backend); err != nil {
			t.Error(err)
		}
	}
	giveUp := time.AfterFunc(e.CommandLimit, kill)
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

// TestTheSameStackComesBackAtOnce: no name that a stack had is still taken after its end, and what somebody removes by
// hand comes back.
func TestTheSameStackComesBackAtOnce(t *testing.T) {
	aws := lifetest.OwnAWS(t)
	before := lifetest.Inventory(t, aws)
	e := lifetest.NewDev(t, aws)
	e.Pulumi("up", "--yes", "--skip-preview")
	e.Pulumi("destroy", "--yes", "--skip-preview")
	e.Pulumi("up", "--yes", "--skip-preview")

	var o struct{ UnwrittenQueueURL, UpdaterName, SchedulePolicyARN string }
	if err := json.Unmarshal([]byte(e.Pulumi("stack", "output", "--json")), &o); err != nil {
		t.Fatal(err)
	}
	form := "application/x-www-form-urlencoded"
	lifetest.Ask(t, http.MethodPost, aws+"/", "sqs", "", form, url.Values{
		"Action": {"DeleteQueue"}, "Version": {"2012-11-05"}, "QueueUrl": {o.UnwrittenQueueURL}}.Encode())
	lifetest.Ask(t, http.MethodDelete, aws+"/2015-03-31/functions/"+o.UpdaterName, "lambda", "", "", "")
	lifetest.Ask(t, http.MethodPost, aws+"/", "iam", "", form, url.Values{
		"Action": {"DeletePolicy"}, "Version": {"2010-05-08"}, "PolicyArn": {o.SchedulePolicyARN}}.Encode())
	if out, err := e.Try("preview", "--expect-no-changes", "--refresh"); err == nil {
		t.Fatalf("nobody missed what was removed:\n%s", out)
	}
	e.Pulumi("up", "--yes", "--skip-preview", "--refresh")
	e.Pulumi("preview", "--expect-no-changes", "--refresh")
	e.Pulumi("destroy", "--yes", "--skip-preview")
	lifetest.NothingNew(t, before, lifetest.Inventory(t, aws))
}

// TestProtectedDataOutlivesDestroyUntilToldOtherwise takes both documented steps, twice: the second final snapshot does
// not collide with the first.
func TestProtectedDataOutlivesDestroyUntilToldOtherwise(t *testing.T) {
	aws := lifetest.OwnAWS(t)
	before := lifetest.Inventory(t, aws)
	e := lifetest.NewDev(t, aws)
	e.Pulumi("config", "set", "protectData", "true")
	e.Pulumi("config", "set", "namePrefix", "team-a-")
	var snapshots []string
	for round := range 2 {
		e.Pulumi("up", "--yes", "--skip-preview")
		if round == 0 {
			destroyRefuses(t, e)
		}
		var o struct{ ClusterEndpoint string }
		if err := json.Unmarshal([]byte(e.Pulumi("stack", "output", "--json")), &o); err != nil {
			t.Fatal(err)
		}
		cluster, _, _ := strings.Cut(o.ClusterEndpoint, ".")
		e.Pulumi("state", "unprotect", "--all", "--yes")
		if round == 0 {
			if out, err := e.Try("destroy", "--yes", "--skip-preview"); err == nil || !strings.Contains(out, "protection") {
				t.Fatalf("AWS's own protection says %v\n%s", err, out)
			}
		}
		lifetest.Ask(t, http.MethodPost, aws+"/", "rds", "", "application/x-www-form-urlencoded", url.Values{
			"Action": {"ModifyDBCluster"}, "Version": {"2014-10-31"}, "DBClusterIdentifier": {cluster},
			"DeletionProtection": {"false"}, "ApplyImmediately": {"true"}}.Encode())
		e.Pulumi("destroy", "--yes", "--skip-preview")
		snapshots = append(snapshots, cluster+"-final")
	}
	e.AllowedToDeploy(t, aws, deployer.Life{Prefix: "team-a-", Path: "/"})
	after := lifetest.Inventory(t, aws)
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
	lifetest.NothingNew(t, before, after)
}

// destroyRefuses sees that destroy ends with the protection's words and takes nothing.
func destroyRefuses(t *testing.T, e *lifetest.Engine) {
	t.Helper()
	all := len(e.Resources())
	out, err := e.Try("destroy", "--yes")
	if err == nil || !strings.Contains(out, "database-cluster") || !strings.Contains(out, "protected") {
		t.Fatalf("destroy says %v\n%s", err, out)
	}
	if left := len(e.Resources()); left != all {
		t.Errorf("the destroy that refused took %d resources", all-left)
	}
}
