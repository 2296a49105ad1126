package lambdaruntime

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build compiles the command in a package's folder as it is deployed, but for this machine, and returns the path of
// the binary in the folder out.
func Build(pkg, out string) (string, error) {
	binary := filepath.Join(out, "bootstrap")
	command := exec.Command("go", "build", "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -buildid=", "-o", binary, ".")
	command.Dir = pkg
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if printed, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build in %s: %w\n%s", pkg, err, printed)
	}
	return binary, nil
}

// ZipSize is how large a deployment package of the binary is, in bytes.
func ZipSize(binary string) (int, error) {
	content, err := os.ReadFile(binary)
	if err != nil {
		return 0, err
	}
	var buffer bytes.Buffer
	archive := zip.NewWriter(&buffer)
	entry, err := archive.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := entry.Write(content); err != nil {
		return 0, err
	}
	if err := archive.Close(); err != nil {
		return 0, err
	}
	return buffer.Len(), nil
}
