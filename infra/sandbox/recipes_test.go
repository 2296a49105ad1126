package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// recipes are the folder of the documents' programs.
const recipes = "../../docs/recipes"

// recipe is a program of the documents, which a backend builds on.
type recipe struct {
	name    string
	command func(t *testing.T) []string // without the arguments
}

var programs = []recipe{
	{"python", func(t *testing.T) []string {
		moto, _ := exec.LookPath("moto_server") // which needs boto3 itself
		moto, _ = filepath.EvalSymlinks(moto)
		for _, python := range []string{filepath.Join(filepath.Dir(moto), "python3"), "python3"} {
			if exec.Command(python, "-c", "import boto3").Run() == nil {
				return []string{python, absoluteIn(t, "messages.py")}
			}
		}
		t.Skip("needs python3 with boto3: pip install boto3")
		return nil
	}},
	{"javascript", func(t *testing.T) []string {
		if _, err := os.Stat(filepath.Join(recipes, "node_modules", "@aws-sdk", "client-scheduler")); err != nil {
			t.Skip("needs the AWS SDK for JavaScript: npm ci --prefix docs/recipes")
		}
		return []string{"node", absoluteIn(t, "messages.mjs")}
	}},
	{"go", func(t *testing.T) []string {
		binary := filepath.Join(t.TempDir(), "messages")
		if out, err := exec.Command("go", "build", "-o", binary, "./"+filepath.Join(recipes, "go")).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return []string{binary}
	}},
}

func absoluteIn(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(recipes, name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// recipesWork has each of the documents' programs schedule, move, cancel and list messages.
func recipesWork(t *testing.T, s *state.State) {
	for _, program := range programs {
		t.Run(program.name, func(t *testing.T) { programWorks(t, s, program) })
	}
	t.Run("sql", func(t *testing.T) { statementsWork(t, s) })
}

func programWorks(t *testing.T, s *state.State, program recipe) {
	ctx, command, folder := deadline(t), program.command(t), t.TempDir()
	outputs, err := json.Marshal(s.Outputs)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "outputs.json"), outputs, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(arguments ...string) string {
		t.Helper()
		cmd := exec.CommandContext(ctx, command[0], append(slices.Clone(command[1:]), arguments...)...)
		cmd.Dir, cmd.Env = folder, append(os.Environ(), s.Keys.Environ()...)
		cmd.Env = append(cmd.Env, "AWS_ENDPOINT_URL="+s.Endpoint, "NODE_NO_WARNINGS=1")
		var problem bytes.Buffer
		cmd.Stderr = &problem
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s%s", arguments, err, out, &problem)
		}
		return strings.TrimSpace(string(out))
	}
	in := func(d time.Duration) string { return time.Now().UTC().Add(d).Format("2006-01-02T15:04:05") }
	moved, gone := program.name+"-moved", program.name+"-cancelled"
	f, err := newFollower(s, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	message := []string{string(contract.Webhook), s.Webhook("200"), "Hello", "It is \"time\"."}
	for _, id := range []string{moved, gone} {
		for _, want := range []string{"true", "false"} { // the second time it is there
			if got := run(append([]string{"create", id, in(time.Hour)}, message...)...); got != want {
				t.Errorf("create %s: %s, want %s", id, got, want)
			}
		}
	}
	made, err := s.Cloud().Schedule(ctx, s.Outputs[contract.OutputScheduleGroupName], moved)
	if err != nil || made.KMSKeyARN != s.Outputs[contract.OutputScheduleKeyARN] || made.Target.DeadLetters.ARN == "" {
		t.Errorf("the schedule is %+v, %v", made, err)
	}
	listed := func() (names []string) {
		if err := json.Unmarshal([]byte(run("list")), &names); err != nil {
			t.Fatal(err)
		}
		return names
	}
	if names := listed(); !slices.Contains(names, moved) || !slices.Contains(names, gone) {
		t.Errorf("list: %v", names)
	}
	for _, want := range []string{"true", "false"} {
		if got := run("cancel", gone); got != want {
			t.Errorf("cancel: %s, want %s", got, want)
		}
	}
	if got := run("move", gone, in(time.Hour)); got != "false" {
		t.Errorf("a cancelled message is moved: %s", got)
	}
	if got := run("move", moved, in(3*time.Second)); got != "true" {
		t.Errorf("move: %s", got)
	}
	f.expect(moved)
	if err := f.follow(ctx, expected); err != nil {
		t.Fatal(err)
	}
	checked(t, s, map[string]contract.Status{moved: contract.Sent})
	if names := listed(); slices.Contains(names, gone) {
		t.Errorf("list: %v", names)
	}
}

// statementsWork runs the documents' SQL, and has schedules follow after each change.
func statementsWork(t *testing.T, s *state.State) {
	ctx := deadline(t)
	text, err := os.ReadFile(filepath.Join(recipes, "messages.sql"))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := s.Database()
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	db, err := pool.Conn(ctx) // one session, as a backend's transaction has it
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var times []string
	for _, statement := range strings.Split(string(text), ";\n") {
		lines := slices.DeleteFunc(strings.Split(statement, "\n"), func(l string) bool { return strings.HasPrefix(l, "--") })
		statement = strings.TrimSpace(strings.Join(lines, "\n"))
		switch {
		case statement == "":
		case strings.HasPrefix(statement, "SELECT"):
			var found int
			if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM ("+statement+") found").Scan(&found); err != nil {
				t.Errorf("%s: %v", statement, err)
			}
		default:
			result, err := db.ExecContext(ctx, statement)
			if err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
			if n, _ := result.RowsAffected(); n != 1 && !strings.HasPrefix(statement, "START") && statement != "COMMIT" {
				t.Errorf("%s changes %d rows", statement, n)
			}
		}
		if statement == "COMMIT" || strings.HasPrefix(statement, "UPDATE") {
			times = append(times, scheduleAfter(ctx, t, s, "order-4711"))
		}
	}
	if len(times) != 3 || times[0] == times[1] || !strings.HasPrefix(times[1], "ENABLED") || !strings.HasPrefix(times[2], "DISABLED") {
		t.Errorf("after scheduling, moving and cancelling, the schedule is %q", times)
	}
	checked(t, s, map[string]contract.Status{"order-4711": contract.Cancelled})
}

// scheduleAfter is what the schedule of a row is after a round.
func scheduleAfter(ctx context.Context, t *testing.T, s *state.State, id string) string {
	t.Helper()
	if err := followRows(ctx, s, t.Output()); err != nil {
		t.Fatal(err)
	}
	there, err := s.Cloud().Schedule(ctx, s.Outputs[contract.OutputScheduleGroupName], contract.ScheduleName(id))
	if err != nil && !cloud.NotFound(err) {
		t.Fatal(err)
	}
	return there.State + " " + there.Expression
}
