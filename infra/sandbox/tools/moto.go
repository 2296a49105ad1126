package tools

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"scheduled-messages/infra/sandbox/interpreter"
)

// motoVersion is the moto that the endpoint's front is written for.
const motoVersion = "5.2.1"

// moto is the moto_server on PATH if it has the right version, otherwise one in a virtual environment of the cache's.
func (k *kit) moto(ctx context.Context) (string, error) {
	environment := filepath.Join(k.cache, "moto-"+motoVersion)
	own, mark := filepath.Join(environment, "bin", "moto_server"), filepath.Join(environment, "ready")
	found, _ := exec.LookPath("moto_server")
	version := ""
	if found != "" {
		if version = versionOf(ctx, found); version == motoVersion {
			return filepath.Abs(found)
		}
	}
	if _, err := os.Stat(mark); err == nil {
		return own, nil
	}
	unlock, err := k.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(mark); err == nil { // by who held the lock before
		return own, nil
	}
	requirements := filepath.Join(k.root, "infra/sandbox/toolchain/moto/requirements.txt")
	err = k.progress.step("installing moto "+motoVersion+", once", func() error { return install(ctx, environment, mark, requirements) })
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

// install makes a virtual environment of exactly what the requirements name. It cannot be moved into place, its scripts name
// its folder: the mark tells whether it is whole.
func install(ctx context.Context, environment, mark, requirements string) error {
	if err := os.RemoveAll(environment); err != nil {
		return err
	}
	if err := run(ctx, "", nil, "python3", "-m", "venv", environment); err != nil {
		return err
	}
	pip := filepath.Join(environment, "bin", "pip")
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
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	out, err := cmd.Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// run runs a command. Its error is the command's last words.
func run(ctx context.Context, folder string, environment []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), environment...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // so that its children end with it
	cmd.WaitDelay = stopLimit
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, strings.Join(lines[max(0, len(lines)-20):], "\n"))
	}
	return err
}
