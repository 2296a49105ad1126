package environment

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/filetest"
	"scheduled-messages/infra/sandbox/sigv4"
)

// hostile is what a user may have set, each of which leads an AWS client, Pulumi or moto elsewhere.
var hostile = []string{
	"AWS_PROFILE=nobody", "AWS_ENDPOINT_URL=http://elsewhere", "AWS_ENDPOINT_URL_SQS=http://elsewhere", "AWS_CA_BUNDLE=/nowhere",
	"AWS_CONFIG_FILE=/nowhere", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "AWS_SESSION_TOKEN=real", "AWS_USE_FIPS_ENDPOINT=true",
	"AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://elsewhere", "BOTO_CONFIG=/nowhere",
	"PULUMI_BACKEND_URL=s3://elsewhere", "PULUMI_STACK=prod", "PULUMI_OPTION_TARGET=x", "TF_LOG=trace", "MOTO_ACCOUNT_ID=1",
	"INITIAL_NO_AUTH_ACTION_COUNT=0", "HTTP_PROXY=http://elsewhere", "https_proxy=http://elsewhere", "ALL_PROXY=http://elsewhere",
}

func TestALocalProgramKeepsNothingThatLeadsItElsewhere(t *testing.T) {
	harmless := []string{"PATH=/bin", "HOME=/root", "PULUMI_HOME=/plugins", "GOPROXY=off"}
	if got := Local(append(slices.Clone(hostile), harmless...)); !slices.Equal(got, harmless) {
		t.Errorf("it keeps %q", got)
	}
}

func TestABuildKeepsItsProxiesButAsksThemNothingOfThisMachine(t *testing.T) {
	got := Building(append(slices.Clone(hostile), "NO_PROXY=.example.com"))
	want := []string{
		"HTTP_PROXY=http://elsewhere", "https_proxy=http://elsewhere", "ALL_PROXY=http://elsewhere",
		"NO_PROXY=.example.com,127.0.0.1,localhost", "no_proxy=.example.com,127.0.0.1,localhost",
	}
	if !slices.Equal(got, want) {
		t.Errorf("it keeps %q", got)
	}
}

// files are a folder's bin/aws and env.sh, for an endpoint at a URL, in a folder that needs quotes.
func files(t *testing.T, url string) (bin, exports string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "it's a folder")
	bin, exports = filepath.Join(folder, "bin"), filepath.Join(folder, "env.sh")
	if err := os.MkdirAll(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	variables := append(AWS(url, sigv4.Keys{ID: "id", Secret: "it's"}), "PULUMI_STACK=sandbox")
	for path, text := range map[string]string{
		exports:                   Exports(variables) + "export PATH=" + Quote(bin) + ":\"$PATH\"\n",
		filepath.Join(bin, "aws"): CLI(bin, exports),
	} {
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return bin, exports
}

func TestAShellThatReadsTheExportsHasNothingElse(t *testing.T) {
	_, exports := files(t, "http://127.0.0.1:1")
	for _, shell := range []string{"sh", "bash", "zsh", "dash", "busybox"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		args := []string{"-euc", `. "$0" && . "$0" && env`, exports}
		if shell == "busybox" {
			args = append([]string{"sh"}, args...)
		}
		command := exec.Command(path, args...)
		command.Env = append(slices.Clone(hostile), "PATH="+os.Getenv("PATH"), "PULUMI_HOME=/plugins", "NO_PROXY=.example.com")
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", shell, err, out)
		}
		var got []string
		for line := range strings.Lines(string(out)) {
			name, _, _ := strings.Cut(line, "=")
			if strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "PULUMI_") || strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "BOTO_") {
				got = append(got, strings.TrimSpace(line))
			}
		}
		want := append(AWS("http://127.0.0.1:1", sigv4.Keys{ID: "id", Secret: "it's"}), "PULUMI_STACK=sandbox", "PULUMI_HOME=/plugins")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s has\n%q, not\n%q", shell, got, want)
		}
		if !strings.Contains(string(out), "no_proxy=.example.com,127.0.0.1,localhost") {
			t.Errorf("%s asks a proxy for this machine:\n%s", shell, out)
		}
	}
}

// TestEveryCLIGoesToTheSandbox has the CLI's script run a program that prints what it gets.
func TestEveryCLIGoesToTheSandbox(t *testing.T) {
	bin, _ := files(t, "http://127.0.0.1:1")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "aws"), []byte("#!/bin/sh\nprintf '%s|' \"$@\"\nenv\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(filepath.Join(bin, "aws"), "sqs", "list-queues", "two words")
	command.Env = append(slices.Clone(hostile), "PATH="+bin+":"+folder+":/usr/bin:/bin")
	out, err := command.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "--endpoint-url|http://127.0.0.1:1|sqs|list-queues|two words|") {
		t.Errorf("%v: %s", err, out)
	}
	for _, leak := range []string{"AWS_PROFILE", "AWS_ENDPOINT_URL_SQS", "=real"} {
		if strings.Contains(string(out), leak) {
			t.Errorf("it gets %s:\n%s", leak, out)
		}
	}
}

func TestWithoutAnAWSCLIOneLineSaysSo(t *testing.T) {
	bin, _ := files(t, "http://127.0.0.1:1")
	command := exec.Command("/bin/sh", filepath.Join(bin, "aws"), "sqs", "list-queues")
	tools := t.TempDir()
	for _, name := range []string{"env", "sed"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(tools, name)); err != nil {
			t.Fatal(err)
		}
	}
	command.Env = []string{"PATH=" + bin + ":" + tools}
	out, err := command.CombinedOutput()
	if err == nil || string(out) != "no AWS CLI is on PATH (Debian: apt-get install awscli)\n" {
		t.Errorf("%v: %s", err, out)
	}
}

// TestTheInstalledCLIsAskNobodyElse lets every AWS CLI of this machine ask for queues, whose address version 1 makes up itself.
func TestTheInstalledCLIsAskNobodyElse(t *testing.T) {
	requests := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r.Header.Get("Authorization")
		w.WriteHeader(http.StatusForbidden) // which no CLI asks again after
	}))
	t.Cleanup(server.Close)
	bin, _ := files(t, server.URL)
	programs := filetest.Installed("aws")
	for installed, folder := range programs {
		command := exec.Command(filepath.Join(bin, "aws"), "sqs", "list-queues")
		command.Env = append(append(os.Environ(), hostile...), "PATH="+bin+":"+folder+":"+os.Getenv("PATH"))
		out, err := command.CombinedOutput()
		select {
		case by := <-requests:
			if !strings.Contains(by, "Credential=id/") {
				t.Errorf("%s signs as %s", installed, by)
			}
		default:
			t.Errorf("%s asked somebody else: %v\n%s", installed, err, out)
		}
	}
	if len(programs) == 0 {
		t.Skip("needs an AWS CLI on PATH (Debian: apt-get install awscli)")
	}
}
