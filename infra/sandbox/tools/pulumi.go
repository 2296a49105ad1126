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
	building  string // how long it takes to build
}

var plugins = []plugin{
	{"random", "github.com/pulumi/pulumi-random/sdk/v4", "1 to 3 minutes"},
	{"aws", "github.com/pulumi/pulumi-aws/sdk/v6", "5 to 12 minutes"},
}

// pulumi is the folder of a Pulumi CLI that has its Go language host, and the folders of those plugins that were built:
// with them on PATH, Pulumi takes them, and says so.
func (k *kit) pulumi(ctx context.Context) (bin string, built []string, err error) {
	if bin, err = k.cli(ctx); err != nil {
		return "", nil, err
	}
	for _, p := range plugins {
		folder, err := k.plugin(ctx, p, bin)
		if err != nil {
			return "", nil, err
		}
		if folder != "" {
			built = append(built, folder)
		}
	}
	return bin, built, nil
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
	host := filepath.Join(bin, "pulumi-language-go")
	if has, err := exists(host); has || err != nil {
		return bin, err
	}
	unlock, err := k.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if has, err := exists(host); has || err != nil { // by who held the lock before
		return bin, err
	}
	err = k.progress.step("building the Pulumi CLI, once, 3 to 7 minutes", func() error {
		return complete(bin, func(temporary string) error { return k.buildCLI(ctx, temporary) })
	})
	return bin, err
}

// plugin makes a plugin ready: one that Pulumi has, or downloads, or one that is built, whose folder it gives. That one is
// a cut-down release, so it lies in the cache and not among Pulumi's plugins, where every project's `pulumi up` would take
// it for the release.
func (k *kit) plugin(ctx context.Context, p plugin, bin string) (built string, err error) {
	version, err := required(filepath.Join(k.root, "go.mod"), p.sdk)
	if err != nil {
		return "", err
	}
	source, err := k.sources(p)
	if err != nil {
		return "", err
	}
	released := filepath.Join(k.plugins, "resource-"+p.name+"-v"+version)
	ours := filepath.Join(k.cache, "plugin-"+p.name+"-v"+version+"-")
	built = ours + source[:16]
	if folder, ready, err := k.ready(p, released, built); ready || err != nil {
		return folder, err
	}
	unlock, err := k.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := k.moveLeftover(released, built, source); err != nil {
		return "", err
	}
	if folder, ready, err := k.ready(p, released, built); ready || err != nil {
		return folder, err
	}
	if others, _ := filepath.Glob(ours + "*"); len(others) == 0 { // one that was built before could not be downloaded
		err := k.download(ctx, p, version, bin)
		if err == nil || ctx.Err() != nil {
			return "", err
		}
		k.progress.say("%v: building it instead", err)
	}
	return built, k.progress.step("building the "+p.name+" plugin, once, "+p.building, func() error {
		return complete(built, func(temporary string) error {
			return k.buildPlugin(ctx, p.name, version, filepath.Join(temporary, "pulumi-resource-"+p.name))
		})
	})
}

// sources is the hash of all that a plugin is built of.
func (k *kit) sources(p plugin) (string, error) {
	return k.hash("infra/sandbox/toolchain/providers/"+p.name, "infra/sandbox/toolchain/providers/go.mod",
		"infra/sandbox/toolchain/providers/go.sum", "infra/sandbox/tools/provider.go", "infra/sandbox/tools/services.go",
		"infra/sandbox/tools/pace.go")
}

// ready reports whether a plugin is there: a release among Pulumi's own, whatever it is, or one that was built of these
// sources, whose folder it gives.
func (k *kit) ready(p plugin, released, built string) (folder string, ready bool, err error) {
	left, err := exists(filepath.Join(released, mark))
	if left || err != nil {
		return "", false, err
	}
	// What a download that was cut off has left is marked so by Pulumi, which would begin it anew in the middle of an up.
	partial, err := exists(released + ".partial")
	if err != nil {
		return "", false, err
	}
	if has, err := exists(filepath.Join(released, "pulumi-resource-"+p.name)); has && !partial || err != nil {
		return "", has, err
	}
	has, err := exists(filepath.Join(built, "pulumi-resource-"+p.name))
	return built, has, err
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// download has Pulumi fetch the released plugin.
func (k *kit) download(ctx context.Context, p plugin, version, bin string) error {
	ctx, cancel := context.WithTimeout(ctx, downloadLimit)
	defer cancel()
	return k.progress.step("downloading the "+p.name+" plugin "+version, func() error {
		environment := []string{"PULUMI_SKIP_UPDATE_CHECK=true", "PULUMI_HOME=" + filepath.Dir(k.plugins)}
		install := []string{"plugin", "install", "resource", p.name, version, "--color", "never"}
		err := run(ctx, "", environment, filepath.Join(bin, "pulumi"), install...)
		if err != nil { // its last line says why, the others that it tried again
			lines := strings.Split(err.Error(), "\n")
			return errors.New(lines[len(lines)-1])
		}
		return nil
	})
}
