package main

import (
	"bytes"
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

	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/tools"
	"scheduled-messages/lambda/contract"
)

// stack is the sandbox's stack.
const stack = "sandbox"

// project is the very program of the checkout, with a state and a configuration of the sandbox's own.
type project struct {
	module string // the checkout
	folder string // of state and configuration
	tools  tools.Tools
	config string // the stack's file
	out    io.Writer
	err    io.Writer
	url    string // of the endpoint
	keys   sigv4.Keys
}

// pace divides the AWS provider's own waits for AWS, which the local endpoint does not need. Plugins that were not
// built here do not know it.
const pace = "AWS_PROVIDER_PACE=20"

// variables lead Pulumi and every AWS client to the sandbox, and to nowhere else.
func (p *project) variables() []string {
	return append(p.keys.Environ(),
		"AWS_ENDPOINT_URL="+p.url, "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region, // the CLI's first version knows the second one
		"AWS_PROFILE=", "AWS_SESSION_TOKEN=", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true", pace,
		contract.EnvWebhookUnsafeAllowLoopback+"=true", // the program takes a host on this machine, where the receiver is
		// Without attribute files: one that a kill cuts off in mid-write makes the state unreadable.
		"PULUMI_BACKEND_URL=file://"+filepath.Join(p.folder, "state")+"?metadata=skip", "PULUMI_CONFIG_PASSPHRASE=sandbox",
		"PULUMI_STACK="+stack, "PULUMI_OPTION_CONFIG_FILE="+p.config, "PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_IGNORE_AMBIENT_PLUGINS=false", // those that were built are on PATH
	)
}

// prepare makes the stack. Pulumi writes a stack's file beside the project's, so the project's is copied into the
// folder for it.
func (p *project) prepare(ctx context.Context, webhookHost string) error {
	description, err := os.ReadFile(filepath.Join(p.module, "Pulumi.yaml"))
	if err != nil {
		return err
	}
	for _, folder := range []string{"state", "project"} {
		if err := os.MkdirAll(filepath.Join(p.folder, folder), 0o700); err != nil {
			return err
		}
	}
	p.config = filepath.Join(p.folder, "project", "Pulumi."+stack+".yaml")
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	if architecture == "" {
		return fmt.Errorf("Lambda has no processor like this machine's, %s", runtime.GOARCH)
	}
	// JSON is YAML.
	config, err := json.Marshal(map[string]any{"config": map[string]any{
		"aws:region":                             region,
		"scheduled-messages:lambdaArchitecture":  architecture,
		"scheduled-messages:channels":            []string{"sns", "webhook"},
		"scheduled-messages:webhookAllowedHosts": []string{webhookHost},
	}})
	if err != nil {
		return err
	}
	for path, content := range map[string][]byte{filepath.Join(p.folder, "project", "Pulumi.yaml"): description, p.config: config} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	command := p.command(ctx, "stack", "init", stack, "--no-select")
	command.Dir = filepath.Join(p.folder, "project")
	command.Stdout = nil
	return runCommand(command)
}

// pulumi runs a command with Pulumi's own progress.
func (p *project) pulumi(ctx context.Context, args ...string) error {
	return runCommand(p.command(ctx, args...))
}

// outputs are the stack's.
func (p *project) outputs(ctx context.Context) (map[string]string, error) {
	command := p.command(ctx, "stack", "output", "--json")
	var out bytes.Buffer
	command.Stdout = &out
	if err := runCommand(command); err != nil {
		return nil, err
	}
	all := map[string]string{}
	return all, json.Unmarshal(out.Bytes(), &all)
}

// resources is how many resources the stack's state holds.
func (p *project) resources(ctx context.Context) (int, error) {
	command := p.command(ctx, "stack", "export")
	var out bytes.Buffer
	command.Stdout = &out
	if err := runCommand(command); err != nil {
		return 0, err
	}
	var state struct {
		Deployment struct{ Resources []struct{ Type string } }
	}
	err := json.Unmarshal(out.Bytes(), &state)
	return len(state.Deployment.Resources), err
}

func (p *project) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, filepath.Join(p.tools.Bin, "pulumi"), args...)
	command.Dir = p.module
	command.Env = append(os.Environ(), p.variables()...)
	command.Env = append(command.Env, "PATH="+p.tools.Path()+string(os.PathListSeparator)+os.Getenv("PATH"))
	command.Stdout, command.Stderr = p.out, p.err
	command.SysProcAttr = ownGroup()
	// What it is in the middle of is thrown away with the endpoint, so it is not waited for.
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = 5 * time.Second // a plugin that goes on holds the output
	return command
}

// runCommand runs a command, and says in its error which.
func runCommand(command *exec.Cmd) error {
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(command.Path), strings.Join(command.Args[1:], " "), err)
	}
	return nil
}
