package tools

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// downloadLimit is for a plugin of some 200 MB; without a network it fails in seconds.
const downloadLimit = 4 * time.Minute

// plugin is one that the program's SDKs ask for, by exactly their version.
type plugin struct {
	name, sdk string // the SDK's module
	building  string // what to tell while it is built
}

var plugins = []plugin{
	{"random", "github.com/pulumi/pulumi-random/sdk/v4", "1 to 3 minutes"},
	{"aws", "github.com/pulumi/pulumi-aws/sdk/v6", "5 to 12 minutes"},
}

// pulumi is the folder of a Pulumi CLI that has its Go language host and its plugins.
func (k *kit) pulumi(ctx context.Context) (string, error) {
	bin, err := k.cli(ctx)
	if err != nil {
		return "", err
	}
	for _, p := range plugins {
		if err := k.plugin(ctx, p, bin); err != nil {
			return "", err
		}
	}
	return bin, nil
}

// cli is the CLI on PATH, or the cache's.
func (k *kit) cli(ctx context.Context) (string, error) {
	if path, err := exec.LookPath("pulumi"); err == nil {
		if _, err := exec.LookPath("pulumi-language-go"); err == nil { // a released CLI brings it along
			path, err = filepath.Abs(path)
			return filepath.Dir(path), err
		}
	}
	source, err := k.hash("infra/sandbox/toolchain/cli")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(k.cache, "pulumi-"+source[:16])
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	unlock, err := k.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(bin); err == nil { // by who held the lock before
		return bin, nil
	}
	err = k.progress.step("building the Pulumi CLI, once, 3 to 7 minutes", func() error {
		return whole(bin, func(temporary string) error { return k.buildCLI(ctx, temporary) })
	})
	return bin, err
}

// mark holds the hash of the sources of a plugin that was built here, in the plugin's folder.
const mark = "scheduled-messages.sources"

// plugin makes a plugin ready: one that Pulumi has, or downloads, or one that is built.
func (k *kit) plugin(ctx context.Context, p plugin, bin string) error {
	version, err := required(filepath.Join(k.root, "go.mod"), p.sdk)
	if err != nil {
		return err
	}
	source, err := k.hash("infra/sandbox/toolchain/providers/"+p.name, "infra/sandbox/toolchain/providers/go.mod",
		"infra/sandbox/toolchain/providers/go.sum", "infra/sandbox/tools/provider.go", "infra/sandbox/tools/services.go",
		"infra/sandbox/tools/pace.go")
	if err != nil {
		return err
	}
	folder := filepath.Join(k.plugins, "resource-"+p.name+"-v"+version)
	if has, _, err := present(folder, p.name, source); has || err != nil {
		return err
	}
	unlock, err := k.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	has, stale, err := present(folder, p.name, source)
	if has || err != nil {
		return err
	}
	if !stale {
		err := k.download(ctx, p, version, bin)
		if err == nil || ctx.Err() != nil {
			return err
		}
		k.progress.say("%v: building it instead", err)
	}
	return k.progress.step("building the "+p.name+" plugin, once, "+p.building, func() error {
		err := whole(folder, func(temporary string) error {
			if err := k.buildPlugin(ctx, p.name, version, filepath.Join(temporary, "pulumi-resource-"+p.name)); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(temporary, mark), []byte(source), 0o644)
		})
		if err != nil {
			return err
		}
		// Pulumi wants this file beside a plugin that it did not download itself.
		return os.WriteFile(folder+".lock", nil, 0o644)
	})
}

// present tells whether Pulumi has a plugin: one of its own, whatever it is, or one that was built from these sources.
// It is stale if it was built from others.
func present(folder, name, source string) (has, stale bool, err error) {
	if _, err := os.Stat(filepath.Join(folder, "pulumi-resource-"+name)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return false, false, err
	}
	built, err := os.ReadFile(filepath.Join(folder, mark))
	if errors.Is(err, fs.ErrNotExist) {
		return true, false, nil
	}
	return string(built) == source, string(built) != source, err
}

// download has Pulumi fetch the released plugin.
func (k *kit) download(ctx context.Context, p plugin, version, bin string) error {
	ctx, cancel := context.WithTimeout(ctx, downloadLimit)
	defer cancel()
	return k.progress.step("downloading the "+p.name+" plugin "+version, func() error {
		environment := []string{"PULUMI_SKIP_UPDATE_CHECK=true", "PULUMI_HOME=" + filepath.Dir(k.plugins)}
		err := run(ctx, "", environment, filepath.Join(bin, "pulumi"), "plugin", "install", "resource", p.name, version, "--color", "never")
		if err != nil { // its last line says why, the others that it tried again
			lines := strings.Split(err.Error(), "\n")
			return errors.New(lines[len(lines)-1])
		}
		return nil
	})
}
