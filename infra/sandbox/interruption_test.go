package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/process"
)

// TestTheOneCommandShowsEverythingAndLeavesNothing runs the demonstration as a newcomer does, without MariaDB.
func TestTheOneCommandShowsEverythingAndLeavesNothing(t *testing.T) {
	p := launch(t, "-embedded")
	p.comes("AWS at")
	was := p.state()
	<-p.exited
	if p.err != nil {
		t.Fatal(p.err)
	}
	for _, words := range []string{
		"welcome    updater: SENT (row inserted)", "patience   sender, attempt 3: SENT", "refused    updater: FAILED (row inserted)",
		"moved      updater: SENT (row updated)", "cancelled  CANCELLED", "Dead-letter messages: 0 undelivered, 0 unwritten", "everything is gone",
	} {
		if !strings.Contains(p.output(), words) {
			t.Errorf("not printed: %s", words)
		}
	}
	// What it is about stands at the end once more, and Pulumi's hundreds of lines are not among it.
	lines := strings.Split(strings.TrimSpace(p.output()), "\n")
	var end string
	for i, line := range lines {
		if strings.HasPrefix(line, "Once more") {
			end = strings.Join(lines[i:], "\n")
		}
	}
	if strings.Count(end, "\n") > 45 || !strings.Contains(end, "refused    updater: FAILED (row inserted)") || !strings.Contains(end, "  welcome    SENT") {
		t.Errorf("at the end stands\n%s", end)
	}
	if len(lines) > 130 || // five messages, twice, and a line every ten seconds that Pulumi works; its own lines are hundreds
		strings.Contains(p.output(), "pulumi stack rm") {
		t.Errorf("it prints %d lines", len(lines))
	}
	p.isGone(was)
}

// TestAnInterruptionLeavesNothingBehind interrupts at several stages of coming up.
func TestAnInterruptionLeavesNothingBehind(t *testing.T) {
	for _, stage := range []string{"behind haproxy at|without a pool", "AWS at", "updating", "database-writer creating"} {
		t.Run(strings.Fields(stage)[0], func(t *testing.T) {
			p := launch(t, "-v")
			p.comes(stage)
			was := p.state()
			p.interrupt()
			p.isGone(was)
			if !strings.Contains(p.output(), "sandbox: interrupted") || p.command.ProcessState.ExitCode() != 1 {
				t.Errorf("it ended with %v", p.err)
			}
		})
	}
}

// kill kills those processes of the sandbox whose command line holds a word.
func (p *launched) kill(word string) {
	p.t.Helper()
	pids, err := process.Owned(process.SandboxVariable, p.folder)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, pid := range pids {
		if line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline"); strings.Contains(string(line), word) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // a wrapper of it may be gone with it
		}
	}
}

// comes waits until the command has printed one of the words.
func (p *launched) comes(words string) {
	p.t.Helper()
	p.until(words, func() bool {
		for word := range strings.SplitSeq(words, "|") {
			if strings.Contains(p.output(), word) {
				return true
			}
		}
		return false
	})
}

func TestDownClearsAwayWhatAKilledSandboxLeft(t *testing.T) {
	p := launch(t, "-v")
	p.comes("updating")
	was := p.state()
	p.kill(cleaner) // which would do it otherwise
	if err := p.command.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-p.exited
	p.command = exec.Command(p.command.Path, "down", "-folder", p.folder)
	out, err := p.command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "the sandbox is gone") {
		t.Errorf("got %v: %s", err, out)
	}
	p.isGone(was)
}

// TestAKilledSandboxLeavesNothing kills it while its database, its AWS and Pulumi run.
func TestAKilledSandboxLeavesNothing(t *testing.T) {
	p := launch(t)
	p.comes("pulumi up")
	was := p.state()
	if err := p.command.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-p.exited
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if pids, err := process.Owned(process.SandboxVariable, p.folder); err == nil && len(pids) == 0 {
			break
		}
	}
	p.isGone(was)
}

func TestASecondSandboxInTheSameFolderIsRefused(t *testing.T) {
	p := launch(t)
	p.comes("behind haproxy at|without a pool")
	out, err := exec.Command(p.command.Path, "up", "-as-is", "-folder", p.folder).CombinedOutput()
	for _, hint := range []string{"one is up already", "`go run . send -folder '" + p.folder + "'`", "`go run . down -folder '" + p.folder + "'`"} {
		if err == nil || !strings.Contains(string(out), hint) {
			t.Errorf("not printed: %s: %v: %s", hint, err, out)
		}
	}
	if _, err := exec.Command(p.command.Path, "status", "-folder", p.folder).CombinedOutput(); err == nil {
		t.Error("status of a sandbox that is being set up")
	}
	p.interrupt()
}

// TestASandboxWhoseAWSEndsSaysWhyAndLeavesNothing kills moto in the middle of Pulumi's work, which would go on trying.
func TestASandboxWhoseAWSEndsSaysWhyAndLeavesNothing(t *testing.T) {
	p := launch(t, "-v")
	p.comes("updating")
	was := p.state()
	killed := time.Now()
	p.kill("moto_server")
	<-p.exited
	if took := time.Since(killed); p.err == nil || !strings.Contains(p.output(), "the local AWS has ended: moto_server: signal: killed") || took > time.Minute {
		t.Errorf("after %s it ended with %v", took, p.err)
	}
	p.isGone(was)
}

func TestAFolderOfSomebodyElsesIsLeftAlone(t *testing.T) {
	folder := t.TempDir()
	marker := filepath.Join(folder, "marker")
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"up", "-as-is"}, {"down"}} {
		out, err := exec.Command(os.Args[0], append(command, "-folder", folder)...).CombinedOutput()
		if command[0] == "up" && (err == nil || !strings.Contains(string(out), "holds what is no sandbox's")) {
			t.Errorf("got %v: %s", err, out)
		}
		if _, err := os.Stat(marker); err != nil {
			t.Errorf("%s: %v", command, err)
		}
	}
}
