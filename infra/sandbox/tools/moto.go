package tools

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/interpreter"
	"scheduled-messages/infra/sandbox/process"
)

// motoVersion is the moto that the endpoint's front is written for.
const motoVersion = "5.2.1"

const (
	questionLimit = time.Minute      // for a Python that says a word
	installLimit  = 10 * time.Minute // for pip, which tries again when nobody answers
)

// moto is the moto_server on PATH if it has the right version, otherwise one in a virtual environment of the cache's, which
// another checkout with other requirements does not share.
func (k *kit) moto(ctx context.Context) (string, error) {
	requirements := "infra/sandbox/toolchain/moto/requirements.txt"
	source, err := k.hash(requirements)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(k.cache, "moto-"+motoVersion+"-"+source[:16])
	own, mark := filepath.Join(folder, "bin", "moto_server"), filepath.Join(folder, "ready")
	found, _ := exec.LookPath("moto_server")
	version := ""
	if found != "" {
		if version = versionOf(ctx, found); version == motoVersion {
			return filepath.Abs(found)
		}
	}
	if isWhole(folder) {
		return own, nil
	}
	unlock, err := k.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if isWhole(folder) { // by who held the lock before
		return own, nil
	}
	err = k.progress.step("installing moto "+motoVersion+", once", func() error {
		ctx, cancel := context.WithTimeoutCause(ctx, installLimit, fmt.Errorf("not done after %s", installLimit))
		defer cancel()
		return install(ctx, folder, mark, filepath.Join(k.root, requirements))
	})
	if err != nil && found != "" && ctx.Err() == nil {
		k.progress.say("using %s of version %s: tried with %s only", found, version, motoVersion)
		return filepath.Abs(found)
	}
	if err != nil {
		return "", fmt.Errorf("moto_server is not on PATH: install Python 3 with venv and pip (Debian: apt-get install python3-venv), "+
			"or pip install 'moto[server]==%s': %w", motoVersion, err)
	}
	return own, nil
}

// isWhole reports whether a virtual environment is installed, and its Python still there: that is the system's, which an upgrade
// may have taken away.
func isWhole(folder string) bool {
	for _, path := range []string{"ready", "bin/python3"} {
		if _, err := os.Stat(filepath.Join(folder, path)); err != nil {
			return false
		}
	}
	return true
}

// install makes a virtual environment of exactly what the requirements name. It cannot be moved into place, its scripts name
// its folder: the mark reports whether it is complete.
func install(ctx context.Context, folder, mark, requirements string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := run(ctx, "", nil, "python3", "-m", "venv", folder); err != nil {
		return err
	}
	pip := filepath.Join(folder, "bin", "pip")
	err := run(ctx, "", nil, pip, "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement", requirements)
	if err != nil {
		return err
	}
	// Without anything that it depends on, an older Python's for one, it would end later, and with less of a word.
	if err := run(ctx, "", nil, pip, "check"); err != nil {
		return err
	}
	return os.WriteFile(mark, nil, 0o644)
}

// versionOf asks the Python that runs a moto_server for its moto's version. It is "unknown" if that one does not know.
func versionOf(ctx context.Context, path string) string {
	command := append(interpreter.Of(path), "-c", `import importlib.metadata; print(importlib.metadata.version("moto"))`)
	ctx, cancel := context.WithTimeout(ctx, questionLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.SysProcAttr, cmd.WaitDelay = process.OwnGroup(), stopLimit
	out, err := cmd.Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
