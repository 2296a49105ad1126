package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/process/processtest"
	"scheduled-messages/infra/sandbox/state"
)

// TestMain lets the test's binary be the command itself, as which it is started by the tests and by the sandbox.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		main()
		return
	}
	processtest.Command(m, "sandbox", main)
}

func TestTheCommandLine(t *testing.T) { processtest.Scripts(t) }

// patience is for what is sure to come, on a machine that may be slow.
const patience = 10 * time.Minute

// hostileEnvironment is what a user may have set, each of which leads an AWS client, Pulumi or moto elsewhere. Every sandbox of
// these tests is brought up in it.
var hostileEnvironment = []string{
	"AWS_PROFILE=hostile", "AWS_ENDPOINT_URL=http://hostile", "AWS_ENDPOINT_URL_SQS=http://hostile", "AWS_ENDPOINT_URL_S3=http://hostile",
	"AWS_CA_BUNDLE=/hostile", "AWS_CONFIG_FILE=/hostile", "AWS_SHARED_CREDENTIALS_FILE=/hostile", "AWS_SESSION_TOKEN=hostile",
	"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "AWS_USE_FIPS_ENDPOINT=true", "AWS_WEB_IDENTITY_TOKEN_FILE=/hostile",
	"AWS_ROLE_ARN=arn:aws:iam::123456789012:role/hostile", "AWS_REGION=hostile-1", "AWS_DEFAULT_REGION=hostile-1",
	"PULUMI_BACKEND_URL=s3://hostile", "PULUMI_STACK=hostile", "PULUMI_CONFIG_PASSPHRASE_FILE=/hostile", "PULUMI_ACCESS_TOKEN=hostile",
	"PULUMI_OPTION_TARGET=hostile", "BOTO_CONFIG=/hostile", "MOTO_ACCOUNT_ID=hostile", "INITIAL_NO_AUTH_ACTION_COUNT=0",
	"HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "http_proxy=http://127.0.0.1:9", "ALL_PROXY=http://127.0.0.1:9",
}

// launched is the command, running.
type launched struct {
	t       *testing.T
	folder  string
	command *exec.Cmd
	exited  chan struct{}
	err     error
	out     lambdaruntime.Output
}

func (p *launched) output() string { return p.out.String() }

// launch starts the command in a folder of its own, and skips the test where its tools are missing. The toolchain is
// never built for a test.
func launch(t *testing.T, args ...string) *launched {
	t.Helper()
	for _, tool := range []string{"pulumi", "moto_server"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs " + tool + " on PATH: go run ./infra/sandbox tools")
		}
	}
	if testing.Short() {
		t.Skip("takes minutes: not with -short")
	}
	p := &launched{t: t, folder: filepath.Join(t.TempDir(), "sandbox"), exited: make(chan struct{})}
	p.command = exec.Command(os.Args[0], append(args, "-as-is", "-folder", p.folder)...)
	p.command.Env = append(os.Environ(), hostileEnvironment...)
	p.command.Stdout, p.command.Stderr, p.command.SysProcAttr = &p.out, &p.out, process.OwnGroup()
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.command.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = p.command.Process.Kill()
		<-p.exited
		if s, err := state.Read(p.folder); err != nil || state.Remove(p.folder, s) != nil {
			t.Error("something of the sandbox is left")
		}
		if t.Failed() {
			t.Log(p.output())
		}
	})
	return p
}

// until waits until the command has come so far.
func (p *launched) until(what string, is func() bool) {
	p.t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(20 * time.Millisecond) {
		select {
		case <-p.exited:
			p.t.Fatalf("it ended before %s: %v", what, p.err)
		default:
		}
		if time.Now().After(end) {
			p.t.Fatalf("never: %s", what)
		}
	}
}

// state is what the sandbox says of itself.
func (p *launched) state() *state.State {
	p.t.Helper()
	s, err := state.Read(p.folder)
	if err != nil {
		p.t.Fatal(err)
	}
	if s == nil {
		s = &state.State{}
	}
	return s
}

// running is the state of a sandbox whose stack is up.
func (p *launched) running() *state.State {
	p.t.Helper()
	s, err := state.Running(deadline(p.t), p.folder, "")
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// interrupt ends the command as Ctrl-C does.
func (p *launched) interrupt() {
	p.t.Helper()
	if err := p.command.Process.Signal(syscall.SIGINT); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.exited:
	case <-time.After(patience):
		p.t.Fatal("it goes on after an interruption")
	}
}

// isGone checks that nothing is left: no process, no listener, no file.
func (p *launched) isGone(was *state.State) {
	p.t.Helper()
	pids, err := process.Owned(process.SandboxVariable, p.folder)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, pid := range append(pids, inside(p.folder)...) {
		line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		p.t.Errorf("process %d is left: %s", pid, bytes.ReplaceAll(line, []byte{0}, []byte(" ")))
	}
	for _, path := range []string{p.folder, was.Scratch} {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			p.t.Errorf("%s is left: %v", path, err)
		}
	}
	addresses := []string{strings.TrimPrefix(was.Endpoint, "http://"), was.Receiver}
	for host, login := range was.Databases {
		addresses = append(addresses, net.JoinHostPort(host, "3306"), net.JoinHostPort(host, strconv.Itoa(login.Port)))
	}
	for _, address := range addresses {
		if address == "" {
			continue
		}
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			p.t.Errorf("somebody listens at %s", address)
		}
	}
}

// inside are the processes whose program is in a folder: deployed functions, whose environment is their own.
func inside(folder string) (pids []int) {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, folder) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(link)))
			pids = append(pids, pid)
		}
	}
	return pids
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}
