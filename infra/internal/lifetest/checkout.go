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
	folder, err := SharedFolder("checkout-")
	if err != nil {
		return "", err
	}
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

// shared are the folders that engines of several tests use.
var shared struct {
	sync.Mutex
	folders []string
}

// SharedFolder makes a folder that stays until RemoveShared.
func SharedFolder(prefix string) (string, error) {
	folder, err := os.MkdirTemp("", prefix)
	shared.Lock()
	defer shared.Unlock()
	shared.folders = append(shared.folders, folder)
	return folder, err
}

// RemoveShared removes the shared folders. It is for the end of TestMain.
func RemoveShared() {
	for _, folder := range shared.folders {
		_ = os.RemoveAll(folder)
	}
}
