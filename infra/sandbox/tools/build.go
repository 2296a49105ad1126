package tools

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"scheduled-messages/infra/sandbox/process"
)

// stopLimit is what a command gets to end in after an interrupt.
const stopLimit = 2 * time.Second

// buildEnvironment keeps the user's own settings out of the builds.
var buildEnvironment = []string{"GOFLAGS=-buildvcs=false", "CGO_ENABLED=0", "GOWORK=off", "GOOS=", "GOARCH="}

// hash is one of the paths, names and contents of files and of all files below folders, given relative to the checkout.
func (k *kit) hash(paths ...string) (string, error) {
	sum := sha256.New()
	for _, path := range paths {
		err := filepath.WalkDir(filepath.Join(k.root, path), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(k.root, path)
			fmt.Fprintf(sum, "%s %d\n%s", name, len(content), content)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// buildCLI builds the CLI, which is the module's tool, and its language host into a folder.
func (k *kit) buildCLI(ctx context.Context, folder string) error {
	source := filepath.Join(k.root, "infra/sandbox/toolchain/cli")
	version, err := required(filepath.Join(source, "go.mod"), "github.com/pulumi/pulumi/pkg/v3")
	if err != nil {
		return err
	}
	flags := "-s -w -X main.version=" + version + " -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v" + version
	return run(ctx, source, buildEnvironment, "go", "build", "-mod=readonly", "-ldflags", flags, "-o", folder+"/", "./...", "tool")
}

// buildPlugin builds one plugin. Its provider is copied first, opened and cut down. The sources lie at the same place
// at every build, so that a second one finds most of the first in Go's build cache.
func (k *kit) buildPlugin(ctx context.Context, name, version, binary string) error {
	work := filepath.Join(k.cache, "sources")
	defer os.RemoveAll(work)
	if err := os.RemoveAll(work); err != nil { // of a run that was killed
		return err
	}
	module := filepath.Join(work, "providers")
	if err := os.CopyFS(module, os.DirFS(filepath.Join(k.root, "infra/sandbox/toolchain/providers"))); err != nil {
		return err
	}
	p := k.providers[name]
	original, err := download(ctx, module, p.module)
	if err != nil {
		return err
	}
	provider := filepath.Join(work, filepath.Base(p.module))
	if err := open(original, provider, p); err != nil {
		return err
	}
	if err := run(ctx, module, buildEnvironment, "go", "mod", "edit", "-replace="+p.module+"="+provider); err != nil {
		return err
	}
	flags := "-s -w -X main.version=" + version
	return run(ctx, module, buildEnvironment, "go", "build", "-mod=readonly", "-ldflags", flags, "-o", binary, "./"+name)
}

// download has Go fetch a module in the version that the go.mod in a folder requires, and gives its folder.
func download(ctx context.Context, folder, path string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", path)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), buildEnvironment...)
	cmd.SysProcAttr, cmd.WaitDelay = process.OwnGroup(), stopLimit
	out, err := cmd.Output()
	var result struct{ Dir, Error string }
	if json.Unmarshal(out, &result) == nil && result.Error != "" {
		return "", fmt.Errorf("go mod download: %s", result.Error)
	}
	return result.Dir, err
}
