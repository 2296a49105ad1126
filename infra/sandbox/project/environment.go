package project

import (
	"os"
	"path/filepath"

	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/lambda/contract"
)

// Pace is the variable that divides the AWS provider's own waits for AWS, which a local one does not need. Plugins that were
// not built here do not know it.
const Pace = "AWS_PROVIDER_PACE=20"

// The files in a sandbox's folder for shells that use it.
const (
	ExportsFile = "env.sh" // what a shell reads
	BinFolder   = "bin"    // the AWS CLI, led to the sandbox
)

// DefaultFolder is a sandbox's folder in a checkout.
func DefaultFolder(checkout string) string { return filepath.Join(checkout, ".state", "sandbox") }

// variables lead Pulumi and every AWS client to the sandbox, and to nowhere else.
func (p *Project) variables() []string {
	return append(environment.AWS(p.URL, p.Keys),
		Pace,
		contract.EnvWebhookUnsafeAllowLoopback+"=true", // the program takes a host on this machine, where the receiver is
		// Without attribute files: one that a kill cuts off in mid-write makes the state unreadable.
		"PULUMI_BACKEND_URL=file://"+filepath.Join(p.Folder, "state")+"?metadata=skip",
		"PULUMI_CONFIG_PASSPHRASE=sandbox",
		"PULUMI_STACK="+p.Name(),
		"PULUMI_OPTION_CONFIG_FILE="+p.config(),
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_IGNORE_AMBIENT_PLUGINS=false", // those that were built are on PATH
	)
}

// path is PATH for a program that uses the sandbox.
func (p *Project) path() string {
	return filepath.Join(p.Folder, BinFolder) + string(os.PathListSeparator) + p.Tools.Path()
}

// WriteExports writes the file that a shell reads to use the sandbox, and the AWS CLI that is led there.
func (p *Project) WriteExports() error {
	exports, bin := filepath.Join(p.Folder, ExportsFile), filepath.Join(p.Folder, BinFolder)
	if err := os.MkdirAll(bin, 0o700); err != nil {
		return err
	}
	text := environment.Exports(append(p.variables(), "AWS_PAGER=")) +
		"export PATH=" + environment.Quote(p.path()) + ":\"$PATH\"\n"
	if err := os.WriteFile(exports, []byte(text), 0o600); err != nil { // it holds keys
		return err
	}
	return os.WriteFile(filepath.Join(bin, "aws"), []byte(environment.CLI(bin, exports)), 0o700)
}
