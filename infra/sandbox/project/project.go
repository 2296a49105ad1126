// Package project is the program of the checkout as the sandbox deploys it.
package project

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/tools"
)

// Stack is the name of the sandbox's stack.
const Stack = "sandbox"

// Project is the very program of the checkout, with a state and a configuration of the sandbox's own.
type Project struct {
	Checkout string // its root
	Folder   string // of state and configuration
	Tools    tools.Tools
	URL      string // of the endpoint
	Keys     sigv4.Keys
	Stack    string        // "" is the sandbox's own
	Environ  []string      // of its user, with the proxies that a build may need; nil is this process's
	Limit    time.Duration // of a command; 0 is half an hour, for a slow machine that compiles everything anew
	Out, Err io.Writer
	Verbose  bool // prints all that Pulumi prints; otherwise it goes to a file, with progress on Out
}

// Name is the stack's.
func (p *Project) Name() string { return cmp.Or(p.Stack, Stack) }

// config is the file with the stack's configuration, which is every stack's of the sandbox.
func (p *Project) config() string {
	return filepath.Join(p.Folder, "project", "Pulumi."+Stack+".yaml")
}

// Prepare makes the stack. Pulumi writes a stack's file next to the project's, so the project's is copied into the
// folder for it.
func (p *Project) Prepare(ctx context.Context, webhookHost string) error {
	description, err := os.ReadFile(filepath.Join(p.Checkout, "Pulumi.yaml"))
	if err != nil {
		return err
	}
	for _, folder := range []string{"state", "project"} {
		if err := os.MkdirAll(filepath.Join(p.Folder, folder), 0o700); err != nil {
			return err
		}
	}
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	if architecture == "" {
		return fmt.Errorf("no processor of Lambda is like this machine's, %s", runtime.GOARCH)
	}
	// JSON is YAML.
	config, err := json.Marshal(map[string]any{"config": map[string]any{
		"aws:region":                             environment.Region,
		"scheduled-messages:lambdaArchitecture":  architecture,
		"scheduled-messages:channels":            []string{"sns", "webhook"},
		"scheduled-messages:webhookAllowedHosts": []string{webhookHost},
		"scheduled-messages:outbox":              true,
	}})
	if err != nil {
		return err
	}
	for path, content := range map[string][]byte{
		filepath.Join(p.Folder, "project", "Pulumi.yaml"): description,
		p.config(): config,
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	command := p.command(ctx, "stack", "init", Stack, "--no-select")
	command.Dir = filepath.Join(p.Folder, "project")
	command.Stdout = nil
	return p.runCommand(command)
}

// Outputs are the stack's.
func (p *Project) Outputs(ctx context.Context) (map[string]string, error) {
	command := p.command(ctx, "stack", "output", "--json")
	var out bytes.Buffer
	command.Stdout = &out
	if err := p.runCommand(command); err != nil {
		return nil, err
	}
	all := map[string]string{}
	err := json.Unmarshal(out.Bytes(), &all)
	return all, err
}

// Resources is how many resources the stack's state holds.
func (p *Project) Resources(ctx context.Context) (int, error) {
	command := p.command(ctx, "stack", "export")
	var out bytes.Buffer
	command.Stdout = &out
	if err := p.runCommand(command); err != nil {
		return 0, err
	}
	var exported struct {
		Deployment struct{ Resources []struct{ Type string } }
	}
	err := json.Unmarshal(out.Bytes(), &exported)
	return len(exported.Deployment.Resources), err
}

func (p *Project) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, filepath.Join(p.Tools.Bin, "pulumi"), append(args, "--non-interactive")...)
	command.Dir = p.Checkout
	environ := p.Environ
	if environ == nil {
		environ = os.Environ()
	}
	command.Env = append(environment.Building(environ), p.variables()...)
	command.Env = append(command.Env, "PATH="+p.path()+string(os.PathListSeparator)+os.Getenv("PATH"),
		process.SandboxVariable+"="+p.Folder, "TMPDIR="+os.TempDir())
	command.Stdout, command.Stderr = p.Out, p.Err
	command.SysProcAttr = process.OwnGroup()
	// What it is in the middle of is thrown away with the endpoint, so it is not waited for.
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = 5 * time.Second // a plugin that goes on holds the output
	return command
}

// runCommand runs a command, and says in its error which.
func (p *Project) runCommand(command *exec.Cmd) error {
	limit := cmp.Or(p.Limit, 30*time.Minute)
	timer := time.AfterFunc(limit, func() { _ = command.Cancel() }) // which may be in vain
	err := command.Run()
	if ended := !timer.Stop(); ended && err != nil {
		err = fmt.Errorf("ended after %s: %w", limit, err)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(command.Path), strings.Join(command.Args[1:], " "), err)
	}
	return nil
}
