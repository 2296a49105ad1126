package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/migrator/migrations"
)

// deployment is the compiled migrator with what AWS gives it: the Runtime API and the extension with its secrets.
type deployment struct {
	api       *lambdaruntime.API
	extension *lambdaruntime.Extension
	binary    string
	printed   *lambdaruntime.Output
}

func deploy(t testing.TB) *deployment {
	t.Helper()
	api, extension := lambdatest.Start(t)
	binary := lambdatest.Build(t, ".")
	d := &deployment{api: api, extension: extension, binary: binary, printed: &lambdaruntime.Output{}}
	for arn, value := range known() {
		d.put(t, arn, value)
	}
	return d
}

func (d *deployment) put(t testing.TB, arn string, value contract.DatabaseSecret) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	d.extension.Put(arn, string(text))
}

// start runs the migrator against a server, with some of the environment changed.
func (d *deployment) start(t testing.TB, s *mysqltest.Server, changed map[string]string) *lambdaruntime.Process {
	t.Helper()
	variables := environment(s)
	variables["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"] = d.extension.Port()
	variables["SSL_CERT_FILE"] = s.CAFile
	for name, value := range changed {
		variables[name] = value
	}
	var environ []string
	for name, value := range variables {
		environ = append(environ, name+"="+value)
	}
	p, err := d.api.Start(d.binary, environ, d.printed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// run invokes a migrator once, in an environment of its own.
func (d *deployment) run(t testing.TB, s *mysqltest.Server) (answer, *lambdaruntime.FunctionError) {
	t.Helper()
	p := d.start(t, s, nil)
	defer p.Stop()
	return invoke(p, time.Minute)
}

func invoke(p *lambdaruntime.Process, timeout time.Duration) (a answer, failure *lambdaruntime.FunctionError) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	got, err := p.Invoke(ctx, []byte(`{"migrations":"any"}`), timeout)
	if err == nil && got.Error == nil {
		err = json.Unmarshal(got.Payload, &a)
	}
	if err != nil {
		return a, &lambdaruntime.FunctionError{Type: "Test", Message: err.Error()}
	}
	return a, got.Error
}

// fresh empties the server: the database as Aurora makes it, and no user.
func fresh(t testing.TB, s *mysqltest.Server) {
	t.Helper()
	s.Exec(t, "DROP DATABASE IF EXISTS messages", "CREATE DATABASE messages", "DROP USER IF EXISTS app@'%'")
}

// checkMigrated sees whether the database is as one whole run of the migrator leaves it.
func checkMigrated(t testing.TB, s *mysqltest.Server, password string) {
	t.Helper()
	app := s.Open(t, "app", password, "messages")
	defer app.Close()
	if _, err := app.Exec("INSERT INTO messages (id, status) VALUES ('m', 'SENT')"); err != nil {
		t.Error(err)
	}
	var versions string
	admin := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "messages")
	defer admin.Close()
	err := admin.QueryRow("SELECT GROUP_CONCAT(version_id ORDER BY version_id) FROM schema_migrations").Scan(&versions)
	want := "0"
	for i := range migrationFiles(t) {
		want += fmt.Sprintf(",%d", i+1)
	}
	if err != nil || versions != want {
		t.Errorf("the versions are %q, %v", versions, err)
	}
	for _, statement := range []string{"DROP TABLE messages", "DELETE FROM messages", "CREATE TABLE other (n INT)",
		"SELECT * FROM schema_migrations", "INSERT INTO schema_migrations (version_id, is_applied) VALUES (9, 1)"} {
		if _, err := app.Exec(statement); err == nil {
			t.Errorf("%s was not refused", statement)
		}
	}
}

// migrationFiles are the names of the migrations that are deployed.
func migrationFiles(t testing.TB) []string {
	t.Helper()
	names, err := fs.Glob(migrations.Files(), "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %q, %v", names, err)
	}
	return names
}

// checkLog sees whether all that was printed is JSON lines without a secret.
func checkLog(t testing.TB, printed string) {
	t.Helper()
	for line := range strings.Lines(printed) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
	for _, secret := range []string{"Unmistakable", mysqltest.AdminPassword, "SecretString"} {
		if strings.Contains(printed, secret) {
			t.Errorf("%q was printed", secret)
		}
	}
	if !strings.Contains(printed, `"requestId":`) || !strings.Contains(printed, `"durationMs":`) {
		t.Errorf("no line of an invocation in %s", printed)
	}
}
