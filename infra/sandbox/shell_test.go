package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/filetest"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/project"
	"scheduled-messages/infra/sandbox/state"
)

// environmentsAreClean looks at every process of a sandbox, the deployed functions' too.
func environmentsAreClean(t *testing.T, p *launched) {
	pids, err := process.Owned(process.SandboxVariable, p.folder)
	if err != nil || len(pids) < 3 { // moto, the data plane and a database, unless that is the embedded one
		t.Fatalf("there are %d processes: %v", len(pids), err)
	}
	for _, pid := range append(pids, inside(p.folder)...) {
		environ, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ") // it may have ended
		for _, variable := range bytes.Split(environ, []byte{0}) {
			if bytes.Contains(variable, []byte("hostile")) || bytes.Contains(bytes.ToUpper(variable), []byte("_PROXY=")) {
				line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
				t.Errorf("%q has %s", line, variable)
			}
		}
	}
}

// inShell runs commands in a shell of the hostile user's that has read the exports.
func inShell(t *testing.T, p *launched, path, commands string) string {
	t.Helper()
	command := exec.CommandContext(deadline(t), "sh", "-euc", `. "$0"; `+commands, filepath.Join(p.folder, project.ExportsFile))
	command.Dir = filepath.Join("..", "..")
	command.Env = append(append(os.Environ(), hostileEnvironment...), "PATH="+path)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", commands, err, out)
	}
	return string(out)
}

// shellReachesTheSandbox asks with Pulumi, with every AWS CLI of this machine and with the command's own subcommands.
func shellReachesTheSandbox(t *testing.T, p *launched, s *state.State) {
	var outputs map[string]string
	if err := json.Unmarshal([]byte(inShell(t, p, os.Getenv("PATH"), "pulumi stack output --json")), &outputs); err != nil {
		t.Fatal(err)
	}
	if outputs["senderArn"] == "" || outputs["senderArn"] != s.Outputs["senderArn"] {
		t.Errorf("Pulumi knows the outputs %v", outputs)
	}
	for installed, folder := range filetest.Installed("aws") {
		out := inShell(t, p, folder+":"+os.Getenv("PATH"), "aws sqs list-queues; aws rds describe-db-clusters")
		if !strings.Contains(out, s.Outputs["undeliveredQueueUrl"]) || !strings.Contains(out, s.Outputs["clusterEndpoint"]) {
			t.Errorf("%s sees no queue or no cluster: %s", installed, out)
		}
	}
}

// documentedNames are the ways in which the documents' commands find the stack's name, and its cluster's.
var documentedNames = regexp.MustCompile(`\$\(pulumi stack output statusName \| [^)]*\)|\$\(aws rds describe-db-clusters \\\n[^\n]*\)`)

// documentsFindNames runs them: what they print is the cluster's identifier, here as on AWS.
func documentsFindNames(t *testing.T, p *launched, s *state.State) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	ways := map[string]bool{}
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("output clusterEndpoint | cut")) {
			t.Errorf("%s cuts a host, which is an address here, at its dots", page)
		}
		for _, way := range documentedNames.FindAllString(string(text), -1) {
			ways[way] = true
		}
	}
	if len(ways) < 2 {
		t.Errorf("the documents have the ways %v", ways)
	}
	want, _ := strings.CutSuffix(s.Outputs["statusName"], "-status")
	for way := range ways {
		if got := inShell(t, p, os.Getenv("PATH"), "echo "+way); strings.TrimSpace(got) != want {
			t.Errorf("%s is %q, not %q", way, got, want)
		}
	}
}
