package lifetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"scheduled-messages/infra/internal/build"
	"scheduled-messages/infra/internal/module"
)

// checkout copies the project, so that neither its stack files nor its build folder are touched, and builds in the copy
// what every engine would: Go builds a program anew in each folder, a quarter of a minute of a processor.
var checkout = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "checkout-")
	if err != nil {
		return "", err
	}
	Copied = folder
	for _, name := range []string{"main.go", "go.mod", "go.sum", "Pulumi.yaml", "Pulumi.ci.yaml"} {
		content, err := os.ReadFile(module.Path(name))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return "", err
		}
	}
	for _, name := range []string{"infra", "lambda"} {
		if err := os.CopyFS(filepath.Join(folder, name), os.DirFS(module.Path(name))); err != nil {
			return "", err
		}
	}
	compile := exec.Command("go", "build", "-o", ".build/program", ".")
	compile.Dir = folder
	if out, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	_, err = build.Functions(folder, "arm64")
	return folder, err
})

// Copied is the copy's folder, once there is one.
var Copied string
