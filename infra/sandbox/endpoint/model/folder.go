package model

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"scheduled-messages/infra/sandbox/interpreter"
)

// whereBotocoreIs prints the folder of botocore's data, without looking in the folder that it is run in.
const whereBotocoreIs = `
import importlib.util, os, sys
sys.path = [folder for folder in sys.path if folder]
found = importlib.util.find_spec("botocore")
print(os.path.join(os.path.dirname(found.origin), "data") if found else "")
`

// Installed opens the models of the botocore that comes with a moto_server, which is a path or a name on PATH.
func Installed(ctx context.Context, moto string) (*Models, error) {
	folder, err := dataFolder(ctx, moto)
	if err != nil {
		return nil, err
	}
	return Open(folder)
}

// dataFolder finds botocore's data: it asks the Python that runs moto_server.
func dataFolder(ctx context.Context, moto string) (folder string, err error) {
	if moto, err = exec.LookPath(moto); err != nil {
		return "", err
	}
	command := interpreter.Of(moto)
	out, err := exec.CommandContext(ctx, command[0], append(command[1:], "-c", whereBotocoreIs)...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
	}
	folder = strings.TrimSpace(string(out))
	if err == nil && folder == "" {
		err = errors.New("it has no botocore")
	}
	if err != nil {
		return "", fmt.Errorf("no service models to validate requests by: %s, the Python of %s: %w",
			strings.Join(command, " "), moto, err)
	}
	return folder, nil
}
