package external_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/internal/infratest"
)

// clusterName is the name that the rig's HAProxy looks up, and that the cluster's certificate holds.
const clusterName = "cluster.db.example.com"

// connecting is a machine of a client's, on which the output externalCommand runs.
type connecting struct {
	t       *testing.T
	folder  string // of the programs that stand in for the real ones
	scratch string
	c       external.Connection
}

// newConnecting makes one whose AWS CLI and curl answer with the server's password and authority.
func newConnecting(t *testing.T, listen, authority string) *connecting {
	t.Helper()
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	m := &connecting{t: t, folder: t.TempDir(), scratch: t.TempDir(), c: external.Connection{
		Region: "us-east-1", Secret: "arn:aws:secretsmanager:us-east-1:111122223333:secret:app", Endpoint: host, Cluster: clusterName,
		Port: number, User: database.AppUser, Database: "information_schema"}}
	pem, err := os.ReadFile(authority)
	if err != nil {
		t.Fatal(err)
	}
	bundle, secret := filepath.Join(m.folder, "bundle"), filepath.Join(m.folder, "secret")
	if err := os.WriteFile(bundle, pem, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret, []byte(`{"dbname": "messages", "password": "`+infratest.Password+`", "port": 3306, "username": "app"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	m.program("aws", `[ "$2 $4 $6" = "get-secret-value us-east-1 `+m.c.Secret+`" ] && exec cat `+secret)
	m.program("curl", `[ "$1" = -sSf ] && exec cp `+bundle+` "$3"`)
	return m
}

// program puts a shell script in the place of a program.
func (m *connecting) program(name, text string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.folder, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

// command is the output, run as the documentation has it.
func (m *connecting) command(words ...string) *exec.Cmd {
	m.t.Helper()
	script, err := m.c.Script()
	if err != nil {
		m.t.Fatal(err)
	}
	path := filepath.Join(m.folder, "connect.sh")
	if err := os.WriteFile(path, []byte(script), 0o644); err != nil {
		m.t.Fatal(err)
	}
	command := exec.Command("sh", append([]string{path}, words...)...)
	command.Env = append(os.Environ(), "PATH="+m.folder+":"+os.Getenv("PATH"), "TMPDIR="+m.scratch)
	return command
}

// leavesNothing fails when a file of a session is still there.
func (m *connecting) leavesNothing() {
	m.t.Helper()
	if left, err := filepath.Glob(filepath.Join(m.scratch, "*")); err != nil || len(left) > 0 {
		m.t.Errorf("left behind: %v, %v", left, err)
	}
}
