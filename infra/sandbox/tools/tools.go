// Package tools makes ready what the sandbox and the gate run: a Pulumi CLI with the plugins that the program's SDKs
// ask for, and moto. What is installed is used as it is, what can be downloaded is downloaded, and what is left is
// built from Go modules, once, into the user's cache folder.
package tools

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// cacheVariable names the folder for what is built, instead of scheduled-messages in the user's cache folder.
const cacheVariable = "SANDBOX_CACHE"

// Tools are where the tools are.
type Tools struct {
	Bin     string   // the folder of pulumi and its Go language host
	Plugins []string // the folders of those plugins that were built here, which Pulumi finds on PATH alone
	Moto    string   // the path of moto_server
}

// Path is what belongs in front of PATH for Pulumi.
func (t Tools) Path() string {
	return strings.Join(append([]string{t.Bin}, t.Plugins...), string(os.PathListSeparator))
}

// Ready makes all tools ready and reports on progress what it does and for how long; nothing, when all is there. It
// works from any folder of the checkout, also at the same time as others.
func Ready(ctx context.Context, progress io.Writer) (Tools, error) {
	k, err := newKit(progress)
	if err != nil {
		return Tools{}, err
	}
	moto, err := k.moto(ctx) // first: what is missing here, no waiting brings
	if err != nil {
		return Tools{}, err
	}
	bin, built, err := k.pulumi(ctx)
	return Tools{Bin: bin, Plugins: built, Moto: moto}, err
}

// OnPath are the pulumi and the moto_server on PATH, with the plugins that Pulumi finds.
func OnPath() (Tools, error) {
	pulumi, err := exec.LookPath("pulumi")
	if err != nil {
		return Tools{}, err
	}
	moto, err := exec.LookPath("moto_server")
	return Tools{Bin: filepath.Dir(pulumi), Moto: moto}, err
}

// Moto makes moto alone ready, and gives the path of moto_server.
func Moto(ctx context.Context, progress io.Writer) (string, error) {
	k, err := newKit(progress)
	if err != nil {
		return "", err
	}
	return k.moto(ctx)
}

// kit makes tools ready.
type kit struct {
	root      string              // the checkout
	cache     string              // what is built stays here
	plugins   string              // where Pulumi keeps the plugins that it downloads
	providers map[string]provider // behind the plugins that are built
	progress  *progress
}

func newKit(w io.Writer) (*kit, error) {
	root, err := Checkout()
	if err != nil {
		return nil, err
	}
	cache := os.Getenv(cacheVariable)
	if cache == "" {
		if cache, err = os.UserCacheDir(); err != nil {
			return nil, err
		}
		cache = filepath.Join(cache, "scheduled-messages")
	}
	if cache, err = filepath.Abs(cache); err != nil {
		return nil, err
	}
	pulumi := os.Getenv("PULUMI_HOME")
	if pulumi == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		pulumi = filepath.Join(home, ".pulumi")
	}
	return &kit{root, cache, filepath.Join(pulumi, "plugins"), providers, newProgress(w)}, nil
}
